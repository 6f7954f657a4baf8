/*
 * What one signature costs a process without anything around it: threads with a session each call C_SignInit and C_Sign with CKM_ECDSA for some
 * seconds, and the processor time of the process is divided by their number.
 *
 *   p11-sign MODULE TOKEN PIN KEY-LABEL SECONDS THREADS        prints microseconds of processor time for one signature
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

typedef unsigned long ulong_t;

enum { INITIALIZE = 0, GET_SLOT_LIST = 4, GET_TOKEN_INFO = 6, OPEN_SESSION = 12, LOGIN = 18, FIND_OBJECTS_INIT = 26, FIND_OBJECTS = 27, FIND_OBJECTS_FINAL = 28, SIGN_INIT = 42, SIGN = 43 };

struct function_list { unsigned char version[2]; void *function[68]; };
struct attribute { ulong_t type; void *value; ulong_t length; };
struct mechanism { ulong_t id; void *parameters; ulong_t length; };

static struct function_list *module;
static ulong_t slot, key, signatures;
static double until;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define CALL(index, ...) ((ulong_t (*)(__VA_ARGS__))module->function[index])

static void check(const char *what, ulong_t code)
{
    if (code == 0) return;
    fprintf(stderr, "%s: 0x%lx\n", what, code);
    exit(1);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double used(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static ulong_t open_session(void)
{
    ulong_t session;
    check("C_OpenSession", CALL(OPEN_SESSION, ulong_t, ulong_t, void *, void *, ulong_t *)(slot, 4, NULL, NULL, &session));
    return session;
}

static void *work(void *unused)
{
    struct mechanism ecdsa = { 0x1041, NULL, 0 };
    unsigned char digest[32] = { 1 }, signature[256];
    ulong_t session = open_session(), done = 0;
    (void)unused;
    while (now() < until) {
        ulong_t length = sizeof signature;
        digest[1]++;
        check("C_SignInit", CALL(SIGN_INIT, ulong_t, struct mechanism *, ulong_t)(session, &ecdsa, key));
        check("C_Sign", CALL(SIGN, ulong_t, unsigned char *, ulong_t, unsigned char *, ulong_t *)(session, digest, sizeof digest, signature, &length));
        done++;
    }
    pthread_mutex_lock(&lock);
    signatures += done;
    pthread_mutex_unlock(&lock);
    return NULL;
}

int main(int count, char **words)
{
    ulong_t slots[64], slot_count = 64, class = 3, found = 0, session;
    struct attribute wanted[2] = { { 0, &class, sizeof class }, { 3, NULL, 0 } };
    struct { void *functions[4]; ulong_t flags; void *reserved; } arguments = { { NULL }, 2, NULL };
    pthread_t threads[64];
    unsigned char info[512];
    if (count != 7) return 2;
    void *library = dlopen(words[1], RTLD_NOW);
    if (!library) {
        fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    check("C_GetFunctionList", ((ulong_t (*)(struct function_list **))dlsym(library, "C_GetFunctionList"))(&module));
    check("C_Initialize", CALL(INITIALIZE, void *)(&arguments));
    check("C_GetSlotList", CALL(GET_SLOT_LIST, unsigned char, ulong_t *, ulong_t *)(1, slots, &slot_count));
    for (ulong_t i = 0; i < slot_count; i++)
        if (CALL(GET_TOKEN_INFO, ulong_t, unsigned char *)(slots[i], info) == 0 && memcmp(info, words[2], strlen(words[2])) == 0) slot = slots[i];
    session = open_session();
    check("C_Login", CALL(LOGIN, ulong_t, ulong_t, char *, ulong_t)(session, 1, words[3], strlen(words[3])));
    wanted[1].value = words[4];
    wanted[1].length = strlen(words[4]);
    check("C_FindObjectsInit", CALL(FIND_OBJECTS_INIT, ulong_t, struct attribute *, ulong_t)(session, wanted, 2));
    check("C_FindObjects", CALL(FIND_OBJECTS, ulong_t, ulong_t *, ulong_t, ulong_t *)(session, &key, 1, &found));
    CALL(FIND_OBJECTS_FINAL, ulong_t)(session);
    if (found != 1) {
        fprintf(stderr, "no such key\n");
        return 1;
    }
    int workers = atoi(words[6]) < 64 ? atoi(words[6]) : 64;
    double before = used();
    until = now() + atof(words[5]);
    for (int i = 0; i < workers; i++) pthread_create(&threads[i], NULL, work, NULL);
    for (int i = 0; i < workers; i++) pthread_join(threads[i], NULL);
    printf("%.1f\n", (used() - before) / (double)signatures);
    return 0;
}
