/* test_choice.c - what choices are worth, and which is best: by hand, and against MPFR. */
#include "tests/unit/exact.h"
#include "tests/unit/suite.h"

#include "core/choice.h"
#include "core/log_sum.h"
#include "core/registry.h"

#include <float.h>

#define NONE (-1)
#define UNDEFINED NAN
#define KNOWN(value) .has_unconditional = true, .unconditional = (value)

/* Worth in the order of core/norms.def. */
static const struct {
    struct choice choice;
    double worth[NORM_COUNT];
} worths[] = {
    {{-6, 3, {12, 24, 2}, KNOWN(-8.5)}, {-6, -2, -0.5, -0.25, -3, 2.5}},
    {{.log_prob = -6, .tokens = 3}, {-6, -2, UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED}},
    {{-6, 0, {12, 0, 0}, KNOWN(0)}, {-6, UNDEFINED, -0.5, UNDEFINED, UNDEFINED, -6}},
    {{-INFINITY, 2, {4, 4, 1}, KNOWN(-3)},
     {-INFINITY, -INFINITY, -INFINITY, -INFINITY, -INFINITY, -INFINITY}},
    {{-6, 3, {12, 24, 2}, KNOWN(-INFINITY)}, {-6, -2, -0.5, -0.25, -3, INFINITY}},
    {{-INFINITY, 1, {0, 0, 0}, KNOWN(-INFINITY)},
     {-INFINITY, -INFINITY, UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED}},
    {{0, 1, {1, 1, 1}, KNOWN(0)}, {0, 0, 0, 0, 0, 0}},
};

START_TEST(a_choice_has_its_worth)
{
    for (size_t i = 0; i < COUNT(worths); i++) {
        for (enum norm norm = 0; norm < NORM_COUNT; norm++) {
            const double right = worths[i].worth[norm];
            double value = 0;
            const bool known = choice_value(&worths[i].choice, norm, &value);

            ck_assert_msg(known == !isnan(right) && (!known || value == right), "%zu %s: %g", i,
                          registry_name(REGISTRY_normalisations, norm), value);
        }
    }
}
END_TEST

/* log_prob and bytes of each choice; the best by log_prob and by byte. */
static const struct {
    size_t count;
    double log_prob[4];
    size_t bytes[4];
    int best, best_per_byte;
} bests[] = {
    {1, {-3}, {1}, 0, 0},
    {3, {-3, -2, -4}, {6, 1, 16}, 1, 2},
    {3, {-2, -2, -2}, {1, 2, 2}, 0, 1},
    {3, {-5, -2, -2}, {1, 1, 1}, 1, 1},
    {2, {-INFINITY, -700}, {1, 1}, 1, 1},
    {2, {-INFINITY, -INFINITY}, {1, 1}, 0, 0},
    {2, {-1, -2}, {0, 1}, 0, NONE},
    {2, {-1, -2}, {1, 0}, 0, NONE},
    {2, {0, -0.0}, {1, 1}, 0, 0},
    {0, {0}, {0}, NONE, NONE},
};

static int best_of(const struct choice *choices, size_t count, enum norm norm)
{
    size_t best = 0;

    return choices_best(choices, count, norm, &best) ? (int)best : NONE;
}

START_TEST(the_best_is_the_first_of_the_largest)
{
    for (size_t i = 0; i < COUNT(bests); i++) {
        struct choice choices[4] = {0};

        for (size_t c = 0; c < bests[i].count; c++) {
            choices[c].log_prob = bests[i].log_prob[c];
            choices[c].text.bytes = bests[i].bytes[c];
        }
        ck_assert_int_eq(best_of(choices, bests[i].count, NORM_log_prob), bests[i].best);
        ck_assert_int_eq(best_of(choices, bests[i].count, NORM_per_byte), bests[i].best_per_byte);
    }
}
END_TEST

#define MANY_BITS 4000

/* The log of a sum of exp(l), of those behind the largest as small as they come. */
static void log_by_definition(const double *terms, size_t count, mpfr_t sum)
{
    mpfr_t term;

    mpfr_init2(term, MANY_BITS);
    mpfr_set_zero(sum, 1);
    for (size_t i = 0; i < count; i++) {
        mpfr_set_d(term, terms[i], MPFR_RNDN);
        mpfr_exp(term, term, MPFR_RNDN);
        mpfr_add(sum, sum, term, MPFR_RNDN);
    }
    mpfr_log(sum, sum, MPFR_RNDN);
    mpfr_clear(term);
}

static void check_log_sum(const double *terms, size_t count, mpfr_t exact)
{
    const double got = log_sum(terms, count);
    double most = terms[0];
    mpfr_t error;

    for (size_t i = 1; i < count; i++)
        most = fmax(most, terms[i]);
    log_by_definition(terms, count, exact);
    if (mpfr_sgn(exact) > 0)
        mpfr_set_zero(exact, 1);
    mpfr_init2(error, EXACT_BITS);
    mpfr_sub_d(error, exact, got, MPFR_RNDN);
    ck_assert_msg(fabs(mpfr_get_d(error, MPFR_RNDN)) <= -got * 0x1p-53 - most * 0x1p-64,
                  "%zu terms: %.17g", count, got);
    mpfr_clear(error);
}

START_TEST(a_log_sum_is_its_definition)
{
    uint64_t state = 17;
    mpfr_t exact;

    mpfr_init2(exact, MANY_BITS);
    for (size_t n = 0; n < times(80); n++) {
        const size_t count = 1 + random_below(&state, 8);
        const double least = log((double)count) + pow(10, 4 * random_unit(&state)) - 1;
        double terms[8];

        for (size_t i = 0; i < count; i++)
            terms[i] = -least - pow(10, 3 * random_unit(&state)) + 1;
        check_log_sum(terms, count, exact);
    }
    for (size_t n = 0; n < times(80); n++) { /* events that are nearly certain */
        const double share = random_unit(&state);

        check_log_sum((double[]){log(share), log1p(-share) - exp2(-50 * random_unit(&state))}, 2,
                      exact);
    }
    mpfr_clear(exact);
}
END_TEST

START_TEST(a_log_sum_has_its_ends)
{
    ck_assert_double_eq(log_sum(NULL, 0), -INFINITY);
    ck_assert_double_eq(log_sum((double[]){-INFINITY, -INFINITY}, 2), -INFINITY);
    ck_assert_double_eq(log_sum((double[]){-INFINITY, -3.5}, 2), -3.5);
    ck_assert_double_eq(log_sum((double[]){-2000}, 1), -2000);
    ck_assert_double_eq(log_sum((double[]){-0.5, -0.9}, 2), 0); /* rounded above 1 */
}
END_TEST

/* A share and Brier's score as their definitions say, with bits enough for 1 - p near 1. */

static void by_definition(const struct choice *choices, size_t count, size_t index, mpfr_t share,
                          mpfr_t brier)
{
    mpfr_t sum, term;

    mpfr_inits2(MANY_BITS, sum, term, (mpfr_ptr)NULL);
    mpfr_set_zero(sum, 1);
    mpfr_set_zero(brier, 1);
    for (size_t i = 0; i < count; i++) {
        mpfr_set_d(term, choices[i].log_prob, MPFR_RNDN);
        mpfr_exp(term, term, MPFR_RNDN);
        mpfr_add(sum, sum, term, MPFR_RNDN);
    }
    for (size_t i = 0; i < count; i++) {
        mpfr_set_d(term, choices[i].log_prob, MPFR_RNDN);
        mpfr_exp(term, term, MPFR_RNDN);
        mpfr_div(term, term, sum, MPFR_RNDN);
        if (i == index) {
            mpfr_set(share, term, MPFR_RNDN);
            mpfr_ui_sub(term, 1, term, MPFR_RNDN);
        }
        mpfr_sqr(term, term, MPFR_RNDN);
        mpfr_add(brier, brier, term, MPFR_RNDN);
    }
    mpfr_clears(sum, term, (mpfr_ptr)NULL);
}

START_TEST(probabilities_and_briers_score_are_their_definitions)
{
    uint64_t state = 11;
    mpfr_t share, brier;

    mpfr_inits2(MANY_BITS, share, brier, (mpfr_ptr)NULL);
    for (size_t n = 0; n < times(80); n++) {
        const size_t count = 1 + random_below(&state, 8);
        const double scale = exp2((double)random_below(&state, 9) - 3);
        struct choice choices[8] = {0};
        double probability[8];

        for (size_t i = 0; i < count; i++)
            choices[i].log_prob = scale * log(random_unit(&state)) - 200 * random_unit(&state);
        ck_assert(choices_probabilities(choices, count, probability));
        for (size_t i = 0; i < count; i++) {
            by_definition(choices, count, i, share, brier);
            if (mpfr_cmp_d(share, DBL_MIN) > 0)
                ck_assert_double_le(error_units(probability[i], share), 2.1);
            if (mpfr_cmp_d(brier, DBL_MIN) > 0)
                ck_assert_double_le(error_units(choices_brier(probability, count, i), brier), 8);
        }
    }
    mpfr_clears(share, brier, (mpfr_ptr)NULL);
}
END_TEST

#define FEW 8

/* A choice with values whose sum is not a double, and its value under a norm. */
static struct choice choice_draw(uint64_t *state)
{
    const double log_prob = -exp(8 * random_unit(state)),
                 unconditional = -exp(8 * random_unit(state));

    return (struct choice){.log_prob = log_prob,
                           .rest = log_prob * 0x1p-54 * random_unit(state),
                           .tokens = 1 + random_below(state, 3),
                           .text = {4, 6, 2},
                           .has_unconditional = true,
                           .unconditional = unconditional};
}

static void value_by_definition(mpfr_t value, const struct choice *choice, enum norm norm)
{
    const size_t divisor[NORM_COUNT] = {
        1, choice->tokens, choice->text.characters, choice->text.bytes, choice->text.words, 1};

    mpfr_set_d(value, choice->log_prob, MPFR_RNDN);
    mpfr_add_d(value, value, choice->rest, MPFR_RNDN);
    mpfr_div_ui(value, value, divisor[norm], MPFR_RNDN);
    if (norm == NORM_pmi)
        mpfr_sub_d(value, value, choice->unconditional, MPFR_RNDN);
}

/* 1 / sum of exp(v - m), and 1 minus that. */
static void confidence_by_definition(mpfr_t share, mpfr_t less, const struct choice *choices,
                                     size_t count, enum norm norm, size_t best)
{
    mpfr_t most, weight;

    mpfr_inits2(MANY_BITS, most, weight, (mpfr_ptr)NULL);
    value_by_definition(most, &choices[best], norm);
    mpfr_set_zero(less, 1);
    for (size_t i = 0; i < count; i++) {
        if (i == best)
            continue;
        value_by_definition(weight, &choices[i], norm);
        mpfr_sub(weight, weight, most, MPFR_RNDN);
        mpfr_exp(weight, weight, MPFR_RNDN);
        mpfr_add(less, less, weight, MPFR_RNDN);
    }
    mpfr_add_ui(share, less, 1, MPFR_RNDN);
    mpfr_div(less, less, share, MPFR_RNDN);
    mpfr_ui_div(share, 1, share, MPFR_RNDN);
    mpfr_clears(most, weight, (mpfr_ptr)NULL);
}

/* |hi + lo - exact| / exact */
static double apart_from(struct dd got, const mpfr_t exact)
{
    mpfr_t error;
    double apart;

    mpfr_init2(error, MANY_BITS);
    mpfr_sub_d(error, exact, got.hi, MPFR_RNDN);
    mpfr_sub_d(error, error, got.lo, MPFR_RNDN);
    mpfr_div(error, error, exact, MPFR_RNDN);
    apart = fabs(mpfr_get_d(error, MPFR_RNDN));
    mpfr_clear(error);
    return apart;
}

START_TEST(a_confidence_and_what_it_lacks_have_their_digits)
{
    uint64_t state = 29;
    mpfr_t share, less;

    mpfr_inits2(MANY_BITS, share, less, (mpfr_ptr)NULL);
    for (size_t n = 0; n < times(400); n++) {
        const enum norm norm = (enum norm)(n % NORM_COUNT);
        const size_t count = 1 + random_below(&state, FEW);
        struct choice choices[FEW];
        struct dd confidence;
        size_t best = 0;

        for (size_t i = 0; i < count; i++)
            choices[i] = choice_draw(&state);
        ck_assert(choices_confidence(choices, count, norm, &confidence));
        ck_assert(choices_best(choices, count, norm, &best));
        confidence_by_definition(share, less, choices, count, norm, best);
        ck_assert_double_le(apart_from(confidence, share), 0x1p-62);
        if (mpfr_cmp_d(less, 0x1p-900) > 0)
            ck_assert_double_le(apart_from(dd_add_double(dd_neg(confidence), 1), less), 0x1p-51);
    }
    mpfr_clears(share, less, (mpfr_ptr)NULL);
}
END_TEST

START_TEST(a_confidence_has_its_ends)
{
    const struct choice impossible = {.log_prob = -INFINITY}, possible = {.log_prob = -7};
    struct dd confidence;

    ck_assert(!choices_confidence(&impossible, 1, NORM_log_prob, &confidence));
    ck_assert(!choices_confidence(&possible, 1, NORM_per_token, &confidence));
    ck_assert(!choices_confidence(&possible, 0, NORM_log_prob, &confidence));
    ck_assert(choices_confidence(&possible, 1, NORM_log_prob, &confidence) && confidence.hi == 1
              && confidence.lo == 0);
    ck_assert(choices_confidence((struct choice[]){impossible, possible, possible}, 3,
                                 NORM_log_prob, &confidence)
              && confidence.hi == 0.5 && confidence.lo == 0);
    ck_assert(!choices_confidence(
        (struct choice[]){{.log_prob = -1, KNOWN(-INFINITY)}, {.log_prob = -1, KNOWN(-1)}}, 2,
        NORM_pmi, &confidence));
}
END_TEST

/* The rank of the best of the right ones. */
static const struct {
    size_t count;
    double log_prob[4];
    bool right[4];
    size_t rank; /* 0: none */
} ranks[] = {
    {1, {-3}, {true}, 1},
    {3, {-3, -2, -4}, {false, false, true}, 3},
    {3, {-3, -2, -4}, {true, false, true}, 2},
    {4, {-2, -2, -2, -1}, {false, true, true, false}, 3},
    {2, {-INFINITY, -INFINITY}, {false, true}, 2},
    {2, {-1, -INFINITY}, {false, true}, 2},
    {2, {-1, -2}, {false, false}, 0},
};

START_TEST(the_best_right_choice_has_its_rank)
{
    for (size_t i = 0; i < COUNT(ranks); i++) {
        struct choice choices[4] = {0};
        size_t rank = 0;

        for (size_t c = 0; c < ranks[i].count; c++)
            choices[c].log_prob = ranks[i].log_prob[c];
        ck_assert_int_eq(
            choices_rank(choices, ranks[i].count, NORM_log_prob, ranks[i].right, &rank),
            ranks[i].rank > 0);
        ck_assert(ranks[i].rank == 0 || rank == ranks[i].rank);
        ck_assert(!choices_rank(choices, ranks[i].count, NORM_per_byte, ranks[i].right, &rank));
    }
}
END_TEST

/* The mean value and the mass of choices, whose values may be of any sign and size. */
static double sums_by_definition(const struct choice *choices, size_t count, mpfr_t mean,
                                 mpfr_t mass)
{
    mpfr_t term, all;
    double scale;

    mpfr_inits2(MANY_BITS, term, all, (mpfr_ptr)NULL);
    mpfr_set_zero(mean, 1);
    mpfr_set_zero(mass, 1);
    mpfr_set_zero(all, 1);
    for (size_t i = 0; i < count; i++) {
        mpfr_set_d(term, choices[i].log_prob, MPFR_RNDN);
        mpfr_exp(term, term, MPFR_RNDN);
        mpfr_add(mass, mass, term, MPFR_RNDN);
        mpfr_mul_d(term, term, choices[i].value, MPFR_RNDN);
        mpfr_add(mean, mean, term, MPFR_RNDN);
        mpfr_abs(term, term, MPFR_RNDN);
        mpfr_add(all, all, term, MPFR_RNDN);
    }
    mpfr_div(all, all, mean, MPFR_RNDN);
    scale = fabs(mpfr_get_d(all, MPFR_RNDN));
    mpfr_div(mean, mean, mass, MPFR_RNDN);
    mpfr_clears(term, all, (mpfr_ptr)NULL);
    return scale;
}

START_TEST(means_of_values_and_masses_are_their_definitions)
{
    uint64_t state = 19;
    mpfr_t mean, mass;

    mpfr_inits2(MANY_BITS, mean, mass, (mpfr_ptr)NULL);
    for (size_t n = 0; n < times(80); n++) {
        const size_t count = 1 + random_below(&state, 8);
        const double size = random_below(&state, 4) == 0 ? 1e308 : exp(9 * random_normal(&state));
        struct choice choices[8] = {0};
        double got, scale;

        for (size_t i = 0; i < count; i++) {
            choices[i].log_prob = 20 * log(random_unit(&state));
            choices[i].has_value = true;
            choices[i].value = size * (2 * random_unit(&state) - 1);
        }
        scale = sums_by_definition(choices, count, mean, mass);
        ck_assert(choices_expected(choices, count, &got));
        ck_assert_double_le(error_units(got, mean), 3 + scale * 0x1p-11);
        ck_assert_double_le(error_units(choices_mass(choices, count), mass), 1.1);
    }
    mpfr_clears(mean, mass, (mpfr_ptr)NULL);
}
END_TEST

/* Of a choice with log-probability 0 and value 0, and one whose probability is below doubles. */
static const struct {
    double log_prob, value, expected;
} remotes[] = {
    {-712.3, 1e100, 4.4878728115852224e-210},
    {-745.2, 1e100, 2.3107453390093762e-224},
    {-800, 1e100, 3.6678745841776873e-248},
    {-800, -1e100, -3.6678745841776873e-248},
    {-1400, DBL_MAX, 1.7475954099390986e-300},
    {-2000, DBL_MAX, 0},
    {-1e308, DBL_MAX, 0},
    {-INFINITY, DBL_MAX, 0},
    {-1, 5e-324, 0},
    {0, 5e-324, 0},
};

START_TEST(a_remote_choice_has_its_value)
{
    for (size_t i = 0; i < COUNT(remotes); i++) {
        const double right = remotes[i].expected;
        const struct choice choices[] = {
            {.log_prob = 0, .has_value = true},
            {.log_prob = remotes[i].log_prob, .has_value = true, .value = remotes[i].value}};
        double got;

        ck_assert(choices_expected(choices, 2, &got));
        ck_assert_msg(fabs(got - right) <= 4 * 0x1p-53 * fabs(right), "%zu: %.17g", i, got);
    }
}
END_TEST

START_TEST(infinities_have_no_share)
{
    const struct choice choices[] = {
        {.log_prob = -INFINITY}, {.log_prob = -3}, {.log_prob = -INFINITY}};
    double probability[3];

    ck_assert(choices_probabilities(choices, 3, probability));
    ck_assert(probability[0] == 0 && probability[1] == 1 && probability[2] == 0);
    ck_assert(choices_brier(probability, 3, 1) == 0 && choices_brier(probability, 3, 0) == 2);
    ck_assert(!choices_probabilities(choices, 1, probability));
    ck_assert(!choices_probabilities(choices, 0, probability));
}
END_TEST

START_TEST(bounds_have_no_mass)
{
    const struct choice choices[] = {
        {.log_prob = 0, .bound = true}, {.log_prob = 0}, {.log_prob = -INFINITY}};

    ck_assert(choices_mass(choices, 1) == 0);
    ck_assert(choices_mass(choices, 3) == 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_choice_has_its_worth,
                                  the_best_is_the_first_of_the_largest,
                                  a_log_sum_is_its_definition,
                                  a_log_sum_has_its_ends,
                                  probabilities_and_briers_score_are_their_definitions,
                                  a_confidence_and_what_it_lacks_have_their_digits,
                                  a_confidence_has_its_ends,
                                  the_best_right_choice_has_its_rank,
                                  means_of_values_and_masses_are_their_definitions,
                                  a_remote_choice_has_its_value,
                                  infinities_have_no_share,
                                  bounds_have_no_mass,
                                  NULL};

    return suite_main("choice", tests);
}
