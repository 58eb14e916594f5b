/* measure.h - the log-probability of a corpus per token, word, byte, ...
 *
 * A measure is a ratio r = sum of log-probabilities / sum of sizes, on one of three scales:
 *
 *     MEAN         r               nats
 *     PERPLEXITY   exp(-r)
 *     BITS         -r / ln 2
 *
 * A corpus is a sample of documents: they are independent, while the tokens of one are not.  So the
 * standard error of r is that of a ratio of sums over documents (moments_ratio_error()), and the
 * bootstrap draws documents.  On the other scales, the error is multiplied by the slope: exp(-r),
 * or 1 / ln 2. */
#ifndef CORE_MEASURE_H
#define CORE_MEASURE_H

#include "core/scaled.h"
#include "core/statistics.h"

enum unit {
    UNIT_DOCUMENTS, /* 1 for each document */
    UNIT_TOKENS,
    UNIT_CHARACTERS,
    UNIT_BYTES,
    UNIT_WORDS,
    UNIT_COUNT
};

enum measure_scale { SCALE_MEAN, SCALE_PERPLEXITY, SCALE_BITS };

enum measure {
#define MEASURE(name, unit, scale) MEASURE_##name,
#include "core/measures.def"
    MEASURE_COUNT
};

struct measure_info {
    const char *name;
    enum unit unit;
    enum measure_scale scale;
};

const struct measure_info *measure_info(enum measure measure);
const char *unit_name(enum unit unit); /* "bytes" */

/* The measure, from sums; on a scale of its own.  `size` is a count below 2^53.  Within u, 1.1 u
 * and 3 u of the exact function (MEAN, PERPLEXITY, BITS).  False if the size is 0. */
bool measure_of(enum measure measure, struct scaled log_prob, double size, double *value);
bool measure_on(enum measure_scale scale, struct scaled log_prob, double size, double *value);

/* One document.  Sizes are counts below 2^53. */
struct document {
    double log_prob, size[UNIT_COUNT];
};

/* Documents, whose log-probabilities are of[i].log_prob * 2^exponent: one exponent for all, so that
 * their sums are doubles. */
struct document_set {
    struct document *of;
    size_t count;
    int exponent;
};

/* The standard error of sum of log_prob / sum of sizes over documents.  False if it is not defined:
 * fewer than two documents, a log-probability of -inf, a size of 0. */
bool measure_ratio_error(enum unit unit, const struct document_set *documents,
                         struct scaled *error);

/* The standard error of a measure from that of its ratio; `value` is the measure itself.  False if
 * it is beyond doubles. */
bool measure_error(enum measure measure, struct scaled ratio_error, double value, double *error);

/* The bootstrap over documents.  measure_resample() writes bootstrap->samples replicates, which are
 * sums over resampled documents, with the exponent of these.  `scratch` has room for as many
 * doubles.  False if a replicate has size 0. */
void measure_resample(const struct bootstrap *bootstrap, const struct document_set *documents,
                      struct document *replicates);
bool measure_bootstrap(enum measure measure, const struct bootstrap *bootstrap,
                       const struct document *replicates, int exponent, double *scratch,
                       struct bootstrap_result *result);

#endif
