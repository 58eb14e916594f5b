/* lists.h - the two lists of a candidate as numbers, and their sums by MPFR, which nothing rounds.
 */
#ifndef TESTS_WORST_LISTS_H
#define TESTS_WORST_LISTS_H

#include "tests/worst/candidate.h"

#include <mpfr.h>

#define LISTED 2100    /* the most numbers of a list */
#define SUM_BITS 4800  /* hold every sum of products of two doubles */
#define WIDE_BITS 9600 /* ... and products of two such sums */

struct lists {
    size_t count; /* of the shorter one; of the first if the second is empty */
    bool has_b;   /* the second is not empty */
    double a[LISTED], b[LISTED];
    mpfr_t sum_a, sum_b, sum_aa, sum_ab, sum_bb;
};

/* The lists of a candidate.  They are overwritten by the next call. */
struct lists *lists_load(const struct candidate *candidate);

/* n times the sum of x y, less the sum of x times that of y: n (n - 1) times the covariance. */
void lists_moment(mpfr_t out, const struct lists *lists, const mpfr_t sum_xy, const mpfr_t sum_x,
                  const mpfr_t sum_y);

/* factor_a^2 n (n - 1) times the variance of factor_a a + factor_b b. */
void lists_combined(mpfr_t out, const struct lists *lists, const mpfr_t factor_a,
                    const mpfr_t factor_b);

#endif
