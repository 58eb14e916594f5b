/* test_skew.c - against MPFR, by the definition of a divergence and not by the forms that are used.
 */
#include "tests/unit/exact.h"
#include "tests/unit/suite.h"

#include "core/skew.h"

#include <stdio.h>

/* Enough for a term of d^2 with d = 1e-300. */
#define BITS 2400

/* What terms may be off by, in units of 2^-53. */
#define POSITIVE 40
#define SIGNED 1.1

static const double betas[] = {0, 1, 0.5, 0.1, 0.9, 0x1p-30, 1 - 0x1p-53, 1e-12, 1e-300, 0.3};

/* x ln(x / y) - (x - y), or without the difference. */
static void set_term(mpfr_t out, mpfr_t x, mpfr_t y, bool with_difference)
{
    mpfr_t work;

    mpfr_init2(work, BITS);
    mpfr_div(work, x, y, MPFR_RNDN);
    mpfr_log(work, work, MPFR_RNDN);
    mpfr_mul(out, x, work, MPFR_RNDN);
    mpfr_sub(work, x, y, MPFR_RNDN);
    if (with_difference)
        mpfr_sub(out, out, work, MPFR_RNDN);
    mpfr_clear(work);
}

/* beta p ln(p / m) + (1 - beta) q ln(q / m). */
static void set_between(mpfr_t out, double beta, mpfr_t p, mpfr_t q)
{
    mpfr_t m, rest, other;

    mpfr_inits2(BITS, m, rest, other, (mpfr_ptr)NULL);
    mpfr_set_d(rest, beta, MPFR_RNDN);
    mpfr_ui_sub(rest, 1, rest, MPFR_RNDN);
    mpfr_mul_d(m, p, beta, MPFR_RNDN);
    mpfr_mul(other, q, rest, MPFR_RNDN);
    mpfr_add(m, m, other, MPFR_RNDN);
    set_term(out, p, m, false);
    mpfr_mul_d(out, out, beta, MPFR_RNDN);
    set_term(other, q, m, false);
    mpfr_mul(other, other, rest, MPFR_RNDN);
    mpfr_add(out, out, other, MPFR_RNDN);
    mpfr_clears(m, rest, other, (mpfr_ptr)NULL);
}

static void set_exp(mpfr_t out, struct dd log)
{
    mpfr_set_d(out, log.hi, MPFR_RNDN);
    mpfr_add_d(out, out, log.lo, MPFR_RNDN);
    mpfr_exp(out, out, MPFR_RNDN);
}

static double run(double beta, bool one_sum, struct dd log_p, struct dd log_q)
{
    struct skew skew;

    skew_init(&skew, beta, one_sum);
    skew_add(&skew, log_p, log_q);
    return skew_result(&skew);
}

static void check(double beta, bool one_sum, struct dd log_p, struct dd log_q)
{
    const double got = run(beta, one_sum, log_p, log_q);
    double off;
    mpfr_t p, q, exact;

    mpfr_inits2(BITS, p, q, exact, (mpfr_ptr)NULL);
    set_exp(p, log_p);
    set_exp(q, log_q);
    if (beta == 0)
        set_term(exact, p, q, one_sum);
    else if (beta == 1)
        set_term(exact, q, p, one_sum);
    else
        set_between(exact, beta, p, q);
    off = error_units(got, exact);
    ck_assert_msg(off <= (one_sum || (beta > 0 && beta < 1) ? POSITIVE : SIGNED)
                      || fabs(mpfr_get_d(exact, MPFR_RNDN)) < 1e-300,
                  "beta %g, ln p %.17g, ln q %.17g: %.17g, off by %g u", beta, log_p.hi, log_q.hi,
                  got, off);
    mpfr_clears(p, q, exact, (mpfr_ptr)NULL);
}

START_TEST(terms_are_the_exact_ones)
{
    uint64_t state = 5;

    for (size_t n = times(4000); n-- > 0;) {
        const double beta = n % 3 ? betas[random_below(&state, COUNT(betas))] : random_unit(&state);
        const double apart = random_normal(&state) * ldexp(1, 7 - (int)random_below(&state, 60));
        const struct dd log_p = dd_of(-30 * random_unit(&state));

        check(beta, n % 2 == 0, log_p, dd_add_double(log_p, apart));
    }
}
END_TEST

START_TEST(edges_of_the_forms)
{
    static const double apart[] = {0.5,    -0.5,    0.25, -0.25, 0.4999999, -0.5000001,
                                   700,    -700.5,  -690, 690,   1e-9,      -1e-9,
                                   1e-100, -1e-140, 20,   -35,   2000,      -2000};

    for (size_t i = 0; i < COUNT(betas); i++)
        for (size_t k = 0; k < COUNT(apart); k++) {
            check(betas[i], true, dd_of(-1), dd_sum(-1, apart[k]));
            check(betas[i], false, dd_of(-1), dd_sum(-1, apart[k]));
        }
}
END_TEST

/* Where one is 0; ln 0.5 is not a double. */
static const struct {
    double beta, log_p, log_q, of_one_sum, of_others;
} gone[] = {
    {0, -INFINITY, -INFINITY, 0, 0},
    {0.5, -INFINITY, -INFINITY, 0, 0},
    {0, 0, -INFINITY, INFINITY, INFINITY},
    {0, -2e6, -INFINITY, INFINITY, INFINITY},
    {0, -INFINITY, 0, 1, 0},
    {1, 0, -INFINITY, 1, 0},
    {1, -INFINITY, 0, INFINITY, INFINITY},
    {0.5, 0, -INFINITY, M_LN2 / 2, M_LN2 / 2},
    {0.5, -INFINITY, 0, M_LN2 / 2, M_LN2 / 2},
    {0.25, 0, -INFINITY, M_LN2 / 2, M_LN2 / 2},
    {0.25, -INFINITY, 0, 0.21576155433883565, 0.21576155433883565},
    {1e-12, -INFINITY, 0, 9.999999999995e-13, 9.999999999995e-13},
    {0, 0, -1e300, 1e300, 1e300},
};

START_TEST(zero_is_as_defined)
{
    const struct dd p = dd_of(gone[_i].log_p), q = dd_of(gone[_i].log_q);

    for (int one_sum = 0; one_sum <= 1; one_sum++) {
        const double right = one_sum ? gone[_i].of_one_sum : gone[_i].of_others;
        const double got = run(gone[_i].beta, one_sum, p, q);

        ck_assert_msg(got == right || fabs(got - right) <= 4e-16 * right, "%.17g, not %.17g", got,
                      right);
    }
}
END_TEST

int main(void)
{
    const struct loop loops[] = {{zero_is_as_defined, COUNT(gone)}, {NULL, 0}};
    const TTest *const tests[] = {terms_are_the_exact_ones, edges_of_the_forms, NULL};

    return suite_run("skew", loops, tests);
}
