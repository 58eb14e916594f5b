/* test_denied.c - every allocation of a request is denied in turn.
 *
 * What is denied: each call of the arena, alone and with all that follow; each call of malloc() and
 * realloc() by the arena; and what lies past a limit, for limits up to what the request needs, of
 * its own and of all requests.  The reply must then be the one that it always is, or say that
 * memory is missing; never another answer, and never a fault of the client's.
 *
 * The requests are the golden ones.  Usually some of each kind are taken, and limits in steps;
 * LOGITD_TEST_LONG=1 takes all of them, and every limit for one of each kind. */
#include "tests/unit/deny.h"
#include "tests/unit/golden.h"
#include "tests/unit/post.h"
#include "tests/unit/random.h"
#include "tests/unit/suite.h"

#include "server/router.h"
#include "server/routes.h"

#include <zlib.h>
#include <zstd.h>

/* ---- requests ---- */

enum coding { PLAIN, GZIP, DEFLATE, ZSTD };

/* A kind of request: the golden cases in a folder whose names begin so. */
static const struct kind {
    const char *method, *path, *folder;
    const char *prefix; /* NULL: any */
    const char *type, *accept;
    enum coding coding;
    size_t lines; /* so often, each on its own line; 0: once, as it is */
} kinds[] = {
    {"POST", "/v1/score", .folder = "valid", .prefix = "b"}, /* base64, batches, bootstraps */
    {"POST", "/v1/score", .folder = "valid", .prefix = "l"}, /* log-probabilities */
    {"POST", "/v1/score", .folder = "valid", .prefix = "o"},
    {"POST", "/v1/score", .folder = "valid", .prefix = "s"},
    {"POST", "/v1/score", .folder = "valid", .prefix = "t"}, /* texts, and ways to tell tokens */
    {"POST", "/v1/score", .folder = "valid", .coding = GZIP},
    {"POST", "/v1/score", .folder = "valid", .coding = DEFLATE},
    {"POST", "/v1/score", .folder = "valid", .coding = ZSTD},
    {"POST", "/v1/score", .folder = "valid", .accept = "gzip", .lines = 4,
     .type = "application/x-ndjson"},
    {"POST", "/v1/score", .folder = "valid", .prefix = "bootstrap", .type = "application/x-ndjson",
     .lines = 2},
    {"POST", "/v1/score", .folder = "valid", .prefix = "temperatures",
     .type = "application/x-ndjson", .lines = 2},
    {"POST", "/v1/score", .folder = "invalid"},
    {"POST", "/v1/score", .folder = "invalid", .type = "application/x-ndjson", .lines = 2},
    {"POST", "/v1/score", .folder = "engines", .prefix = "chat"},
    {"POST", "/v1/score", .folder = "engines", .prefix = "cohere"},
    {"POST", "/v1/score", .folder = "engines", .prefix = "gemini"},
    {"POST", "/v1/score", .folder = "engines", .prefix = "llama_"},
    {"POST", "/v1/score", .folder = "engines", .prefix = "llamacpp"},
    {"POST", "/v1/score", .folder = "engines", .prefix = "openai"},
    {"POST", "/v1/score", .folder = "engines", .prefix = "sglang"},
    {"POST", "/v1/score", .folder = "engines", .prefix = "tgi"},
    {"POST", "/v1/score", .folder = "engines", .prefix = "trt"},
    {"POST", "/v1/score", .folder = "engines", .prefix = "vllm"},
    {"POST", "/v1/score", .folder = "forms/valid", .prefix = "npy"},
    {"POST", "/v1/score", .folder = "forms/valid", .prefix = "raw"},
    {"POST", "/v1/score", .folder = "forms/valid", .prefix = "safetensors"},
    {"POST", "/v1/score", .folder = "forms/invalid"},
    {"POST", "/v1/rank", .folder = "rank/valid"},
    {"POST", "/v1/rank", .folder = "rank/invalid"},
    {"POST", "/v1/compare", .folder = "compare/valid"},
    {"POST", "/v1/compare", .folder = "compare/valid", .accept = "deflate", .coding = GZIP},
    {"POST", "/v1/compare", .folder = "compare/invalid"},
    {"POST", "/v1/preference", .folder = "preference/valid"},
    {"POST", "/v1/preference", .folder = "preference/valid", .prefix = "a",
     .type = "application/x-ndjson", .lines = 2},
    {"POST", "/v1/policy", .folder = "policy/valid"},
    {"POST", "/v1/policy", .folder = "policy/valid", .prefix = "c", .type = "application/x-ndjson",
     .lines = 2},
    {"POST", "/v1/preference", .folder = "preference/invalid"},
    {"POST", "/v1/completions", .folder = "completions_valid"},
    {"POST", "/v1/completions", .folder = "completions_invalid"},
    {"POST", NULL, .folder = "infer", .prefix = "b"}, /* logprobs, in binary */
    {"POST", NULL, .folder = "infer", .prefix = "json"},
    {"POST", NULL, .folder = "infer", .prefix = "p"}, /* policy, preference */
    {"POST", NULL, .folder = "infer", .prefix = "score"},
    {"POST", NULL, .folder = "infer", .prefix = "score_one_output"}, /* of what else is known */
    {.method = "GET", .path = "/openapi.json"},
    {.method = "GET", .path = "/v1/objectives"},
    {.method = "GET", .path = "/v1/models"},
    {.method = "GET", .path = "/version"},
    {.method = "GET", .path = "/v2"},
    {.method = "GET", .path = "/v2/models/score"},
    {.method = "GET", .path = "/v2/models/score/config"},
    {.method = "GET", .path = "/v2/models/logprobs/stats"},
    {.method = "GET", .path = "/v2/models/stats"},
    {.method = "POST", .path = "/v2/repository/index"},
};

#define BODY_ROOM ((size_t)1 << 19)

struct ask {
    const struct kind *kind;
    const char *name; /* the case's folder */
    char path[64], header[24], type[64];
    char body[BODY_ROOM];
    size_t length;
    const char *accept;
};

/* What is answered where nothing is denied. */
struct expected {
    unsigned status;
    size_t length;
    char bytes[BODY_ROOM];
};

static void take_body(struct ask *ask, const char *bytes, size_t length)
{
    ck_assert_uint_lt(length, BODY_ROOM);
    memcpy(ask->body, bytes, length);
    ask->length = length;
}

static void repeat_lines(struct ask *ask)
{
    const size_t length = ask->length;

    for (size_t i = 0; i < length; i++)
        if (ask->body[i] == '\n')
            ask->body[i] = ' ';
    ask->body[length] = '\n';
    for (size_t i = 1; i < ask->kind->lines; i++)
        memcpy(ask->body + i * (length + 1), ask->body, length + 1);
    ask->length = ask->kind->lines * (length + 1);
}

static void encode(struct ask *ask)
{
    static const int bits[] = {[GZIP] = 31, [DEFLATE] = 15};
    static char packed[BODY_ROOM];
    z_stream stream = {.next_in = (unsigned char *)ask->body,
                       .avail_in = (unsigned)ask->length,
                       .next_out = (unsigned char *)packed,
                       .avail_out = sizeof packed};

    if (ask->kind->coding == ZSTD) {
        take_body(ask, packed, ZSTD_compress(packed, sizeof packed, ask->body, ask->length, 3));
        return;
    }
    ck_assert_int_eq(
        deflateInit2(&stream, 6, Z_DEFLATED, bits[ask->kind->coding], 8, Z_DEFAULT_STRATEGY), Z_OK);
    ck_assert_int_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    take_body(ask, packed, sizeof packed - stream.avail_out);
}

/* The path, and the length of the JSON in a request to a model. */
static void read_line(struct ask *ask, const char *folder)
{
    size_t length;
    char *line = golden_load(folder, "line", &length);

    ck_assert_int_eq(sscanf(line, "%63s %23s", ask->path, ask->header), 2);
    if (ask->header[0] == '-')
        ask->header[0] = '\0';
    free(line);
}

/* The request of a case; false where it has none of the kind's. */
static bool ask_load(struct ask *ask, const char *folder)
{
    static const char *const names[] = {"request.json", "body", "request"};
    char *bytes = NULL;
    size_t length = 0;

    for (size_t i = 0; i < COUNT(names) && !bytes; i++)
        bytes = golden_load(folder, names[i], &length);
    if (!bytes)
        return false;
    take_body(ask, bytes, length);
    free(bytes);
    if (!ask->kind->path)
        read_line(ask, folder);
    if (ask->kind->lines > 0)
        repeat_lines(ask);
    if (ask->kind->coding != PLAIN)
        encode(ask);
    return true;
}

static const char *type_of(const struct ask *ask)
{
    const bool form = ask->kind->folder && strncmp(ask->kind->folder, "forms", 5) == 0;

    return form ? "multipart/form-data; boundary=logitd-test-boundary" : ask->kind->type;
}

/* The caller releases the exchange. */
static void ask_run(const struct ask *ask, const struct api *api, struct exchange *x)
{
    static const char *const codings[] = {NULL, "gzip", "deflate", "zstd"};
    struct error err = {0};
    bool good;

    exchange_init(x, api);
    x->request.id = "test";
    x->request.path = ask->path;
    x->request.route = router_find(routes, ask->kind->method, ask->path, &err);
    x->request.style = x->request.route->style;
    x->request.content_type = type_of(ask);
    x->request.content_encoding = codings[ask->kind->coding];
    x->request.accept_encoding = ask->accept;
    x->request.inference_header = ask->header[0] ? ask->header : NULL;
    good = exchange_begin(x);
    for (size_t at = 0; good && at < ask->length; at += 1000)
        good = exchange_feed(x, ask->body + at, ask->length - at < 1000 ? ask->length - at : 1000);
    if (good)
        exchange_finish(x);
    else
        exchange_fail(x);
}

/* ---- what must come of it ---- */

static struct budget budget = {.limit = SIZE_MAX};
static struct api api;
static struct ask ask;
static struct exchange after;
static struct expected plain, packed; /* as it is, and as it may be compressed */
static size_t denials, limits, asked;

static void keep_answer(struct expected *answer)
{
    static struct exchange x;

    ask_run(&ask, &api, &x);
    ck_assert_uint_lt(x.reply.length, BODY_ROOM);
    answer->status = x.reply.status;
    answer->length = x.reply.length;
    memcpy(answer->bytes, x.reply.body, x.reply.length);
    exchange_release(&x);
}

static bool is_answer(const struct exchange *x, const struct expected *answer)
{
    return x->reply.status == answer->status && x->reply.length == answer->length
           && memcmp(x->reply.body, answer->bytes, answer->length) == 0;
}

/* A message has room for so much of a reply. */
static int shown(size_t length)
{
    return length < 500 ? (int)length : 500;
}

/* Ask, while something is denied: for the request's own limit 413, else 503.  Whether it was. */
static bool try_one(enum error_code code, const char *what, size_t n)
{
    static struct exchange x;
    const unsigned status = code == ERR_TOO_LARGE ? 413 : 503;
    bool spent, same;

    ask_run(&ask, &api, &x);
    deny.armed = false;
    spent = x.error.code == code && x.reply.status == status;
    same = is_answer(&x, x.reply.encoding ? &packed : &plain);
    if (!same && !spent)
        ck_abort_msg("%s %s, %s %zu: %u %.*s\nnot %u %.*s", ask.path, ask.name, what, n,
                     x.reply.status, shown(x.reply.length), x.reply.body, plain.status,
                     shown(plain.length), plain.bytes);
    exchange_release(&x);
    ck_assert_uint_eq(atomic_load(&budget.used), 0);
    ck_assert_uint_eq(x.arena.used, 0);
    return spent || deny.denied > 0 || x.arena.fault != ARENA_FINE;
}

static void deny_calls(enum source source, enum arena_fault fault, bool for_good)
{
    const enum error_code code = fault == ARENA_LIMIT ? ERR_TOO_LARGE : ERR_NO_MEMORY;
    bool denied = true;

    for (long n = 0; denied; n++) {
        memset(&deny, 0, sizeof deny);
        deny.source = source;
        deny.fault = fault;
        deny.for_good = for_good;
        deny.left = n;
        deny.armed = true;
        denied = try_one(code, for_good ? "calls from" : "call", (size_t)n);
        denials += denied;
    }
    memset(&deny, 0, sizeof deny);
}

static void deny_beyond(size_t *limit, enum error_code code, size_t step)
{
    const size_t before = *limit;

    for (*limit = 0; try_one(code, "bytes", *limit); *limit += step)
        limits++;
    *limit = before;
}

/* How the sweeps are made: of so many cases one is taken, and limits go up in such steps.  Whatever
 * an arena charges is a multiple of 8 bytes, so that 8 leaves no limit out. */
struct sweep {
    size_t skip, first_step, step;
    size_t seen;
};

static const struct sweep quick = {.skip = 8, .first_step = 1000, .step = 1000};
static const struct sweep whole = {.skip = 1, .first_step = 8, .step = 1000};

static void deny_all(size_t step)
{
    ask.accept = ask.kind->accept;
    keep_answer(&packed);
    ask.accept = NULL;
    keep_answer(&plain);
    ask.accept = ask.kind->accept;
    for (int for_good = 0; for_good < 2; for_good++) {
        deny_calls(SOURCE_ARENA, ARENA_LIMIT, for_good);
        deny_calls(SOURCE_ARENA, ARENA_BUDGET, for_good);
        deny_calls(SOURCE_SYSTEM, ARENA_SYSTEM, for_good);
    }
    deny_beyond(&api.request_memory, ERR_TOO_LARGE, step);
    deny_beyond(&budget.limit, ERR_NO_MEMORY, step);
    ask_run(&ask, &api, &after);
    ck_assert(is_answer(&after, after.reply.encoding ? &packed : &plain));
    exchange_release(&after);
    asked++;
}

static void deny_case(const char *folder, void *context)
{
    struct sweep *sweep = context;
    const char *name = strrchr(folder, '/') + 1, *prefix = ask.kind->prefix;

    if (prefix && strncmp(name, prefix, strlen(prefix)) != 0)
        return;
    if (sweep->seen++ % sweep->skip != 0 || !ask_load(&ask, folder))
        return;
    ask.name = name;
    deny_all(sweep->seen == 1 ? sweep->first_step : sweep->step);
}

static void deny_kind(const struct kind *kind, size_t kept_rows)
{
    struct sweep sweep = is_long() ? whole : quick;
    char folder[64];

    api.kept_rows = kept_rows;
    ask = (struct ask){.kind = kind, .name = ""};
    if (kind->path)
        snprintf(ask.path, sizeof ask.path, "%s", kind->path);
    if (!kind->folder) {
        deny_all(sweep.first_step);
        return;
    }
    snprintf(folder, sizeof folder, "tests/golden/%s", kind->folder);
    ck_assert_uint_gt(golden_each(folder, deny_case, &sweep), 0);
    ck_assert_uint_gt(sweep.seen, 0);
}

START_TEST(denied_memory_changes_no_answer)
{
    deny_kind(&kinds[_i / 2], _i % 2 ? 64 : PLENTY); /* rows reduced as they come, or at the end */
}
END_TEST

/* jansson once lost the end of a text for lack of memory, and wrote past another. */
START_TEST(texts_of_any_length_meet_the_limit)
{
    static const char *const paths[] = {"/v1/score", "/v1/rank", "/v1/compare", "/v1/completions"};
    static struct exchange x;
    const struct kind kind = {.method = "POST"};

    api.request_memory = 64 << 10;
    ask = (struct ask){.kind = &kind};
    snprintf(ask.path, sizeof ask.path, "%s", paths[_i]);
    memcpy(ask.body, "{\"model\":\"", 10);
    for (size_t length = 1; length <= 20000; length += is_long() ? 1 : 7) {
        memset(ask.body + 10, 'a', length);
        memcpy(ask.body + 10 + length, "\"}", 2);
        ask.length = length + 12;
        ask_run(&ask, &api, &x);
        ck_assert_msg(x.error.code == ERR_MISSING_MEMBER || x.error.code == ERR_TOO_LARGE,
                      "%zu: %.*s", length, shown(x.reply.length), x.reply.body);
        exchange_release(&x);
    }
}
END_TEST

/* The last object of many leaves too little for a text behind them. */
START_TEST(texts_behind_many_objects_meet_the_limit)
{
    const struct kind kind = {.method = "POST"};
    static struct exchange x;

    api.request_memory = 256 << 10;
    ask = (struct ask){.kind = &kind, .path = "/v1/score"};
    for (size_t objects = 0; objects < 1000; objects += 10) {
        size_t length = (size_t)sprintf(ask.body, "{\"outputs\":[");

        for (size_t i = 0; i < objects; i++)
            length += (size_t)sprintf(ask.body + length, "{},");
        length += (size_t)sprintf(ask.body + length, "0],\"model\":\"");
        memset(ask.body + length, 'a', 20000);
        length += 20000;
        length += (size_t)sprintf(ask.body + length, "\",\"tokens\":[0,1],\"logprobs\":[null,-1]}");
        ask.length = length;
        ask_run(&ask, &api, &x);
        ck_assert_msg(x.error.code == ERR_CONFLICT || x.error.code == ERR_TOO_LARGE, "%zu: %.*s",
                      objects, shown(x.reply.length), x.reply.body);
        exchange_release(&x);
    }
}
END_TEST

static void prepare(void)
{
    memset(&deny, 0, sizeof deny);
    atomic_init(&budget.used, 0);
    budget.limit = SIZE_MAX;
    api = plain_api(PLENTY);
    api.budget = &budget;
    api.routes = routes;
}

int main(void)
{
    Suite *suite = suite_create("denied");
    TCase *all = tcase_create("denied");
    SRunner *runner = srunner_create(suite);
    int failed;

    api_start();
    tcase_add_checked_fixture(all, prepare, NULL);
    tcase_add_loop_test(all, denied_memory_changes_no_answer, 0, 2 * COUNT(kinds));
    tcase_add_loop_test(all, texts_of_any_length_meet_the_limit, 0, 4);
    tcase_add_test(all, texts_behind_many_objects_meet_the_limit);
    tcase_set_timeout(all, 0);
    suite_add_tcase(suite, all);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    printf("FIGURE kinds of request = %zu\nFIGURE requests = %zu\n", COUNT(kinds), asked / 2);
    printf("FIGURE calls denied = %zu\nFIGURE limits tried = %zu\n", denials, limits);
    return failed != 0;
}
