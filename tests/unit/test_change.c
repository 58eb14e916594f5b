/* test_change.c - the change of a token's probability, and its statistics, against MPFR. */
#include "tests/unit/scaled.h"
#include "tests/unit/suite.h"

#include "core/comparison.h"

START_TEST(changes_of_probability_are_exact)
{
    uint64_t state = 13;
    mpfr_t p, q;

    mpfr_inits2(EXACT_BITS, p, q, (mpfr_ptr)NULL);
    for (size_t n = 0; n < times(20000); n++) {
        const double a = -exp(2 * random_normal(&state));
        const double b = random_below(&state, 2) ? a * (1 + ldexp(random_normal(&state), -40))
                                                 : -exp(2 * random_normal(&state));

        mpfr_set_d(p, a, MPFR_RNDN);
        mpfr_set_d(q, b, MPFR_RNDN);
        mpfr_exp(p, p, MPFR_RNDN);
        mpfr_exp(q, q, MPFR_RNDN);
        mpfr_sub(p, q, p, MPFR_RNDN);
        if (mpfr_zero_p(p) || mpfr_get_exp(p) > -1021)
            ck_assert_double_le(error_units(comparison_change(a, b).hi, p), 1.1);
    }
    mpfr_clears(p, q, (mpfr_ptr)NULL);
}
END_TEST

/* The mean, the error and the root mean square of changes that are nearly equal. */
START_TEST(nearly_equal_changes_have_their_error)
{
    enum { CHANGES = 5 };
    uint64_t state = 17;
    mpfr_t p, q, n, sum, squares;

    mpfr_inits2(ALL_BITS, p, q, n, sum, squares, (mpfr_ptr)NULL);
    mpfr_set_ui(n, CHANGES, MPFR_RNDN);
    for (size_t k = 0; k < times(3); k++) {
        const double far = ldexp(1, -(int)random_below(&state, 40));
        struct moments moments;
        struct scaled got = {0};
        bool known;

        moments_clear(&moments);
        mpfr_set_zero(sum, 1);
        mpfr_set_zero(squares, 1);
        for (size_t i = 0; i < CHANGES; i++) {
            const double a = -1 - far * random_unit(&state), b = -3 - far * random_unit(&state);

            moments_add_dd(&moments, comparison_change(a, b));
            mpfr_set_d(p, a, MPFR_RNDN);
            mpfr_set_d(q, b, MPFR_RNDN);
            mpfr_exp(p, p, MPFR_RNDN);
            mpfr_exp(q, q, MPFR_RNDN);
            mpfr_sub(p, q, p, MPFR_RNDN);
            mpfr_add(sum, sum, p, MPFR_RNDN);
            mpfr_sqr(p, p, MPFR_RNDN);
            mpfr_add(squares, squares, p, MPFR_RNDN);
        }
        mpfr_div(p, sum, n, MPFR_RNDN);
        known = moments_mean(&moments, &got);
        within("mean change", known, &got, p, 2);
        mpfr_div(p, squares, n, MPFR_RNDN);
        mpfr_sqrt(p, p, MPFR_RNDN);
        known = moments_root_mean_square(&moments, &got);
        within("root mean square of changes", known, &got, p, 2.1);
        mpfr_mul(p, squares, n, MPFR_RNDN);
        mpfr_sqr(q, sum, MPFR_RNDN);
        mpfr_sub(p, p, q, MPFR_RNDN);
        mpfr_div_ui(p, p, CHANGES - 1, MPFR_RNDN);
        mpfr_sqrt(p, p, MPFR_RNDN);
        mpfr_div(p, p, n, MPFR_RNDN);
        known = moments_error(&moments, &got);
        within("error of changes", known, &got, p, 4 + 0x1p-10 / far);
    }
    mpfr_clears(p, q, n, sum, squares, (mpfr_ptr)NULL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {changes_of_probability_are_exact,
                                  nearly_equal_changes_have_their_error, NULL};

    return suite_main("change", tests);
}
