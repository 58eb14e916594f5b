/* test_real.c - exp, log, log1p and expm1, against MPFR. */
#include "tests/unit/exact.h"
#include "tests/unit/suite.h"

#include "core/real.h"

typedef int exact_f(mpfr_t, const mpfr_t, mpfr_rnd_t);

/* Functions, and where they are tried: |x| between 2^low and 2^high, of both signs or not.  The
 * bound is in units of the last place of the result. */
static const struct {
    const char *name;
    double (*function)(double);
    exact_f *exact;
    int low, high;
    bool negative;
    double bound;
} ranges[] = {
    {"exp", real_exp, mpfr_exp, -60, 10, true, 1.0},
    {"exp", real_exp, mpfr_exp, -3, 6, true, 1.0},
    {"log", real_log, mpfr_log, -1074, 1024, false, 1.0},
    {"log", real_log, mpfr_log, -2, 2, false, 1.0},
    {"log1p", real_log1p, mpfr_log1p, -1074, 1024, false, 1.0},
    {"log1p", real_log1p, mpfr_log1p, -60, 0, true, 1.0},
    {"log1p", real_log1p, mpfr_log1p, -8, 4, false, 1.0},
    {"expm1", real_expm1, mpfr_expm1, -70, 9, true, 1.0},
    {"expm1", real_expm1, mpfr_expm1, -5, 2, true, 1.0},
};

/* |got - exact| in units of the last place. */
static double error_ulps(double got, mpfr_t exact)
{
    const double nearest = mpfr_get_d(exact, MPFR_RNDN);
    mpfr_t error;
    int exponent;
    double ulps;

    if (isinf(nearest) || nearest == 0)
        return got == nearest ? 0 : INFINITY;
    frexp(nearest, &exponent);
    mpfr_init2(error, EXACT_BITS);
    mpfr_sub_d(error, exact, got, MPFR_RNDN);
    ulps = fabs(ldexp(mpfr_get_d(error, MPFR_RNDN), exponent < -1021 ? 1074 : 53 - exponent));
    mpfr_clear(error);
    return ulps;
}

static double random_between(uint64_t *state, int low, int high, bool negative)
{
    const double exponent = low + (high - low) * random_unit(state);
    const double size = ldexp(1 + random_unit(state), (int)floor(exponent));

    return negative && random_bits(state) >> 63 ? -size : size;
}

START_TEST(functions_are_within_their_bounds)
{
    uint64_t state = 20261124;
    mpfr_t x, exact;

    mpfr_inits2(EXACT_BITS, x, exact, (mpfr_ptr)NULL);
    for (size_t i = 0; i < COUNT(ranges); i++) {
        for (size_t n = times(20000); n > 0; n--) {
            const double at =
                random_between(&state, ranges[i].low, ranges[i].high, ranges[i].negative);
            double error;

            if (ranges[i].function == real_log1p && at <= -1)
                continue;
            mpfr_set_d(x, at, MPFR_RNDN);
            ranges[i].exact(exact, x, MPFR_RNDN);
            error = error_ulps(ranges[i].function(at), exact);
            ck_assert_msg(error <= ranges[i].bound, "%s(%a): %g ulp", ranges[i].name, at, error);
        }
    }
    mpfr_clears(x, exact, (mpfr_ptr)NULL);
}
END_TEST

/* Edges; NaN is written as NAN, and signs of zero count. */
static const struct {
    double (*function)(double);
    double x, result;
} edges[] = {
    {real_exp, 0, 1},
    {real_exp, -0.0, 1},
    {real_exp, INFINITY, INFINITY},
    {real_exp, -INFINITY, 0},
    {real_exp, NAN, NAN},
    {real_exp, 709.782712893384, 0x1.fffffffffff2ap+1023},
    {real_exp, 709.7827128933841, INFINITY},
    {real_exp, -745.1332191019411, 0x1p-1074},
    {real_exp, -745.2, 0},
    {real_log, 1, 0},
    {real_log, 0, -INFINITY},
    {real_log, -1, NAN},
    {real_log, INFINITY, INFINITY},
    {real_log, NAN, NAN},
    {real_log1p, 0, 0},
    {real_log1p, -0.0, -0.0},
    {real_log1p, 0x1p-1074, 0x1p-1074},
    {real_log1p, -1, -INFINITY},
    {real_log1p, -2, NAN},
    {real_log1p, INFINITY, INFINITY},
    {real_log1p, NAN, NAN},
    {real_expm1, -0.0, -0.0},
    {real_expm1, -INFINITY, -1},
    {real_expm1, INFINITY, INFINITY},
    {real_expm1, NAN, NAN},
};

START_TEST(edges_are_right)
{
    for (size_t i = 0; i < COUNT(edges); i++) {
        const double got = edges[i].function(edges[i].x), right = edges[i].result;

        ck_assert_msg(isnan(right) ? isnan(got) : memcmp(&got, &right, sizeof got) == 0,
                      "row %zu: %a", i, got);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {functions_are_within_their_bounds, edges_are_right, NULL};

    return suite_main("real", tests);
}
