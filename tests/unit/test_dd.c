/* test_dd.c - double-doubles and their functions, against MPFR. */
#include "tests/unit/exact.h"
#include "tests/unit/suite.h"

#include "core/dd_real.h"

#include <stdio.h>

/* ---- arguments: of any size within powers of two, with a full lo, a short one or none ---- */

static double random_double(uint64_t *state, int low, int high)
{
    const double exponent = low + (high - low) * random_unit(state);
    const double size = ldexp(1 + random_unit(state), (int)floor(exponent));

    return random_bits(state) >> 63 ? -size : size;
}

static struct dd random_dd(uint64_t *state, int low, int high)
{
    double hi = random_double(state, low, high);
    double lo = hi * 0x1p-53 * (random_unit(state) - 0.5);

    switch (random_below(state, 5)) {
    case 0:
        lo = 0;
        break;
    case 1:
        lo = ldexp(lo, -(int)random_below(state, 100));
        break;
    case 2: /* few bits */
        hi = ldexp((float)ldexp(hi, -ilogb(hi)), ilogb(hi));
        break;
    case 3: /* nearly half a unit */
        lo = ldexp(hi, -54);
        break;
    }
    return dd_sum(hi, lo);
}

static void set(mpfr_t out, struct dd x)
{
    mpfr_set_d(out, x.hi, MPFR_RNDN);
    mpfr_add_d(out, out, x.lo, MPFR_RNDN);
}

/* log2 of the error of `got`, relative to `exact`. */
static double error_log2(struct dd got, mpfr_t exact)
{
    mpfr_t error;
    double result = -INFINITY;

    mpfr_init2(error, 2200);
    set(error, got);
    mpfr_sub(error, error, exact, MPFR_RNDN);
    if (!mpfr_zero_p(error)) {
        mpfr_div(error, error, exact, MPFR_RNDN);
        mpfr_abs(error, error, MPFR_RNDN);
        mpfr_log2(error, error, MPFR_RNDN);
        result = mpfr_get_d(error, MPFR_RNDN);
    }
    mpfr_clear(error);
    return result;
}

static void check_normal(struct dd x)
{
    ck_assert_msg(x.hi + x.lo == x.hi, "%a %a", x.hi, x.lo);
}

/* ---- arithmetic ---- */

static struct dd sum_of(struct dd x, struct dd y)
{
    return dd_sum(x.hi, y.hi);
}

static struct dd product_of(struct dd x, struct dd y)
{
    return dd_product(x.hi, y.hi);
}

static struct dd add_hi(struct dd x, struct dd y)
{
    return dd_add_double(x, y.hi);
}

static struct dd mul_hi(struct dd x, struct dd y)
{
    return dd_mul_double(x, y.hi);
}

static struct dd div_hi(struct dd x, struct dd y)
{
    return dd_div_double(x, y.hi);
}

typedef int exact_operation(mpfr_t, const mpfr_t, const mpfr_t, mpfr_rnd_t);

/* The bound is in units of u^2; hi_x, hi_y: the lo part of the operand is not used. */
static const struct {
    const char *name;
    struct dd (*operation)(struct dd, struct dd);
    exact_operation *exact;
    bool hi_x, hi_y;
    double bound;
} operations[] = {
    {"sum", sum_of, mpfr_add, true, true, 0},
    {"product", product_of, mpfr_mul, true, true, 0},
    {"add", dd_add, mpfr_add, false, false, 3.1},
    {"add_double", add_hi, mpfr_add, false, true, 2},
    {"sub", dd_sub, mpfr_sub, false, false, 3.1},
    {"mul", dd_mul, mpfr_mul, false, false, 5},
    {"mul_double", mul_hi, mpfr_mul, false, true, 2},
    {"div", dd_div, mpfr_div, false, false, 15.1},
    {"div_double", div_hi, mpfr_div, false, true, 3},
};

/* A second operand that is random, or that nearly cancels the first. */
static struct dd second(uint64_t *state, struct dd x)
{
    const double near = random_double(state, -110, -1);

    if (random_below(state, 3))
        return random_dd(state, -200, 200);
    x = dd_add_double(x, x.hi * near);
    return random_below(state, 2) ? x : dd_neg(x);
}

START_TEST(arithmetic_is_within_its_bounds)
{
    uint64_t state = 20261129;
    mpfr_t x, y;

    mpfr_inits2(2200, x, y, (mpfr_ptr)NULL);
    for (size_t n = times(20000); n > 0; n--) {
        const size_t i = n % COUNT(operations);
        const struct dd left = random_dd(&state, -200, 200), right = second(&state, left);
        const struct dd got = operations[i].operation(left, right);
        double error;

        set(x, operations[i].hi_x ? dd_of(left.hi) : left);
        set(y, operations[i].hi_y ? dd_of(right.hi) : right);
        operations[i].exact(x, x, y, MPFR_RNDN);
        check_normal(got);
        error = error_log2(got, x);
        ck_assert_msg(error <= log2(operations[i].bound) - 106, "%s(%a %a, %a %a): 2^%g",
                      operations[i].name, left.hi, left.lo, right.hi, right.lo, error);
    }
    mpfr_clears(x, y, (mpfr_ptr)NULL);
}
END_TEST

/* ---- functions ---- */

typedef int exact_f(mpfr_t, const mpfr_t, mpfr_rnd_t);

#define BOUND (-66) /* of all functions, as a power of two */

/* |x| is between 2^low and 2^high; `from` is added. */
static const struct {
    const char *name;
    struct dd (*function)(struct dd);
    exact_f *exact;
    double from;
    int low, high;
} functions[] = {
    {"exp", dd_exp, mpfr_exp, 0, -60, 9},
    {"exp", dd_exp, mpfr_exp, 0, -9, -2},
    {"exp", dd_exp, mpfr_exp, 0, 2, 9},
    {"expm1", dd_expm1, mpfr_expm1, 0, -900, -10},
    {"expm1", dd_expm1, mpfr_expm1, 0, -10, -5},
    {"expm1", dd_expm1, mpfr_expm1, 0, -6, 2},
    {"expm1", dd_expm1, mpfr_expm1, 0, 2, 9},
    {"log", dd_log, mpfr_log, 1, -300, -2},
    {"log", dd_log, mpfr_log, 1, -4, 4},
    {"log", dd_log, mpfr_log, 0, -960, 1024},
    {"log1p", dd_log1p, mpfr_log1p, 0, -900, -10},
    {"log1p", dd_log1p, mpfr_log1p, 0, -10, 2},
    {"log1p", dd_log1p, mpfr_log1p, -1, -200, -1},
    {"log1p", dd_log1p, mpfr_log1p, 0, 0, 1024},
};

static double check_function(size_t i, struct dd x, mpfr_t exact)
{
    const struct dd got = functions[i].function(x);
    double error;

    set(exact, x);
    functions[i].exact(exact, exact, MPFR_RNDN);
    if (mpfr_nan_p(exact) || mpfr_inf_p(exact))
        return -INFINITY;
    check_normal(got);
    error = error_log2(got, exact);
    ck_assert_msg(error <= BOUND, "%s(%a %a): 2^%g", functions[i].name, x.hi, x.lo, error);
    return error;
}

START_TEST(functions_are_within_their_bounds)
{
    uint64_t state = 3;
    mpfr_t exact;

    mpfr_init2(exact, 1200);
    for (size_t i = 0; i < COUNT(functions); i++) {
        double worst = -INFINITY;

        for (size_t n = times(600); n > 0; n--) {
            const struct dd x = random_dd(&state, functions[i].low, functions[i].high);
            const struct dd at = dd_add_double(x, functions[i].from);

            worst = fmax(worst, check_function(i, at, exact));
        }
        printf("%s, from 2^%d: 2^%.1f\n", functions[i].name, functions[i].low, worst);
    }
    mpfr_clear(exact);
}
END_TEST

/* Where n steps, and where a logarithm changes its form. */
START_TEST(functions_are_within_their_bounds_at_borders)
{
    static const double borders[] = {0.4, 0.6, 1.4, 0.5, 1, 2, 0.015625, 0.3, 709, 39, 40};
    mpfr_t exact;

    mpfr_init2(exact, 1200);
    for (size_t i = 0; i < COUNT(functions); i++)
        for (int n = -110; n <= 110; n++) {
            const double step = M_LN2 / 128 * n;
            const double border = borders[(unsigned)(n + 110) % COUNT(borders)];

            for (int ulps = -2; ulps <= 2; ulps++) {
                check_function(i, dd_of(step * (1 + ulps * 0x1p-52)), exact);
                check_function(i, dd_sum(border * (1 + ulps * 0x1p-52), n * 0x1p-65), exact);
            }
        }
    mpfr_clear(exact);
}
END_TEST

START_TEST(scaled_exp_goes_beyond_doubles)
{
    uint64_t state = 4;
    mpfr_t exact;

    mpfr_init2(exact, 300);
    for (size_t n = times(5000); n > 0; n--) {
        const struct dd x = random_dd(&state, -3, 19);
        int exponent;
        const struct dd got = dd_exp_scaled(x, &exponent);

        set(exact, x);
        mpfr_exp(exact, exact, MPFR_RNDN);
        mpfr_mul_2si(exact, exact, -exponent, MPFR_RNDN);
        ck_assert(got.hi > 0.99 && got.hi < 2);
        ck_assert_msg(error_log2(got, exact) <= BOUND, "%a %a", x.hi, x.lo);
    }
    mpfr_clear(exact);
}
END_TEST

/* Results that are no normal doubles; NaN is written as NAN. */
static const struct {
    struct dd (*function)(struct dd);
    double x, result;
} edges[] = {
    {dd_exp, 0, 1},
    {dd_exp, INFINITY, INFINITY},
    {dd_exp, -INFINITY, 0},
    {dd_exp, NAN, NAN},
    {dd_exp, -745.1332191019411, 0x1p-1074},
    {dd_exp, -745.2, 0},
    {dd_exp, -744, 0x1p-1073},
    {dd_exp, 709.7827128933841, INFINITY},
    {dd_exp, 1e308, INFINITY},
    {dd_exp, -1e308, 0},
    {dd_expm1, 0, 0},
    {dd_expm1, 0x1p-1074, 0x1p-1074},
    {dd_expm1, INFINITY, INFINITY},
    {dd_expm1, -INFINITY, -1},
    {dd_expm1, NAN, NAN},
    {dd_expm1, -1e308, -1},
    {dd_expm1, 710, INFINITY},
    {dd_log, 0, -INFINITY},
    {dd_log, -1, NAN},
    {dd_log, 1, 0},
    {dd_log, INFINITY, INFINITY},
    {dd_log, NAN, NAN},
    {dd_log1p, -1, -INFINITY},
    {dd_log1p, -2, NAN},
    {dd_log1p, 0x1p-1074, 0x1p-1074},
    {dd_log1p, INFINITY, INFINITY},
    {dd_log1p, -INFINITY, NAN},
    {dd_log1p, NAN, NAN},
};

START_TEST(edges_are_right)
{
    for (size_t i = 0; i < COUNT(edges); i++) {
        const struct dd got = edges[i].function(dd_of(edges[i].x));
        const double right = edges[i].result;

        ck_assert_msg(isnan(right) ? isnan(got.hi)
                                   : memcmp(&got.hi, &right, sizeof right) == 0
                                         && (got.lo == 0 || isinf(right)),
                      "row %zu: %a %a", i, got.hi, got.lo);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {arithmetic_is_within_its_bounds,
                                  functions_are_within_their_bounds,
                                  functions_are_within_their_bounds_at_borders,
                                  scaled_exp_goes_beyond_doubles,
                                  edges_are_right,
                                  NULL};

    return suite_main("dd", tests);
}
