/* measure.c - the log-probability of a corpus per token, word, byte, ... */
#include "core/measure.h"

#include "core/real.h"

#include <math.h>

#define DOCUMENT_COLUMNS (sizeof(struct document) / sizeof(double))
#define LOG2E 0x1.71547652b82fep+0

static const struct measure_info infos[] = {
#define MEASURE(name, unit, scale) {#name, UNIT_##unit, SCALE_##scale},
#include "core/measures.def"
};

const struct measure_info *measure_info(enum measure measure)
{
    return &infos[measure];
}

const char *unit_name(enum unit unit)
{
    static const char *const names[] = {"documents", "tokens", "characters", "bytes", "words"};

    return names[unit];
}

/* exp(q), q = -log_prob / size.  The rounding error of the division is added again, because exp
 * would magnify it by q. */
static double perplexity(double log_prob, double size)
{
    const double mean = -log_prob / size, rounded = real_exp(mean);

    if (isinf(rounded))
        return rounded;
    return rounded + rounded * (fma(-mean, size, -log_prob) / size);
}

bool measure_of(enum measure measure, double log_prob, double size, double *value)
{
    if (size == 0)
        return false;
    switch (infos[measure].scale) {
    case SCALE_MEAN:
        *value = log_prob / size;
        break;
    case SCALE_PERPLEXITY:
        *value = perplexity(log_prob, size);
        break;
    case SCALE_BITS:
        *value = -log_prob / size * LOG2E;
        break;
    }
    return true;
}

bool measure_error(enum measure measure, const struct document *documents, size_t count,
                   double value, double *error)
{
    const struct measure_info *info = &infos[measure];

    if (!statistics_ratio_error(&documents->log_prob, &documents->size[info->unit],
                                DOCUMENT_COLUMNS, count, error))
        return false;
    if (info->scale == SCALE_PERPLEXITY)
        *error *= value;
    if (info->scale == SCALE_BITS)
        *error *= LOG2E;
    return isfinite(*error);
}

void measure_resample(const struct bootstrap *bootstrap, const struct document *documents,
                      size_t count, struct document *replicates)
{
    bootstrap_sums(bootstrap, (const double *)documents, count, DOCUMENT_COLUMNS,
                   (double *)replicates);
}

bool measure_bootstrap(enum measure measure, const struct bootstrap *bootstrap,
                       const struct document *replicates, double *scratch,
                       struct bootstrap_result *result)
{
    const enum unit unit = infos[measure].unit;

    for (size_t i = 0; i < bootstrap->samples; i++)
        if (!measure_of(measure, replicates[i].log_prob, replicates[i].size[unit], &scratch[i]))
            return false;
    *result = bootstrap_summary(bootstrap, scratch);
    return true;
}
