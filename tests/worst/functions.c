/* functions.c - the functions of double-double numbers.  The argument is the sum of the first two
 * numbers of the list. */
#include "tests/worst/quantity.h"

#include "core/dd_real.h"

#include <math.h>

static bool argument(const struct candidate *candidate, double *x, double *y)
{
    double numbers[2] = {0, 0};
    const size_t count = list_expand(&candidate->list[0], numbers, 2);

    *x = numbers[0];
    *y = numbers[1];
    return count > 0;
}

/* The unit is 2^bits of `exact`.  The error is that of `lo` beside what `hi` leaves. */
static bool compare(struct measured *measured, struct dd got, int bits)
{
    mpfr_abs(measured->unit, measured->exact, MPFR_RNDN);
    mpfr_mul_2si(measured->unit, measured->unit, bits, MPFR_RNDN);
    mpfr_sub_d(measured->exact, measured->exact, got.hi, MPFR_RNDN);
    measured->got = got.lo;
    return true;
}

typedef int mpfr_function_f(mpfr_t out, mpfr_srcptr x, mpfr_rnd_t rounding);

static bool function(const struct candidate *candidate, struct measured *measured,
                     struct dd (*of)(struct dd), mpfr_function_f *right)
{
    struct dd x;

    if (!argument(candidate, &x.hi, &x.lo))
        return false;
    x = dd_sum(x.hi, x.lo);
    mpfr_set_prec(measured->exact, 320);
    mpfr_set_d(measured->exact, x.hi, MPFR_RNDN);
    mpfr_add_d(measured->exact, measured->exact, x.lo, MPFR_RNDN);
    right(measured->exact, measured->exact, MPFR_RNDN);
    if (!mpfr_number_p(measured->exact) || mpfr_zero_p(measured->exact)
        || mpfr_get_exp(measured->exact) > 1023 || mpfr_get_exp(measured->exact) < -960)
        return false;
    return compare(measured, of(x), -66);
}

bool dd_exp_measure(const struct candidate *candidate, struct measured *measured)
{
    return function(candidate, measured, dd_exp, mpfr_exp);
}

bool dd_expm1_measure(const struct candidate *candidate, struct measured *measured)
{
    return function(candidate, measured, dd_expm1, mpfr_expm1);
}

bool dd_log_measure(const struct candidate *candidate, struct measured *measured)
{
    return function(candidate, measured, dd_log, mpfr_log);
}

bool dd_log1p_measure(const struct candidate *candidate, struct measured *measured)
{
    return function(candidate, measured, dd_log1p, mpfr_log1p);
}
