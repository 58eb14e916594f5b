/* metrics.c - storage and text of the metrics in metrics.def. */
#include "server/metrics.h"

#include "api/base/count_of.h"
#include "api/base/version.h"
#include "server/router.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- labels: where their values come from ---- */

static const char *const methods[] = {"GET", "HEAD", "POST", "OPTIONS", "other"};
static const char *const stages[] = {"parse", "score", "write"};

/* Statuses of our own answers, and those of libmicrohttpd's. */
static const unsigned codes[] = {200, 204, 400, 401, 404, 405, 408, 413, 414,
                                 415, 417, 422, 429, 431, 500, 501, 503, 505};

#define VALUE_SIZE 48

static const char *route_value(const struct route *routes, size_t i, char out[VALUE_SIZE])
{
    (void)out;
    return routes[i].path ? routes[i].path : "other";
}

static const char *scoring_value(const struct route *routes, size_t i, char out[VALUE_SIZE])
{
    (void)out;
    return i < router_scoring_count(routes) ? router_scoring_at(routes, i)->path : "other";
}

static const char *method_value(const struct route *routes, size_t i, char out[VALUE_SIZE])
{
    (void)routes;
    (void)out;
    return methods[i];
}

static const char *code_value(const struct route *routes, size_t i, char out[VALUE_SIZE])
{
    (void)routes;
    if (i == COUNT(codes))
        return "other";
    snprintf(out, VALUE_SIZE, "%u", codes[i]);
    return out;
}

static const char *stage_value(const struct route *routes, size_t i, char out[VALUE_SIZE])
{
    (void)routes;
    (void)out;
    return stages[i];
}

static const char *objective_value(const struct route *routes, size_t i, char out[VALUE_SIZE])
{
    (void)routes;
    (void)out;
    return objective_at((enum objective_id)i)->name;
}

static const char *reason_value(const struct route *routes, size_t i, char out[VALUE_SIZE])
{
    (void)routes;
    (void)out;
    return error_slug((enum error_code)i);
}

enum label {
    LABEL_NONE,
    LABEL_ROUTE,
    LABEL_SCORING,
    LABEL_METHOD,
    LABEL_CODE,
    LABEL_STAGE,
    LABEL_OBJECTIVE,
    LABEL_REASON,
    LABEL_BUILD,
    LABEL_COUNT
};

/* clang-format off */
static const struct {
    const char *name;
    const char *(*value)(const struct route *routes, size_t i, char out[VALUE_SIZE]);
    bool first_is_none; /* the first value stands for nothing */
} domains[LABEL_COUNT] = {
    [LABEL_ROUTE]     = {"route",     route_value,      false},
    [LABEL_SCORING]   = {"route",     scoring_value,    false},
    [LABEL_METHOD]    = {"method",    method_value,     false},
    [LABEL_CODE]      = {"code",      code_value,       false},
    [LABEL_STAGE]     = {"stage",     stage_value,      false},
    [LABEL_OBJECTIVE] = {"objective", objective_value,  false},
    [LABEL_REASON]    = {"reason",    reason_value,     true},
};
/* clang-format on */

static size_t label_values(const struct route *routes, enum label label)
{
    switch (label) {
    case LABEL_ROUTE:
        return router_count(routes) + 1;
    case LABEL_SCORING:
        return router_scoring_count(routes) + 1;
    case LABEL_METHOD:
        return COUNT(methods);
    case LABEL_CODE:
        return COUNT(codes) + 1;
    case LABEL_STAGE:
        return STAGE_COUNT;
    case LABEL_OBJECTIVE:
        return OBJECTIVE_COUNT;
    case LABEL_REASON:
        return ERR_COUNT;
    case LABEL_NONE:
    case LABEL_BUILD:
    case LABEL_COUNT:
        break;
    }
    return 1;
}

size_t label_method(const char *method)
{
    size_t i = 0;

    while (i < COUNT(methods) - 1 && strcmp(methods[i], method) != 0)
        i++;
    return i;
}

size_t label_code(unsigned status)
{
    size_t i = 0;

    while (i < COUNT(codes) && codes[i] != status)
        i++;
    return i;
}

/* ---- the table ---- */

enum kind { KIND_counter, KIND_gauge, KIND_reading, KIND_histogram };

static const double seconds_edges[] = {.001, .005, .025, .1, 1, 10};
static const double stage_edges[] = {.001, .01, .1, 1};
static const double loss_edges[LOSS_EDGE_COUNT] = LOSS_EDGES;

struct edges {
    const double *at;
    size_t count;
};

static const struct edges edges_NONE = {NULL, 0};
static const struct edges edges_SECONDS = {seconds_edges, COUNT(seconds_edges)};
static const struct edges edges_STAGE = {stage_edges, COUNT(stage_edges)};
static const struct edges edges_LOSS = {loss_edges, COUNT(loss_edges)};

static const struct row_metric {
    const char *name, *help;
    enum kind kind;
    enum label label[METRIC_LABELS];
    const struct edges *edges;
} table[METRIC_COUNT] = {
#define METRIC(kind, name, first, second, third, edges, help)                                      \
    {#name, help, KIND_##kind, {LABEL_##first, LABEL_##second, LABEL_##third}, &edges_##edges},
#include "server/metrics.def"
};

/* The cells of one series: one, or the buckets of a histogram and their sum. */
static size_t cells_each(const struct row_metric *m)
{
    return m->kind == KIND_histogram ? m->edges->count + 2 : 1;
}

static size_t series_count(const struct route *routes, const struct row_metric *m)
{
    size_t count = 1;

    for (size_t i = 0; i < METRIC_LABELS; i++)
        count *= label_values(routes, m->label[i]);
    return count;
}

/* Of the combinations of three labels most never happen, and those are not printed.  A client could
 * try them all.  So at most SPARSE_MOST combinations of a metric get a series of their own; the
 * rest is counted as the last value of each label, which is "other".  A successful request with the
 * route's own method always has its own series. */
#define SPARSE_MOST 29

static bool is_sparse(const struct row_metric *m)
{
    return m->label[1] != LABEL_NONE;
}

static bool is_usual(const struct route *routes, const size_t *labels)
{
    return labels[2] == label_code(200) && routes[labels[0]].path
           && labels[1] == label_method(routes[labels[0]].method);
}

static bool has_room(struct metrics *metrics, enum metric id)
{
    return atomic_fetch_add_explicit(&metrics->told[id], 1, memory_order_relaxed) < SPARSE_MOST;
}

static atomic_ullong *cells_at(struct metrics *metrics, enum metric id, const size_t *labels)
{
    size_t series = labels ? labels[0] : 0;

    for (size_t i = 1; labels && i < METRIC_LABELS; i++)
        series = series * label_values(metrics->routes, table[id].label[i]) + labels[i];
    return metrics->cells[id] + series * cells_each(&table[id]);
}

bool metrics_init(struct metrics *metrics, const struct route *routes, const char *kernel)
{
    *metrics = (struct metrics){.routes = routes};
    snprintf(metrics->build, sizeof metrics->build, "version=\"%s\",kernel=\"%s\",compiler=\"%s\"",
             LOGITD_VERSION, kernel, __VERSION__);
    for (size_t i = 0; i < METRIC_COUNT; i++) {
        metrics->cells[i] = calloc(series_count(routes, &table[i]) * cells_each(&table[i]),
                                   sizeof *metrics->cells[i]);
        if (!metrics->cells[i])
            return false;
    }
    metric_set(metrics, METRIC_logitd_build_info, 1);
    return true;
}

void metrics_release(struct metrics *metrics)
{
    for (size_t i = 0; i < METRIC_COUNT; i++)
        free(metrics->cells[i]);
}

/* ---- counting ---- */

static unsigned long long to_bits(double value)
{
    unsigned long long bits;

    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static double from_bits(unsigned long long bits)
{
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static void add_cell(atomic_ullong *cell, uint64_t count)
{
    atomic_fetch_add_explicit(cell, count, memory_order_relaxed);
}

static void add_sum(atomic_ullong *cell, double value)
{
    unsigned long long old = atomic_load_explicit(cell, memory_order_relaxed);

    while (!atomic_compare_exchange_weak_explicit(cell, &old, to_bits(from_bits(old) + value),
                                                  memory_order_relaxed, memory_order_relaxed))
        continue;
}

void metric_add(struct metrics *metrics, enum metric id, const size_t *labels, uint64_t count)
{
    atomic_ullong *cell = cells_at(metrics, id, labels);

    if (is_sparse(&table[id]) && atomic_load_explicit(cell, memory_order_relaxed) == 0
        && !is_usual(metrics->routes, labels) && !has_room(metrics, id))
        cell = metrics->cells[id] + series_count(metrics->routes, &table[id]) - 1;
    add_cell(cell, count);
}

void metric_set(struct metrics *metrics, enum metric id, double value)
{
    atomic_store_explicit(metrics->cells[id], to_bits(value), memory_order_relaxed);
}

void metric_observe(struct metrics *metrics, enum metric id, const size_t *labels, double value)
{
    const struct edges *edges = table[id].edges;
    atomic_ullong *cells = cells_at(metrics, id, labels);
    size_t bucket = 0;

    while (bucket < edges->count && value > edges->at[bucket])
        bucket++;
    add_cell(&cells[bucket], 1);
    add_sum(&cells[edges->count + 1], value);
}

void metric_merge(struct metrics *metrics, enum metric id, const size_t *labels,
                  const uint64_t *buckets, double sum)
{
    const size_t count = table[id].edges->count + 1;
    atomic_ullong *cells = cells_at(metrics, id, labels);

    for (size_t i = 0; i < count; i++) {
        if (buckets[i] > 0)
            add_cell(&cells[i], buckets[i]);
    }
    add_sum(&cells[count], sum);
}

/* ---- the text ---- */

/* The labels of a series, without braces: route="/livez",code="200". */
static void name_series(const struct metrics *metrics, const struct row_metric *m, size_t series,
                        char *out, size_t size)
{
    size_t place[METRIC_LABELS], used = 0;

    for (size_t i = METRIC_LABELS; i-- > 0; series /= label_values(metrics->routes, m->label[i]))
        place[i] = series % label_values(metrics->routes, m->label[i]);
    out[0] = '\0';
    if (m->label[0] == LABEL_BUILD)
        snprintf(out, size, "%s", metrics->build);
    for (size_t i = 0; i < METRIC_LABELS && domains[m->label[i]].value && used < size; i++) {
        char value[VALUE_SIZE];

        used += (size_t)snprintf(out + used, size - used, "%s%s=\"%s\"", i > 0 ? "," : "",
                                 domains[m->label[i]].name,
                                 domains[m->label[i]].value(metrics->routes, place[i], value));
    }
}

static void write_value(struct strbuf *page, const struct row_metric *m, const char *labels,
                        unsigned long long cell)
{
    const char *open = *labels ? "{" : "", *close = *labels ? "}" : "";

    if (m->kind == KIND_counter)
        strbuf_printf(page, "%s%s%s%s %llu\n", m->name, open, labels, close, cell);
    else
        strbuf_printf(page, "%s%s%s%s %.17g\n", m->name, open, labels, close, from_bits(cell));
}

static void write_histogram(struct strbuf *page, const struct row_metric *m, const char *labels,
                            atomic_ullong *cells)
{
    const char *comma = *labels ? "," : "";
    const size_t count = m->edges->count;
    unsigned long long total = 0;

    for (size_t i = 0; i <= count; i++) {
        total += atomic_load_explicit(&cells[i], memory_order_relaxed);
        if (i < count)
            strbuf_printf(page, "%s_bucket{%s%sle=\"%g\"} %llu\n", m->name, labels, comma,
                          m->edges->at[i], total);
    }
    strbuf_printf(page, "%s_bucket{%s%sle=\"+Inf\"} %llu\n", m->name, labels, comma, total);
    strbuf_printf(page, "%s_sum{%s} %.17g\n", m->name, labels,
                  from_bits(atomic_load_explicit(&cells[count + 1], memory_order_relaxed)));
    strbuf_printf(page, "%s_count{%s} %llu\n", m->name, labels, total);
}

static bool is_shown(const struct row_metric *m, size_t series, unsigned long long cell)
{
    if (is_sparse(m))
        return cell != 0;
    return !(domains[m->label[0]].first_is_none && series == 0);
}

static void write_metric(struct metrics *metrics, enum metric id, struct strbuf *page)
{
    const struct row_metric *m = &table[id];

    strbuf_printf(page, "# HELP %s %s\n# TYPE %s %s\n", m->name, m->help, m->name,
                  m->kind == KIND_histogram ? "histogram"
                  : m->kind == KIND_gauge   ? "gauge"
                                            : "counter");
    for (size_t i = 0; i < series_count(metrics->routes, m); i++) {
        atomic_ullong *cells = metrics->cells[id] + i * cells_each(m);
        const unsigned long long cell = atomic_load_explicit(cells, memory_order_relaxed);
        char labels[256];

        name_series(metrics, m, i, labels, sizeof labels);
        if (m->kind == KIND_histogram)
            write_histogram(page, m, labels, cells);
        else if (is_shown(m, i, cell))
            write_value(page, m, labels, cell);
    }
}

void metrics_write(struct metrics *metrics, struct strbuf *page)
{
    for (size_t id = 0; id < METRIC_COUNT; id++)
        write_metric(metrics, (enum metric)id, page);
}

void metrics_reference(struct strbuf *page)
{
    strbuf_printf(page, "## Metrics\n\n| name | type | labels | meaning |\n|---|---|---|---|\n");
    for (size_t id = 0; id < METRIC_COUNT; id++) {
        const struct row_metric *m = &table[id];

        strbuf_printf(page, "| `%s` | %s | ", m->name,
                      m->kind == KIND_histogram ? "histogram"
                      : m->kind == KIND_gauge   ? "gauge"
                                                : "counter");
        for (size_t i = 0; i < METRIC_LABELS && domains[m->label[i]].value; i++)
            strbuf_printf(page, "%s`%s`", i > 0 ? ", " : "", domains[m->label[i]].name);
        strbuf_printf(page, "%s | %s |\n",
                      m->label[0] == LABEL_BUILD ? "`version`, `kernel`, `compiler`" : "", m->help);
    }
    strbuf_printf(page, "\n");
}
