/* test_metrics.c - the text for Prometheus. */
#include "tests/unit/suite.h"

#include "server/metrics.h"
#include "server/process.h"
#include "server/router.h"
#include "server/routes.h"

#include "api/exchange/status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct metrics metrics;
static char page[1 << 18];
static size_t length;

/* Write `page`. */
static void write_page(void)
{
    struct strbuf text = {.data = page, .capacity = sizeof page - 1};

    metrics_write(&metrics, &text);
    ck_assert(!text.failed);
    length = text.length;
    page[length] = '\0';
}

/* The page after each metric was used once. */
static void fill(void)
{
    uint64_t buckets[LOSS_EDGE_COUNT + 1] = {0};

    ck_assert(metrics_init(&metrics, routes, "scalar"));
    buckets[0] = 2;
    buckets[LOSS_EDGE_COUNT] = 1;
    metric_add(&metrics, METRIC_logitd_http_requests_total,
               LABELS(0, label_method("POST"), label_code(200)), 7);
    metric_add(&metrics, METRIC_logitd_http_requests_total,
               LABELS(router_count(routes), label_method("BREW"), label_code(418)), 1);
    for (enum error_code code = ERR_NONE + 1; code < ERR_COUNT; code++)
        ck_assert_msg(label_code((unsigned)status_of(code)) < label_code(1), "%s",
                      error_slug(code)); /* 1 is "other" */
    metric_add(&metrics, METRIC_logitd_http_requests_total,
               LABELS(0, label_method("POST"), label_code(417)), 1);
    metric_add(&metrics, METRIC_logitd_rejects_total, LABELS(ERR_BAD_JSON), 3);
    metric_observe(&metrics, METRIC_logitd_http_request_duration_seconds, LABELS(0), 0.005);
    metric_observe(&metrics, METRIC_logitd_http_request_duration_seconds, LABELS(0), 1e9);
    metric_merge(&metrics, METRIC_logitd_token_loss, LABELS(0), buckets, 12.5);
    write_page();
    metrics_release(&metrics);
}

static const char *const expected[] = {
    "# TYPE logitd_http_requests_total counter\n",
    "\nlogitd_http_requests_total{route=\"/v1/score\",method=\"POST\",code=\"200\"} 7\n",
    "\nlogitd_http_requests_total{route=\"other\",method=\"other\",code=\"other\"} 1\n",
    "\nlogitd_http_requests_total{route=\"/v1/score\",method=\"POST\",code=\"417\"} 1\n",
    "\nlogitd_rejects_total{reason=\"bad_json\"} 3\n",
    "\nlogitd_rejects_total{reason=\"no_memory\"} 0\n",
    /* an edge belongs to its own bucket */
    "_seconds_bucket{route=\"/v1/score\",le=\"0.001\"} 0\n",
    "_seconds_bucket{route=\"/v1/score\",le=\"0.005\"} 1\n",
    "_seconds_bucket{route=\"/v1/score\",le=\"10\"} 1\n",
    "_seconds_bucket{route=\"/v1/score\",le=\"+Inf\"} 2\n",
    "_seconds_count{route=\"/v1/score\"} 2\n",
    "le=\"0.01\"} 2\n",
    "le=\"20\"} 2\n",
    "\nlogitd_sequences_scored_total 0\n",
    "kernel=\"scalar\"",
};

START_TEST(the_page_says_what_was_counted)
{
    fill();
    for (size_t i = 0; i < COUNT(expected); i++)
        ck_assert_msg(strstr(page, expected[i]) != NULL, "%s", expected[i]);
    ck_assert_int_eq(page[length - 1], '\n');
    ck_assert_ptr_null(strstr(page, "reason=\"none\"")); /* ERR_NONE is no reason */
}
END_TEST

/* Every line is a comment, or a name (with labels or none) and a value. */
START_TEST(the_page_is_well_formed)
{
    fill();
    for (char *line = strtok(page, "\n"); line; line = strtok(NULL, "\n")) {
        const size_t name = strspn(line, "abcdefghijklmnopqrstuvwxyz_");
        const char *end = line + name;
        char *rest;

        if (line[0] == '#')
            continue;
        ck_assert_uint_gt(name, 0);
        if (*end == '{')
            end = strrchr(end, '}') + 1; /* a route may have braces */
        ck_assert_msg(*end == ' ', "%s", line);
        (void)strtod(end + 1, &rest);
        ck_assert_msg(rest > end + 1 && *rest == '\0', "%s", line);
    }
}
END_TEST

/* Where Prometheus' own tool is installed, it must find nothing to say. */
/* Everything that could be counted of requests, once. */
static unsigned long long count_everything(void)
{
    unsigned long long count = 0;

    for (size_t route = 0; route <= router_count(routes); route++) {
        for (size_t method = 0; method <= label_method("other"); method++) {
            for (size_t code = 0; code <= label_code(1); code++, count++)
                metric_add(&metrics, METRIC_logitd_http_requests_total, LABELS(route, method, code),
                           1);
        }
    }
    return count;
}

/* What scrapers are sent has a bound, whatever clients ask for; and nothing is lost by it. */
START_TEST(there_are_at_most_256_series)
{
    unsigned long long count, told = 0;
    size_t series = 0;

    ck_assert(metrics_init(&metrics, routes, "scalar"));
    count = count_everything();
    write_page();
    metrics_release(&metrics);
    ck_assert(strstr(page, "{route=\"/version\",method=\"GET\",code=\"200\"} 1\n"));
    for (char *line = strtok(page, "\n"); line; line = strtok(NULL, "\n")) {
        series += line[0] != '#';
        if (strncmp(line, "logitd_http_requests_total{", 27) == 0)
            told += strtoull(strrchr(line, ' '), NULL, 10);
    }
    ck_assert_uint_le(series, 256);
    ck_assert_uint_eq(told, count);
}
END_TEST

START_TEST(promtool_is_silent)
{
    FILE *tool;

    if (system("command -v promtool >/dev/null 2>&1") != 0) { /* NOLINT: a fixed command */
        puts("SKIP promtool: not installed");
        return;
    }
    fill();
    tool = popen("promtool check metrics 2>&1", "w"); /* NOLINT: a fixed command */
    ck_assert_ptr_nonnull(tool);
    ck_assert_uint_eq(fwrite(page, 1, length, tool), length);
    ck_assert_int_eq(pclose(tool), 0);
}
END_TEST

START_TEST(there_is_at_least_one_cpu)
{
    size_t most;

    ck_assert_uint_ge(process_cpus(), 1);
    ck_assert(process_allow_files(16, &most));
    ck_assert(!process_allow_files(SIZE_MAX / 2, &most) && most >= 16);
}
END_TEST

START_TEST(the_process_is_measured)
{
    const struct process_usage usage = process_measure();

    ck_assert(usage.cpu_seconds > 0 && usage.open_files >= 3
              && usage.open_files < usage.most_files);
    ck_assert(usage.threads >= 1 && usage.virtual_bytes > usage.resident_bytes
              && usage.resident_bytes > 0);
    ck_assert(usage.start_time > 1.6e9 && usage.start_time <= (double)time(NULL) + 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_page_says_what_was_counted,
                                  the_page_is_well_formed,
                                  there_are_at_most_256_series,
                                  promtool_is_silent,
                                  there_is_at_least_one_cpu,
                                  the_process_is_measured,
                                  NULL};

    return suite_main("metrics", tests);
}
