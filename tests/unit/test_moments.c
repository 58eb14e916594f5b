/* test_moments.c - statistics of numbers and pairs, and of two models, against MPFR with so many
 * bits that sums and products of doubles are exact. */
#include "tests/unit/scaled.h"
#include "tests/unit/suite.h"

#include "core/comparison.h"
#include "core/moments.h"

#include <float.h>

#define MOST 40

/* ---- what is right ---- */

struct right {
    mpfr_t n, x, y, xx, xy, yy, a, b, c; /* A, B and C of moments.h */
};

static void right_init(struct right *right)
{
    mpfr_inits2(ALL_BITS, right->n, right->x, right->y, right->xx, right->xy, right->yy, right->a,
                right->b, right->c, (mpfr_ptr)NULL);
}

static void right_clear(struct right *right)
{
    mpfr_clears(right->n, right->x, right->y, right->xx, right->xy, right->yy, right->a, right->b,
                right->c, (mpfr_ptr)NULL);
}

static void add_product(mpfr_t sum, double x, double y)
{
    mpfr_t product;

    mpfr_init2(product, 106);
    mpfr_set_d(product, x, MPFR_RNDN);
    mpfr_mul_d(product, product, y, MPFR_RNDN);
    mpfr_add(sum, sum, product, MPFR_RNDN);
    mpfr_clear(product);
}

/* n products - sum sum */
static void centre(mpfr_t centred, const struct right *right, const mpfr_t products, const mpfr_t a,
                   const mpfr_t b)
{
    mpfr_t other;

    mpfr_init2(other, ALL_BITS);
    mpfr_mul(centred, products, right->n, MPFR_RNDN);
    mpfr_mul(other, a, b, MPFR_RNDN);
    mpfr_sub(centred, centred, other, MPFR_RNDN);
    mpfr_clear(other);
}

static void right_of(struct right *right, const double *x, const double *y, size_t count)
{
    mpfr_ptr sums[] = {right->x, right->y, right->xx, right->xy, right->yy};

    for (size_t i = 0; i < COUNT(sums); i++)
        mpfr_set_zero(sums[i], 1);
    for (size_t i = 0; i < count; i++) {
        mpfr_add_d(right->x, right->x, x[i], MPFR_RNDN);
        mpfr_add_d(right->y, right->y, y[i], MPFR_RNDN);
        add_product(right->xx, x[i], x[i]);
        add_product(right->xy, x[i], y[i]);
        add_product(right->yy, y[i], y[i]);
    }
    mpfr_set_ui(right->n, count, MPFR_RNDN);
    centre(right->a, right, right->xx, right->x, right->x);
    centre(right->b, right, right->yy, right->y, right->y);
    centre(right->c, right, right->xy, right->x, right->y);
}

/* sqrt(square / (n - 1)) / n */
static void error_from(mpfr_t error, const struct right *right, const mpfr_t square)
{
    mpfr_t less;

    mpfr_init2(less, ALL_BITS);
    mpfr_sub_ui(less, right->n, 1, MPFR_RNDN);
    mpfr_div(error, square, less, MPFR_RNDN);
    mpfr_sqrt(error, error, MPFR_RNDN);
    mpfr_div(error, error, right->n, MPFR_RNDN);
    mpfr_clear(less);
}

/* A + B - 2 C */
static void apart(mpfr_t square, const struct right *right)
{
    mpfr_add(square, right->a, right->b, MPFR_RNDN);
    mpfr_sub(square, square, right->c, MPFR_RNDN);
    mpfr_sub(square, square, right->c, MPFR_RNDN);
}

/* sqrt(n / (n - 1) ((sum x)^2 yy - 2 sum x sum y xy + (sum y)^2 xx)) / (sum x)^2 */
static void ratio_error(mpfr_t error, const struct right *right)
{
    mpfr_t term, square;

    mpfr_inits2(ALL_BITS, term, square, (mpfr_ptr)NULL);
    mpfr_sqr(square, right->x, MPFR_RNDN);
    mpfr_mul(error, square, right->yy, MPFR_RNDN);
    mpfr_mul(term, right->x, right->y, MPFR_RNDN);
    mpfr_mul(term, term, right->xy, MPFR_RNDN);
    mpfr_mul_ui(term, term, 2, MPFR_RNDN);
    mpfr_sub(error, error, term, MPFR_RNDN);
    mpfr_sqr(term, right->y, MPFR_RNDN);
    mpfr_mul(term, term, right->xx, MPFR_RNDN);
    mpfr_add(error, error, term, MPFR_RNDN);
    mpfr_mul(error, error, right->n, MPFR_RNDN);
    mpfr_sub_ui(term, right->n, 1, MPFR_RNDN);
    mpfr_div(error, error, term, MPFR_RNDN);
    mpfr_sqrt(error, error, MPFR_RNDN);
    mpfr_div(error, error, square, MPFR_RNDN);
    mpfr_clears(term, square, (mpfr_ptr)NULL);
}

/* ---- pairs of any kind ---- */

/* Ordinary numbers, those that differ in their last bits, those near the ends of doubles, and any.
 */
static double draw(size_t kind, double near, uint64_t *state)
{
    const uint64_t bits = random_bits(state);
    double x;

    switch (kind) {
    case 0:
        return random_normal(state);
    case 1:
        return near * (1 + (double)random_below(state, 9) * 0x1p-52);
    case 2:
        return (random_unit(state) - 0.5) * 2 * DBL_MAX;
    case 3:
        return ldexp(random_normal(state), -1060);
    case 4:
        return -exp(3 * random_normal(state));
    default:
        memcpy(&x, &bits, sizeof x);
        return isfinite(x) ? x : DBL_MAX;
    }
}

static size_t draw_pairs(double *x, double *y, uint64_t *state)
{
    const size_t count = 2 + random_below(state, random_below(state, 8) == 0 ? MOST - 2 : 5);
    const size_t of_x = random_below(state, 6), of_y = random_below(state, 6);
    const double near = draw(5, 0, state) / 2;

    for (size_t i = 0; i < count; i++) {
        x[i] = draw(of_x, near, state);
        y[i] = draw(of_y, near, state);
    }
    return count;
}

START_TEST(statistics_are_exact_and_rounded)
{
    uint64_t state = 3;
    struct right right;
    mpfr_t exact;

    right_init(&right);
    mpfr_init2(exact, ALL_BITS);
    for (size_t n = 0; n < times(1500); n++) {
        double x[MOST], y[MOST];
        const size_t count = draw_pairs(x, y, &state);
        struct moments moments;
        struct scaled got = {0};
        bool known;

        moments_clear(&moments);
        for (size_t i = 0; i < count; i++)
            moments_add_pair(&moments, x[i], y[i]);
        right_of(&right, x, y, count);
        mpfr_div(exact, right.x, right.n, MPFR_RNDN);
        known = moments_mean(&moments, &got);
        within("mean", known, &got, exact, 2);
        mpfr_div(exact, right.xx, right.n, MPFR_RNDN);
        mpfr_sqrt(exact, exact, MPFR_RNDN);
        known = moments_root_mean_square(&moments, &got);
        within("root mean square", known, &got, exact, 2);
        error_from(exact, &right, right.a);
        known = moments_error(&moments, &got);
        within("error", known, &got, exact, 4);
        mpfr_sqrt(right.n, right.n, MPFR_RNDN);
        mpfr_mul(exact, exact, right.n, MPFR_RNDN);
        mpfr_set_ui(right.n, count, MPFR_RNDN);
        known = moments_deviation(&moments, &got);
        within("deviation", known, &got, exact, 4);
        known = moments_ratio_error(&moments, &got);
        if (mpfr_zero_p(right.x)) {
            ck_assert(!known);
            continue;
        }
        ratio_error(exact, &right);
        within("ratio error", known, &got, exact, 4);
    }
    mpfr_clear(exact);
    right_clear(&right);
}
END_TEST

static void check_centred(const struct centred *centred, const struct right *right, mpfr_t exact)
{
    struct scaled got = centred_error(exact_number_scaled(&centred->apart), centred->count);
    double correlation = 0;
    bool known;

    apart(exact, right);
    error_from(exact, right, exact);
    within("error of a difference", true, &got, exact, 4);
    known = centred_correlation(centred, &correlation);
    ck_assert(known == (!mpfr_zero_p(right->a) && !mpfr_zero_p(right->b)));
    if (!known)
        return;
    mpfr_mul(exact, right->a, right->b, MPFR_RNDN);
    mpfr_sqrt(exact, exact, MPFR_RNDN);
    mpfr_div(exact, right->c, exact, MPFR_RNDN);
    if (mpfr_zero_p(exact) || mpfr_get_exp(exact) > -1000) /* as a double */
        within("correlation", true, &(struct scaled){correlation, 0}, exact, 5);
}

START_TEST(pairs_are_exact_and_rounded)
{
    uint64_t state = 5;
    struct right right;
    mpfr_t exact;

    right_init(&right);
    mpfr_init2(exact, ALL_BITS);
    for (size_t n = 0; n < times(1000); n++) {
        double x[MOST], y[MOST];
        const size_t count = draw_pairs(x, y, &state);
        struct moments moments;
        struct centred centred;

        moments_clear(&moments);
        for (size_t i = 0; i < count; i++)
            moments_add_pair(&moments, x[i], y[i]);
        right_of(&right, x, y, count);
        moments_centre(&moments, &centred);
        ck_assert(centred.has_both);
        check_centred(&centred, &right, exact);
    }
    mpfr_clear(exact);
    right_clear(&right);
}
END_TEST

START_TEST(what_is_not_defined_is_told)
{
    const double one[] = {3}, same[] = {2, 2, 2}, both[] = {INFINITY, -INFINITY, 0};
    const double masked[] = {-1, -INFINITY, -2}, nothing[] = {0, 0, 0};
    struct moments moments;
    struct scaled got = {5, 0};

    moments_of(&moments, one, 0);
    ck_assert(!moments_mean(&moments, &got) && !moments_root_mean_square(&moments, &got));
    moments_of(&moments, both, 3);
    ck_assert(!moments_mean(&moments, &got) && !moments_error(&moments, &got));
    moments_of(&moments, one, 1);
    ck_assert(!moments_deviation(&moments, &got) && !moments_error(&moments, &got)
              && !moments_ratio_error(&moments, &got));
    moments_of(&moments, masked, 3);
    ck_assert(!moments_deviation(&moments, &got) && !moments_error(&moments, &got));
    ck_assert(moments_mean(&moments, &got) && got.value == -INFINITY);
    moments_of(&moments, nothing, 3);
    ck_assert(!moments_ratio_error(&moments, &got));
    moments_of(&moments, same, 3);
    ck_assert(moments_deviation(&moments, &got) && got.value == 0);
}
END_TEST

/* ---- two models ---- */

/* exp(-sum / n) */
static void perplexity(mpfr_t power, const struct right *right, const mpfr_t sum)
{
    mpfr_div(power, sum, right->n, MPFR_RNDN);
    mpfr_neg(power, power, MPFR_RNDN);
    mpfr_exp(power, power, MPFR_RNDN);
}

/* Of numbers that are doubles with all their bits. */
static void near(const char *what, const struct figure *got, mpfr_t exact, double units)
{
    const double right = fabs(mpfr_get_d(exact, MPFR_RNDN));

    if (!mpfr_zero_p(exact) && (right < DBL_MIN || right > DBL_MAX))
        return;
    ck_assert_msg(got->known && error_units(got->value, exact) <= units, "%s: %.17g, %g units",
                  what, got->value, error_units(got->value, exact));
}

/* sqrt((P^2 A - 2 P Q C + Q^2 B) / (n - 1)) / n */
static void apart_error(mpfr_t error, const struct right *right, const mpfr_t p, const mpfr_t q)
{
    mpfr_t term;

    mpfr_init2(term, ALL_BITS);
    mpfr_sqr(term, p, MPFR_RNDN);
    mpfr_mul(error, term, right->a, MPFR_RNDN);
    mpfr_sqr(term, q, MPFR_RNDN);
    mpfr_mul(term, term, right->b, MPFR_RNDN);
    mpfr_add(error, error, term, MPFR_RNDN);
    mpfr_mul(term, p, q, MPFR_RNDN);
    mpfr_mul(term, term, right->c, MPFR_RNDN);
    mpfr_mul_ui(term, term, 2, MPFR_RNDN);
    mpfr_sub(error, error, term, MPFR_RNDN);
    error_from(error, right, error);
    mpfr_clear(term);
}

static void check_models(const double *a, const double *b, size_t count, struct right *right)
{
    const struct comparison got = comparison_of(a, b, count);
    mpfr_t p, q, exact;

    mpfr_inits2(ALL_BITS, p, q, exact, (mpfr_ptr)NULL);
    right_of(right, a, b, count);
    perplexity(p, right, right->x);
    perplexity(q, right, right->y);
    near("perplexity of a", &got.perplexity[0], p, 1.1);
    near("perplexity of b", &got.perplexity[1], q, 1.1);
    mpfr_sub(exact, q, p, MPFR_RNDN);
    near("their difference", &got.apart, exact, 2);
    mpfr_div(exact, q, p, MPFR_RNDN);
    near("their ratio", &got.ratio, exact, 1.1);
    error_from(exact, right, right->a);
    mpfr_mul(exact, exact, p, MPFR_RNDN);
    near("error of a", &got.perplexity_error[0], exact, 6);
    apart_error(exact, right, p, q);
    near("error of the difference", &got.apart_error, exact, 6);
    mpfr_sub(exact, right->y, right->x, MPFR_RNDN);
    near("difference", &got.difference, exact, 1);
    apart(exact, right);
    error_from(exact, right, exact);
    near("error of the mean difference", &got.mean_error, exact, 4);
    mpfr_clears(p, q, exact, (mpfr_ptr)NULL);
}

/* Those of issues: near-equal models, squares that overflow or vanish, and means far apart. */
static const struct {
    size_t count;
    double a[3], b[3];
} models[] = {
    {2, {-1, -1.0000000000000002}, {-1.0000000000000002, -1}},
    {2, {-585, -586}, {-580, -589}},
    {2, {-700, -701}, {-1e-10, -2e-10}},
    {2, {-700, -700}, {-1e-10, -2e-10}},
    {2, {-1e-174, -3e-174}, {-2e-174, -1e-174}},
    {2, {-1e-300, -3e-310}, {-2e-305, -1e-300}},
    {2, {-1e-268, -1e-268}, {-1.0000000000000002e-268, -1e-268}}, /* one does not vary */
    {2, {-1400, 0}, {-1400, -5e-324}}, /* a mean below doubles, of large perplexities */
    {2, {-1400, 0}, {-1400, -1e-310}},
    {3, {-300, -1e-308, -300}, {-300, 0, -300}},
    {2, {-20, -1e-310}, {-20, -2e-310}},
    {3, {-1, -2, -3}, {-1.5, -3, -4.5}},
    {3, {-1, -2, -3}, {-1.0000001, -2.0000002, -3.0000003}},
};

START_TEST(models_are_compared_exactly)
{
    uint64_t state = 7;
    struct right right;

    right_init(&right);
    for (size_t i = 0; i < COUNT(models); i++)
        check_models(models[i].a, models[i].b, models[i].count, &right);
    for (size_t n = 0; n < times(150); n++) {
        double a[MOST], b[MOST];
        const size_t count = 2 + random_below(&state, MOST - 2);
        const double scale = exp2(8 * random_normal(&state) - 8);

        for (size_t i = 0; i < count; i++) {
            a[i] = -exp(random_normal(&state));
            b[i] = a[i] * (1 + scale * random_normal(&state));
        }
        check_models(a, b, count, &right);
    }
    right_clear(&right);
}
END_TEST

START_TEST(near_equal_models_are_told_apart)
{
    const double a = -1, b = -1.0000000000000002;
    const struct comparison got = comparison_of(&a, &b, 1);

    ck_assert(got.apart.known && fabs(got.apart.value / 0x1p-52 / M_E - 1) <= 0x1p-52);
    ck_assert(!got.apart_error.known && !got.correlation.known);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {statistics_are_exact_and_rounded, pairs_are_exact_and_rounded,
                                  what_is_not_defined_is_told,      models_are_compared_exactly,
                                  near_equal_models_are_told_apart, NULL};

    return suite_main("moments", tests);
}
