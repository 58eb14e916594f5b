/* measure.c - the log-probability of a corpus per token, word, byte, ... */
#include "core/measure.h"

#include "core/dd_real.h"
#include "core/moments.h"
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

/* exp(-log_prob / size). */
static double perplexity(struct scaled log_prob, double size)
{
    if (log_prob.exponent != 0 || isinf(log_prob.value)) /* 1 or an infinity */
        return real_exp(-scaled_double(scaled_over(log_prob, (struct scaled){size, 0})));
    return dd_exp(dd_div_double(dd_of(-log_prob.value), size)).hi;
}

/* -log_prob / size / ln 2 */
static double bits(struct scaled log_prob, double size)
{
    const struct scaled mean = scaled_over(log_prob, (struct scaled){size, 0});

    return 0 - scaled_double(scaled_times(mean, (struct scaled){LOG2E, 0}));
}

bool measure_on(enum measure_scale scale, struct scaled log_prob, double size, double *value)
{
    if (size == 0)
        return false;
    switch (scale) {
    case SCALE_MEAN:
        *value = scaled_double(scaled_over(log_prob, (struct scaled){size, 0}));
        break;
    case SCALE_PERPLEXITY:
        *value = perplexity(log_prob, size);
        break;
    case SCALE_BITS:
        *value = bits(log_prob, size);
        break;
    }
    return true;
}

bool measure_of(enum measure measure, struct scaled log_prob, double size, double *value)
{
    return measure_on(infos[measure].scale, log_prob, size, value);
}

bool measure_ratio_error(enum unit unit, const struct document_set *documents, struct scaled *error)
{
    struct moments moments;

    moments_clear(&moments);
    for (size_t i = 0; i < documents->count; i++)
        moments_add_pair(&moments, documents->of[i].size[unit], documents->of[i].log_prob);
    if (!moments_ratio_error(&moments, error))
        return false;
    *error = scaled_make(error->value, error->exponent + documents->exponent);
    return true;
}

bool measure_error(enum measure measure, struct scaled ratio_error, double value, double *error)
{
    const enum measure_scale scale = infos[measure].scale;
    const double slope = scale == SCALE_PERPLEXITY ? value : scale == SCALE_BITS ? LOG2E : 1;

    return scaled_fits(scaled_times(ratio_error, (struct scaled){slope, 0}), error);
}

void measure_resample(const struct bootstrap *bootstrap, const struct document_set *documents,
                      struct document *replicates)
{
    bootstrap_sums(bootstrap, (const double *)documents->of, documents->count, DOCUMENT_COLUMNS,
                   (double *)replicates);
}

bool measure_bootstrap(enum measure measure, const struct bootstrap *bootstrap,
                       const struct document *replicates, int exponent, double *scratch,
                       struct bootstrap_result *result)
{
    const enum unit unit = infos[measure].unit;

    for (size_t i = 0; i < bootstrap->samples; i++)
        if (!measure_of(measure, scaled_make(replicates[i].log_prob, exponent),
                        replicates[i].size[unit], &scratch[i]))
            return false;
    *result = bootstrap_summary(bootstrap, scratch);
    return true;
}
