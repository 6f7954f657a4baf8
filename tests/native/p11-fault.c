/*
 * A PKCS#11 module that passes everything on to SoftHSM2 and does, on the way, what real HSMs do on bad days. What it does stands in the file
 * that P11_FAULT names, read at every call, as lines of a word and a number:
 *
 *   latency 500    C_Sign takes that many milliseconds longer
 *   sessions 2     C_OpenSession answers CKR_SESSION_COUNT beyond so many
 *   removed 1      no slot holds a token, and every use of one answers CKR_DEVICE_REMOVED
 *   final_try 1    the token says that one try for its PIN is left
 *   locked 1       C_Login answers CKR_PIN_LOCKED, and the token says so; 2: it does not say so
 *   lost 1         once, and again whenever the number changes: all sessions are closed, and with them the login goes
 *   finalize 1     the same: C_Finalize, as another library in the process would call it
 *   random 165     every other byte of C_GenerateRandom is that one, so that one sees where it went
 *   no_random 1    C_GenerateRandom answers CKR_RANDOM_NO_RNG
 *   no_wrap 1      no mechanism wraps keys
 *   no_clear 1     no key that is not CKA_SENSITIVE is made
 *   no_export 1    no key that is CKA_EXTRACTABLE is made
 *   ml_dsa 65      there is CKM_ML_DSA of PKCS#11 3.2, and a pair of that parameter set with the label "pqc" and the CKA_ID 7f. It is no
 *                  ML-DSA: byte i of the public key is 7 i plus the set's number, and a signature is the stream of sign_fake()
 *   other_key 1    the public half of that pair is another one
 *
 * Its function list says 3.2, as modules of that version say in the list of 2.40 that C_GetFunctionList gives.
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
    GET_MECHANISM_LIST = 7, LOGIN = 18, GET_ATTRIBUTE_VALUE = 24, FIND_OBJECTS_INIT = 26, FIND_OBJECTS = 27, FIND_OBJECTS_FINAL = 28, SIGN_INIT = 42,
    SIGN = 43, GENERATE_KEY_PAIR = 59, WRAP_KEY = 60, GENERATE_RANDOM = 64, FUNCTIONS = 68
};

enum { CKR_OK = 0, CKR_DEVICE_REMOVED = 0x32, CKR_SESSION_COUNT = 0xB1, CKF_USER_PIN_FINAL_TRY = 0x20000, CKF_USER_PIN_LOCKED = 0x40000, TOKEN_FLAGS = 96 };

enum { CKR_PIN_LOCKED = 0xA4, CKR_ATTRIBUTE_TYPE_INVALID = 0x12, CKR_TEMPLATE_INCONSISTENT = 0xD1, CKR_RANDOM_NO_RNG = 0x121 };

enum {
    CKA_CLASS = 0, CKA_LABEL = 3, CKA_VALUE = 0x11, CKA_KEY_TYPE = 0x100, CKA_ID = 0x102, CKA_SENSITIVE = 0x103, CKA_EXTRACTABLE = 0x162,
    CKA_PARAMETER_SET = 0x61D, CKO_PUBLIC_KEY = 2, CKO_PRIVATE_KEY = 3, CKK_ML_DSA = 0x4A, CKM_AES_KEY_WRAP = 0x2109, CKM_AES_KEY_WRAP_KWP = 0x210B,
    CKM_ML_DSA_KEY_PAIR_GEN = 0x1C, CKM_ML_DSA = 0x1D
};

enum { FAKE_PRIVATE = 0x7F000001, FAKE_PUBLIC = 0x7F000002, SESSIONS = 4096 };

struct attribute { ulong_t type; void *value; ulong_t length; };
struct mechanism { ulong_t id; void *parameters; ulong_t length; };

struct function_list { unsigned char version[2]; void *function[FUNCTIONS]; };

static struct function_list table, *real;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* What a session is finding, and whether it signs with the fake key, by its handle. */
static ulong_t finding[SESSIONS];
static unsigned char signing[SESSIONS];
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
    if (result == CKR_OK) {
        memcpy(&flags, info + TOKEN_FLAGS, sizeof flags);
        if (wanted("final_try")) flags |= CKF_USER_PIN_FINAL_TRY;
        if (wanted("locked") == 1) flags |= CKF_USER_PIN_LOCKED;
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
    if (wanted("locked")) return CKR_PIN_LOCKED;
    return wanted("removed") ? CKR_DEVICE_REMOVED : CALL(LOGIN, ulong_t, ulong_t, unsigned char *, ulong_t)(session, user, pin, length);
}

static ulong_t sign_init(ulong_t session, void *mechanism, ulong_t key)
{
    strike();
    note("C_SignInit");
    signing[session % SESSIONS] = key == FAKE_PRIVATE && ((struct mechanism *)mechanism)->id == CKM_ML_DSA && wanted("ml_dsa");
    if (signing[session % SESSIONS] && !wanted("removed")) return CKR_OK;
    return wanted("removed") ? CKR_DEVICE_REMOVED : CALL(SIGN_INIT, ulong_t, void *, ulong_t)(session, mechanism, key);
}

/* Set, public key and signature: FIPS 204 table 2. */
static ulong_t public_length(long set) { return set == 44 ? 1312 : set == 65 ? 1952 : 2592; }
static ulong_t signature_length(long set) { return set == 44 ? 2420 : set == 65 ? 3309 : 4627; }

/* FNV-1a over the data, then a linear congruential stream from there. */
static ulong_t sign_fake(const unsigned char *data, ulong_t length, unsigned char *signature, ulong_t *room)
{
    ulong_t wants = signature_length(wanted("ml_dsa"));
    unsigned long long state = 0xcbf29ce484222325ULL;
    if (*room < wants) return 0x150; /* CKR_BUFFER_TOO_SMALL */
    for (ulong_t i = 0; i < length; i++) state = (state ^ data[i]) * 0x100000001b3ULL;
    for (ulong_t i = 0; i < wants; i++) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        signature[i] = (unsigned char)(state >> 56);
    }
    *room = wants;
    return CKR_OK;
}

static ulong_t get_mechanism_list(ulong_t slot, ulong_t *list, ulong_t *count)
{
    ulong_t room = *count, kept = 0, all[1024], found = 1024;
    ulong_t result = CALL(GET_MECHANISM_LIST, ulong_t, ulong_t *, ulong_t *)(slot, all, &found);
    if (result != CKR_OK) return result;
    if (wanted("ml_dsa")) {
        all[found++] = CKM_ML_DSA_KEY_PAIR_GEN;
        all[found++] = CKM_ML_DSA;
    }
    for (ulong_t i = 0; i < found; i++) {
        if (wanted("no_wrap") && all[i] >= CKM_AES_KEY_WRAP && all[i] <= CKM_AES_KEY_WRAP_KWP) continue;
        if (list && kept < room) list[kept] = all[i];
        kept++;
    }
    *count = kept;
    return CKR_OK;
}

static const struct attribute *attribute_of(const struct attribute *template, ulong_t count, ulong_t type)
{
    for (ulong_t i = 0; i < count; i++)
        if (template[i].type == type) return &template[i];
    return NULL;
}

static ulong_t find_objects_init(ulong_t session, struct attribute *template, ulong_t count)
{
    const struct attribute *class = attribute_of(template, count, CKA_CLASS), *label = attribute_of(template, count, CKA_LABEL), *id = attribute_of(template, count, CKA_ID);
    int labelled = label && label->length == 3 && memcmp(label->value, "pqc", 3) == 0, numbered = id && id->length == 1 && *(unsigned char *)id->value == 0x7F;
    finding[session % SESSIONS] = 0;
    if (wanted("ml_dsa") && class && (labelled || numbered)) {
        finding[session % SESSIONS] = *(ulong_t *)class->value == CKO_PRIVATE_KEY ? FAKE_PRIVATE : FAKE_PUBLIC;
        return CKR_OK;
    }
    return CALL(FIND_OBJECTS_INIT, ulong_t, struct attribute *, ulong_t)(session, template, count);
}

static ulong_t find_objects(ulong_t session, ulong_t *found, ulong_t room, ulong_t *count)
{
    ulong_t *fake = &finding[session % SESSIONS];
    if (!*fake) return CALL(FIND_OBJECTS, ulong_t, ulong_t *, ulong_t, ulong_t *)(session, found, room, count);
    *count = *fake != 1 && room > 0;
    if (*count) found[0] = *fake;
    *fake = 1; /* given already */
    return CKR_OK;
}

static ulong_t find_objects_final(ulong_t session)
{
    int fake = finding[session % SESSIONS] != 0;
    finding[session % SESSIONS] = 0;
    return fake ? CKR_OK : CALL(FIND_OBJECTS_FINAL, ulong_t)(session);
}

static ulong_t get_attribute_value(ulong_t session, ulong_t object, struct attribute *wants, ulong_t count)
{
    unsigned char buffer[2592];
    ulong_t number, length;
    const void *value;
    long set = wanted("ml_dsa");
    if (object != FAKE_PRIVATE && object != FAKE_PUBLIC) return CALL(GET_ATTRIBUTE_VALUE, ulong_t, ulong_t, struct attribute *, ulong_t)(session, object, wants, count);
    for (ulong_t i = 0; i < count; i++) {
        value = &number;
        length = sizeof number;
        switch (wants[i].type) {
        case CKA_CLASS: number = object == FAKE_PRIVATE ? CKO_PRIVATE_KEY : CKO_PUBLIC_KEY; break;
        case CKA_KEY_TYPE: number = CKK_ML_DSA; break;
        case CKA_PARAMETER_SET: number = set == 44 ? 1 : set == 65 ? 2 : 3; break;
        case CKA_ID: value = "\x7F"; length = 1; break;
        case CKA_LABEL: value = "pqc"; length = 3; break;
        case CKA_VALUE:
            if (object == FAKE_PUBLIC) {
                length = public_length(set);
                for (ulong_t j = 0; j < length; j++) buffer[j] = (unsigned char)(7 * j + (ulong_t)set + (wanted("other_key") ? 1 : 0));
                value = buffer;
                break;
            } /* fall through */
        default:
            wants[i].length = ~0UL;
            return CKR_ATTRIBUTE_TYPE_INVALID;
        }
        if (wants[i].value) memcpy(wants[i].value, value, length);
        wants[i].length = length;
    }
    return CKR_OK;
}

static int is_set(const struct attribute *template, ulong_t count, ulong_t type)
{
    const struct attribute *found = attribute_of(template, count, type);
    return found && found->length == 1 && *(unsigned char *)found->value;
}

static ulong_t generate_key_pair(
    ulong_t session, struct mechanism *mechanism, struct attribute *public, ulong_t publics, struct attribute *private, ulong_t privates, ulong_t *one, ulong_t *other)
{
    strike();
    note("C_GenerateKeyPair");
    if (wanted("removed")) return CKR_DEVICE_REMOVED;
    if (wanted("no_export") && is_set(private, privates, CKA_EXTRACTABLE)) return CKR_TEMPLATE_INCONSISTENT;
    if (wanted("no_clear") && !is_set(private, privates, CKA_SENSITIVE)) return CKR_TEMPLATE_INCONSISTENT;
    if (mechanism->id == CKM_ML_DSA_KEY_PAIR_GEN && wanted("ml_dsa")) {
        const struct attribute *set = attribute_of(public, publics, CKA_PARAMETER_SET);
        note(!set ? "no set" : *(ulong_t *)set->value == 1 ? "CKP_ML_DSA_44" : *(ulong_t *)set->value == 2 ? "CKP_ML_DSA_65" : "CKP_ML_DSA_87");
        *one = FAKE_PUBLIC;
        *other = FAKE_PRIVATE;
        return CKR_OK;
    }
    return CALL(GENERATE_KEY_PAIR, ulong_t, struct mechanism *, struct attribute *, ulong_t, struct attribute *, ulong_t, ulong_t *, ulong_t *)(
        session, mechanism, public, publics, private, privates, one, other);
}

static ulong_t wrap_key(ulong_t session, void *mechanism, ulong_t wrapping, ulong_t key, unsigned char *wrapped, ulong_t *length)
{
    note("C_WrapKey");
    return CALL(WRAP_KEY, ulong_t, void *, ulong_t, ulong_t, unsigned char *, ulong_t *)(session, mechanism, wrapping, key, wrapped, length);
}

static ulong_t generate_random(ulong_t session, unsigned char *bytes, ulong_t length)
{
    long mark = wanted("random");
    ulong_t result;
    strike();
    note("C_GenerateRandom");
    if (wanted("removed")) return CKR_DEVICE_REMOVED;
    if (wanted("no_random")) return CKR_RANDOM_NO_RNG;
    result = CALL(GENERATE_RANDOM, ulong_t, unsigned char *, ulong_t)(session, bytes, length);
    for (ulong_t i = 1; mark && i < length; i += 2) bytes[i] = (unsigned char)mark;
    return result;
}

static ulong_t sign(ulong_t session, unsigned char *data, ulong_t length, unsigned char *signature, ulong_t *room)
{
    long milliseconds = wanted("latency");
    struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000 };
    if (milliseconds) nanosleep(&time, NULL);
    note("C_Sign");
    if (wanted("removed")) return CKR_DEVICE_REMOVED;
    if (signing[session % SESSIONS]) return sign_fake(data, length, signature, room);
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
        table.version[0] = 3;
        table.version[1] = 2;
        table.function[INITIALIZE] = (void *)initialize;
        table.function[FINALIZE] = (void *)finalize;
        table.function[GET_SLOT_LIST] = (void *)get_slot_list;
        table.function[GET_TOKEN_INFO] = (void *)get_token_info;
        table.function[OPEN_SESSION] = (void *)open_session;
        table.function[CLOSE_SESSION] = (void *)close_session;
        table.function[LOGIN] = (void *)login;
        table.function[SIGN_INIT] = (void *)sign_init;
        table.function[SIGN] = (void *)sign;
        table.function[GET_MECHANISM_LIST] = (void *)get_mechanism_list;
        table.function[GET_ATTRIBUTE_VALUE] = (void *)get_attribute_value;
        table.function[FIND_OBJECTS_INIT] = (void *)find_objects_init;
        table.function[FIND_OBJECTS] = (void *)find_objects;
        table.function[FIND_OBJECTS_FINAL] = (void *)find_objects_final;
        table.function[GENERATE_KEY_PAIR] = (void *)generate_key_pair;
        table.function[WRAP_KEY] = (void *)wrap_key;
        table.function[GENERATE_RANDOM] = (void *)generate_random;
    }
    pthread_mutex_unlock(&lock);
    *list = &table;
    return CKR_OK;
}
