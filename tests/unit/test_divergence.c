/* test_divergence.c - against MPFR, by the definitions and not by the formulas that are used. */
#include "tests/unit/divergence_truth.h"
#include "tests/unit/exact.h"
#include "tests/unit/rows.h"
#include "tests/unit/suite.h"

#include "core/cpu.h"
#include "core/divergence.h"
#include "core/kernels.h"

#include <stdio.h>

/* What a divergence may be off by, relative to it, unless it is below LEAST. */
#define RELATIVE 1e-12
#define LEAST 1e-300

/* The same where all that rows differ by is what a softcap makes of an offset. */
#define SOFTCAPPED (4 * RELATIVE)

/* ---- what is given ---- */

/* By a kernel; NULL: each token taken alone. */
static struct divergence run(const struct kernel *kernel, const struct input *of[2])
{
    const struct kernel *reduces = kernel ? kernel : kernel_find(0, "scalar");
    struct transform transform[2];
    struct row_stats stats[2];
    struct side side[2];
    struct row_fault fault;

    for (size_t i = 0; i < 2; i++) {
        transform[i] = transform_make(of[i]->temperature, of[i]->softcap);
        ck_assert(reduces->reduce(&of[i]->row, &transform[i], 0, &stats[i], &fault));
        side[i] = (struct side){&of[i]->row, &transform[i], &stats[i]};
    }
    return divergence_of(kernel, &side[0], &side[1]);
}

/* What every kernel makes of two rows: the same bits. */
static struct divergence run_all(const struct input *a, const struct input *b)
{
    const struct input *of[] = {a, b};
    const struct divergence right = run(NULL, of);
    const struct kernel *kernel;

    for (size_t k = 0; (kernel = kernel_at(cpu_features(), k)); k++) {
        const struct divergence got = run(kernel, of);

        ck_assert_msg(got.kl_ab == right.kl_ab && got.kl_ba == right.kl_ba && got.jsd == right.jsd
                          && got.total_variation == right.total_variation,
                      "%s: KL %.17g, not %.17g", kernel->name, got.kl_ab, right.kl_ab);
    }
    return right;
}

static double worst[DIVERGENCES];

static void say_worst(void)
{
    printf("worst relative errors: KL %.2g %.2g, JSD %.2g, TV %.2g\n", worst[KL_AB], worst[KL_BA],
           worst[JSD], worst[VARIATION]);
}

static void check_value(const char *name, size_t kind, double got, mpfr_t exact, double relative)
{
    const double nearest = mpfr_get_d(exact, MPFR_RNDN);
    const double off = error_units(got, exact) * 0x1p-53;

    ck_assert(got >= 0);
    if (nearest < LEAST) {
        ck_assert_msg(got <= 2 * LEAST, "%s %zu: %.17g, not %.17g", name, kind, got, nearest);
        return;
    }
    ck_assert_msg(off <= relative, "%s %zu: %.17g, not %.17g: off by %.2g", name, kind, got,
                  nearest, off);
    worst[kind] = fmax(worst[kind], off);
}

static void check_once(const char *name, const struct input *a, const struct input *b)
{
    const struct divergence got = run_all(a, b);
    const double values[DIVERGENCES] = {got.kl_ab, got.kl_ba, got.jsd, got.total_variation};

    for (size_t kind = 0; kind < DIVERGENCES; kind++)
        check_value(name, kind, values[kind], truth[kind], a->softcap > 0 ? SOFTCAPPED : RELATIVE);
}

/* Both ways round. */
static void check(const char *name, const struct input *a, const struct input *b)
{
    set_row(log_p[0], a);
    set_row(log_p[1], b);
    set_truth(a->row.width);
    check_once(name, a, b);
    mpfr_swap(truth[KL_AB], truth[KL_BA]);
    check_once(name, b, a);
}

/* ---- rows of every kind ---- */

/* How row b differs from row a. */
enum unlike {
    NOISE, /* of any size */
    OFFSET,
    LAST_BITS, /* of few tokens */
    ONE_TOKEN,
    TINY, /* where a logit is tiny */
    ALL_BUT_ONE,
    OTHER,
    STEEPER,
    UNLIKES
};

/* g is normal; n tells sizes apart, and tokens. */
static double unlike(enum unlike how, double a, double g, size_t i, size_t n)
{
    switch (how) {
    case NOISE:
        return a + ldexp(g, 3 - 3 * (int)n);
    case OFFSET:
        return a + 1 + (double)n;
    case LAST_BITS:
        return i % 50 == n ? nextafter(a, 100) : a;
    case ONE_TOKEN:
        return i == n ? a + 0.5 : a;
    case TINY:
        return a + ldexp(g, -500);
    case ALL_BUT_ONE:
        return i ? a + ldexp(1, -2 * (int)n) : a;
    case OTHER:
        return 3 * g;
    case STEEPER:
        return a * (1 + ldexp(1, -5 * (int)n));
    case UNLIKES:
        break;
    }
    return a;
}

static struct input input_make(const double *logits, size_t width, enum dtype dtype,
                               double temperature, double softcap)
{
    static char data[2][WIDEST * sizeof(double)];
    static size_t turn;

    turn = !turn;
    for (size_t i = 0; i < width; i++)
        store(dtype, logits[i], data[turn] + i * dtype_size(dtype));
    return (struct input){{data[turn], width, dtype}, temperature, softcap};
}

/* A kind of row, and how the other differs. */
static void check_pair(uint64_t *state, enum kind kind, enum unlike how, size_t n, size_t width,
                       enum dtype dtype, const double *transforms)
{
    static double a[WIDEST], b[WIDEST];
    const double unit = fabs(log10(transforms[0])) > 100 ? transforms[0] : 1;
    char name[200];
    struct input left, other;

    for (size_t i = 0; i < width; i++) {
        a[i] = logit_of(kind, i, width, state);
        if (how == TINY)
            a[i] = i % 2 ? 0 : ldexp(a[i], -490);
        b[i] = unit * unlike(how, a[i], random_normal(state), i, n);
        a[i] *= unit;
    }
    left = input_make(a, width, dtype, transforms[0], transforms[2]);
    other = input_make(b, width, dtype, transforms[1], transforms[3]);
    snprintf(name, sizeof name, "kind %d, unlike %d %zu, %s, V %zu, T %g %g, softcap %g %g",
             (int)kind, (int)how, n, dtype_name(dtype), width, transforms[0], transforms[1],
             transforms[2], transforms[3]);
    check(name, &left, &other);
}

/* Rows that were wrong, or that are at an end of what doubles hold. */
static const struct {
    double a[3], b[3], ta, tb, softcap_a, softcap_b;
} known[] = {
    {{2.5, 0, 0}, {2.5, 3e-9, 3e-9}, 1, 1, 0, 0},
    {{2.5, 0, 0}, {2.5, 3e-9, 3e-9}, 0.3, 0.3, 0, 0},
    {{1, 0, -3}, {1, 1e-150, -3}, 1, 1, 0, 0},
    {{0, 0, 0}, {1e-150, 0, -1e-150}, 1, 1, 0, 0},
    {{1e-150, 2e-150, 0}, {0, 2e-150, 0}, 1, 1, 0, 0},
    {{0, -700, -700}, {0, -700.5, -700}, 1, 1, 0, 0},
    {{0, -340, -340}, {0, -340, -340.0000001}, 1, 1, 0, 0},
    {{1, 2, 3}, {3, 6, 9}, 1, 3, 0, 0},
    {{1, 2, 3}, {3, 6, 9}, 1, 3.0000000000000004, 0, 0},
    {{1, 2, 3}, {1.1, 2.2, 3.3}, 1, 1.1, 0, 0},
    {{0.1, 0.7, -1.3e-9}, {0.3, 2.1, -3.9e-9}, 0.7, 2.1, 0, 0},
    {{1e308, 0, -1e308}, {1e308, 1e292, -1e308}, 1e308, 1e308, 0, 0},
    {{1.7e308, 0, -1.7e308}, {-1.7e308, 0, 1.7e308}, 1e308, 1e308, 0, 0},
    {{1.7e308, 0, -1.7e308}, {1.7e308, 1e308, -1.7e308}, 1e308, 1.0000000000000002e308, 0, 0},
    {{1.7e308, 1.7e308, 1e308}, {-1.7e308, -1.7e308, -1.7e308}, 1e305, 1e305, 0, 0},
    {{1e-305, 0, -1e-305}, {1.0000000000000002e-305, 0, -1e-305}, 1e-305, 1e-305, 0, 0},
    {{1e-307, 0, -1e-307}, {2e-307, 5e-324, -1e-307}, 1e-307, 1e-307, 0, 0},
    {{0, -1800, -1800}, {0, -1e307, -1800}, 1, 1, 0, 0},
    {{0, -1300, -1300}, {0, -1.7e308, -1300}, 1, 0.1, 0, 0},
    {{1, 0, -3}, {1, 0.5, -3}, 1e-302, 1e-302, 1e-302, 1e-302},
    {{1e-302, 0, -3e-302}, {1e-302, 1e-303, -3e-302}, 1e-302, 2e-302, 1e-302, 1e-302},
    {{1e308, 0, -1e308}, {1e308, 1e307, -1e308}, 1e308, 1e308, 1e308, 0},
    {{300, 299, 0}, {300, 299.00000000000006, 0}, 1e-40, 1e-40, 5, 5},
    {{1, 2, 4}, {2, 3, 5}, 0.7, 0.7, 1e6, 1e6},
    {{1, 2, 4}, {2, 3, 5}, 0.7, 0.7, 1e17, 1e17},
    {{1, 2, 4}, {2, 4, 8}, 1, 2, 30, 60},
    {{1, 2, 4}, {1, 2, 4}, 1, 1, 1e12, 0},
    {{20, 10, -20}, {20, 10, -20}, 1, 1.0000000000000002, 30, 30},
};

START_TEST(known_rows)
{
    truth_bits = 2200; /* hold the difference of any two doubles */
    for (size_t i = 0; i < COUNT(known); i++)
        for (size_t dtype = 0; dtype < 4; dtype++) {
            const struct input a =
                input_make(known[i].a, 3, (enum dtype)dtype, known[i].ta, known[i].softcap_a);
            const struct input b =
                input_make(known[i].b, 3, (enum dtype)dtype, known[i].tb, known[i].softcap_b);
            char name[40];

            snprintf(name, sizeof name, "row %zu, %s", i, dtype_name((enum dtype)dtype));
            if (dtype == DTYPE_F64 || fabs(known[i].a[0]) < 60000)
                check(name, &a, &b);
        }
}
END_TEST

/* Temperatures and softcaps of both sides. */
static const double transforms[][4] = {
    {1, 1, 0, 0},
    {0.7, 0.7, 0, 0},
    {1, 1.0000001, 0, 0},
    {0.6, 1.3, 0, 0},
    {3, 1, 0, 0},
    {1, 1, 30, 30},
    {0.7, 0.7, 5, 5},
    {0.7, 0.7, 1e4, 1e4},
    {0.6, 0.6, 1e6, 1e6},
    {1, 1, 1e12, 1e12},
    {1, 1, 30, 0},
    {1, 0.7, 20, 50},
    /* From here on logits are multiplied by the first temperature. */
    {1e-300, 1e-300, 0, 0},
    {1e-300, 1.3e-300, 0, 0},
    {1e300, 1e300, 0, 0},
    {1e-300, 1e-300, 1e-299, 1e-299},
    {1e-300, 1e-300, 1e-290, 1e-290},
    {1e300, 1e300, 1e301, 1e301},
};

static const double *any_transforms(uint64_t *state, enum kind kind, enum dtype dtype)
{
    const bool huge = dtype == DTYPE_F64 && fits(kind, DTYPE_F16);

    return transforms[random_below(state, COUNT(transforms) - (huge ? 0 : 6))];
}

START_TEST(divergences_are_the_exact_ones)
{
    uint64_t state = 11;

    truth_bits = 1300;
    for (size_t n = times(1) * KINDS * UNLIKES * 4; n-- > 0;) {
        const enum kind kind = n % KINDS;
        const enum unlike how = n / KINDS % UNLIKES;
        const enum dtype dtype = n / KINDS / UNLIKES % 4;
        const size_t size = random_below(&state, 20);
        const size_t width = 1 + random_below(&state, size % 4 ? 20 : 200);

        if (fits(kind, dtype))
            check_pair(&state, kind, how, size, width, dtype, any_transforms(&state, kind, dtype));
    }
    say_worst();
}
END_TEST

/* Few bits, so no divergence that is tiny. */
START_TEST(wide_rows)
{
    static const struct {
        enum kind kind;
        enum unlike how;
        size_t n;
    } rows[] = {{GAUSSIAN, NOISE, 3},       {GAUSSIAN, NOISE, 14},   {CONSTANT, ONE_TOKEN, 0},
                {CONSTANT, ALL_BUT_ONE, 4}, {TIES, ALL_BUT_ONE, 25}, {WINNER_50, STEEPER, 9},
                {ASCENDING, NOISE, 14}};
    uint64_t state = 12;

    truth_bits = 500;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_pair(&state, rows[i].kind, rows[i].how, rows[i].n, is_long() ? WIDEST : WIDEST / 32,
                   DTYPE_F64, (const double[]){1, 1, 0, 0});
    say_worst();
}
END_TEST

static struct divergence run_f32(const float *a, const float *b, size_t width, double ta, double tb)
{
    return run_all(&(struct input){{a, width, DTYPE_F32}, ta, 0},
                   &(struct input){{b, width, DTYPE_F32}, tb, 0});
}

/* Hand-made rows. */
static const struct {
    size_t width;
    float a[4], b[4];
    double kl_ab, kl_ba, jsd, variation;
    bool same_top;
} cases[] = {
    {2, {0, 0}, {5, 5}, 0, 0, 0, 0, true},
    {1, {3}, {-7}, 0, 0, 0, 0, true},
    /* (1/2, 1/2) and (1, 0) */
    {2, {0, 0}, {0, -INFINITY}, INFINITY, M_LN2, 0.21576155433883565, 0.5, true},
    {2, {0, -INFINITY}, {0, 0}, M_LN2, INFINITY, 0.21576155433883565, 0.5, true},
    /* nothing in common */
    {2, {0, -INFINITY}, {-INFINITY, 0}, INFINITY, INFINITY, M_LN2, 1, false},
    {3, {0, -INFINITY, -INFINITY}, {0, -INFINITY, -INFINITY}, 0, 0, 0, 0, true},
    /* all but nothing: e^-2000 is not 0, it only cannot be told */
    {2, {1000, -1000}, {1000, -INFINITY}, INFINITY, 0, 0, 0, true},
    {2, {1000, -1000}, {-1000, 1000}, 2000, 2000, M_LN2, 1, false},
    {2, {3e38f, -3e38f}, {3e38f, -3e38f}, 0, 0, 0, 0, true},
    {2, {1000, -1000}, {1000, -900}, 0, 0, 0, 0, true},
    /* ... and e^-6e38 */
    {2, {3e38f, -3e38f}, {3e38f, -INFINITY}, INFINITY, 0, 0, 0, true},
};

START_TEST(edges_are_as_defined)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct divergence got = run_f32(cases[i].a, cases[i].b, cases[i].width, 1, 1);
        const double values[] = {got.kl_ab, got.kl_ba, got.jsd, got.total_variation};
        const double right[] = {cases[i].kl_ab, cases[i].kl_ba, cases[i].jsd, cases[i].variation};

        for (size_t k = 0; k < COUNT(values); k++)
            ck_assert_msg(values[k] == right[k] || fabs(values[k] - right[k]) <= 1e-15 * right[k],
                          "%zu %zu: %.17g, not %.17g", i, k, values[k], right[k]);
        ck_assert_int_eq(got.same_top, cases[i].same_top);
    }
}
END_TEST

/* Rounding takes nothing past ln 2, or past 1. */
START_TEST(what_has_nothing_in_common_is_at_the_limit)
{
    float a[700], b[700];

    for (size_t width = 2; width <= COUNT(a); width++) {
        struct divergence got;

        for (size_t i = 0; i < width; i++) {
            a[i] = i % 2 ? -INFINITY : (float)(i % 5);
            b[i] = i % 2 ? (float)(i % 3) : -INFINITY;
        }
        got = run_f32(a, b, width, 1, 1);
        ck_assert(got.jsd <= M_LN2 && got.jsd > M_LN2 - 1e-14);
        ck_assert(got.total_variation <= 1 && got.total_variation > 1 - 1e-14);
    }
}
END_TEST

/* From rows that are all but the same to rows with nothing in common; some tokens are masked, or
 * further away than kernels take.  run_all() compares the kernels. */
START_TEST(kernels_make_no_difference)
{
    uint64_t state = 3;
    float a[700], b[700];

    for (size_t n = 0; n < 400; n++) {
        const size_t width = 1 + random_below(&state, COUNT(a));
        const double t = n % 3 ? 1 : 0.3 + (double)random_below(&state, 30) / 10;
        const double apart = ldexp(8, -(int)random_below(&state, 25));

        for (size_t i = 0; i < width; i++) {
            a[i] = (float)(6 * random_normal(&state));
            b[i] = (float)(a[i] + apart * random_normal(&state));
        }
        if (n % 4 == 0)
            b[random_below(&state, width)] = n % 8 ? -INFINITY : -600 * (float)(1 + n % 5);
        run_f32(a, b, width, t, n % 5 ? t : 1.1);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {known_rows,
                                  divergences_are_the_exact_ones,
                                  wide_rows,
                                  edges_are_as_defined,
                                  what_has_nothing_in_common_is_at_the_limit,
                                  kernels_make_no_difference,
                                  NULL};

    truth_make();
    return suite_main("divergence", tests);
}
