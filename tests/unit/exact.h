/* exact.h - what is right, in 300-bit arithmetic (MPFR), and how far a double is from it. */
#ifndef TESTS_UNIT_EXACT_H
#define TESTS_UNIT_EXACT_H

#include "tests/unit/random.h"

#include <math.h>
#include <mpfr.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EXACT_BITS 300

/* |got - exact| in units of 2^-53 |exact|; an infinity where only one of them is 0 or infinite. */
static inline double error_units(double got, mpfr_t exact)
{
    mpfr_t error;
    double units;

    if (mpfr_zero_p(exact) || mpfr_inf_p(exact) || isinf(got))
        return got == mpfr_get_d(exact, MPFR_RNDN) ? 0 : INFINITY;
    mpfr_init2(error, EXACT_BITS);
    mpfr_sub_d(error, exact, got, MPFR_RNDN);
    mpfr_div(error, error, exact, MPFR_RNDN);
    units = fabs(ldexp(mpfr_get_d(error, MPFR_RNDN), 53));
    mpfr_clear(error);
    return units;
}

#endif
