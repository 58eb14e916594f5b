/* statistics.c - means, their standard errors, and the bootstrap. */
#include "core/statistics.h"

#include "core/prng.h"
#include "core/sum.h"

#include <math.h>

bool statistics_mean(const double *values, size_t count, double *mean)
{
    struct sum sum = {0};

    for (size_t i = 0; i < count; i++)
        sum_add(&sum, values[i]);
    if (count == 0 || isnan(sum_result(&sum)))
        return false;
    *mean = sum_mean(&sum, count);
    return true;
}

/* sum a b / (n - 1), where a and b are deviations from the (rounded) means.  Their sums, which
 * should be 0, correct the result (the corrected two-pass algorithm: Chan, Golub and LeVeque 1983).
 */
static bool mean_product(const double *a, double mean_a, const double *b, double mean_b,
                         size_t count, double *product)
{
    struct sum products = {0}, rest_a = {0}, rest_b = {0};

    if (count < 2)
        return false;
    for (size_t i = 0; i < count; i++) {
        sum_add(&products, (a[i] - mean_a) * (b[i] - mean_b));
        sum_add(&rest_a, a[i] - mean_a);
        sum_add(&rest_b, b[i] - mean_b);
    }
    *product = (sum_result(&products) - sum_result(&rest_a) / (double)count * sum_result(&rest_b))
               / (double)(count - 1);
    return isfinite(*product);
}

bool statistics_covariance(const double *a, const double *b, size_t count, double *covariance)
{
    double mean_a, mean_b;

    return statistics_mean(a, count, &mean_a) && statistics_mean(b, count, &mean_b)
           && mean_product(a, mean_a, b, mean_b, count, covariance);
}

bool statistics_deviation(const double *values, size_t count, double *deviation)
{
    double variance;

    if (!statistics_covariance(values, values, count, &variance))
        return false;
    *deviation = sqrt(fabs(variance)); /* rounding may leave a zero of either sign */
    return true;
}

bool statistics_correlation(const double *a, const double *b, size_t count, double *correlation)
{
    double covariance, deviation_a, deviation_b;

    if (!statistics_covariance(a, b, count, &covariance)
        || !statistics_deviation(a, count, &deviation_a)
        || !statistics_deviation(b, count, &deviation_b) || deviation_a == 0 || deviation_b == 0)
        return false;
    *correlation = covariance / deviation_a / deviation_b;
    if (fabs(*correlation) > 1)
        *correlation = *correlation > 0 ? 1 : -1;
    return true;
}

bool statistics_error(const double *values, size_t count, double *error)
{
    if (!statistics_deviation(values, count, error))
        return false;
    *error /= sqrt((double)count);
    return true;
}

/* sum (y - r x)^2; the residuals add up to 0 by the choice of r. */
static double squared_residuals(const double *y, const double *x, size_t stride, double r,
                                size_t count)
{
    struct sum squares = {0};

    for (size_t i = 0; i < count; i++) {
        const double residual = fma(-r, x[i * stride], y[i * stride]);

        sum_add(&squares, residual * residual);
    }
    return sum_result(&squares);
}

bool statistics_ratio_error(const double *y, const double *x, size_t stride, size_t count,
                            double *error)
{
    struct sum sum_y = {0}, sum_x = {0};
    const double n = (double)count;
    double size;

    for (size_t i = 0; i < count; i++) {
        sum_add(&sum_y, y[i * stride]);
        sum_add(&sum_x, x[i * stride]);
    }
    size = sum_result(&sum_x);
    if (count < 2 || size == 0)
        return false;
    *error = sqrt(n / (n - 1) * squared_residuals(y, x, stride, sum_result(&sum_y) / size, count))
             / fabs(size);
    return isfinite(*error);
}

bool statistics_combined_error(double factor_a, const double *a, double factor_b, const double *b,
                               size_t count, double *error)
{
    struct sum sum = {0}, squares = {0};
    double mean;

    if (count < 2)
        return false;
    for (size_t i = 0; i < count; i++)
        sum_add(&sum, factor_a * a[i] + factor_b * b[i]);
    mean = sum_result(&sum) / (double)count;
    for (size_t i = 0; i < count; i++) {
        const double rest = factor_a * a[i] + factor_b * b[i] - mean;

        sum_add(&squares, rest * rest);
    }
    *error = sqrt(sum_result(&squares) / (double)(count - 1) / (double)count);
    return isfinite(*error);
}

bool statistics_paired_error(const double *a, const double *b, size_t count, double *error)
{
    return statistics_combined_error(1, a, -1, b, count, error);
}

/* Move the value at `root` down until no value below it is larger. */
static void sink(double *heap, size_t root, size_t count)
{
    const double value = heap[root];
    size_t child;

    while ((child = 2 * root + 1) < count) {
        if (child + 1 < count && heap[child + 1] > heap[child])
            child++;
        if (!(heap[child] > value))
            break;
        heap[root] = heap[child];
        root = child;
    }
    heap[root] = value;
}

/* Heapsort: no recursion, no allocation, n log n for every input. */
void statistics_sort(double *values, size_t count)
{
    for (size_t i = count / 2; i > 0; i--)
        sink(values, i - 1, count);
    for (size_t left = count; left > 1; left--) {
        const double largest = values[0];

        values[0] = values[left - 1];
        values[left - 1] = largest;
        sink(values, 0, left - 1);
    }
}

double statistics_percentile(const double *sorted, size_t count, double fraction)
{
    const double rank = fraction * (double)(count - 1), below = floor(rank);
    const size_t index = (size_t)below;
    const double a = sorted[index], b = sorted[index + 1 < count ? index + 1 : index];

    if (a == b || rank == below || isinf(a))
        return a;
    if (isinf(b) || isfinite(b - a))
        return isinf(b) ? b : a + (rank - below) * (b - a);
    return a * (1 - (rank - below)) + b * (rank - below);
}

void bootstrap_sums(const struct bootstrap *bootstrap, const double *rows, size_t count,
                    size_t columns, double *sums)
{
    struct draws draws = prng_make(bootstrap->seed);

    for (size_t s = 0; s < bootstrap->samples; s++) {
        double *sum = sums + s * columns;

        for (size_t c = 0; c < columns; c++)
            sum[c] = 0;
        for (size_t i = 0; i < count; i++) {
            const double *row = rows + columns * prng_below(&draws, (uint32_t)count);

            for (size_t c = 0; c < columns; c++)
                sum[c] += row[c];
        }
    }
}

struct bootstrap_result bootstrap_summary(const struct bootstrap *bootstrap, double *replicates)
{
    const size_t count = bootstrap->samples;
    struct bootstrap_result result = {0};

    result.has_error = statistics_deviation(replicates, count, &result.error);
    statistics_sort(replicates, count);
    result.low = statistics_percentile(replicates, count, (1 - bootstrap->level) / 2);
    result.high = statistics_percentile(replicates, count, (1 + bootstrap->level) / 2);
    return result;
}
