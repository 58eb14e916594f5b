/* comparison.c - statistics of two models over the same tokens. */
#include "core/comparison.h"

#include "core/measure.h"
#include "core/real.h"
#include "core/sum.h"

#include <math.h>

struct figure comparison_difference(double a, double b)
{
    const double difference = b - a;

    return isnan(difference) ? (struct figure){false, 0} : (struct figure){true, difference};
}

/* Computed from the larger one: e^-d - 1 of their distance d is finite, so 0 times infinity cannot
 * occur. */
double comparison_probability(double a, double b)
{
    if (a < b)
        return -comparison_probability(b, a);
    return a == b ? 0 : real_exp(a) * real_expm1(b - a);
}

/* `value` is read only if it is known. */
static struct figure figure_if(bool known, const double *value)
{
    return known && isfinite(*value) ? (struct figure){true, *value} : (struct figure){false, 0};
}

/* The error of a perplexity, or of a ratio of perplexities: the slope is the value itself. */
static struct figure figure_times(const struct figure *value, const struct figure *error)
{
    const double product = value->value * error->value;

    return figure_if(value->known && error->known, &product);
}

/* The statistics of one model. */
static void sum_up(struct comparison *comparison, size_t model, const double *log_prob)
{
    const size_t count = comparison->tokens;
    struct figure *perplexity = &comparison->perplexity[model], mean_error;
    struct sum sum = {0};
    double error = 0;

    for (size_t i = 0; i < count; i++)
        sum_add(&sum, log_prob[i]);
    comparison->log_prob[model] = sum_result(&sum);
    perplexity->known =
        measure_on(SCALE_PERPLEXITY, (struct scaled){comparison->log_prob[model], 0}, (double)count,
                   &perplexity->value);
    mean_error = figure_if(statistics_error(log_prob, count, &error), &error);
    comparison->perplexity_error[model] = figure_times(perplexity, &mean_error);
}

static void subtract(struct comparison *comparison, const double *a, const double *b)
{
    const size_t count = comparison->tokens;
    const size_t n = count > 0 ? count : 1;
    struct figure *difference = &comparison->difference;
    struct sum sum = {0};
    double wins = 0, error = 0;

    for (size_t i = 0; i < count; i++) {
        sum_add(&sum, b[i] - a[i]);
        wins += b[i] > a[i] ? 1 : b[i] == a[i] ? 0.5 : 0;
    }
    *difference = (struct figure){!isnan(sum_result(&sum)), sum_result(&sum)};
    comparison->mean = (struct figure){difference->known && count > 0, sum_mean(&sum, n)};
    comparison->mean_error = figure_if(statistics_paired_error(b, a, count, &error), &error);
    comparison->wins = (struct figure){count > 0, wins / (double)n};
}

/* The ratio and the difference of the perplexities. */
static void relate(struct comparison *comparison, const double *a, const double *b)
{
    const size_t count = comparison->tokens;
    const struct figure *mean = &comparison->mean;
    const double of_a = comparison->perplexity[0].value, of_b = comparison->perplexity[1].value;
    double value = 0;

    comparison->correlation = figure_if(statistics_correlation(a, b, count, &value), &value);
    comparison->ratio = (struct figure){mean->known, mean->known ? real_exp(-mean->value) : 0};
    comparison->ratio_error = figure_times(&comparison->ratio, &comparison->mean_error);
    comparison->apart = (struct figure){count > 0 && !isnan(of_b - of_a), of_b - of_a};
    comparison->apart_error =
        figure_if(statistics_combined_error(of_b, b, -of_a, a, count, &value), &value);
}

struct comparison comparison_of(const double *a, const double *b, size_t count)
{
    struct comparison comparison = {.tokens = count};

    sum_up(&comparison, 0, a);
    sum_up(&comparison, 1, b);
    subtract(&comparison, a, b);
    relate(&comparison, a, b);
    return comparison;
}

static const double fractions[] = {
#define PERCENTILE(name, fraction) fraction,
#include "core/percentiles.def"
};

const char *percentile_name(enum percentile percentile)
{
    static const char *const names[] = {
#define PERCENTILE(name, fraction) #name,
#include "core/percentiles.def"
    };

    return names[percentile];
}

static double mean_square(const double *values, size_t count)
{
    struct sum squares = {0};

    for (size_t i = 0; i < count; i++)
        sum_add(&squares, values[i] * values[i]);
    return sum_mean(&squares, count);
}

struct spread spread_of(double *values, size_t count)
{
    struct spread spread = {.count = count};
    double error = 0;

    if (!statistics_mean(values, count, &spread.mean))
        return (struct spread){0};
    spread.error = figure_if(statistics_error(values, count, &error), &error);
    spread.root_mean_square = (struct figure){true, sqrt(mean_square(values, count))};
    statistics_sort(values, count);
    spread.min = values[0];
    spread.max = values[count - 1];
    for (enum percentile i = 0; i < PERCENTILE_COUNT; i++)
        spread.percentile[i] = statistics_percentile(values, count, fractions[i]);
    return spread;
}
