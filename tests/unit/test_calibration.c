/* test_calibration.c - calibration, against its definitions in MPFR. */
#include "tests/unit/exact.h"
#include "tests/unit/suite.h"

#include "core/calibration.h"

#include <float.h>

#define MOST 60
#define BINS 20

/* Questions with what is right about them. */
struct sample {
    size_t count;
    struct verdict verdict[MOST];
    size_t bin[MOST]; /* of each */
};

static bool is_right(const struct sample *sample, size_t i)
{
    return verdict_is_right(sample->verdict[i]);
}

static double confidence(const struct sample *sample, size_t i)
{
    return verdict_confidence(sample->verdict[i]);
}

/* Confidences of a few values, so that many are equal; some are nearly 1. */
static void sample_draw(struct sample *sample, uint64_t *state)
{
    const size_t kinds = 1 + random_below(state, MOST), chance = random_below(state, 11);
    struct dd kind[MOST];

    sample->count = 1 + random_below(state, MOST);
    for (size_t k = 0; k < kinds; k++) {
        const double less = exp2(-90 * random_unit(state) * (double)random_below(state, 2));
        const double c = 0.2 + 0.8 * random_unit(state);

        kind[k] = k % 2 == 0 ? dd_add_double(dd_of(-less * 0.5), 1) : dd_sum(c, c * 0x1p-60);
    }
    for (size_t i = 0; i < sample->count; i++)
        sample->verdict[i] =
            verdict_of(kind[random_below(state, kinds)], random_below(state, 10) < chance);
    verdicts_sort(sample->verdict, sample->count);
}

/* The bin of each question, by the words of calibration.h. */
static void bin_by_definition(struct sample *sample, enum binning binning, size_t bins)
{
    for (size_t i = 0; i < sample->count; i++) {
        size_t bin = 0, first = 0;

        while (confidence(sample, i) > (double)(bin + 1) / (double)bins)
            bin++;
        while (confidence(sample, first) != confidence(sample, i))
            first++;
        sample->bin[i] = binning == BINNING_equal_width ? bin : first * bins / sample->count;
    }
}

/* ---- definitions ---- */

#define BITS 2000

/* Numbers of a bin, or of all questions (bin = BINS). */
struct right {
    size_t count, right;
    mpfr_t confidence, accuracy;
};

static void exact_confidence(mpfr_t c, struct verdict verdict)
{
    mpfr_set_d(c, verdict.signed_confidence.hi, MPFR_RNDN);
    mpfr_add_d(c, c, verdict.signed_confidence.lo, MPFR_RNDN);
    mpfr_abs(c, c, MPFR_RNDN);
}

static void right_init(struct right *right, const struct sample *sample, size_t bin)
{
    mpfr_t c;

    mpfr_init2(c, BITS);
    mpfr_inits2(BITS, right->confidence, right->accuracy, (mpfr_ptr)NULL);
    mpfr_set_zero(right->confidence, 1);
    right->count = right->right = 0;
    for (size_t i = 0; i < sample->count; i++) {
        if (bin < BINS && sample->bin[i] != bin)
            continue;
        right->count++;
        right->right += is_right(sample, i);
        exact_confidence(c, sample->verdict[i]);
        mpfr_add(right->confidence, right->confidence, c, MPFR_RNDN);
    }
    mpfr_set_ui(right->accuracy, right->right, MPFR_RNDN);
    if (right->count > 0) {
        mpfr_div_ui(right->confidence, right->confidence, right->count, MPFR_RNDN);
        mpfr_div_ui(right->accuracy, right->accuracy, right->count, MPFR_RNDN);
    }
    mpfr_clear(c);
}

static void right_clear(struct right *right)
{
    mpfr_clears(right->confidence, right->accuracy, (mpfr_ptr)NULL);
}

enum { ECE, MCE, BRIER, RELIABILITY, RESOLUTION, UNCERTAINTY, WITHIN, AUROC, AURC, MEASURES };

/* Add n_b/n times a measure of a bin. */
static void add_bin(mpfr_t measure[MEASURES], const struct right *bin, const struct right *all)
{
    mpfr_t gap;

    mpfr_init2(gap, BITS);
    mpfr_sub(gap, bin->accuracy, bin->confidence, MPFR_RNDN);
    mpfr_abs(gap, gap, MPFR_RNDN);
    if (mpfr_cmp(gap, measure[MCE]) > 0)
        mpfr_set(measure[MCE], gap, MPFR_RNDN);
    for (int power = 1; power <= 2; power++) {
        mpfr_t part;

        mpfr_init2(part, BITS);
        mpfr_pow_ui(part, gap, (unsigned long)power, MPFR_RNDN);
        mpfr_mul_ui(part, part, bin->count, MPFR_RNDN);
        mpfr_add(measure[power == 1 ? ECE : RELIABILITY], measure[power == 1 ? ECE : RELIABILITY],
                 part, MPFR_RNDN);
        mpfr_clear(part);
    }
    mpfr_sub(gap, bin->accuracy, all->accuracy, MPFR_RNDN);
    mpfr_sqr(gap, gap, MPFR_RNDN);
    mpfr_mul_ui(gap, gap, bin->count, MPFR_RNDN);
    mpfr_add(measure[RESOLUTION], measure[RESOLUTION], gap, MPFR_RNDN);
    mpfr_clear(gap);
}

/* Add what a question adds to Brier's score, and to within_bins. */
static void add_question(mpfr_t measure[MEASURES], struct verdict verdict, const struct right *bin)
{
    mpfr_t c, apart, part;

    mpfr_inits2(BITS, c, apart, part, (mpfr_ptr)NULL);
    exact_confidence(c, verdict);
    mpfr_sub_ui(part, c, verdict_is_right(verdict), MPFR_RNDN);
    mpfr_sqr(part, part, MPFR_RNDN);
    mpfr_add(measure[BRIER], measure[BRIER], part, MPFR_RNDN);
    mpfr_sub(apart, c, bin->confidence, MPFR_RNDN);
    mpfr_ui_sub(part, verdict_is_right(verdict), bin->accuracy, MPFR_RNDN);
    mpfr_mul_2ui(part, part, 1, MPFR_RNDN);
    mpfr_sub(part, apart, part, MPFR_RNDN);
    mpfr_mul(part, part, apart, MPFR_RNDN);
    mpfr_add(measure[WITHIN], measure[WITHIN], part, MPFR_RNDN);
    mpfr_clears(c, apart, part, (mpfr_ptr)NULL);
}

/* Pairs of a right and a wrong one; and the risk among the i most confident, where each question of
 * a tie has its share of errors. */
static void select_by_definition(mpfr_t measure[MEASURES], const struct sample *sample)
{
    mpfr_t risk;

    mpfr_init2(risk, BITS);
    for (size_t i = 0; i < sample->count; i++) {
        size_t above = 0, wrong_above = 0, tied = 0, wrong_tied = 0;

        for (size_t k = 0; k < sample->count; k++) {
            const double apart = confidence(sample, k) - confidence(sample, i);

            above += apart > 0;
            wrong_above += apart > 0 && !is_right(sample, k);
            tied += apart == 0;
            wrong_tied += apart == 0 && !is_right(sample, k);
            if (is_right(sample, i) && !is_right(sample, k) && apart <= 0)
                mpfr_add_d(measure[AUROC], measure[AUROC], apart < 0 ? 1 : 0.5, MPFR_RNDN);
        }
        for (size_t p = 1; p <= tied;
             p++) { /* each place of the tie, once for each of its members */
            mpfr_set_ui(risk, wrong_tied * p, MPFR_RNDN);
            mpfr_div_ui(risk, risk, tied, MPFR_RNDN);
            mpfr_add_ui(risk, risk, wrong_above, MPFR_RNDN);
            mpfr_div_ui(risk, risk, (above + p) * tied, MPFR_RNDN);
            mpfr_add(measure[AURC], measure[AURC], risk, MPFR_RNDN);
        }
    }
    mpfr_clear(risk);
}

static void by_definition(mpfr_t measure[MEASURES], const struct sample *sample, size_t bins)
{
    struct right all, bin;

    right_init(&all, sample, BINS);
    for (size_t m = 0; m < MEASURES; m++)
        mpfr_set_zero(measure[m], 1);
    for (size_t b = 0; b < bins; b++) {
        right_init(&bin, sample, b);
        if (bin.count > 0)
            add_bin(measure, &bin, &all);
        for (size_t i = 0; i < sample->count; i++)
            if (sample->bin[i] == b)
                add_question(measure, sample->verdict[i], &bin);
        right_clear(&bin);
    }
    select_by_definition(measure, sample);
    for (size_t m = 0; m < MEASURES; m++)
        if (m != MCE && m != AUROC)
            mpfr_div_ui(measure[m], measure[m], all.count, MPFR_RNDN);
    mpfr_div_ui(measure[AUROC], measure[AUROC], all.right * (all.count - all.right), MPFR_RNDN);
    mpfr_ui_sub(measure[UNCERTAINTY], 1, all.accuracy, MPFR_RNDN);
    mpfr_mul(measure[UNCERTAINTY], measure[UNCERTAINTY], all.accuracy, MPFR_RNDN);
    right_clear(&all);
}

/* ---- tests ---- */

static void check_measures(const struct calibration *got, mpfr_t measure[MEASURES])
{
    const double of[MEASURES] = {got->ece,         got->mce,        got->brier,
                                 got->reliability, got->resolution, got->uncertainty,
                                 got->within_bins, got->auroc,      got->aurc};

    for (size_t m = 0; m < MEASURES; m++) {
        if (m == AUROC && !got->has_auroc)
            continue;
        if (m == WITHIN) { /* of both signs */
            mpfr_sub_d(measure[m], measure[m], of[m], MPFR_RNDN);
            ck_assert_double_le(fabs(mpfr_get_d(measure[m], MPFR_RNDN)),
                                0x1p-52 * fabs(of[m]) + 0x1p-98);
            continue;
        }
        if (mpfr_cmpabs_ui(measure[m], 0) == 0 || fabs(of[m]) > 0x1p-150)
            ck_assert_msg(error_units(of[m], measure[m]) <= 6, "%zu: %.17g", m, of[m]);
    }
}

static void check_bins(const struct calibration_bin *bins, size_t count,
                       const struct sample *sample)
{
    for (size_t b = 0; b < count; b++) {
        struct right right;

        right_init(&right, sample, b);
        ck_assert_uint_eq(bins[b].questions, right.count);
        ck_assert_uint_eq(bins[b].right, right.right);
        if (right.count > 0)
            ck_assert_double_le(error_units(bins[b].confidence, right.confidence), 2);
        right_clear(&right);
    }
}

START_TEST(calibration_is_its_definitions)
{
    uint64_t state = 23;
    mpfr_t measure[MEASURES];

    for (size_t m = 0; m < MEASURES; m++)
        mpfr_init2(measure[m], BITS);
    for (size_t n = 0; n < times(300); n++) {
        const enum binning binning = n % 2 == 0 ? BINNING_equal_width : BINNING_equal_mass;
        const size_t bins = 1 + random_below(&state, BINS);
        struct calibration_bin bin[BINS];
        struct calibration got;
        struct sample sample;

        sample_draw(&sample, &state);
        bin_by_definition(&sample, binning, bins);
        by_definition(measure, &sample, bins);
        calibration_of(&got, sample.verdict, sample.count, binning, bin, bins);
        check_measures(&got, measure);
        check_bins(bin, bins, &sample);
    }
    for (size_t m = 0; m < MEASURES; m++)
        mpfr_clear(measure[m]);
}
END_TEST

/* What is in each of the bins. */
static const struct {
    enum binning binning;
    size_t bins, count;
    double confidence[6];
    size_t in[6];
} edges[] = {
    {BINNING_equal_width, 2, 3, {0.25, 0.5, 1}, {2, 1}},
    {BINNING_equal_width, 3, 3, {1.0 / 3, 1.0 / 3, 1}, {2, 0, 1}},
    {BINNING_equal_width, 3, 2, {0x1.5555555555556p-2, 2.0 / 3}, {0, 2, 0}},
    {BINNING_equal_width, 4, 3, {0x1p-1074, 0.25, 0x1.0000000000001p-2}, {2, 1, 0, 0}},
    {BINNING_equal_mass, 2, 4, {0.1, 0.2, 0.3, 0.4}, {2, 2}},
    {BINNING_equal_mass, 2, 4, {0.1, 0.2, 0.2, 0.4}, {3, 1}},
    {BINNING_equal_mass, 4, 4, {0.2, 0.2, 0.2, 0.2}, {4, 0, 0, 0}},
    {BINNING_equal_mass, 4, 2, {0.2, 0.3}, {1, 0, 1, 0}},
    {BINNING_equal_mass, 3, 5, {0.1, 0.2, 0.3, 0.4, 0.5}, {2, 2, 1}},
    {BINNING_equal_mass, 6, 1, {0.9}, {1, 0, 0, 0, 0, 0}},
    {BINNING_equal_width, 1, 0, {0}, {0}},
    {BINNING_equal_mass, 2, 0, {0}, {0, 0}},
};

START_TEST(bins_have_their_edges)
{
    for (size_t e = 0; e < COUNT(edges); e++) {
        struct calibration_bin bins[6];
        struct verdict verdicts[6];
        struct calibration got;

        for (size_t i = 0; i < edges[e].count; i++)
            verdicts[i] = verdict_of(dd_of(edges[e].confidence[i]), i % 2 == 0);
        calibration_of(&got, verdicts, edges[e].count, edges[e].binning, bins, edges[e].bins);
        for (size_t b = 0; b < edges[e].bins; b++)
            ck_assert_msg(bins[b].questions == edges[e].in[b], "%zu: %zu of bin %zu", e,
                          bins[b].questions, b);
    }
}
END_TEST

START_TEST(sorting_orders_all)
{
    uint64_t state = 4;

    for (size_t n = 0; n < times(100); n++) {
        struct verdict verdicts[MOST];
        const size_t count = random_below(&state, MOST);
        size_t right = 0, left = 0;

        for (size_t i = 0; i < count; i++) {
            const bool is = random_below(&state, 2) == 0;

            right += is;
            verdicts[i] = verdict_of(dd_of((double)(1 + random_below(&state, 20)) / 20), is);
        }
        verdicts_sort(verdicts, count);
        for (size_t i = 0; i < count; i++) {
            ck_assert(i == 0
                      || verdict_confidence(verdicts[i - 1]) <= verdict_confidence(verdicts[i]));
            left += verdict_is_right(verdicts[i]);
        }
        ck_assert_uint_eq(left, right);
    }
}
END_TEST

int main(void)
{
    return suite_main("calibration",
                      (const TTest *const[]){calibration_is_its_definitions, bins_have_their_edges,
                                             sorting_orders_all, NULL});
}
