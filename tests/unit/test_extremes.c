/* test_extremes.c - logits, temperatures, softcaps and smoothings from end to end of the range of
 * doubles, against MPFR; and every kernel gives the same bits. */
#include "tests/unit/extremes.h"
#include "tests/unit/suite.h"

#include "core/cpu.h"
#include "core/kernels.h"
#include "core/real.h"
#include "core/registry.h"

#include <stdio.h>

/* ---- what comes out ---- */

static void describe(const struct extreme *x, const char *what, double got, double right)
{
    char row[1024];
    int length = 0;

    for (size_t i = 0; i < x->width && length < (int)sizeof row - 32; i++)
        length += snprintf(row + length, sizeof row - (size_t)length, "%s%a", i > 0 ? ", " : "",
                           x->logits[i]);
    ck_abort_msg("%s: %.17g, not %.17g\nT %a c %a e %a (%s) z %a target %zu of %zu: %s", what, got,
                 right, x->temperature, x->softcap, x->options.label_smoothing,
                 registry_name(REGISTRY_smoothings, x->options.smoothing), x->options.z_loss,
                 x->target, x->width, row);
}

#define U 0x1p-53

/* Within `units` of the result, or of `size`, what was added up to it; or within the least double,
 * as where a result is subnormal. */
static void check_number(const struct extreme *x, const char *what, double got, mpfr_t exact,
                         double units, double size)
{
    const double right = mpfr_get_d(exact, MPFR_RNDN);
    const double scale = fabs(right) > size ? fabs(right) : size;

    if (fabs(right) > M * (1 - 8 * U) && fabs(got) > M * (1 - 8 * U) && (got > 0) == (right > 0))
        return; /* at the end of the range, or beyond it */
    if (!(fabs(got - right) <= units * U * scale + 0x1p-1074))
        describe(x, what, got, right);
}

static void same_bits(const struct extreme *x, const struct row *row,
                      const struct transform *transform, const struct row_stats *stats)
{
    const struct kernel *kernel;

    for (size_t i = 0; (kernel = kernel_at(cpu_features(), i)) != NULL; i++) {
        struct row_stats other;
        struct row_fault fault;

        ck_assert(kernel->reduce(row, transform, ROW_ENTROPY | ROW_SPREAD, &other, &fault));
        if (memcmp(stats, &other, sizeof other) != 0)
            describe(x, kernel->name, other.rest.hi, stats->rest.hi);
    }
}

/* What cancels in a loss: the entropy of the spread target, and log1p(R) in lse. */
static double cancelled(const struct extreme *x, const struct row_stats *stats,
                        const struct transform *transform)
{
    const double e = x->options.label_smoothing, each = e / (double)(x->width - 1);
    const bool less = x->options.smoothing == SMOOTHING_OTHERS_MINUS_ENTROPY && e > 0;
    const double entropy = fabs((1 - e) * real_log1p(-e)) + fabs(e * real_log(each + 1e-20));
    const double lse = row_lse(stats, transform).hi;
    const double square = x->options.z_loss * fabs(lse) * stats->log_sum.hi;

    return (less && x->width > 1 ? entropy : 0) + (isfinite(square) ? square : 0);
}

static void check_extreme(const struct extreme *x)
{
    static struct right right;
    const struct transform transform = transform_make(x->temperature, x->softcap);
    const struct row row = {x->logits, x->width, DTYPE_F64};
    const double logit = x->logits[x->target];
    struct row_stats stats;
    struct row_fault fault;
    double nll;

    if (!work.term->_mpfr_d) {
        work_make();
        mpfr_inits2(WORK_BITS, right.nll, right.entropy, right.loss, (mpfr_ptr)NULL);
    }
    ck_assert(kernel_find(0, "scalar")
                  ->reduce(&row, &transform, ROW_ENTROPY | ROW_SPREAD, &stats, &fault));
    nll = row_nll(&stats, &transform, logit);
    right_make(&right, x, stats.max);
    check_number(x, "nll", nll, right.nll, 8, 0);
    check_number(x, "entropy", stats.entropy, right.entropy, 16, 1e-300);
    check_number(x, "loss", loss_of(&x->options, &stats, &transform, x->width, logit, nll),
                 right.loss, 16, cancelled(x, &stats, &transform));
    same_bits(x, &row, &transform, &stats);
}

/* ---- rows that were wrong once ---- */

/* Temperature, softcap, smoothing, target, logits; up to the first that is 7. */
#define END 7
static const struct {
    double temperature, softcap, e, z;
    size_t target;
    double logits[4];
} rows[] = {
    {1, 0, 0.1, 0, 1, {0, 0, 1e308, END}},
    {1, 0, 0.1, 0, 0, {1.7e308, -1.7e308, END}},
    {1, 0, 0.9, 0, 2, {M, -M, -M, END}},
    {1e300, 0, 0, 0, 0, {-M, -M, END}},
    {1e-302, 1e-302, 0, 0, 0, {1, 0, -3, END}},
    {1e-307, 1e-307, 0.5, 0, 1, {1e-307, 0, -3e-307, END}},
    {1e308, 0, 0, 0, 0, {1.7e308, 0, -1.7e308, END}},
    {1e-305, 0, 0, 0, 0, {1e-305, 0, -1e-305, END}},
    {1e-307, 0, 0, 0, 0, {5e-324, 0, -1e-307, END}},
    {1e305, 0, 0, 0, 2, {1e308, 0, -1e308, END}},
    {1e308, 0, 0.5, 0, 1, {M, -M, END}},
    {1e308, 1e308, 0.5, 0, 1, {M, -M, END}},
    {1e-300, 0, 1e-10, 0, 0, {1e295, 0, END}},
    {0.1, 0, 1e-300, 0, 0, {M, -M, END}},
    {1, 0, 0, 1e-300, 0, {1e200, 1, END}},
    {1, 0, 0, 1e300, 0, {1e-170, END}},
    {1, 0, 0, 1e300, 1, {700, -1.79769e308, -745, END}},
    {0x1p-8, 0, 0, 1e-300, 0, {M, M, 0, END}},
    {1, 0, 1 - 0x1p-53, 0, 1, {M, -M, -M, END}},
    {1, 0, 0.9999999999999999, 0, 0, {-700, 0, END}},
};

START_TEST(known_extremes)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct extreme x = {.temperature = rows[i].temperature,
                            .softcap = rows[i].softcap,
                            .options = {rows[i].e, SMOOTHING_ALL, rows[i].z},
                            .target = rows[i].target};

        for (; x.width < 4 && rows[i].logits[x.width] != END; x.width++)
            x.logits[x.width] = rows[i].logits[x.width];
        for (enum smoothing s = 0; s < SMOOTHING_COUNT; s++) {
            x.options.smoothing = s;
            check_extreme(&x);
        }
    }
}
END_TEST

/* ---- rows that nobody thought of ---- */

static const double ends[] = {M,       M / 2,   1.7e308, 1e308,  1e305,    1e300,     0x1p1000,
                              0x1p960, 0x1p40,  1e10,    700,    30,       1,         1 + 0x1p-52,
                              0.5,     0x1p-53, 1e-16,   1e-150, 0x1p-960, 0x1p-1000, 1e-300,
                              1e-305,  1e-308,  DBL_MIN, 5e-324};

static double any_size(uint64_t *state)
{
    if (random_below(state, 3) > 0)
        return ends[random_below(state, COUNT(ends))];
    return ldexp(1 + random_unit(state), (int)random_below(state, 2090) - 1070);
}

static double any_logit(uint64_t *state, const double *before, size_t count)
{
    const double near = count > 0 ? before[random_below(state, count)] : 0;
    double logit;

    switch (random_below(state, 8)) {
    case 0:
        return near;
    case 1:
        logit = near * (1 + ldexp(random_unit(state), -(int)random_below(state, 53)));
        break;
    case 2:
        return -near;
    case 3:
        return 0;
    default:
        logit = random_below(state, 2) ? any_size(state) : -any_size(state);
    }
    return isfinite(logit) ? logit : near;
}

/* Mostly one that does not tell everything apart. */
static double any_temperature(uint64_t *state, const struct extreme *x)
{
    const double a = x->logits[random_below(state, x->width)];
    const double b = x->logits[random_below(state, x->width)];
    const double t = fabs(a / 2 - b / 2) / ldexp(1, (int)random_below(state, 12) - 2);

    if (random_below(state, 3) > 0 && t > 0 && isfinite(t))
        return t;
    return any_size(state);
}

/* The nearest number that is taken. */
static double in_range(double x, double least, double most)
{
    return x < least ? least : x > most ? most : x;
}

static struct extreme any_extreme(uint64_t *state)
{
    const size_t bound = random_below(state, 10) == 0 ? WIDEST : 6;
    struct extreme x = {.width = 1 + random_below(state, bound)};

    for (size_t i = 0; i < x.width; i++)
        x.logits[i] = any_logit(state, x.logits, i);
    for (size_t i = 1; i < x.width && random_below(state, 8) == 0; i++)
        x.logits[i] = -HUGE_VAL;
    x.target = random_below(state, x.width);
    x.temperature = in_range(any_temperature(state, &x), 1e-307, 1e308);
    if (random_below(state, 3) == 0)
        x.softcap = in_range(any_size(state), 1e-307, in_range(0x1p60 * x.temperature, 0, 1e308));
    x.options.smoothing = (enum smoothing)random_below(state, SMOOTHING_COUNT);
    if (random_below(state, 2))
        x.options.label_smoothing = random_below(state, 3)
                                        ? random_unit(state)
                                        : 1 - ldexp(1, -(int)random_below(state, 54));
    if (random_below(state, 4) == 0)
        x.options.z_loss = in_range(any_size(state), 1e-300, 1e300);
    return x;
}

START_TEST(any_extremes)
{
    uint64_t state = 17;

    for (size_t n = 0; n < times(2000); n++) {
        const struct extreme x = any_extreme(&state);

        check_extreme(&x);
    }
}
END_TEST

/* ---- how far two such rows are apart ---- */

enum { KL_AB, KL_BA, JSD, VARIATION, DIVERGENCES };

/* What a divergence may be off by here: docs/numerics.md has the bound of rows that are not so far
 * out. */
#define DIVERGENCE_RELATIVE 1e-9
#define DIVERGENCE_ABSOLUTE 1e-12

static mpfr_t log_p[2][WIDEST];

static void right_log_p(size_t side, const struct extreme *x)
{
    right_row(x);
    for (size_t i = 0; i < x->width; i++) {
        if (!log_p[side][i]->_mpfr_d)
            mpfr_init2(log_p[side][i], WORK_BITS);
        mpfr_sub(log_p[side][i], work.scaled[i], work.lse, MPFR_RNDN);
    }
}

/* exp(x), 0 where that is far below any double; in work.term. */
static void right_exp(mpfr_t out, mpfr_t x)
{
    if (mpfr_cmp_d(x, -1e5) < 0) {
        mpfr_set_zero(out, 1);
        return;
    }
    mpfr_set_prec(out, EXACT_BITS);
    mpfr_exp(out, x, MPFR_RNDN);
}

/* out += p (x - y), p = exp(x); infinite where only y is a mask, be p ever so small. */
static void add_kl(mpfr_t out, mpfr_t x, mpfr_t y)
{
    right_exp(work.term, x);
    if (mpfr_inf_p(y) && !mpfr_inf_p(x))
        mpfr_set_inf(out, 1);
    if (mpfr_zero_p(work.term))
        return;
    mpfr_sub(work.other, x, y, MPFR_RNDN);
    mpfr_mul(work.other, work.other, work.term, MPFR_RNDN);
    mpfr_add(out, out, work.other, MPFR_RNDN);
}

static void right_divergence(mpfr_t *out, size_t width)
{
    static mpfr_t p, q, middle;

    if (!p->_mpfr_d)
        mpfr_inits2(EXACT_BITS, p, q, middle, (mpfr_ptr)NULL);
    for (size_t k = 0; k < DIVERGENCES; k++)
        mpfr_set_zero(out[k], 1);
    for (size_t i = 0; i < width; i++) {
        mpfr_ptr a = log_p[0][i], b = log_p[1][i];

        right_exp(p, a);
        right_exp(q, b);
        mpfr_add(middle, p, q, MPFR_RNDN);
        mpfr_sub(p, p, q, MPFR_RNDN);
        mpfr_abs(p, p, MPFR_RNDN);
        mpfr_add(out[VARIATION], out[VARIATION], p, MPFR_RNDN);
        add_kl(out[KL_AB], a, b);
        add_kl(out[KL_BA], b, a);
        if (mpfr_zero_p(middle))
            continue;
        mpfr_div_2ui(middle, middle, 1, MPFR_RNDN);
        mpfr_log(middle, middle, MPFR_RNDN);
        add_kl(out[JSD], a, middle);
        add_kl(out[JSD], b, middle);
    }
    mpfr_div_2ui(out[JSD], out[JSD], 1, MPFR_RNDN);
    mpfr_div_2ui(out[VARIATION], out[VARIATION], 1, MPFR_RNDN);
}

/* One side, reduced; its exact log-probabilities are kept. */
static void side_make(struct side *side, struct row *row, struct transform *transform,
                      struct row_stats *stats, const struct extreme *x, size_t which)
{
    struct row_fault fault;

    *row = (struct row){x->logits, x->width, DTYPE_F64};
    *transform = transform_make(x->temperature, x->softcap);
    *side = (struct side){row, transform, stats};
    ck_assert(kernel_find(0, "scalar")->reduce(row, transform, 0, stats, &fault));
    right_log_p(which, x);
}

static void check_divergence(const struct extreme *a, const struct extreme *b)
{
    static mpfr_t right[DIVERGENCES];
    static const char *const names[] = {"kl_ab", "kl_ba", "jsd", "total_variation"};
    struct side sides[2];
    struct row row[2];
    struct transform transform[2];
    struct row_stats stats[2];
    struct divergence got;

    for (size_t k = 0; k < DIVERGENCES && !right[k]->_mpfr_d; k++)
        mpfr_init2(right[k], WORK_BITS);
    for (size_t i = 0; i < 2; i++)
        side_make(&sides[i], &row[i], &transform[i], &stats[i], i == 0 ? a : b, i);
    got = divergence_of(kernel_find(cpu_features(), "auto"), &sides[0], &sides[1]);
    right_divergence(right, a->width);
    for (size_t k = 0; k < DIVERGENCES; k++) {
        const double value =
            (const double[]){got.kl_ab, got.kl_ba, got.jsd, got.total_variation}[k];
        const double exact = mpfr_get_d(right[k], MPFR_RNDN);

        if (value > M * (1 - DIVERGENCE_RELATIVE) && exact > M * (1 - DIVERGENCE_RELATIVE))
            continue;
        if (!(fabs(value - exact) <= DIVERGENCE_RELATIVE * exact + DIVERGENCE_ABSOLUTE)) {
            printf("b: T %a c %a: %a %a %a ...\n", b->temperature, b->softcap, b->logits[0],
                   b->logits[1], b->logits[2]);
            describe(a, names[k], value, exact);
        }
    }
}

static const struct {
    double a[3], b[3], ta, tb;
} pairs[] = {
    {{0, 0, 0}, {0, 0, 0}, M, 5e-324},
    {{0, 0, -M}, {M, 0, -M}, 1, 1},
    {{0, 0, 0}, {M, 0, -M}, 1, 1},
    {{0, 0, 0}, {M, -M, -M}, 1e10, 1e10},
    {{M, 0, -M}, {-M, 0, M}, 1e308, 1e308},
    {{M, 0, -M}, {-M, 0, M}, 1e308, M},
    {{M, -M, -M}, {M, -M, -M}, 1, 1},
    {{0, -700, 0}, {M, -M, M}, 1, 1},
    {{1e10, 0, -HUGE_VAL}, {0, 1e10, 0}, 1e-300, 1e-300},
};

START_TEST(known_pairs)
{
    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct extreme a = {.temperature = pairs[i].ta, .width = 3};
        struct extreme b = {.temperature = pairs[i].tb, .width = 3};

        memcpy(a.logits, pairs[i].a, sizeof pairs[i].a);
        memcpy(b.logits, pairs[i].b, sizeof pairs[i].b);
        check_divergence(&a, &b);
        check_divergence(&b, &a);
    }
}
END_TEST

START_TEST(any_pairs)
{
    uint64_t state = 19;

    for (size_t n = 0; n < times(500); n++) {
        const struct extreme a = any_extreme(&state);
        struct extreme b = any_extreme(&state);

        for (size_t i = b.width; i < a.width; i++)
            b.logits[i] = any_logit(&state, a.logits, 1);
        b.width = a.width;
        if (random_below(&state, 2))
            b.temperature = a.temperature;
        b.softcap = in_range(b.softcap, 0, b.temperature * 0x1p60);
        check_divergence(&a, &b);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {known_extremes, any_extremes, known_pairs, any_pairs, NULL};

    return suite_main("extremes", tests);
}
