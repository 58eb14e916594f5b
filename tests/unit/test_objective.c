/* test_objective.c - sums, objectives, totals. */
#include "tests/unit/exact.h"
#include "tests/unit/suite.h"

#include "core/objective_value.h"
#include "core/objectives.h"
#include "core/sum.h"

#define P SEGMENT_PROMPT
#define C SEGMENT_COMPLETION
#define W SEGMENT_WHOLE
#define MOST 6

/* A sequence, an objective, and what it must say.  Tokens that are not scored have the log-prob
 * NAN. */
static const struct {
    const char *objective;
    size_t length;
    unsigned char segment[MOST];
    double log_prob[MOST], weight[MOST]; /* weight[0] < 0: none given */
    double sum, loss_sum, weight_sum;
    size_t tokens;
} values[] = {
    /* The worked example: y = (deep, learning). */
    {"conditional", 2, {C, C}, {-0.7, -0.4}, {-1}, -1.1, 1.1, 2, 2},
    {"marginal", 4, {P, P, C, C}, {NAN, -1.9, -0.7, -0.4}, {-1}, -1.9, 1.9, 1, 1},
    {"joint", 4, {P, P, C, C}, {NAN, -1.9, -0.7, -0.4}, {-1}, -3, 3, 3, 3},
    {"joint", 3, {W, W, W}, {NAN, -1, -2}, {-1}, -3, 3, 2, 2},
    {"conditional", 2, {P, P}, {-1, -2}, {-1}, 0, 0, 0, 0},
    {"conditional", 3, {C, C, C}, {-1, -2, -4}, {1, 0.5, 0}, -7, 2, 1.5, 3},
    {"conditional", 2, {C, C}, {-INFINITY, -1}, {0, 1}, -INFINITY, 1, 1, 2},
    {"conditional", 2, {C, C}, {-INFINITY, -1}, {2, 1}, -INFINITY, INFINITY, 3, 2},
    /* Doubles here are 2 apart: plain addition would never leave 1e16. */
    {"joint",
     4,
     {W, W, W, W},
     {-1e16, -1, -1e-3, -1e-3},
     {-1},
     -10000000000000002.0,
     10000000000000002.0,
     4,
     4},
};

static struct sequence sequence_of(size_t i, bool *scored, double *log_prob, double *loss,
                                   unsigned char *greedy)
{
    for (size_t t = 0; t < values[i].length; t++) {
        scored[t] = !isnan(values[i].log_prob[t]);
        log_prob[t] = scored[t] ? values[i].log_prob[t] : 0;
        loss[t] = -log_prob[t];
        greedy[t] = ANSWER_UNKNOWN;
    }
    return (struct sequence){.length = values[i].length,
                             .segment = values[i].segment,
                             .scored = scored,
                             .log_prob = log_prob,
                             .loss = loss,
                             .greedy = greedy,
                             .weight = values[i].weight[0] < 0 ? NULL : values[i].weight,
                             .split = values[i].segment[0] != W};
}

START_TEST(objectives_have_their_values)
{
    for (size_t i = 0; i < COUNT(values); i++) {
        bool scored[MOST];
        double log_prob[MOST], loss[MOST];
        unsigned char greedy[MOST];
        const struct sequence sequence = sequence_of(i, scored, log_prob, loss, greedy);
        struct objective_value value;
        struct tally tally;
        enum objective_id id;

        ck_assert(objective_find(values[i].objective, &id));
        objective_run(objective_at(id), &sequence, &value);
        tally = objective_tally(&value);
        ck_assert_msg(tally.log_prob == values[i].sum && tally.loss_sum == values[i].loss_sum
                          && tally.weight == values[i].weight_sum
                          && tally.tokens == values[i].tokens,
                      "row %zu: %.17g %.17g", i, tally.log_prob, tally.loss_sum);
    }
}
END_TEST

/* A random sequence of `length` tokens in the caller's columns. */
static void randomise(uint64_t *state, size_t length, double *log_prob, unsigned char *segment,
                      bool *scored)
{
    for (size_t t = 0; t < length; t++) {
        log_prob[t] = -exp(6 * random_normal(state));
        segment[t] = random_bits(state) >> 63 ? C : P;
        scored[t] = random_unit(state) < 0.9;
    }
}

START_TEST(joint_is_marginal_plus_conditional_bit_for_bit)
{
    uint64_t state = 1;
    double log_prob[50];
    unsigned char segment[50], greedy[50] = {0};
    bool scored[50];

    for (int n = 0; n < 2000; n++) {
        const struct sequence sequence = {50,       segment, scored, log_prob,
                                          log_prob, greedy,  NULL,   true};
        struct objective_value value[OBJECTIVE_COUNT];
        struct totals totals[OBJECTIVE_COUNT] = {0};

        randomise(&state, 50, log_prob, segment, scored);
        for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
            objective_run(objective_at(id), &sequence, &value[id]);
            totals_add(&totals[id], &value[id]);
            totals_add(&totals[id], &value[id]);
        }
        ck_assert(objective_tally(&value[OBJECTIVE_joint]).log_prob
                  == objective_tally(&value[OBJECTIVE_marginal]).log_prob
                         + objective_tally(&value[OBJECTIVE_conditional]).log_prob);
        ck_assert(totals_tally(&totals[OBJECTIVE_joint]).log_prob
                  == totals_tally(&totals[OBJECTIVE_marginal]).log_prob
                         + totals_tally(&totals[OBJECTIVE_conditional]).log_prob);
    }
}
END_TEST

/* greedy of three tokens: all yes is yes, one no is no, one unknown is unknown. */
static const struct {
    unsigned char greedy[3];
    bool scored[3];
    enum answer answer;
} greedies[] = {
    {{ANSWER_YES, ANSWER_YES, ANSWER_YES}, {true, true, true}, ANSWER_YES},
    {{ANSWER_YES, ANSWER_NO, ANSWER_YES}, {true, true, true}, ANSWER_NO},
    {{ANSWER_YES, ANSWER_NO, ANSWER_YES}, {true, false, true}, ANSWER_YES},
    {{ANSWER_YES, ANSWER_UNKNOWN, ANSWER_YES}, {true, true, true}, ANSWER_UNKNOWN},
    {{ANSWER_YES, ANSWER_YES, ANSWER_YES}, {false, false, false}, ANSWER_UNKNOWN},
};

START_TEST(greedy_is_a_conjunction)
{
    const unsigned char segment[3] = {C, C, C};
    const double zero[3] = {0};

    for (size_t i = 0; i < COUNT(greedies); i++) {
        const struct sequence sequence = {
            3, segment, greedies[i].scored, zero, zero, greedies[i].greedy, NULL, true};
        struct objective_value value;

        objective_run(objective_at(OBJECTIVE_conditional), &sequence, &value);
        ck_assert_int_eq(value.greedy, greedies[i].answer);
    }
}
END_TEST

/* Means, against MPFR: perplexity and bits keep their last digits even for long sums. */
START_TEST(means_are_exact)
{
    uint64_t state = 3;
    mpfr_t exact;

    mpfr_init2(exact, EXACT_BITS);
    for (int n = 0; n < 20000; n++) {
        const struct tally tally = {-exp(3 * random_normal(&state)), 0, 0,
                                    1 + random_bits(&state) % 3000};
        double value;

        mpfr_set_d(exact, -tally.log_prob, MPFR_RNDN);
        mpfr_div_ui(exact, exact, tally.tokens, MPFR_RNDN);
        if (mpfr_cmp_d(exact, 700) > 0)
            continue;
        mpfr_exp(exact, exact, MPFR_RNDN);
        ck_assert(tally_perplexity(&tally, &value));
        ck_assert_msg(error_units(value, exact) <= 4, "%g units", error_units(value, exact));
        mpfr_log2(exact, exact, MPFR_RNDN);
        ck_assert(tally_bits(&tally, &value));
        ck_assert_msg(error_units(value, exact) <= 4, "%g units", error_units(value, exact));
    }
    mpfr_clear(exact);
}
END_TEST

START_TEST(nothing_has_no_mean)
{
    const struct tally empty = {0, 0, 0, 0}, weightless = {-1, 0, 0, 1};
    const struct tally infinite = {-INFINITY, INFINITY, 1, 1};
    const struct tally heavy = {-4, INFINITY, INFINITY, 2}, light = {-4, 1, INFINITY, 2};
    double value;

    ck_assert(!tally_loss(&empty, &value) && !tally_perplexity(&empty, &value)
              && !tally_bits(&empty, &value));
    ck_assert(!tally_loss(&weightless, &value) && tally_perplexity(&weightless, &value));
    ck_assert(!tally_loss(&heavy, &value) && !tally_loss(&light, &value));
    ck_assert(tally_perplexity(&infinite, &value) && isinf(value));
    ck_assert(tally_bits(&infinite, &value) && isinf(value));
}
END_TEST

static const struct {
    double terms[4], sum;
} sums[] = {
    {{1, 1e100, 1, -1e100}, 2},
    {{1.7e308, 1.7e308, -1.7e308, 0}, 1.7e308},
    {{-1e308, -1e308, -1e308, 0}, -INFINITY},
    {{1.7e308, 1.7e308, -INFINITY, 1}, -INFINITY},
    {{0.1, 0.1, 0.1, -0.3}, 0x1p-55}, /* the exact sum of these
                      doubles */
    {{1, -INFINITY, 2, 3}, -INFINITY},
    {{INFINITY, 1e308, 1e308, 1}, INFINITY},
    {{0, 0, 0, 0}, 0},
};

START_TEST(sums_are_compensated)
{
    for (size_t i = 0; i < COUNT(sums); i++) {
        struct sum sum = {0};

        for (size_t t = 0; t < 4; t++)
            sum_add(&sum, sums[i].terms[t]);
        ck_assert_msg(sum_result(&sum) == sums[i].sum, "row %zu: %a", i, sum_result(&sum));
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {objectives_have_their_values,
                                  joint_is_marginal_plus_conditional_bit_for_bit,
                                  greedy_is_a_conjunction,
                                  means_are_exact,
                                  nothing_has_no_mean,
                                  sums_are_compensated,
                                  NULL};

    return suite_main("objective", tests);
}
