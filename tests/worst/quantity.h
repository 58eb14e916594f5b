/* quantity.h - what is searched for its worst: a number that logitd computes, with its bound.
 *
 * To add one: write a quantity_measure_f that runs core/ and MPFR on a candidate, declare it here,
 * and add a row to quantities[] (quantities.c). */
#ifndef TESTS_WORST_QUANTITY_H
#define TESTS_WORST_QUANTITY_H

#include "tests/worst/starts.h"
#include "tests/worst/truth.h"

#include "core/kernel.h"

/* A result beside what is right, and the unit of its error.  The numbers have TRUTH_BITS; measure()
 * may change that. */
struct measured {
    double got;
    mpfr_t exact, unit;
};

/* False if the candidate is not in the domain of the quantity. */
typedef bool quantity_measure_f(const struct candidate *candidate, struct measured *measured);

struct quantity {
    const char *name;
    double bound;     /* in units */
    const char *unit; /* in words */
    const struct shape *shape;
    quantity_measure_f *measure;
    void (*unit_set)(struct measured *measured); /* from `exact`; NULL if measure() has set it */
};

extern const struct quantity quantities[]; /* ends with a NULL name */

/* The error of a candidate in units; -1 if it is not in the domain. */
double quantity_error(const struct quantity *quantity, const struct candidate *candidate);

/* Print the result, what is right, and the candidate. */
void quantity_print(const struct quantity *quantity, const struct candidate *candidate);

/* The kernel that rows are reduced with. */
extern const struct kernel *quantity_kernel;

quantity_measure_f row_nll_measure, row_probability_measure, row_entropy_measure, row_lse_measure,
    row_z_measure, row_all_measure, row_others_measure, row_minus_entropy_measure,
    row_variance_measure, row_collision_measure, row_mean_measure;
quantity_measure_f pair_kl_ab_measure, pair_kl_ba_measure, pair_jsd_measure, pair_variation_measure;
quantity_measure_f numbers_sum_measure, numbers_products_measure, numbers_mean_measure,
    numbers_deviation_measure, numbers_error_measure, numbers_paired_error_measure,
    numbers_ratio_error_measure, numbers_correlation_measure;
quantity_measure_f objective_log_prob_measure, objective_total_measure, objective_loss_measure,
    objective_perplexity_measure, objective_bits_measure;
quantity_measure_f dd_exp_measure, dd_expm1_measure, dd_log_measure, dd_log1p_measure;
quantity_measure_f choice_probability_measure, choice_mass_measure, choice_expected_measure,
    choice_brier_measure, log_sum_measure;
quantity_measure_f compare_perplexity_measure, compare_perplexity_error_measure,
    compare_mean_measure, compare_ratio_measure, compare_ratio_error_measure, compare_apart_measure,
    compare_apart_error_measure, compare_probability_measure, spread_root_mean_square_measure,
    spread_percentile_measure;

#endif
