/* test_objective.c - sums, objectives, totals. */
#include "tests/unit/exact.h"
#include "tests/unit/suite.h"

#include "core/objective_value.h"
#include "core/objectives.h"

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
                             .weight = values[i].weight[0] < 0 ? NULL : values[i].weight};
}

START_TEST(objectives_have_their_values)
{
    for (size_t i = 0; i < COUNT(values); i++) {
        bool scored[MOST];
        double log_prob[MOST], loss[MOST];
        unsigned char greedy[MOST];
        const struct sequence sequence = sequence_of(i, scored, log_prob, loss, greedy);
        struct sequence_sums sums;
        struct tally tally;
        enum objective_id id;

        ck_assert(objective_find(values[i].objective, &id));
        sequence_sum(&sequence, &sums);
        tally = objective_tally(objective_at(id), &sums);
        ck_assert_msg(scaled_double(tally.log_prob) == values[i].sum
                          && scaled_double(tally.loss_sum) == values[i].loss_sum
                          && scaled_double(tally.weight) == values[i].weight_sum
                          && tally.tokens == values[i].tokens,
                      "row %zu: %.17g %.17g", i, scaled_double(tally.log_prob),
                      scaled_double(tally.loss_sum));
    }
}
END_TEST

/* Sums beyond doubles and below them, of two tokens: their means are within. */
static const struct {
    double log_prob[2], weight[2], loss_sum, weight_sum, loss;
} far[] = {
    {{-10, -20}, {1e308, 1e308}, INFINITY, INFINITY, 15},
    {{-1e308, -1.5e308}, {1, 1}, INFINITY, 2, 1.25e308},
    {{-0x1p-600, -0x3p-600}, {0x1p-600, 0x1p-600}, 0, 0x1p-599, 0x1p-599},
    {{-0x1p-600, -0x3p-600}, {0x1p900, 0x1p900}, 0x1p302, 0x1p901, 0x1p-599},
};

START_TEST(means_of_sums_beyond_doubles_are_right)
{
    static const unsigned char halves[2] = {P, C}, unknown[2] = {ANSWER_UNKNOWN, ANSWER_UNKNOWN};
    static const bool scored[2] = {true, true};

    for (size_t i = 0; i < COUNT(far); i++) {
        const double loss[2] = {-far[i].log_prob[0], -far[i].log_prob[1]};
        const struct sequence sequence = {2,    halves,  scored,       far[i].log_prob,
                                          loss, unknown, far[i].weight};
        struct sequence_sums sums;
        struct totals totals = {0};
        struct tally one, total;
        double got = 0;

        sequence_sum(&sequence, &sums);
        one = objective_tally(objective_at(OBJECTIVE_joint), &sums);
        ck_assert(scaled_double(one.loss_sum) == far[i].loss_sum);
        ck_assert(scaled_double(one.weight) == far[i].weight_sum);
        ck_assert_msg(tally_loss(&one, &got) && got == far[i].loss, "%.17g", got);
        totals_add(&totals, objective_at(OBJECTIVE_joint), &sums);
        totals_add(&totals, objective_at(OBJECTIVE_joint), &sums);
        total = totals_value(&totals).tally;
        ck_assert_msg(tally_loss(&total, &got) && got == far[i].loss, "%.17g", got);
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

/* The log-probabilities of an objective in totals, which promise that joint is the others' sum. */
static void check_joint(const struct tally *of)
{
    ck_assert(scaled_double(of[OBJECTIVE_joint].log_prob)
              == scaled_double(of[OBJECTIVE_marginal].log_prob)
                     + scaled_double(of[OBJECTIVE_conditional].log_prob));
}

START_TEST(joint_is_marginal_plus_conditional_bit_for_bit)
{
    uint64_t state = 1;
    double log_prob[50];
    unsigned char segment[50], greedy[50] = {0};
    bool scored[50];

    for (int n = 0; n < 2000; n++) {
        const struct sequence sequence = {50, segment, scored, log_prob, log_prob, greedy, NULL};
        struct sequence_sums sums;
        struct totals totals[OBJECTIVE_COUNT] = {0};
        struct tally tally[OBJECTIVE_COUNT], total[OBJECTIVE_COUNT];

        randomise(&state, 50, log_prob, segment, scored);
        sequence_sum(&sequence, &sums);
        for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
            totals_add(&totals[id], objective_at(id), &sums);
            totals_add(&totals[id], objective_at(id), &sums);
            tally[id] = objective_tally(objective_at(id), &sums);
            total[id] = totals_value(&totals[id]).tally;
        }
        check_joint(tally);
        check_joint(total);
    }
}
END_TEST

/* Tokens in another order, and sequences in another one, give the same bits. */
enum { SEQUENCES = 6, TOKENS = 40 };

struct tokens {
    double log_prob[TOKENS], loss[TOKENS], weight[TOKENS];
    unsigned char segment[TOKENS], greedy[TOKENS];
    bool scored[TOKENS];
};

static void draw_tokens(struct tokens *tokens, uint64_t *state)
{
    randomise(state, TOKENS, tokens->log_prob, tokens->segment, tokens->scored);
    for (size_t t = 0; t < TOKENS; t++) {
        tokens->log_prob[t] *= exp2(200 * random_normal(state));
        tokens->loss[t] = -tokens->log_prob[t] * random_unit(state);
        tokens->weight[t] = exp2(200 * random_normal(state));
    }
}

static void rotate(struct tokens *to, const struct tokens *from, size_t by)
{
    for (size_t t = 0; t < TOKENS; t++) {
        const size_t at = (t + by) % TOKENS;

        to->log_prob[t] = from->log_prob[at];
        to->loss[t] = from->loss[at];
        to->weight[t] = from->weight[at];
        to->segment[t] = from->segment[at];
        to->greedy[t] = from->greedy[at];
        to->scored[t] = from->scored[at];
    }
}

static void add_sequence(struct totals *totals, const struct tokens *tokens, bool weighted)
{
    const struct sequence sequence = {TOKENS,
                                      tokens->segment,
                                      tokens->scored,
                                      tokens->log_prob,
                                      tokens->loss,
                                      tokens->greedy,
                                      weighted ? tokens->weight : NULL};
    struct sequence_sums sums;

    sequence_sum(&sequence, &sums);
    totals_add(totals, objective_at(OBJECTIVE_joint), &sums);
}

static void same_bits(struct scaled a, struct scaled b)
{
    ck_assert_msg(a.value == b.value && a.exponent == b.exponent, "%a 2^%d, %a 2^%d", a.value,
                  a.exponent, b.value, b.exponent);
}

START_TEST(totals_are_the_same_in_any_order)
{
    static struct tokens tokens[SEQUENCES], rotated;
    uint64_t state = 8;

    for (size_t n = 0; n < times(300); n++) {
        const size_t first = random_below(&state, SEQUENCES), by = random_below(&state, TOKENS);
        struct totals one, other;
        struct tally a, b;

        totals_clear(&one);
        totals_clear(&other);
        for (size_t i = 0; i < SEQUENCES; i++) {
            draw_tokens(&tokens[i], &state);
            add_sequence(&one, &tokens[i], n % 2);
        }
        for (size_t i = 0; i < SEQUENCES; i++) {
            rotate(&rotated, &tokens[(first + i) % SEQUENCES], by);
            add_sequence(&other, &rotated, n % 2);
        }
        a = totals_value(&one).tally;
        b = totals_value(&other).tally;
        same_bits(a.log_prob, b.log_prob);
        same_bits(a.loss_sum, b.loss_sum);
        same_bits(a.weight, b.weight);
        ck_assert_uint_eq(a.tokens, b.tokens);
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
            3, segment, greedies[i].scored, zero, zero, greedies[i].greedy, NULL};
        struct sequence_sums sums;

        sequence_sum(&sequence, &sums);
        ck_assert_int_eq(objective_greedy(objective_at(OBJECTIVE_conditional), &sums),
                         greedies[i].answer);
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
        const struct tally tally = {.log_prob = {-exp(3 * random_normal(&state)), 0},
                                    .tokens = 1 + random_bits(&state) % 3000};
        double value;

        mpfr_set_d(exact, -tally.log_prob.value, MPFR_RNDN);
        mpfr_div_ui(exact, exact, tally.tokens, MPFR_RNDN);
        if (mpfr_cmp_d(exact, 700) > 0)
            continue;
        mpfr_exp(exact, exact, MPFR_RNDN);
        ck_assert(tally_perplexity(&tally, &value));
        ck_assert_msg(error_units(value, exact) <= 1.1, "%g units", error_units(value, exact));
        mpfr_log2(exact, exact, MPFR_RNDN);
        ck_assert(tally_bits(&tally, &value));
        ck_assert_msg(error_units(value, exact) <= 3, "%g units", error_units(value, exact));
    }
    mpfr_clear(exact);
}
END_TEST

START_TEST(nothing_has_no_mean)
{
    const struct tally empty = {.tokens = 0}, weightless = {{-1, 0}, {0, 0}, {0, 0}, 1};
    const struct tally infinite = {{-INFINITY, 0}, {INFINITY, 0}, {1, 0}, 1};
    const struct tally heavy = {{-4, 0}, {INFINITY, 0}, {INFINITY, 0}, 2};
    const struct tally light = {{-4, 0}, {1, 0}, {INFINITY, 0}, 2};
    double value;

    ck_assert(!tally_loss(&empty, &value) && !tally_perplexity(&empty, &value)
              && !tally_bits(&empty, &value));
    ck_assert(!tally_loss(&weightless, &value) && tally_perplexity(&weightless, &value));
    ck_assert(!tally_loss(&heavy, &value) && !tally_loss(&light, &value));
    ck_assert(tally_perplexity(&infinite, &value) && isinf(value));
    ck_assert(tally_bits(&infinite, &value) && isinf(value));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {objectives_have_their_values,
                                  means_of_sums_beyond_doubles_are_right,
                                  joint_is_marginal_plus_conditional_bit_for_bit,
                                  totals_are_the_same_in_any_order,
                                  greedy_is_a_conjunction,
                                  means_are_exact,
                                  nothing_has_no_mean,
                                  NULL};

    return suite_main("objective", tests);
}
