/* cost.c - what requests cost, in instructions: run under valgrind's callgrind.
 *
 * cost [--seconds] < list, a request a line:  name path type encoding header kept_rows body_file
 * ("-" for what is absent; header: Inference-Header-Content-Length).  Each is answered once, in
 * this process, by the route's endpoint with the limits that the server has by default, but for
 * --max-kept-rows; callgrind dumps what it took as `name`, and a line on stdout tells
 * `name status code inflated_bytes reply_bytes work` (and, with --seconds, the time). */
#include "core/cpu.h"
#include "core/kernels.h"

#include "api/exchange/api.h"
#include "api/exchange/url_pattern.h"
#include "api/json/readers.h"
#include "api/routes/about/about_endpoints.h"
#include "api/routes/compare/compare_endpoint.h"
#include "api/routes/completions/completions_endpoints.h"
#include "api/routes/infer/infer_endpoints.h"
#include "api/routes/rank/rank_endpoint.h"
#include "api/routes/score/score_endpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <valgrind/callgrind.h>

#define PIECE ((size_t)64 << 10)
#define WORDS 7 /* of a line of the list */

static const struct route routes[] = {
    {.path = "/v1/score", .style = STYLE_NATIVE, .endpoint = &endpoint_score},
    {.path = "/v1/rank", .style = STYLE_NATIVE, .endpoint = &endpoint_rank},
    {.path = "/v1/compare", .style = STYLE_NATIVE, .endpoint = &endpoint_compare},
    {.path = "/v1/completions", .style = STYLE_OPENAI, .endpoint = &endpoint_completions},
    {.path = "/v2/models/{name}/infer", .style = STYLE_OIP, .endpoint = &endpoint_infer},
    {0},
};

static const struct route *find(const char *path)
{
    const struct route *route = routes;

    while (route->path && !url_pattern_matches(route->path, path))
        route++;
    if (route->path)
        return route;
    fprintf(stderr, "no route %s\n", path);
    exit(1);
}

static char *load(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    size_t room = 0;

    if (!file) {
        perror(path);
        exit(1);
    }
    *length = 0;
    do {
        room += (size_t)1 << 20;
        bytes = realloc(bytes, room);
        *length += fread(bytes + *length, 1, room - *length, file);
    } while (*length == room);
    fclose(file);
    return bytes;
}

static const char *or_null(const char *word)
{
    return strcmp(word, "-") == 0 ? NULL : word;
}

static void answer(struct exchange *x, const char *body, size_t length)
{
    bool good = exchange_begin(x);

    for (size_t at = 0; good && at < length; at += PIECE)
        good = exchange_feed(x, body + at, length - at < PIECE ? length - at : PIECE);
    if (good)
        exchange_finish(x);
    else
        exchange_fail(x);
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void run(struct api *api, char *line, bool timed)
{
    char *word[WORDS];
    struct exchange x;
    size_t length;
    char *body;
    double start;

    for (size_t i = 0; i < WORDS; i++)
        word[i] = strtok(i == 0 ? line : NULL, " \n");
    if (!word[WORDS - 1])
        exit(1);
    api->kept_rows = strtoul(word[5], NULL, 10);
    body = load(word[6], &length);
    exchange_init(&x, api);
    x.request.id = "cost";
    x.request.route = find(word[1]);
    x.request.style = x.request.route->style;
    x.request.path = word[1];
    x.request.content_type = or_null(word[2]);
    x.request.content_encoding = or_null(word[3]);
    x.request.inference_header = or_null(word[4]);
    x.request.content_length = length;
    start = seconds();
    CALLGRIND_ZERO_STATS;
    answer(&x, body, length);
    CALLGRIND_DUMP_STATS_AT(word[0]);
    printf("%s %u %s %llu %zu %llu", word[0], x.reply.status,
           x.error.code == ERR_NONE ? "-" : error_slug(x.error.code),
           (unsigned long long)x.stats.inflated, x.reply.length, (unsigned long long)x.work.used);
    printf(timed ? " %.4f\n" : "\n", seconds() - start);
    exchange_release(&x);
    free(body);
}

int main(int count, char **arguments)
{
    struct budget budget = {.limit = (size_t)1 << 30};
    struct api api = {.kernel = kernel_find(cpu_features(), "auto"),
                      .reader = reader_find(cpu_features(), "auto"),
                      .budget = &budget,
                      .request_memory = (size_t)256 << 20,
                      .max_work = UINT64_C(1) << 36,
                      .max_body = UINT64_C(8) << 30,
                      .max_inflation = 1000,
                      .routes = routes};
    const bool timed = count > 1 && strcmp(arguments[1], "--seconds") == 0;
    char line[4096];

    api_start();
    while (fgets(line, sizeof line, stdin))
        run(&api, line, timed);
    return 0;
}
