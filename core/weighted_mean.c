/* weighted_mean.c - the weighted mean of values and its standard error. */
#include "core/weighted_mean.h"

#include <limits.h>

/* w (x - mean) */
static struct wide residual(struct wide x, double w, struct wide mean)
{
    return wide_times(wide_of(w), wide_minus(x, mean));
}

/* The largest exponent of a residual; INT_MIN if all are 0. */
static int largest_exponent(const struct wide *x, const double *w, size_t count, struct wide mean)
{
    int largest = INT_MIN;

    for (size_t i = 0; i < count; i++) {
        const struct wide apart = residual(x[i], w[i], mean);

        if (wide_sign(apart) != 0 && apart.exponent > largest)
            largest = (int)apart.exponent;
    }
    return largest;
}

/* The sum of the squares of all residuals.  They are added in units of the largest one. */
static struct wide squares(const struct wide *x, const double *w, size_t count, struct wide mean)
{
    const int unit = largest_exponent(x, w, count, mean);
    struct exact_sum sum;
    struct wide result;

    if (unit == INT_MIN)
        return wide_of(0);
    exact_sum_clear(&sum);
    for (size_t i = 0; i < count; i++) {
        struct wide apart = residual(x[i], w[i], mean);

        if (wide_sign(apart) == 0)
            continue;
        apart.exponent -= unit;
        wide_add_to(&sum, wide_square(apart));
    }
    result = wide_of_sum(&sum);
    result.exponent += 2 * unit;
    return result;
}

static struct scaled error_of(const struct wide *x, const double *w, size_t count,
                              const struct weighted_mean *result, struct wide weight)
{
    const double n = (double)result->count;
    struct wide square;

    if (result->count < 2 || !wide_is_finite(result->mean))
        return (struct scaled){(double)NAN, 0};
    square = wide_times(wide_over(wide_of(n), wide_of(n - 1)), squares(x, w, count, result->mean));
    return scaled_root(wide_scaled(wide_over(square, wide_square(weight))));
}

/* Whether all values of weight above 0, of which there is one, are the same number. */
static bool is_constant(const struct wide *x, const double *w, size_t count, struct wide *constant)
{
    size_t first = 0;

    while (!(w[first] > 0))
        first++;
    for (size_t i = first; i < count; i++)
        if (w[i] > 0 && wide_compare(x[i], x[first]) != 0)
            return false;
    *constant = x[first];
    return wide_is_finite(x[first]);
}

struct weighted_mean weighted_mean_of(const struct wide *x, const double *w, size_t count)
{
    struct weighted_mean result = {0, wide_of((double)NAN), {(double)NAN, 0}};
    struct exact_sum values, weights;
    struct wide weight;

    exact_sum_clear(&values);
    exact_sum_clear(&weights);
    for (size_t i = 0; i < count; i++) {
        if (!(w[i] > 0))
            continue;
        result.count++;
        wide_add_to(&values, wide_times(wide_of(w[i]), x[i]));
        exact_sum_add(&weights, w[i]);
    }
    if (result.count == 0)
        return result;
    if (is_constant(x, w, count, &result.mean)) {
        result.error.value = result.count < 2 ? (double)NAN : 0;
        return result;
    }
    weight = wide_of_sum(&weights);
    result.mean = wide_over(wide_of_sum(&values), weight);
    result.error = error_of(x, w, count, &result, weight);
    return result;
}
