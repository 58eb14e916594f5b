/* scaled.h - how far a number that may lie beyond doubles is from what is right, in numbers of so
 * many bits that sums of products of doubles are exact. */
#ifndef TESTS_UNIT_SCALED_H
#define TESTS_UNIT_SCALED_H

#include "tests/unit/exact.h"

#include "core/scaled.h"

#include <check.h>

#define ALL_BITS 9600

/* |got - exact| in units of u |exact|, of numbers that may lie beyond doubles. */
static inline double units_of(struct scaled got, const mpfr_t exact)
{
    mpfr_t error;
    double units;

    if (mpfr_zero_p(exact))
        return got.value == 0 ? 0 : INFINITY;
    mpfr_init2(error, ALL_BITS);
    mpfr_set_d(error, got.value, MPFR_RNDN);
    mpfr_mul_2si(error, error, got.exponent, MPFR_RNDN);
    mpfr_sub(error, error, exact, MPFR_RNDN);
    mpfr_div(error, error, exact, MPFR_RNDN);
    units = fabs(ldexp(mpfr_get_d(error, MPFR_RNDN), 53));
    mpfr_clear(error);
    return units;
}

static inline void within(const char *what, bool known, const struct scaled *got,
                          const mpfr_t exact, double units)
{
    ck_assert_msg(known && units_of(*got, exact) <= units, "%s: %g units", what,
                  known ? units_of(*got, exact) : -1);
}

#endif
