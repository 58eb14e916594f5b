/* fuzz_limits.c - any bytes as a request, and limits for it: of memory, of work, of nesting, a
 * call of the arena that is denied, and time that is up before the body has come.  With them it is
 * answered as without, or told which of them it met.
 *
 * The first bytes of the input choose the route and the limits; the rest is the body.  In it a byte
 * 1 stands for brackets that open, a byte 2 for as many that close. */
#include "tests/fuzz/fuzz.h"

#include "tests/unit/deny.h"

enum { ROUTE, MEMORY, MEMORY_HIGH, KEPT_ROWS, WORK, CUT, DENIED, NESTING, BODY };

#define ROUTE_OF(path, style, endpoint)                                                            \
    {                                                                                              \
        "POST", path, style, &endpoint, false, false, ""                                           \
    }
#define SCORE ROUTE_OF("/v1/score", STYLE_NATIVE, endpoint_score)
#define INFER ROUTE_OF("/v2/models/{name}/infer", STYLE_OIP, endpoint_infer)

static const struct {
    struct route route;
    const char *path, *type, *coding;
} asks[] = {
    {SCORE, NULL, NULL, NULL},
    {ROUTE_OF("/v1/rank", STYLE_NATIVE, endpoint_rank), NULL, NULL, NULL},
    {ROUTE_OF("/v1/compare", STYLE_NATIVE, endpoint_compare), NULL, NULL, NULL},
    {ROUTE_OF("/v1/completions", STYLE_OPENAI, endpoint_completions), NULL, NULL, NULL},
    {SCORE, NULL, "multipart/form-data; boundary=logitd-test-boundary", NULL},
    {SCORE, NULL, "application/x-ndjson", NULL},
    {SCORE, NULL, NULL, "gzip"},
    {SCORE, NULL, NULL, "deflate"},
    {INFER, "/v2/models/logprobs/infer", NULL, NULL},
    {INFER, "/v2/models/score/infer", NULL, NULL},
    {SCORE, NULL, NULL, "zstd"},
    {ROUTE_OF("/v1/policy", STYLE_NATIVE, endpoint_policy), NULL, NULL, NULL},
    {ROUTE_OF("/v1/preference", STYLE_NATIVE, endpoint_preference), NULL, NULL, NULL},
};

#define ASKS (sizeof asks / sizeof *asks)
#define LONGEST ((size_t)1 << 16)
#define MOST_WORK 20000000 /* of either: a bootstrap may ask for more than there is time for */

static char body[LONGEST];
static atomic_bool stop;
static struct budget budget = {.limit = 2 * PLENTY};

/* The body, with brackets for the bytes that stand for them; how long it is. */
static size_t nest(const uint8_t *data, size_t size)
{
    size_t length = 0;

    for (size_t i = BODY; i < size && length + 256 < LONGEST; i++) {
        const bool brackets = data[i] == 1 || data[i] == 2;
        const size_t count = brackets ? data[NESTING] / 4 : 1;

        memset(body + length, !brackets ? data[i] : data[i] == 1 ? '[' : ']', count);
        length += count;
    }
    return length;
}

/* The head of a binary request ends with its first line. */
static void set_header(struct exchange *x, size_t length, char out[24])
{
    const char *end = memchr(body, '\n', length);

    if (x->request.route->endpoint != &endpoint_infer || !end)
        return;
    snprintf(out, 24, "%zu", (size_t)(end + 1 - body));
    x->request.inference_header = out;
}

static void ask(struct exchange *x, const struct api *api, const uint8_t *data, size_t length,
                bool late)
{
    const size_t which = data[ROUTE] % ASKS, step = data[CUT] + 1U;
    char header[24];
    bool good;

    exchange_init(x, api);
    x->request.id = "test";
    x->request.route = &asks[which].route;
    x->request.style = x->request.route->style;
    x->request.path = asks[which].path;
    x->request.content_type = asks[which].type;
    x->request.content_encoding = asks[which].coding;
    x->work.stop = &stop;
    atomic_store(&stop, false);
    set_header(x, length, header);
    good = exchange_begin(x);
    for (size_t at = 0; good && at < length; at += step) {
        atomic_store(&stop, late && at >= length / 2);
        good = exchange_feed(x, body + at, step < length - at ? step : length - at);
    }
    if (good)
        exchange_finish(x);
    else
        exchange_fail(x);
}

static bool is_same(const struct exchange *a, const struct exchange *b)
{
    return a->reply.status == b->reply.status && a->reply.length == b->reply.length
           && memcmp(a->reply.body, b->reply.body, a->reply.length) == 0;
}

static bool met_limit(const struct exchange *x, const struct api *api)
{
    switch (x->error.code) {
    case ERR_TOO_LARGE:
        return x->reply.status == 413 && api->request_memory < PLENTY;
    case ERR_NO_MEMORY:
        return x->reply.status == 503 && deny.denied > 0;
    case ERR_TOO_MUCH_WORK:
        return true;
    case ERR_CANCELLED:
        return x->work.stop && atomic_load(x->work.stop);
    default:
        return false;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct exchange free_one, limited;
    struct api api = plain_api(PLENTY);
    size_t length;

    if (size < BODY)
        return 0;
    length = nest(data, size);
    api.budget = &budget;
    api.kept_rows = data[KEPT_ROWS];
    api.max_work = MOST_WORK;
    ask(&free_one, &api, data, length, false);
    api.request_memory = ((size_t)data[MEMORY_HIGH] << 8 | data[MEMORY]) * 8;
    if (data[WORK] > 0)
        api.max_work = (uint64_t)data[WORK] * data[WORK] * data[WORK];
    deny = (struct deny){.armed = data[DENIED] > 0,
                         .for_good = data[NESTING] % 2 > 0,
                         .source = SOURCE_ARENA,
                         .fault = ARENA_SYSTEM,
                         .left = data[DENIED] - 1};
    ask(&limited, &api, data, length, data[NESTING] / 2 % 2 > 0);
    deny.armed = false;
    if (!is_same(&free_one, &limited) && !met_limit(&limited, &api))
        fuzz_fail(&free_one, &limited);
    exchange_release(&free_one);
    exchange_release(&limited);
    if (atomic_load(&budget.used) != 0)
        fuzz_fail(&free_one, &limited);
    return 0;
}
