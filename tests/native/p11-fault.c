/*
 * A PKCS#11 module that passes everything on to SoftHSM2 and does, on the way, what real HSMs do on bad days. What it does stands in the file
 * that P11_FAULT names, read at every call, as lines of a word and a number:
 *
 *   latency 500    C_Sign takes that many milliseconds longer
 *   sessions 2     C_OpenSession answers CKR_SESSION_COUNT beyond so many
 *   removed 1      no slot holds a token, and every use of one answers CKR_DEVICE_REMOVED
 *   final_try 1    the token says that one try for its PIN is left
 *   lost 1         once, and again whenever the number changes: all sessions are closed, and with them the login goes
 *   finalize 1     the same: C_Finalize, as another library in the process would call it
 *
 * The names of the calls that tests count are appended to the file P11_FAULT.log.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef unsigned long ulong_t;

enum {
    INITIALIZE = 0, FINALIZE = 1, GET_SLOT_LIST = 4, GET_TOKEN_INFO = 6, OPEN_SESSION = 12, CLOSE_SESSION = 13, CLOSE_ALL_SESSIONS = 14,
    LOGIN = 18, SIGN_INIT = 42, SIGN = 43, FUNCTIONS = 68
};

enum { CKR_OK = 0, CKR_DEVICE_REMOVED = 0x32, CKR_SESSION_COUNT = 0xB1, CKF_USER_PIN_FINAL_TRY = 0x20000, TOKEN_FLAGS = 96 };

struct function_list { unsigned char version[2]; void *function[FUNCTIONS]; };

static struct function_list table, *real;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long seen_lost, seen_finalize, open_sessions;

#define CALL(index, ...) ((ulong_t (*)(__VA_ARGS__))real->function[index])

static void note(const char *call)
{
    const char *control = getenv("P11_FAULT");
    char name[4096];
    if (!control || snprintf(name, sizeof name, "%s.log", control) >= (int)sizeof name) return;
    FILE *file = fopen(name, "a");
    if (!file) return;
    fprintf(file, "%s\n", call);
    fclose(file);
}

static long wanted(const char *word)
{
    const char *control = getenv("P11_FAULT");
    FILE *file = control ? fopen(control, "r") : NULL;
    char found[32];
    long value = 0, number;
    if (!file) return 0;
    while (fscanf(file, "%31s %ld", found, &number) == 2)
        if (strcmp(found, word) == 0) value = number;
    fclose(file);
    return value;
}

/* Faults that happen once happen before whatever call comes next. */
static void strike(void)
{
    pthread_mutex_lock(&lock);
    long lost = wanted("lost"), finalize = wanted("finalize");
    if (lost != seen_lost) {
        ulong_t slots[64], count = 64;
        seen_lost = lost;
        if (CALL(GET_SLOT_LIST, unsigned char, ulong_t *, ulong_t *)(1, slots, &count) == CKR_OK)
            for (ulong_t i = 0; i < count; i++) CALL(CLOSE_ALL_SESSIONS, ulong_t)(slots[i]);
        open_sessions = 0;
    }
    if (finalize != seen_finalize) {
        seen_finalize = finalize;
        CALL(FINALIZE, void *)(NULL);
        open_sessions = 0;
    }
    pthread_mutex_unlock(&lock);
}

static ulong_t initialize(void *arguments) { note("C_Initialize"); return CALL(INITIALIZE, void *)(arguments); }

static ulong_t finalize(void *reserved)
{
    note("C_Finalize");
    pthread_mutex_lock(&lock);
    open_sessions = 0;
    pthread_mutex_unlock(&lock);
    return CALL(FINALIZE, void *)(reserved);
}

static ulong_t get_slot_list(unsigned char present, ulong_t *slots, ulong_t *count)
{
    strike();
    if (present && wanted("removed")) {
        *count = 0;
        return CKR_OK;
    }
    return CALL(GET_SLOT_LIST, unsigned char, ulong_t *, ulong_t *)(present, slots, count);
}

static ulong_t get_token_info(ulong_t slot, unsigned char *info)
{
    ulong_t result, flags;
    strike();
    if (wanted("removed")) return CKR_DEVICE_REMOVED;
    result = CALL(GET_TOKEN_INFO, ulong_t, unsigned char *)(slot, info);
    if (result == CKR_OK && wanted("final_try")) {
        memcpy(&flags, info + TOKEN_FLAGS, sizeof flags);
        flags |= CKF_USER_PIN_FINAL_TRY;
        memcpy(info + TOKEN_FLAGS, &flags, sizeof flags);
    }
    return result;
}

static ulong_t open_session(ulong_t slot, ulong_t flags, void *application, void *notify, ulong_t *session)
{
    ulong_t result;
    long limit;
    strike();
    if (wanted("removed")) return CKR_DEVICE_REMOVED;
    limit = wanted("sessions");
    pthread_mutex_lock(&lock);
    result = limit && open_sessions >= limit ? CKR_SESSION_COUNT : CALL(OPEN_SESSION, ulong_t, ulong_t, void *, void *, ulong_t *)(slot, flags, application, notify, session);
    if (result == CKR_OK) open_sessions++;
    pthread_mutex_unlock(&lock);
    note(result == CKR_SESSION_COUNT ? "CKR_SESSION_COUNT" : "C_OpenSession");
    return result;
}

static ulong_t close_session(ulong_t session)
{
    ulong_t result = CALL(CLOSE_SESSION, ulong_t)(session);
    pthread_mutex_lock(&lock);
    if (result == CKR_OK) open_sessions--;
    pthread_mutex_unlock(&lock);
    note("C_CloseSession");
    return result;
}

static ulong_t login(ulong_t session, ulong_t user, unsigned char *pin, ulong_t length)
{
    note("C_Login");
    return wanted("removed") ? CKR_DEVICE_REMOVED : CALL(LOGIN, ulong_t, ulong_t, unsigned char *, ulong_t)(session, user, pin, length);
}

static ulong_t sign_init(ulong_t session, void *mechanism, ulong_t key)
{
    strike();
    return wanted("removed") ? CKR_DEVICE_REMOVED : CALL(SIGN_INIT, ulong_t, void *, ulong_t)(session, mechanism, key);
}

static ulong_t sign(ulong_t session, unsigned char *data, ulong_t length, unsigned char *signature, ulong_t *room)
{
    long milliseconds = wanted("latency");
    struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000 };
    if (milliseconds) nanosleep(&time, NULL);
    note("C_Sign");
    if (wanted("removed")) return CKR_DEVICE_REMOVED;
    return CALL(SIGN, ulong_t, unsigned char *, ulong_t, unsigned char *, ulong_t *)(session, data, length, signature, room);
}

ulong_t C_GetFunctionList(struct function_list **list)
{
    pthread_mutex_lock(&lock);
    if (!real) {
        void *module = dlopen("/usr/lib/softhsm/libsofthsm2.so", RTLD_NOW | RTLD_LOCAL);
        ulong_t (*get)(struct function_list **) = module ? (ulong_t (*)(struct function_list **))dlsym(module, "C_GetFunctionList") : NULL;
        if (!get || get(&real) != CKR_OK) {
            pthread_mutex_unlock(&lock);
            return 5; /* CKR_GENERAL_ERROR */
        }
        table = *real;
        table.function[INITIALIZE] = (void *)initialize;
        table.function[FINALIZE] = (void *)finalize;
        table.function[GET_SLOT_LIST] = (void *)get_slot_list;
        table.function[GET_TOKEN_INFO] = (void *)get_token_info;
        table.function[OPEN_SESSION] = (void *)open_session;
        table.function[CLOSE_SESSION] = (void *)close_session;
        table.function[LOGIN] = (void *)login;
        table.function[SIGN_INIT] = (void *)sign_init;
        table.function[SIGN] = (void *)sign;
    }
    pthread_mutex_unlock(&lock);
    *list = &table;
    return CKR_OK;
}
