/* test_distillation.c - rows that are compared, against MPFR by the definitions. */
#include "tests/unit/exact.h"
#include "tests/unit/suite.h"

#include "core/cpu.h"
#include "core/crossing.h"
#include "core/distillation.h"
#include "core/kernels.h"

#include <stdio.h>

#define WIDEST 40
#define BITS 400

/* What a divergence may be off by, in units of 2^-53 of itself, or else whatever it is: what
 * double-doubles leave of the difference of two logarithms, where rows are nearly equal. */
#define RELATIVE 60
#define ABSOLUTE 0x1p-70

enum { A, B };

/* ---- what is right ---- */

static mpfr_t log_p[2][WIDEST], p[2][WIDEST], mass[2], total;

static void make(void)
{
    for (size_t side = 0; side < 2; side++) {
        mpfr_init2(mass[side], BITS);
        for (size_t i = 0; i < WIDEST; i++)
            mpfr_inits2(BITS, log_p[side][i], p[side][i], (mpfr_ptr)NULL);
    }
    mpfr_init2(total, BITS);
}

/* ln p and p of each logit. */
static void set_row(size_t side, const double *logits, size_t width, double t, double softcap)
{
    mpfr_t sum;

    mpfr_init2(sum, BITS);
    mpfr_set_zero(sum, 1);
    for (size_t i = 0; i < width; i++) {
        mpfr_ptr out = log_p[side][i];

        mpfr_set_d(out, logits[i], MPFR_RNDN);
        if (softcap > 0 && mpfr_number_p(out)) {
            mpfr_div_d(out, out, softcap, MPFR_RNDN);
            mpfr_tanh(out, out, MPFR_RNDN);
            mpfr_mul_d(out, out, softcap, MPFR_RNDN);
        }
        mpfr_div_d(out, out, t, MPFR_RNDN);
        mpfr_exp(p[side][i], out, MPFR_RNDN);
        mpfr_add(sum, sum, p[side][i], MPFR_RNDN);
    }
    for (size_t i = 0; i < width; i++)
        mpfr_div(p[side][i], p[side][i], sum, MPFR_RNDN);
    mpfr_log(sum, sum, MPFR_RNDN);
    for (size_t i = 0; i < width; i++)
        mpfr_sub(log_p[side][i], log_p[side][i], sum, MPFR_RNDN);
    mpfr_clear(sum);
}

/* total += factor x ln(x / y) */
static void add_term(mpfr_t x, mpfr_t y, double factor)
{
    mpfr_t term;

    if (mpfr_zero_p(x) || factor == 0)
        return;
    mpfr_init2(term, BITS);
    mpfr_div(term, x, y, MPFR_RNDN);
    mpfr_log(term, term, MPFR_RNDN);
    mpfr_mul(term, term, x, MPFR_RNDN);
    mpfr_mul_d(term, term, factor, MPFR_RNDN);
    mpfr_add(total, total, term, MPFR_RNDN);
    mpfr_clear(term);
}

/* The term of an element, by what both give it.  1 - beta is exact in the tests. */
static void add_element(double beta, mpfr_t x, mpfr_t y)
{
    mpfr_t m, part;

    if (beta == 0 || beta == 1) {
        add_term(beta == 0 ? x : y, beta == 0 ? y : x, 1);
        return;
    }
    mpfr_inits2(BITS, m, part, (mpfr_ptr)NULL);
    mpfr_mul_d(m, x, beta, MPFR_RNDN);
    mpfr_mul_d(part, y, 1 - beta, MPFR_RNDN);
    mpfr_add(m, m, part, MPFR_RNDN);
    add_term(x, m, beta);
    add_term(y, m, 1 - beta);
    mpfr_clears(m, part, (mpfr_ptr)NULL);
}

/* Sets total and mass. */
static void set_distilled(const struct distillation *distillation, const bool *in, size_t width)
{
    mpfr_t x[2], rest[2];

    mpfr_inits2(BITS, x[A], x[B], rest[A], rest[B], (mpfr_ptr)NULL);
    for (size_t side = 0; side < 2; side++) {
        mpfr_set_zero(mass[side], 1);
        mpfr_set_zero(rest[side], 1);
        for (size_t i = 0; i < width; i++)
            mpfr_add(in[i] ? mass[side] : rest[side], in[i] ? mass[side] : rest[side], p[side][i],
                     MPFR_RNDN);
    }
    mpfr_set_zero(total, 1);
    for (size_t i = 0; i < width; i++) {
        if (!in[i])
            continue;
        for (size_t side = 0; side < 2; side++) {
            mpfr_set(x[side], p[side][i], MPFR_RNDN);
            if (distillation->tail == TAIL_renormalize)
                mpfr_div(x[side], x[side], mass[side], MPFR_RNDN);
        }
        add_element(distillation->beta, x[A], x[B]);
    }
    if (distillation->tail == TAIL_bucket)
        add_element(distillation->beta, rest[A], rest[B]);
    mpfr_clears(x[A], x[B], rest[A], rest[B], (mpfr_ptr)NULL);
}

/* ---- what is given ---- */

static double logits[2][WIDEST];
static struct row rows[2];
static struct transform transforms[2];
static struct log_row log_rows[2];

/* How far b is from a. */
static const double scales[] = {4, 1, 0x1p-3, 0x1p-10, 0x1p-20, 0x1p-30};

static void draw(uint64_t *state, size_t width, bool capped)
{
    const double scale = scales[random_below(state, COUNT(scales))];
    const double t = 0.3 + 2 * random_unit(state), cap = capped ? 1 + 30 * random_unit(state) : 0;

    for (size_t i = 0; i < width; i++) {
        logits[A][i] = 5 * random_normal(state);
        logits[B][i] = logits[A][i] + scale * random_normal(state);
    }
    for (size_t side = 0; side < 2; side++) {
        rows[side] = (struct row){logits[side], width, DTYPE_F64};
        transforms[side] = transform_make(t, cap);
        ck_assert(log_row_make(&log_rows[side], &rows[side], &transforms[side],
                               (struct token_set){NULL, true}));
        set_row(side, logits[side], width, t, cap);
    }
}

/* `units` of 2^-53 of the result, or what is left. */
static void check(const char *name, double got, mpfr_t exact, double units, double absolute)
{
    const double off = error_units(got, exact);

    ck_assert_msg(off <= units || off * fabs(got) <= ldexp(absolute, 53),
                  "%s: %.17g, not %.17g: off by %g", name, got, mpfr_get_d(exact, MPFR_RNDN), off);
}

/* ---- distillation ---- */

static struct distilled run(const struct distillation *distillation, size_t k, bool *in)
{
    static struct ranked best[2][WIDEST];
    static bool marks[WIDEST];
    struct lesson lesson = {.teacher = &log_rows[A],
                            .student = &log_rows[B],
                            .best = {best[A], best[B]},
                            .marks = marks};
    struct distilled distilled;

    for (size_t side = 0; side < 2 && k > 0; side++) {
        struct order order = {.count = k, .best = best[side]};

        kernel_find(0, "scalar")->order(&rows[side], &order);
        lesson.count = order.found;
    }
    for (size_t i = 0; i < WIDEST; i++)
        in[i] = k == 0;
    for (size_t i = 0; i < lesson.count; i++)
        in[best[distillation->support][i].token] = true;
    distilled = distillation_of(distillation, &lesson);
    for (size_t i = 0; i < WIDEST; i++)
        ck_assert(!marks[i]);
    return distilled;
}

static const double betas[] = {0, 0.5, 1, 0.25, 0x1p-20, 1 - 0x1p-20};

START_TEST(distillation_is_the_exact_one)
{
    uint64_t state = 21;

    for (size_t n = times(1500); n-- > 0;) {
        const size_t width = 2 + random_below(&state, WIDEST - 2);
        const size_t k = n % 4 ? 1 + random_below(&state, width - 1) : 0;
        const struct distillation distillation = {.beta = betas[random_below(&state, COUNT(betas))],
                                                  .top = k,
                                                  .tail = k ? n % 3 : TAIL_drop,
                                                  .support = n % 7 == 0,
                                                  .factor = 1};
        struct distilled got;
        bool in[WIDEST];

        draw(&state, width, n % 5 == 0);
        got = run(&distillation, k, in);
        set_distilled(&distillation, in, width);
        check("divergence", got.divergence, total, RELATIVE, ABSOLUTE);
        if (k == 0)
            continue;
        check("teacher's mass", got.teacher_mass, mass[A], 2, 0);
        check("student's mass", got.student_mass, mass[B], 2, 0);
    }
}
END_TEST

/* Rows that are an offset apart, or proportional to their temperatures, are one distribution. */
START_TEST(one_distribution_has_no_divergence)
{
    static const struct {
        double a[4], b[4], ta, tb;
    } same[] = {{{1, 2, 3, 0}, {1, 2, 3, 0}, 1, 1},
                {{1, 2, 3, 0}, {6, 7, 8, 5}, 0.7, 0.7},
                {{1, 2, 3, 0}, {2, 4, 6, 0}, 1, 2},
                {{-1e300, 5, 4, 5}, {-1e300, 5, 4, 5}, 1, 1},
                {{-INFINITY, 5, 4, 5}, {-INFINITY, 1, 0, 1}, 3, 3}};

    for (size_t i = 0; i < COUNT(same); i++)
        for (size_t n = 0; n < COUNT(betas) * TAIL_COUNT * 4; n++) {
            const struct distillation distillation = {.beta = betas[n % COUNT(betas)],
                                                      .top = n / COUNT(betas) / TAIL_COUNT,
                                                      .tail = n / COUNT(betas) % TAIL_COUNT,
                                                      .factor = 3};
            bool in[WIDEST];

            for (size_t side = 0; side < 2; side++) {
                rows[side] = (struct row){side == A ? same[i].a : same[i].b, 4, DTYPE_F64};
                transforms[side] = transform_make(side == A ? same[i].ta : same[i].tb, 0);
                ck_assert(log_row_make(&log_rows[side], &rows[side], &transforms[side],
                                       (struct token_set){NULL, true}));
            }
            ck_assert(run(&distillation, distillation.top, in).divergence == 0);
        }
}
END_TEST

static void swap_rows(void)
{
    const struct row row = rows[A];
    const struct log_row log_row = log_rows[A];

    rows[A] = rows[B];
    rows[B] = row;
    log_rows[A] = log_rows[B];
    log_rows[B] = log_row;
    log_rows[A].row = &rows[A];
    log_rows[B].row = &rows[B];
}

/* With 1 - beta, the teacher and the student change places. */
START_TEST(swapped_models_have_the_same_bits)
{
    uint64_t state = 23;

    for (size_t n = times(300); n-- > 0;) {
        const size_t width = 2 + random_below(&state, WIDEST - 2);
        const size_t k = random_below(&state, width);
        struct distillation distillation = {.beta = betas[n % COUNT(betas)],
                                            .top = k,
                                            .tail = n % TAIL_COUNT,
                                            .support = n % 2 == 0,
                                            .factor = 1};
        struct distilled one, other;
        bool in[WIDEST];

        draw(&state, width, n % 5 == 0);
        one = run(&distillation, k, in);
        swap_rows();
        distillation.beta = 1 - distillation.beta;
        distillation.support = !distillation.support;
        other = run(&distillation, k, in);
        ck_assert(one.divergence == other.divergence && one.overlap == other.overlap
                  && one.teacher_mass == other.student_mass
                  && one.student_mass == other.teacher_mass);
    }
}
END_TEST

/* ---- crossing ---- */

START_TEST(crossing_is_the_exact_one)
{
    uint64_t state = 22;
    mpfr_t entropy, variance, least, work;

    mpfr_inits2(BITS, entropy, variance, least, work, (mpfr_ptr)NULL);
    for (size_t n = times(1000); n-- > 0;) {
        const size_t width = 2 + random_below(&state, WIDEST - 2);
        const size_t target = random_below(&state, width);
        struct crossing crossing;
        struct dd above;

        draw(&state, width, n % 5 == 0);
        crossing = crossing_of(&log_rows[A], &log_rows[B]);
        above = crossing_above(&crossing, &transforms[B], logits[B][target]);
        mpfr_set_zero(entropy, 1);
        mpfr_set_zero(variance, 1);
        mpfr_set_zero(least, 1);
        for (size_t i = 0; i < width; i++) {
            mpfr_mul(work, p[A][i], log_p[B][i], MPFR_RNDN);
            mpfr_sub(entropy, entropy, work, MPFR_RNDN);
            mpfr_add(least, least, mpfr_less_p(p[A][i], p[B][i]) ? p[A][i] : p[B][i], MPFR_RNDN);
        }
        for (size_t i = 0; i < width; i++) {
            mpfr_add(work, log_p[B][i], entropy, MPFR_RNDN);
            mpfr_sqr(work, work, MPFR_RNDN);
            mpfr_mul(work, work, p[A][i], MPFR_RNDN);
            mpfr_add(variance, variance, work, MPFR_RNDN);
        }
        check("cross-entropy", crossing.cross_entropy, entropy, 2, 0);
        check("variance", crossing.variance, variance, 8, 0);
        check("acceptance", crossing_acceptance(&log_rows[A], &log_rows[B]), least, 2, 0);
        mpfr_add(work, log_p[B][target], entropy, MPFR_RNDN);
        check("above", above.hi, work, 2, 0);
    }
    mpfr_clears(entropy, variance, least, work, (mpfr_ptr)NULL);
}
END_TEST

/* ---- sums over tokens ---- */

START_TEST(sums_as_defined)
{
    static const struct {
        double log_q[2], entropy[2], above[2], variance[2], binoculars, discrepancy;
    } cases[] = {
        {{-1, -2}, {3, 1}, {2, -1}, {4, 5}, 0.75, 1.0 / 3},
        {{-1, -2}, {0, 0}, {-1, -2}, {0, 0}, INFINITY, NAN},
        {{0, 0}, {0, 0}, {0, 0}, {0, 0}, NAN, NAN},
        {{-INFINITY, -2}, {3, 1}, {-INFINITY, -1}, {4, 5}, INFINITY, -INFINITY},
        {{-1, -2}, {INFINITY, 1}, {INFINITY, -1}, {NAN, 5}, 0, NAN},
        {{-INFINITY, -2}, {INFINITY, 1}, {NAN, -1}, {NAN, 5}, NAN, NAN},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct crossing_sums sums;
        const double right[] = {cases[i].binoculars, cases[i].discrepancy};
        double got[2];

        crossing_sums_clear(&sums);
        for (size_t k = 0; k < 2; k++) {
            const struct crossing crossing = {cases[i].entropy[k], cases[i].variance[k], {0, 0}, 0};

            crossing_sums_add(&sums, &crossing, cases[i].log_q[k], dd_of(cases[i].above[k]));
        }
        got[0] = crossing_binoculars(&sums);
        got[1] = crossing_discrepancy(&sums);
        for (size_t k = 0; k < 2; k++)
            ck_assert_msg(isnan(right[k]) ? isnan(got[k]) : got[k] == right[k], "%zu: %g, not %g",
                          i, got[k], right[k]);
    }
}
END_TEST

START_TEST(expected_tokens_are_at_most_one_more)
{
    ck_assert(crossing_expected_tokens(1, 64) == 65);
    ck_assert(crossing_expected_tokens(0, 64) == 1);
    ck_assert(crossing_expected_tokens(0.5, 3) == 1.875);
    ck_assert(crossing_expected_tokens(0.5, 1) == 1.5);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {distillation_is_the_exact_one,
                                  one_distribution_has_no_divergence,
                                  swapped_models_have_the_same_bits,
                                  crossing_is_the_exact_one,
                                  sums_as_defined,
                                  expected_tokens_are_at_most_one_more,
                                  NULL};

    make();
    return suite_main("distillation", tests);
}
