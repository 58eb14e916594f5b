/* moments.c - exact moments. */
#include "core/moments.h"

#include <math.h>

void moments_clear(struct moments *moments)
{
    moments->count = 0;
    exact_sum_clear(&moments->x);
    exact_sum_clear(&moments->y);
    exact_sum_clear(&moments->xx);
    exact_sum_clear(&moments->xy);
    exact_sum_clear(&moments->yy);
}

void moments_add(struct moments *moments, double x)
{
    moments->count++;
    exact_sum_add(&moments->x, x);
    exact_sum_add_square(&moments->xx, x);
}

void moments_add_dd(struct moments *moments, struct dd x)
{
    moments_add(moments, x.hi);
    if (x.lo == 0 || isinf(x.hi))
        return;
    exact_sum_add(&moments->x, x.lo);
    exact_sum_add_product(&moments->xx, x.hi, 2 * x.lo);
    exact_sum_add_square(&moments->xx, x.lo);
}

void moments_add_pair(struct moments *moments, double x, double y)
{
    moments_add(moments, x);
    exact_sum_add(&moments->y, y);
    exact_sum_add_product(&moments->xy, x, y);
    exact_sum_add_square(&moments->yy, y);
}

void moments_of(struct moments *moments, const double *values, size_t count)
{
    moments_clear(moments);
    for (size_t i = 0; i < count; i++)
        moments_add(moments, values[i]);
}

static struct scaled of_count(size_t count)
{
    return (struct scaled){(double)count, 0};
}

bool moments_mean(const struct moments *moments, struct scaled *mean)
{
    const struct scaled sum = exact_sum_scaled(&moments->x);

    if (moments->count == 0 || isnan(sum.value))
        return false;
    *mean = scaled_over(sum, of_count(moments->count));
    return true;
}

bool moments_root_mean_square(const struct moments *moments, struct scaled *root)
{
    const struct scaled sum = exact_sum_scaled(&moments->xx);

    if (moments->count == 0 || isnan(sum.value))
        return false;
    *root = scaled_root(scaled_over(sum, of_count(moments->count)));
    return true;
}

/* n sum a b - sum a sum b. */
static void centre(struct exact_number *centred, const struct exact_sum *products,
                   const struct exact_number *a, const struct exact_number *b, size_t count)
{
    struct exact_number minuend, subtrahend;

    exact_sum_number(products, &minuend);
    exact_number_multiply(&minuend, count);
    exact_number_product(&subtrahend, a, b);
    exact_number_difference(centred, &minuend, &subtrahend);
}

struct scaled centred_error(struct scaled square, size_t count)
{
    const double n = (double)count;

    return scaled_root(scaled_over(square, (struct scaled){n * n * (n - 1), 0}));
}

/* A, rounded.  False if it is not defined. */
static bool centred_square(const struct moments *moments, struct scaled *square)
{
    struct exact_number sum, centred;

    if (moments->count < 2 || !exact_sum_is_finite(&moments->x))
        return false;
    exact_sum_number(&moments->x, &sum);
    centre(&centred, &moments->xx, &sum, &sum, moments->count);
    *square = exact_number_scaled(&centred);
    return true;
}

bool moments_deviation(const struct moments *moments, struct scaled *deviation)
{
    const double n = (double)moments->count;
    struct scaled square;

    if (!centred_square(moments, &square))
        return false;
    *deviation = scaled_root(scaled_over(square, (struct scaled){n * (n - 1), 0}));
    return true;
}

bool moments_error(const struct moments *moments, struct scaled *error)
{
    struct scaled square;

    if (!centred_square(moments, &square))
        return false;
    *error = centred_error(square, moments->count);
    return true;
}

void moments_centre(const struct moments *moments, struct centred *centred)
{
    struct exact_number x, y, difference, rest;

    centred->count = moments->count;
    centred->has_x = moments->count >= 2 && exact_sum_is_finite(&moments->x);
    centred->has_y = moments->count >= 2 && exact_sum_is_finite(&moments->y);
    centred->has_both = centred->has_x && centred->has_y;
    if (centred->has_x) {
        exact_sum_number(&moments->x, &x);
        centre(&centred->xx, &moments->xx, &x, &x, moments->count);
    }
    if (centred->has_y) {
        exact_sum_number(&moments->y, &y);
        centre(&centred->yy, &moments->yy, &y, &y, moments->count);
    }
    if (!centred->has_both)
        return;
    centre(&centred->xy, &moments->xy, &x, &y, moments->count);
    exact_number_difference(&difference, &centred->xx, &centred->xy);
    exact_number_difference(&rest, &centred->xy, &centred->yy);
    exact_number_difference(&centred->apart, &difference, &rest);
}

bool centred_correlation(const struct centred *centred, double *correlation)
{
    struct scaled root;

    if (!centred->has_both || centred->xx.sign == 0 || centred->yy.sign == 0)
        return false;
    root = scaled_root(
        scaled_times(exact_number_scaled(&centred->xx), exact_number_scaled(&centred->yy)));
    *correlation = scaled_double(scaled_over(exact_number_scaled(&centred->xy), root));
    if (fabs(*correlation) > 1) /* it was rounded up */
        *correlation = *correlation > 0 ? 1 : -1;
    return true;
}

/* a b c */
static void triple(struct exact_number *product, const struct exact_number *a,
                   const struct exact_number *b, const struct exact_sum *c)
{
    struct exact_number pair, third;

    exact_number_product(&pair, a, b);
    exact_sum_number(c, &third);
    exact_number_product(product, &pair, &third);
}

/* (sum x)^2 sum (y - r x)^2 */
static void residuals(struct exact_number *result, const struct moments *moments,
                      const struct exact_number *x, const struct exact_number *y)
{
    struct exact_number first, second, third, rest;

    triple(&first, x, x, &moments->yy);
    triple(&second, x, y, &moments->xy);
    triple(&third, y, y, &moments->xx);
    exact_number_difference(&rest, &first, &second);
    exact_number_difference(&first, &second, &third);
    exact_number_difference(result, &rest, &first);
}

bool moments_ratio_error(const struct moments *moments, struct scaled *error)
{
    const struct scaled less = of_count(moments->count - 1);
    struct exact_number x, y, squares, size;

    if (moments->count < 2 || !exact_sum_is_finite(&moments->x)
        || !exact_sum_is_finite(&moments->y))
        return false;
    exact_sum_number(&moments->x, &x);
    exact_sum_number(&moments->y, &y);
    if (x.sign == 0)
        return false;
    residuals(&squares, moments, &x, &y);
    exact_number_multiply(&squares, moments->count);
    exact_number_product(&size, &x, &x);
    *error = scaled_over(scaled_root(scaled_over(exact_number_scaled(&squares), less)),
                         exact_number_scaled(&size));
    return true;
}
