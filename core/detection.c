/* detection.c - scores of how well a model knows a text. */
#include "core/detection.h"

#include "core/exact_sum.h"
#include "core/selection.h"

#include <math.h>

size_t lowest_count(size_t count, double share)
{
    const size_t taken = (size_t)((double)count * share);

    return taken > 0 ? taken : 1;
}

void lowest_means(double *values, size_t count, const bool *wanted, double *mean)
{
    struct exact_sum sum;

    selection_sort(values, count);
    exact_sum_clear(&sum);
    for (size_t i = 0; i < count; i++) {
        exact_sum_add(&sum, values[i]);
        if (wanted[i])
            mean[i] = scaled_double(
                scaled_over(exact_sum_scaled(&sum), (struct scaled){(double)(i + 1), 0}));
    }
}

double standard_score(double excess_root, double deviation)
{
    const struct scaled root = {fabs(excess_root), 0}, signed_root = {excess_root, 0};

    if (excess_root == 0 || (deviation == 0 && isfinite(excess_root)))
        return 0;
    return scaled_double(
        scaled_over(scaled_times(root, signed_root), (struct scaled){deviation, 0}));
}

bool discrepancy(const double *excess_root, const double *deviation, size_t count, double *value)
{
    struct exact_sum above, square;
    struct scaled root;

    exact_sum_clear(&above);
    exact_sum_clear(&square);
    for (size_t i = 0; i < count; i++) {
        exact_sum_add_product(&above, fabs(excess_root[i]), excess_root[i]);
        exact_sum_add_square(&square, deviation[i]);
    }
    root = scaled_root(exact_sum_scaled(&square));
    if (!(root.value > 0))
        return false;
    *value = scaled_double(scaled_over(exact_sum_scaled(&above), root));
    return true;
}
