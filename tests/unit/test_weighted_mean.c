/* test_weighted_mean.c - weighted means, their errors, and functions of wide numbers, against
 * MPFR. */
#include "tests/unit/exact.h"
#include "tests/unit/suite.h"

#include "core/logistic.h"
#include "core/weighted_mean.h"
#include "core/wide_real.h"

#define BITS 600
#define MOST 40

static void set_wide(mpfr_t out, struct wide x)
{
    mpfr_set_d(out, x.value.hi, MPFR_RNDN);
    mpfr_add_d(out, out, x.value.lo, MPFR_RNDN);
    mpfr_mul_2si(out, out, x.exponent, MPFR_RNDN);
}

/* log2 of |got - right| / |scale|; -infinity if they are the same. */
static double error_log2(struct wide got, mpfr_t right, mpfr_t scale)
{
    double result = -INFINITY;
    mpfr_t error;

    mpfr_init2(error, BITS);
    set_wide(error, got);
    mpfr_sub(error, error, right, MPFR_RNDN);
    if (!mpfr_zero_p(error)) {
        mpfr_div(error, error, scale, MPFR_RNDN);
        mpfr_abs(error, error, MPFR_RNDN);
        mpfr_log2(error, error, MPFR_RNDN);
        result = mpfr_get_d(error, MPFR_RNDN);
    }
    mpfr_clear(error);
    return result;
}

/* ---- functions ---- */

/* e^x - 1 - x, of which x and 1 are taken with digits enough. */
static int exact_excess(mpfr_ptr out, mpfr_srcptr x, mpfr_rnd_t rounding)
{
    mpfr_t more;

    mpfr_init2(more, 4 * BITS);
    mpfr_expm1(more, x, rounding);
    mpfr_sub(more, more, x, rounding);
    mpfr_set(out, more, rounding);
    mpfr_clear(more);
    return 0;
}

/* -log(1 + e^-x) */
static int exact_log_sigmoid(mpfr_ptr out, mpfr_srcptr x, mpfr_rnd_t rounding)
{
    mpfr_t power;

    mpfr_init2(power, 4 * BITS);
    mpfr_neg(power, x, rounding);
    mpfr_exp(power, power, rounding);
    mpfr_log1p(power, power, rounding);
    mpfr_neg(out, power, rounding);
    mpfr_clear(power);
    return 0;
}

/* log(1 - e^x) */
static int exact_log_rest(mpfr_ptr out, mpfr_srcptr x, mpfr_rnd_t rounding)
{
    mpfr_t power;

    mpfr_init2(power, 4 * BITS);
    mpfr_expm1(power, x, rounding);
    mpfr_neg(power, power, rounding);
    mpfr_log(out, power, rounding);
    mpfr_clear(power);
    return 0;
}

static const struct {
    const char *name;
    struct wide (*function)(struct wide x);
    int (*exact)(mpfr_ptr out, mpfr_srcptr x, mpfr_rnd_t rounding);
    int low, high; /* |x| is between these powers of two */
    int sign;      /* of x; 0: either */
    double most;   /* log2 of the error */
} functions[] = {
    {"exp", wide_exp_of, mpfr_exp, -300, 18, 0, -62},
    {"log", wide_log, mpfr_log, -3000, 3000, 1, -62},
    {"log1p", wide_log1p, mpfr_log1p, -1500, -1, 0, -62},
    {"log1p of large", wide_log1p, mpfr_log1p, 0, 900, 1, -62},
    {"excess", wide_excess, exact_excess, -400, 12, 0, -62},
    {"log_sigmoid", log_sigmoid, exact_log_sigmoid, -200, 9, 0, -62},
    {"log_one_minus_exp", log_one_minus_exp, exact_log_rest, -200, 9, -1, -62},
};

static struct wide random_wide(uint64_t *state, int low, int high, int sign)
{
    const int exponent = low + (int)random_below(state, (size_t)(high - low));
    const double size = 1 + random_unit(state), lo = size * 0x1p-54 * (random_unit(state) - 0.5);
    const bool negative = sign == 0 ? random_bits(state) >> 63 : sign < 0;
    struct wide x = wide_of_dd(dd_sum(size, lo));

    x.exponent += exponent;
    return negative ? wide_neg(x) : x;
}

START_TEST(functions_have_their_digits)
{
    uint64_t state = 3 + (uint64_t)_i;
    mpfr_t x, right;

    mpfr_inits2(BITS, x, right, (mpfr_ptr)NULL);
    for (size_t n = 0; n < times(3000); n++) {
        const struct wide at =
            random_wide(&state, functions[_i].low, functions[_i].high, functions[_i].sign);
        double error;

        set_wide(x, at);
        functions[_i].exact(right, x, MPFR_RNDN);
        error = error_log2(functions[_i].function(at), right, right);
        ck_assert_msg(error <= functions[_i].most, "%s of %.17g 2^%d: 2^%g", functions[_i].name,
                      at.value.hi, (int)at.exponent, error);
    }
    mpfr_clears(x, right, (mpfr_ptr)NULL);
}
END_TEST

/* Both near each other and far apart. */
START_TEST(log_rests_that_are_subtracted_keep_their_digits)
{
    uint64_t state = 5;
    mpfr_t x, y, right;

    mpfr_inits2(BITS, x, y, right, (mpfr_ptr)NULL);
    for (size_t n = 0; n < times(3000); n++) {
        const struct wide at = random_wide(&state, -120, 5, -1);
        const struct wide other =
            n % 2 ? random_wide(&state, -120, 5, -1)
                  : wide_plus(at, wide_times(at, random_wide(&state, -60, -1, 0)));
        double error;

        set_wide(x, at);
        set_wide(y, other);
        exact_log_rest(x, x, MPFR_RNDN);
        exact_log_rest(y, y, MPFR_RNDN);
        mpfr_sub(right, x, y, MPFR_RNDN);
        error = error_log2(log_one_minus_exp_difference(at, other), right, right);
        ck_assert_msg(error <= -60, "%.17g and %.17g: 2^%g", wide_double(at), wide_double(other),
                      error);
    }
    mpfr_clears(x, y, right, (mpfr_ptr)NULL);
}
END_TEST

/* ---- means ---- */

struct sample {
    struct wide x[MOST];
    double w[MOST];
    size_t count;
};

static void draw(struct sample *sample, uint64_t *state)
{
    const int range = (int)random_below(state, 200);

    sample->count = 1 + random_below(state, MOST);
    for (size_t i = 0; i < sample->count; i++) {
        sample->x[i] = random_wide(state, -range, range + 1, 0);
        sample->w[i] = random_below(state, 5) == 0
                           ? 0
                           : ldexp(random_unit(state), (int)random_below(state, 80) - 40);
    }
}

/* The mean, its error, and the root of the weighted mean square, by their definitions. */
static size_t by_definition(const struct sample *sample, mpfr_t mean, mpfr_t error, mpfr_t root)
{
    mpfr_t weight, term;
    size_t count = 0;

    mpfr_inits2(BITS, weight, term, (mpfr_ptr)NULL);
    mpfr_set_zero(weight, 1);
    mpfr_set_zero(mean, 1);
    mpfr_set_zero(error, 1);
    mpfr_set_zero(root, 1);
    for (size_t i = 0; i < sample->count; i++) {
        set_wide(term, sample->x[i]);
        mpfr_mul_d(term, term, sample->w[i], MPFR_RNDN);
        mpfr_add(mean, mean, term, MPFR_RNDN);
        mpfr_sqr(term, term, MPFR_RNDN);
        mpfr_add(root, root, term, MPFR_RNDN);
        mpfr_add_d(weight, weight, sample->w[i], MPFR_RNDN);
        count += sample->w[i] > 0;
    }
    mpfr_div(mean, mean, weight, MPFR_RNDN);
    for (size_t i = 0; i < sample->count; i++) {
        set_wide(term, sample->x[i]);
        mpfr_sub(term, term, mean, MPFR_RNDN);
        mpfr_mul_d(term, term, sample->w[i], MPFR_RNDN);
        mpfr_sqr(term, term, MPFR_RNDN);
        mpfr_add(error, error, term, MPFR_RNDN);
    }
    mpfr_mul_ui(error, error, count, MPFR_RNDN);
    mpfr_div_ui(error, error, count > 1 ? count - 1 : 1, MPFR_RNDN);
    mpfr_sqrt(error, error, MPFR_RNDN);
    mpfr_div(error, error, weight, MPFR_RNDN);
    mpfr_sqrt(root, root, MPFR_RNDN);
    mpfr_div(root, root, weight, MPFR_RNDN);
    mpfr_clears(weight, term, (mpfr_ptr)NULL);
    return count;
}

START_TEST(means_are_their_definitions)
{
    uint64_t state = 8;
    mpfr_t mean, error, root;

    mpfr_inits2(BITS, mean, error, root, (mpfr_ptr)NULL);
    for (size_t n = 0; n < times(500); n++) {
        struct weighted_mean got;
        struct sample sample;
        size_t count;

        draw(&sample, &state);
        got = weighted_mean_of(sample.x, sample.w, sample.count);
        count = by_definition(&sample, mean, error, root);
        ck_assert_uint_eq(got.count, count);
        ck_assert(wide_is_nan(got.mean) == (count == 0) && isnan(got.error.value) == (count < 2));
        if (count < 2)
            continue;
        ck_assert(error_log2(got.mean, mean, root) <= -96);
        mpfr_mul_2si(root, root, -46, MPFR_RNDN);
        mpfr_add(root, root, error, MPFR_RNDN);
        ck_assert(error_log2(wide_of(scaled_double(got.error)), error, root) <= -50);
    }
    mpfr_clears(mean, error, root, (mpfr_ptr)NULL);
}
END_TEST

START_TEST(the_order_of_values_is_nothing)
{
    uint64_t state = 9;

    for (size_t n = 0; n < times(500); n++) {
        struct weighted_mean one, other;
        struct sample sample, turned;

        draw(&sample, &state);
        turned.count = sample.count;
        for (size_t i = 0; i < sample.count; i++) {
            turned.x[i] = sample.x[sample.count - 1 - i];
            turned.w[i] = sample.w[sample.count - 1 - i];
        }
        one = weighted_mean_of(sample.x, sample.w, sample.count);
        other = weighted_mean_of(turned.x, turned.w, turned.count);
        ck_assert(wide_is_nan(one.mean) || wide_compare(one.mean, other.mean) == 0);
        ck_assert(isnan(one.error.value) || scaled_double(one.error) == scaled_double(other.error));
    }
}
END_TEST

/* What is infinite or not known. */
static const struct {
    double x[3], w[3], mean;
    bool has_error;
} ends[] = {
    {{1, INFINITY, 2}, {1, 1, 1}, INFINITY, false},
    {{1, -INFINITY, INFINITY}, {1, 1, 1}, NAN, false},
    {{1, -INFINITY, INFINITY}, {1, 1, 0}, -INFINITY, false},
    {{1, NAN, 3}, {1, 1, 1}, NAN, false},
    {{1, NAN, 3}, {1, 0, 1}, 2, true},
    {{INFINITY, INFINITY, INFINITY}, {1, 1, 1}, INFINITY, false},
    {{5, 7, 9}, {0, 0, 0}, NAN, false},
    {{5, 7, 9}, {0, 3, 0}, 7, false},
    {{0.1, 0.1, 0.1}, {1, 2, 3}, 0.1, true},
};

START_TEST(ends_of_means)
{
    for (size_t i = 0; i < COUNT(ends); i++) {
        const struct wide x[] = {wide_of(ends[i].x[0]), wide_of(ends[i].x[1]),
                                 wide_of(ends[i].x[2])};
        const struct weighted_mean got = weighted_mean_of(x, ends[i].w, 3);
        const double mean = wide_double(got.mean);

        ck_assert_msg(mean == ends[i].mean || (isnan(mean) && isnan(ends[i].mean)), "%zu: %g", i,
                      mean);
        ck_assert(isnan(got.error.value) == !ends[i].has_error);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {means_are_their_definitions, the_order_of_values_is_nothing,
                                  ends_of_means, log_rests_that_are_subtracted_keep_their_digits,
                                  NULL};

    return suite_run("weighted_mean",
                     (const struct loop[]){{functions_have_their_digits, COUNT(functions)}, {0}},
                     tests);
}
