/* statistics.c - percentiles, and the bootstrap. */
#include "core/statistics.h"

#include "core/dd.h"
#include "core/moments.h"
#include "core/prng.h"
#include "core/selection.h"

#include <math.h>

#define LARGE 0x1p64

/* (a of_a + b of_b) / of_both.  Exact products are added as double-doubles: nothing cancels. */
static double interpolate(double a, struct dd of_a, double b, struct dd of_b, double of_both)
{
    const double scale = fabs(a) > LARGE || fabs(b) > LARGE ? 1 / LARGE : 1;
    const struct dd sum = dd_add(dd_mul_double(of_a, a * scale), dd_mul_double(of_b, b * scale));

    return dd_div_double(sum, of_both).hi / scale;
}

static bool is_between(double a, double b)
{
    return a != b && !isinf(a) && !isinf(b);
}

size_t statistics_rank(size_t count, unsigned permille)
{
    const size_t last = count - 1;

    return last / 1000 * permille + last % 1000 * permille / 1000;
}

double statistics_percentile(const double *sorted, size_t count, unsigned permille)
{
    const size_t last = count - 1, index = statistics_rank(count, permille);
    const unsigned part = (unsigned)(last % 1000 * permille % 1000);
    const double a = sorted[index];

    if (part == 0 || isinf(a))
        return a;
    if (!is_between(a, sorted[index + 1]))
        return sorted[index + 1];
    return interpolate(a, dd_of(1000 - part), sorted[index + 1], dd_of(part), 1000);
}

/* The value at rank fraction * (count - 1). */
static double quantile(const double *sorted, size_t count, struct dd fraction)
{
    const struct dd rank = dd_mul_double(fraction, (double)(count - 1));
    const double below = floor(rank.hi) - (rank.hi == floor(rank.hi) && rank.lo < 0);
    const struct dd part = dd_sum(rank.hi - below, rank.lo);
    const double a = sorted[(size_t)below];

    if (part.hi == 0 || isinf(a))
        return a;
    if (!is_between(a, sorted[(size_t)below + 1]))
        return sorted[(size_t)below + 1];
    return interpolate(a, dd_sub(dd_of(1), part), sorted[(size_t)below + 1], part, 1);
}

/* The sums of `count` rows that are drawn. */
static void draw_rows(struct draws *draws, const double *rows, size_t count, size_t columns,
                      double *sum)
{
    double rest = 0; /* what rounding leaves of the first sum */

    for (size_t c = 0; c < columns; c++)
        sum[c] = 0;
    for (size_t i = 0; i < count; i++) {
        const double *row = rows + columns * prng_below(draws, (uint32_t)count);
        const struct dd first = dd_sum(sum[0], row[0]);

        sum[0] = first.hi;
        rest += first.lo;
        for (size_t c = 1; c < columns; c++)
            sum[c] += row[c];
    }
    if (!isinf(sum[0]))
        sum[0] += rest;
}

void bootstrap_sums(const struct bootstrap *bootstrap, const double *rows, size_t count,
                    size_t columns, double *sums)
{
    struct draws draws = prng_make(bootstrap->seed);

    for (size_t s = 0; s < bootstrap->samples; s++)
        draw_rows(&draws, rows, count, columns, sums + s * columns);
}

struct bootstrap_result bootstrap_summary(const struct bootstrap *bootstrap, double *replicates)
{
    const size_t count = bootstrap->samples;
    struct bootstrap_result result = {0};
    struct scaled deviation;
    struct moments moments;

    moments_of(&moments, replicates, count);
    result.has_error =
        moments_deviation(&moments, &deviation) && scaled_fits(deviation, &result.error);
    selection_sort(replicates, count);
    result.low = quantile(replicates, count, dd_sum(0.5, -bootstrap->level / 2));
    result.high = quantile(replicates, count, dd_sum(0.5, bootstrap->level / 2));
    return result;
}
