/* objective_value.c - the value of an objective. */
#include "core/objective_value.h"

#include "core/measure.h"

#include <math.h>

static const struct tally empty = {0};

static void clear(struct sum_tally *sums)
{
    exact_sum_clear(&sums->log_prob);
    exact_sum_clear(&sums->loss_sum);
    exact_sum_clear(&sums->weight);
    sums->tokens = 0;
}

static struct tally tally_of(const struct sum_tally *sums)
{
    if (sums->tokens == 0)
        return empty;
    return (struct tally){exact_sum_scaled(&sums->log_prob), exact_sum_scaled(&sums->loss_sum),
                          exact_sum_scaled(&sums->weight), sums->tokens};
}

/* ---- of one sequence ---- */

/* Whether the loss of each token is minus its log-probability, and has no weight. */
static bool is_plain(const struct sequence *sequence)
{
    bool plain = sequence->weight == NULL;

    for (size_t i = 0; plain && sequence->loss && i < sequence->length; i++)
        plain = !sequence->scored[i] || sequence->loss[i] == -sequence->log_prob[i];
    return plain;
}

static void add_loss(struct sum_tally *sums, const struct sequence *sequence, size_t token)
{
    if (!sequence->weight) {
        exact_sum_add(&sums->loss_sum, sequence->loss[token]);
        return;
    }
    exact_sum_add(&sums->weight, sequence->weight[token]);
    if (sequence->weight[token] != 0)
        exact_sum_add_product(&sums->loss_sum, sequence->weight[token], sequence->loss[token]);
}

static struct tally part_of(const struct sum_tally *sums, const struct sequence *sequence,
                            bool plain)
{
    struct tally tally = tally_of(sums);

    if (plain)
        tally.loss_sum = (struct scaled){0 - tally.log_prob.value, tally.log_prob.exponent};
    if (!sequence->weight)
        tally.weight = (struct scaled){(double)tally.tokens, 0};
    return tally;
}

void sequence_sum(const struct sequence *sequence, struct sequence_sums *sums)
{
    const bool plain = is_plain(sequence);
    struct sum_tally part[SEGMENT_COUNT];

    for (enum segment segment = 0; segment < SEGMENT_COUNT; segment++) {
        clear(&part[segment]);
        sums->answers[segment] = 0;
    }
    for (size_t i = 0; i < sequence->length; i++) {
        const enum segment segment = sequence->segment[i];

        if (!sequence->scored[i])
            continue;
        exact_sum_add(&part[segment].log_prob, sequence->log_prob[i]);
        if (!plain)
            add_loss(&part[segment], sequence, i);
        part[segment].tokens++;
        sums->answers[segment] |= (unsigned char)(1U << sequence->greedy[i]);
    }
    for (enum segment segment = 0; segment < SEGMENT_COUNT; segment++)
        sums->part[segment] = part_of(&part[segment], sequence, plain);
}

static struct tally tally_plus(const struct tally *a, const struct tally *b)
{
    if (a->tokens == 0 || b->tokens == 0)
        return a->tokens == 0 ? *b : *a;
    return (struct tally){scaled_plus(a->log_prob, b->log_prob),
                          scaled_plus(a->loss_sum, b->loss_sum), scaled_plus(a->weight, b->weight),
                          a->tokens + b->tokens};
}

struct tally objective_tally(const struct objective *objective, const struct sequence_sums *sums)
{
    struct tally tally = empty;

    for (enum segment segment = 0; segment < SEGMENT_COUNT; segment++)
        if (objective->selects(segment))
            tally = tally_plus(&tally, &sums->part[segment]);
    return tally;
}

enum answer objective_greedy(const struct objective *objective, const struct sequence_sums *sums)
{
    unsigned answers = 0;

    for (enum segment segment = 0; segment < SEGMENT_COUNT; segment++)
        if (objective->selects(segment))
            answers |= sums->answers[segment];
    return answers >> ANSWER_NO & 1                        ? ANSWER_NO
           : answers == 0 || answers >> ANSWER_UNKNOWN & 1 ? ANSWER_UNKNOWN
                                                           : ANSWER_YES;
}

/* ---- means ---- */

bool tally_loss(const struct tally *tally, double *loss)
{
    if (tally->tokens == 0 || tally->weight.value == 0 || isinf(tally->weight.value))
        return false;
    *loss = scaled_double(scaled_over(tally->loss_sum, tally->weight));
    return true;
}

bool tally_perplexity(const struct tally *tally, double *perplexity)
{
    return measure_on(SCALE_PERPLEXITY, tally->log_prob, (double)tally->tokens, perplexity);
}

bool tally_bits(const struct tally *tally, double *bits)
{
    return measure_on(SCALE_BITS, tally->log_prob, (double)tally->tokens, bits);
}

/* ---- sums over sequences ---- */

void totals_clear(struct totals *totals)
{
    totals->sequences = totals->known = totals->greedy = 0;
    for (enum segment segment = 0; segment < SEGMENT_COUNT; segment++)
        clear(&totals->part[segment]);
}

static void add_part(struct sum_tally *sums, const struct tally *part)
{
    if (part->tokens == 0)
        return;
    exact_sum_add_scaled(&sums->log_prob, part->log_prob);
    exact_sum_add_scaled(&sums->loss_sum, part->loss_sum);
    exact_sum_add_scaled(&sums->weight, part->weight);
    sums->tokens += part->tokens;
}

void totals_add(struct totals *totals, const struct objective *objective,
                const struct sequence_sums *sums)
{
    const enum answer greedy = objective_greedy(objective, sums);

    totals->sequences++;
    totals->known += greedy != ANSWER_UNKNOWN;
    totals->greedy += greedy == ANSWER_YES;
    for (enum segment segment = 0; segment < SEGMENT_COUNT; segment++)
        if (objective->selects(segment))
            add_part(&totals->part[segment], &sums->part[segment]);
}

struct total totals_value(const struct totals *totals)
{
    struct total total = {totals->sequences, totals->known, totals->greedy, empty};

    for (enum segment segment = 0; segment < SEGMENT_COUNT; segment++) {
        const struct tally part = tally_of(&totals->part[segment]);

        total.tally = tally_plus(&total.tally, &part);
    }
    return total;
}

struct total total_of_one(const struct objective *objective, const struct sequence_sums *sums)
{
    const enum answer greedy = objective_greedy(objective, sums);

    return (struct total){1, greedy != ANSWER_UNKNOWN, greedy == ANSWER_YES,
                          objective_tally(objective, sums)};
}

bool total_greedy(const struct total *total, double *share)
{
    if (total->known == 0)
        return false;
    *share = (double)total->greedy / (double)total->known;
    return true;
}
