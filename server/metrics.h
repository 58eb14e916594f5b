/* metrics.h - the numbers for Prometheus.
 *
 * To add a metric: add a row to metrics.def and call metric_add(METRIC_name, ...) where it happens.
 * Each label takes its values from another table.  So the number of series is fixed at start, at
 * most 256 are printed, and nothing that a client sends is ever a label. */
#ifndef SERVER_METRICS_H
#define SERVER_METRICS_H

#include "api/base/strbuf.h"
#include "api/exchange/api.h"

#define METRIC_LABELS 3

enum metric {
#define METRIC(kind, name, first, second, third, edges, help) METRIC_##name,
#include "server/metrics.def"
    METRIC_COUNT
};

enum stage { STAGE_PARSE, STAGE_SCORE, STAGE_WRITE, STAGE_COUNT };

struct metrics {
    const struct route *routes;         /* the values of the label `route` */
    atomic_ullong *cells[METRIC_COUNT]; /* integers of counters, bits of doubles of the rest */
    atomic_ullong told[METRIC_COUNT];   /* combinations of labels that were seen so far */
    char build[160];                    /* the labels of logitd_build_info */
};

/* `routes` is a table as router.h has it.  False where memory is missing. */
bool metrics_init(struct metrics *metrics, const struct route *routes, const char *kernel);
void metrics_release(struct metrics *metrics);

/* A series: the index of each label's value.  NULL for a metric without labels. */
#define LABELS(...) ((const size_t[METRIC_LABELS]){__VA_ARGS__})

void metric_add(struct metrics *metrics, enum metric id, const size_t *labels, uint64_t count);
void metric_set(struct metrics *metrics, enum metric id, double value);
void metric_observe(struct metrics *metrics, enum metric id, const size_t *labels, double value);

/* Add whole buckets (one more than there are edges) and their sum to a histogram. */
void metric_merge(struct metrics *metrics, enum metric id, const size_t *labels,
                  const uint64_t *buckets, double sum);

/* The index of a label's value. */
size_t label_method(const char *method);
size_t label_code(unsigned status);

/* Append all of them, in the text format 0.0.4. */
#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"
void metrics_write(struct metrics *metrics, struct strbuf *page);

/* Append a Markdown table of what they mean. */
void metrics_reference(struct strbuf *page);

#endif
