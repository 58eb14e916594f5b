/* test_mcnemar.c - the tests of two models, against MPFR. */
#include "tests/unit/exact.h"
#include "tests/unit/suite.h"

#include "core/erfc.h"
#include "core/mcnemar.h"

/* erfc(sqrt(hi + lo)) */
static void erfc_by_definition(mpfr_t exact, struct dd z)
{
    mpfr_set_d(exact, z.hi, MPFR_RNDN);
    mpfr_add_d(exact, exact, z.lo, MPFR_RNDN);
    mpfr_sqrt(exact, exact, MPFR_RNDN);
    mpfr_erfc(exact, exact, MPFR_RNDN);
}

START_TEST(erfc_is_its_definition)
{
    uint64_t state = 3;
    mpfr_t exact;

    mpfr_init2(exact, EXACT_BITS);
    for (size_t i = 0; i < times(4000); i++) {
        const double hi =
            i % 2 == 0 ? 8 * random_unit(&state) : exp2(60 * random_unit(&state) - 50.5);
        const struct dd z = dd_sum(hi, hi * 0x1p-54 * (2 * random_unit(&state) - 1));

        erfc_by_definition(exact, z);
        ck_assert_msg(error_units(erfc_root(z), exact) <= 6 || z.hi > 700, "%a: %g units", z.hi,
                      error_units(erfc_root(z), exact));
        mpfr_sub_d(exact, exact, erfc_root(z), MPFR_RNDN);
        ck_assert(z.hi <= 700 || mpfr_cmpabs_ui(exact, 0) == 0
                  || mpfr_get_exp(exact) <= -1020 - 50);
    }
    mpfr_clear(exact);
}
END_TEST

START_TEST(erfc_has_its_ends)
{
    ck_assert_double_eq(erfc_root(dd_of(0)), 1);
    ck_assert_double_eq(erfc_root(dd_of(0x1p-1074)), 1);
    ck_assert_double_eq(erfc_root(dd_of(800)), 0);
    ck_assert_double_eq(erfc_root(dd_of(1e300)), 0);
    ck_assert_double_eq(erfc_root(dd_of(HUGE_VAL)), 0);
}
END_TEST

/* min(1, 2 P(X <= k)), from whole numbers. */
static void binomial_by_definition(mpfr_t exact, unsigned long n, unsigned long k)
{
    mpz_t term, sum;

    mpz_init_set_ui(term, 1);
    mpz_init_set_ui(sum, 1);
    for (unsigned long i = 1; i <= k; i++) {
        mpz_mul_ui(term, term, n - i + 1);
        mpz_divexact_ui(term, term, i);
        mpz_add(sum, sum, term);
    }
    mpfr_set_z_2exp(exact, sum, 1 - (mpfr_exp_t)n, MPFR_RNDN);
    if (mpfr_cmp_ui(exact, 1) > 0)
        mpfr_set_ui(exact, 1, MPFR_RNDN);
    mpz_clear(term);
    mpz_clear(sum);
}

static void check_exact(size_t a, size_t b)
{
    const struct mcnemar got = mcnemar_of(&(struct outcomes){.only_a = a, .only_b = b});
    const struct mcnemar swapped = mcnemar_of(&(struct outcomes){.only_a = b, .only_b = a});
    mpfr_t exact;

    mpfr_init2(exact, EXACT_BITS);
    binomial_by_definition(exact, a + b, a < b ? a : b);
    ck_assert_msg(mpfr_cmp_d(exact, 0x1p-1022) < 0 ? got.exact <= 0x1p-1021
                                                   : error_units(got.exact, exact) <= 1,
                  "%zu, %zu: %.17g", a, b, got.exact);
    ck_assert_double_eq(got.exact, swapped.exact);
    ck_assert_double_eq(got.corrected, swapped.corrected);
    mpfr_clear(exact);
}

START_TEST(the_exact_test_is_its_definition)
{
    uint64_t state = 5;

    for (size_t a = 0; a < 40; a++)
        for (size_t b = 0; b < 40; b++)
            check_exact(a, b);
    for (size_t i = 0; i < times(100); i++)
        check_exact(random_below(&state, 1500), random_below(&state, 1500));
    check_exact(0, 1073);
    check_exact(0, 1075);
    check_exact(0, 4000);
    check_exact(9900, 10100);
}
END_TEST

/* The tail of a million trials is that of the normal distribution, within 1 / n of it or so. */
START_TEST(the_exact_test_of_many_is_that_of_the_normal_distribution)
{
    static const size_t only_a[] = {499999, 499500, 499000, 498000};

    for (size_t i = 0; i < COUNT(only_a); i++) {
        const struct outcomes outcomes = {.only_a = only_a[i], .only_b = 1000000 - only_a[i]};
        const struct mcnemar got = mcnemar_of(&outcomes);

        ck_assert_double_le(fabs(got.exact / got.corrected - 1), 3e-5);
    }
}
END_TEST

static const struct {
    size_t only_a, only_b;
    double exact, statistic, corrected;
} known[] = {
    {0, 0, 1, 0, 1},
    {1, 0, 1, 0, 1},
    {3, 3, 1, 0, 1},
    {0, 2, 0.5, 0.5, 0.4795001221869535}, /* by mpmath */
    {0, 10, 0.001953125, 8.1, 0.004426525857919831},
    {5, 15, 0.04138946533203125, 4.05, 0.044171344908442614},
    {121, 59, 4.434449263755176e-06, 20.67222222222222, 5.45009482542712e-06},
};

START_TEST(the_tests_of_some_counts)
{
    for (size_t i = 0; i < COUNT(known); i++) {
        const struct outcomes outcomes = {.only_a = known[i].only_a, .only_b = known[i].only_b};
        const struct mcnemar got = mcnemar_of(&outcomes);

        ck_assert_double_le(fabs(got.exact - known[i].exact), 1e-15 * known[i].exact);
        ck_assert_double_le(fabs(got.statistic - known[i].statistic), 1e-15 * known[i].statistic);
        ck_assert_double_le(fabs(got.corrected - known[i].corrected), 1e-15 * known[i].corrected);
    }
}
END_TEST

/* The deviation of -1, 0 and 1, by its definition. */
static void error_by_definition(mpfr_t error, const struct outcomes *outcomes)
{
    const double n =
        (double)(outcomes->both + outcomes->only_a + outcomes->only_b + outcomes->neither);
    const size_t counts[] = {outcomes->only_a, outcomes->both + outcomes->neither,
                             outcomes->only_b};
    mpfr_t mean, term;

    mpfr_inits2(EXACT_BITS, mean, term, (mpfr_ptr)NULL);
    mpfr_set_d(mean, (double)outcomes->only_b - (double)outcomes->only_a, MPFR_RNDN);
    mpfr_div_d(mean, mean, n, MPFR_RNDN);
    mpfr_set_zero(error, 1);
    for (int d = -1; d <= 1; d++) {
        mpfr_si_sub(term, d, mean, MPFR_RNDN);
        mpfr_sqr(term, term, MPFR_RNDN);
        mpfr_mul_d(term, term, (double)counts[d + 1], MPFR_RNDN);
        mpfr_add(error, error, term, MPFR_RNDN);
    }
    mpfr_div_d(error, error, (n - 1) * n, MPFR_RNDN);
    mpfr_sqrt(error, error, MPFR_RNDN);
    mpfr_clears(mean, term, (mpfr_ptr)NULL);
}

START_TEST(the_error_of_the_difference_is_its_definition)
{
    uint64_t state = 9;
    mpfr_t exact;
    double error;

    mpfr_init2(exact, EXACT_BITS);
    for (size_t i = 0; i < times(200); i++) {
        const size_t most = 1 + (size_t)exp2(20 * random_unit(&state));
        const struct outcomes outcomes = {1 + random_below(&state, most),
                                          random_below(&state, most), random_below(&state, most),
                                          1 + random_below(&state, most)};

        ck_assert(outcomes_error(&outcomes, &error));
        error_by_definition(exact, &outcomes);
        if (!mpfr_zero_p(exact))
            ck_assert_double_le(error_units(error, exact), 3);
    }
    ck_assert(!outcomes_error(&(struct outcomes){.only_a = 1}, &error));
    ck_assert(outcomes_error(&(struct outcomes){.only_b = 2}, &error) && error == 0);
    ck_assert_double_eq(outcomes_difference(&(struct outcomes){.only_b = 1, .both = 3}), 0.25);
    ck_assert_double_eq(outcomes_difference(&(struct outcomes){.only_a = 3}), -1);
    ck_assert_double_eq(outcomes_difference(&(struct outcomes){0}), 0);
    mpfr_clear(exact);
}
END_TEST

int main(void)
{
    return suite_main(
        "mcnemar", (const TTest *const[]){erfc_is_its_definition, erfc_has_its_ends,
                                          the_exact_test_is_its_definition,
                                          the_exact_test_of_many_is_that_of_the_normal_distribution,
                                          the_tests_of_some_counts,
                                          the_error_of_the_difference_is_its_definition, NULL});
}
