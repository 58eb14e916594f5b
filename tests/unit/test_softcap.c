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

/* log2 of the error of `got`, relative to `exact`. */
static double error_log2(mpfr_t got, const mpfr_t exact)
{
    mpfr_sub(got, got, exact, MPFR_RNDN);
    if (mpfr_zero_p(got))
        return -INFINITY;
    mpfr_div(got, got, exact, MPFR_RNDN);
    mpfr_abs(got, got, MPFR_RNDN);
    mpfr_log2(got, got, MPFR_RNDN);
    return mpfr_get_d(got, MPFR_RNDN);
}

/* Of the bound, and of what is taken from x - y. */
#define BOUND (-65)
#define BENT_BOUND (-48)

static double worst = -INFINITY, worst_bent = -INFINITY;

static void check(double c, double x, double y)
{
    const struct capped left = softcap_of(c, x), right = softcap_of(c, y);
    const struct capped_gap gap = softcap_gap(c, &left, &right);
    mpfr_t got, exact;
    double error;

    mpfr_inits2(WORK_BITS, got, exact, (mpfr_ptr)NULL);
    set_exact(exact, c, x, y);
    mpfr_set_d(got, gap.plain.hi, MPFR_RNDN);
    mpfr_add_d(got, got, gap.plain.lo, MPFR_RNDN);
    mpfr_sub_d(got, got, gap.bent, MPFR_RNDN);
    mpfr_mul_2si(got, got, gap.exponent, MPFR_RNDN);
    error = error_log2(got, exact);
    worst = fmax(worst, error);
    ck_assert_msg(error <= BOUND, "c %a, %a - %a: %a - %a 2^%d, 2^%g", c, x, y, gap.plain.hi,
                  gap.bent, gap.exponent, error);
    if (c > 0 && fabs(x) < c / 1024 && fabs(y) < c / 1024 && fabs(gap.bent) > 0x1p-1022) {
        mpfr_set_d(got, x, MPFR_RNDN);
        mpfr_sub_d(got, got, y, MPFR_RNDN);
        mpfr_sub(exact, got, exact, MPFR_RNDN);
        mpfr_set_d(got, gap.bent, MPFR_RNDN);
        mpfr_mul_2si(got, got, gap.exponent, MPFR_RNDN);
        error = error_log2(got, exact);
        worst_bent = fmax(worst_bent, error);
        ck_assert_msg(error <= BENT_BOUND, "c %a, %a - %a: 2^%g of what is taken", c, x, y, error);
    }
    mpfr_clears(got, exact, (mpfr_ptr)NULL);
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
        const double x = c * random_signed(&state, n % 5 ? -20 : -100, n % 2 ? 2 : 9);
        double y = c * random_signed(&state, n % 5 ? -20 : -100, n % 2 ? 2 : 9);

        if (n % 3 == 0)
            y = x * (1 + random_signed(&state, -52, -1));
        check(c, x, y);
    }
    printf("worst errors: 2^%.1f, of what is taken 2^%.1f\n", worst, worst_bent);
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
