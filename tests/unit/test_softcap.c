/* test_softcap.c - differences of softcapped logits, against MPFR. */
#include "tests/unit/exact.h"
#include "tests/unit/suite.h"

#include "core/softcap.h"

#include <stdio.h>

#define WORK_BITS 2300 /* hold the difference of any two doubles */

/* x / c; beyond 10^6 tanh is 1 to more bits than WORK_BITS. */
static void set_scaled(mpfr_t out, double c, double x)
{
    mpfr_set_d(out, x, MPFR_RNDN);
    mpfr_div_d(out, out, c, MPFR_RNDN);
    if (mpfr_cmpabs_ui(out, 1000000) > 0)
        mpfr_set_d(out, x < 0 ? -1e6 : 1e6, MPFR_RNDN);
}

/* c tanh X - c tanh Y = c sinh(X - Y) / (cosh X cosh Y) */
static void set_exact(mpfr_t out, double c, double x, double y)
{
    mpfr_t scaled[2];

    if (c == 0) {
        mpfr_set_d(out, x, MPFR_RNDN);
        mpfr_sub_d(out, out, y, MPFR_RNDN);
        return;
    }
    mpfr_inits2(WORK_BITS, scaled[0], scaled[1], (mpfr_ptr)NULL);
    set_scaled(scaled[0], c, x);
    set_scaled(scaled[1], c, y);
    mpfr_sub(out, scaled[0], scaled[1], MPFR_RNDN);
    mpfr_sinh(out, out, MPFR_RNDN);
    mpfr_mul_d(out, out, c, MPFR_RNDN);
    for (int i = 0; i < 2; i++) {
        mpfr_cosh(scaled[i], scaled[i], MPFR_RNDN);
        mpfr_div(out, out, scaled[i], MPFR_RNDN);
    }
    mpfr_clears(scaled[0], scaled[1], (mpfr_ptr)NULL);
}

/* log2 of the error of `got`, relative to `of`; exact is lost. */
static double error_log2(struct dd got, int exponent, mpfr_t exact, mpfr_t of)
{
    mpfr_t value;
    double result;

    mpfr_init2(value, WORK_BITS);
    mpfr_set_d(value, got.hi, MPFR_RNDN);
    mpfr_add_d(value, value, got.lo, MPFR_RNDN);
    mpfr_mul_2si(value, value, exponent, MPFR_RNDN);
    mpfr_sub(exact, value, exact, MPFR_RNDN);
    mpfr_clear(value);
    if (mpfr_zero_p(exact))
        return -INFINITY;
    mpfr_div(exact, exact, of, MPFR_RNDN);
    mpfr_abs(exact, exact, MPFR_RNDN);
    mpfr_log2(exact, exact, MPFR_RNDN);
    result = mpfr_get_d(exact, MPFR_RNDN);
    return result;
}

/* Of the bound, and of what x - y loses where it is taken exactly. */
#define BOUND (-65)
#define BENT_BOUND (-48)

static double worst = -INFINITY, worst_bent = -INFINITY;

static void check(double c, double x, double y)
{
    int exponent;
    const struct capped left = softcap_of(c, x), right = softcap_of(c, y);
    const struct dd got = softcap_difference(c, &left, &right, &exponent);
    mpfr_t exact, bent;
    double error;

    mpfr_inits2(WORK_BITS, exact, bent, (mpfr_ptr)NULL);
    set_exact(exact, c, x, y);
    mpfr_set_d(bent, x, MPFR_RNDN);
    mpfr_sub_d(bent, bent, y, MPFR_RNDN);
    mpfr_sub(bent, bent, exact, MPFR_RNDN);
    if (fabs(x) < c / 1024 && fabs(y) < c / 1024 && fabs(x - y) > 0x1p-900 && c < 1e20) {
        mpfr_t copy;

        mpfr_init2(copy, WORK_BITS);
        mpfr_set(copy, exact, MPFR_RNDN);
        error = error_log2(got, exponent, copy, bent);
        worst_bent = fmax(worst_bent, error);
        ck_assert_msg(error <= BENT_BOUND, "c %a, %a - %a: 2^%g of what is lost", c, x, y, error);
        mpfr_clear(copy);
    }
    mpfr_set(bent, exact, MPFR_RNDN);
    error = mpfr_zero_p(exact) ? -INFINITY : error_log2(got, exponent, exact, bent);
    worst = fmax(worst, error);
    ck_assert_msg(error <= BOUND, "c %a, %a - %a: %a %a 2^%d, 2^%g", c, x, y, got.hi, got.lo,
                  exponent, error);
    mpfr_clears(exact, bent, (mpfr_ptr)NULL);
}

static double random_signed(uint64_t *state, int low, int high)
{
    const double exponent = low + (high - low) * random_unit(state);
    const double size = ldexp(1 + random_unit(state), (int)floor(exponent));

    return random_bits(state) >> 63 ? -size : size;
}

START_TEST(differences_are_within_their_bounds)
{
    static const int sizes[] = {0, 0, 5, -5, 900, 300, -300, -900, -1018};
    uint64_t state = 5;

    for (size_t n = times(4000); n > 0; n--) {
        const int size = sizes[random_below(&state, COUNT(sizes))];
        const double c = ldexp(1 + random_unit(&state), size);
        const double x = c * random_signed(&state, -20, n % 2 ? 2 : 9);
        double y = c * random_signed(&state, -20, n % 2 ? 2 : 9);

        if (n % 3 == 0)
            y = x * (1 + random_signed(&state, -52, -1));
        check(c, x, y);
    }
    printf("worst errors: 2^%.1f, of what is lost 2^%.1f\n", worst, worst_bent);
}
END_TEST

static const struct {
    double c, x, y;
} edges[] = {
    {0, 3, -4},
    {0, 1, 1e-300},
    {5, 1, 1},
    {1e308, 1.7e308, -1.7e308},
    {1.7e308, 1.7e308, -1.7e308},
    {1e308, 1.7e308, 1.6999999999999999e308},
    {1e308, 1, -1e-300},
    {1e308, 1e308, 5e-324},
    {1e-307, 1.7e308, -1.7e308},
    {1e-307, 1e-307, -1e-308},
    {1e-307, 1e-310, -1e-309},
    {1e-307, 1e300, 1e-307},
    {1e-307, 300e-307, 299e-307},
    {50, 5e-324, -5e-324},
    {50, 20000, 19999},
    {50, -20000, 19999},
    {1, 5000, 4000},
};

START_TEST(edges_are_right)
{
    for (size_t i = 0; i < COUNT(edges); i++) {
        check(edges[i].c, edges[i].x, edges[i].y);
        check(edges[i].c, edges[i].y, edges[i].x);
        check(edges[i].c, -edges[i].y, edges[i].x);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {differences_are_within_their_bounds, edges_are_right, NULL};

    return suite_main("softcap", tests);
}
