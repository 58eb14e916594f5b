/* objective_value.c - the value of an objective. */
#include "core/objective_value.h"

#include "core/measure.h"

#include <math.h>

/* The running sums of a struct tally. */
struct tally_sums {
    struct sum log_prob, loss_sum, weight;
    size_t tokens;
};

static void tally_add(struct tally_sums *sums, const struct sequence *sequence, size_t token)
{
    const double weight = sequence->weight ? sequence->weight[token] : 1;

    sum_add(&sums->log_prob, sequence->log_prob[token]);
    sum_add(&sums->loss_sum, weight == 0 ? 0 : weight * sequence->loss[token]);
    sum_add(&sums->weight, weight);
    sums->tokens++;
}

static struct tally tally_of(const struct tally_sums *sums)
{
    return (struct tally){sum_result(&sums->log_prob), sum_result(&sums->loss_sum),
                          sum_result(&sums->weight), sums->tokens};
}

void objective_run(const struct objective *objective, const struct sequence *sequence,
                   struct objective_value *value)
{
    struct tally_sums sums[SEGMENT_COUNT] = {0};
    size_t tokens = 0, answers[ANSWER_UNKNOWN + 1] = {0};

    for (size_t i = 0; i < sequence->length; i++) {
        const enum segment segment = sequence->segment[i];

        if (!sequence->scored[i] || !objective->selects(segment))
            continue;
        tally_add(&sums[segment], sequence, i);
        answers[sequence->greedy[i]]++;
        tokens++;
    }
    for (enum segment segment = 0; segment < SEGMENT_COUNT; segment++)
        value->part[segment] = tally_of(&sums[segment]);
    value->greedy = answers[ANSWER_NO] > 0                       ? ANSWER_NO
                    : tokens == 0 || answers[ANSWER_UNKNOWN] > 0 ? ANSWER_UNKNOWN
                                                                 : ANSWER_YES;
}

static struct tally tally_plus(struct tally a, const struct tally *b)
{
    return (struct tally){a.log_prob + b->log_prob, a.loss_sum + b->loss_sum, a.weight + b->weight,
                          a.tokens + b->tokens};
}

/* prompt + completion (+ whole): an empty part adds 0 and changes no bit. */
static struct tally tally_join(const struct tally *part)
{
    const struct tally both = tally_plus(part[SEGMENT_PROMPT], &part[SEGMENT_COMPLETION]);

    return tally_plus(both, &part[SEGMENT_WHOLE]);
}

struct tally objective_tally(const struct objective_value *value)
{
    return tally_join(value->part);
}

bool tally_loss(const struct tally *tally, double *loss)
{
    if (tally->tokens == 0 || tally->weight == 0 || isinf(tally->weight))
        return false;
    *loss = tally->loss_sum / tally->weight;
    return true;
}

bool tally_perplexity(const struct tally *tally, double *perplexity)
{
    return measure_of(MEASURE_token_perplexity, tally->log_prob, (double)tally->tokens, perplexity);
}

#define LOG2E 0x1.71547652b82fep+0

bool tally_bits(const struct tally *tally, double *bits)
{
    if (tally->tokens == 0)
        return false;
    *bits = -tally->log_prob / (double)tally->tokens * LOG2E;
    return true;
}

void totals_add(struct totals *totals, const struct objective_value *value)
{
    totals->sequences++;
    totals->known += value->greedy != ANSWER_UNKNOWN;
    totals->greedy += value->greedy == ANSWER_YES;
    for (enum segment segment = 0; segment < SEGMENT_COUNT; segment++) {
        struct sum_tally *sums = &totals->part[segment];
        const struct tally *part = &value->part[segment];

        sum_add(&sums->log_prob, part->log_prob);
        sum_add(&sums->loss_sum, part->loss_sum);
        sum_add(&sums->weight, part->weight);
        sums->tokens += part->tokens;
    }
}

struct tally totals_tally(const struct totals *totals)
{
    struct tally part[SEGMENT_COUNT];

    for (enum segment segment = 0; segment < SEGMENT_COUNT; segment++) {
        const struct sum_tally *sums = &totals->part[segment];

        part[segment] = (struct tally){sum_result(&sums->log_prob), sum_result(&sums->loss_sum),
                                       sum_result(&sums->weight), sums->tokens};
    }
    return tally_join(part);
}

bool totals_greedy(const struct totals *totals, double *share)
{
    if (totals->known == 0)
        return false;
    *share = (double)totals->greedy / (double)totals->known;
    return true;
}
