/* policy_loss.c - the loss of an objective of policy optimisation. */
#include "core/policy_loss.h"

#include <math.h>

#define BLOCK 64 /* tokens */

/* ---- a block of tokens ----
 *
 * Each step is done for a whole block, so that a step of one token does not wait for that of the
 * one before. */

struct block {
    size_t count;
    size_t at[BLOCK]; /* where its tokens are in the sequence */
    struct wide ratio[BLOCK];
    struct wide loss[BLOCK], policy[BLOCK], kl[BLOCK];
    unsigned marks[BLOCK];
};

static bool counts(const struct policy_sequence *sequence, size_t i)
{
    return sequence->in_y[i] && !(sequence->rejected && sequence->rejected[i]);
}

/* Take the next tokens that count, or all of y.  Returns where those behind them begin. */
static size_t take(struct block *block, const struct policy_sequence *sequence, size_t from,
                   bool all)
{
    for (block->count = 0; from < sequence->length && block->count < BLOCK; from++) {
        block->at[block->count] = from;
        block->count += all ? sequence->in_y[from] : counts(sequence, from);
    }
    return from;
}

static void set_ratios(struct block *block, const struct policy_setting *setting,
                       const struct policy_sequence *sequence)
{
    const double *current = sequence->log_prob[SOURCE_current];
    const double *old = sequence->log_prob[SOURCE_old];
    const bool of_tokens = setting->objective->needs_old && !setting->objective->of_sequences;
    const struct wide one =
        setting->objective->of_sequences ? wide_exp(sequence->ratio_all->mean) : wide_of(1);

    for (size_t i = 0; i < block->count; i++)
        block->ratio[i] =
            of_tokens ? wide_exp(token_log_ratio(current[block->at[i]], old[block->at[i]])) : one;
}

static void set_policy(struct block *block, const struct policy_setting *setting,
                       const struct policy_sequence *sequence)
{
    for (size_t i = 0; i < block->count; i++) {
        const size_t at = block->at[i];
        const struct policy_token token = {block->ratio[i],
                                           sequence->advantage ? sequence->advantage[at]
                                                               : sequence->advantage_of_all,
                                           sequence->log_prob[SOURCE_current][at]};
        const struct policy_term term = setting->objective->term(&token, &setting->bounds);

        block->policy[i] = term.loss;
        block->marks[i] = term.marks;
    }
    for (size_t i = 0; sequence->weigher && i < block->count; i++)
        block->policy[i] = wide_times(
            weigher_weight(sequence->weigher, sequence->weighed, block->at[i]), block->policy[i]);
}

static void set_losses(struct block *block, const struct policy_setting *setting,
                       const struct policy_sequence *sequence)
{
    const struct wide factor = wide_of(setting->kl_coef);

    if (setting->kl_coef == 0) {
        memcpy(block->loss, block->policy, block->count * sizeof *block->loss);
        return;
    }
    for (size_t i = 0; i < block->count; i++)
        block->kl[i] =
            kl_estimate(setting->estimator, sequence->log_prob[SOURCE_reference][block->at[i]],
                        sequence->log_prob[SOURCE_current][block->at[i]]);
    for (size_t i = 0; i < block->count; i++)
        block->loss[i] = wide_plus(block->policy[i], wide_times(factor, block->kl[i]));
}

/* Keep the tokens that count. */
static void leave_rejected(struct block *block, const struct policy_sequence *sequence)
{
    size_t kept = 0;

    for (size_t i = 0; i < block->count; i++) {
        block->loss[kept] = block->loss[i];
        block->policy[kept] = block->policy[i];
        block->kl[kept] = block->kl[i];
        block->marks[kept] = block->marks[i];
        kept += counts(sequence, block->at[i]);
    }
    block->count = kept;
}

/* ---- one sequence ---- */

/* Sums over the tokens of one sequence that count. */
struct token_sums {
    struct exact_sum loss, policy, kl;
    size_t tokens;
    size_t low, high, either, dual;
};

static void add_marks(struct token_sums *sums, unsigned marks)
{
    sums->low += (marks & MARK_LOW) != 0;
    sums->high += (marks & MARK_HIGH) != 0;
    sums->either += (marks & (MARK_LOW | MARK_HIGH)) != 0;
    sums->dual += (marks & MARK_DUAL) != 0;
}

static void add_block(struct token_sums *sums, const struct block *block, bool with_kl)
{
    sums->tokens += block->count;
    for (size_t i = 0; i < block->count; i++)
        add_marks(sums, block->marks[i]);
    wide_add_all(&sums->loss, block->loss, block->count);
    if (!with_kl)
        return;
    wide_add_all(&sums->policy, block->policy, block->count);
    wide_add_all(&sums->kl, block->kl, block->count);
}

static void add_sequence(struct policy_sums *sums, const struct policy_setting *setting,
                         const struct token_sums *of)
{
    const bool one = setting->objective->of_sequences;

    aggregate_add(&sums->loss, setting->aggregation, &of->loss, of->tokens);
    if (setting->kl_coef > 0) {
        aggregate_add(&sums->policy, setting->aggregation, &of->policy, of->tokens);
        aggregate_add(&sums->kl, setting->aggregation, &of->kl, of->tokens);
    }
    sums->low += one ? of->low > 0 : of->low;
    sums->high += one ? of->high > 0 : of->high;
    sums->either += one ? of->either > 0 : of->either;
    sums->dual += one ? of->dual > 0 : of->dual;
}

struct policy_sequence_loss policy_sums_add(struct policy_sums *sums,
                                            const struct policy_setting *setting,
                                            const struct policy_sequence *sequence, double *losses)
{
    struct token_sums of = {0};
    struct block block;
    struct wide sum;

    for (size_t from = 0; from < sequence->length;) {
        from = take(&block, sequence, from, losses != NULL);
        set_ratios(&block, setting, sequence);
        set_policy(&block, setting, sequence);
        set_losses(&block, setting, sequence);
        for (size_t i = 0; losses && i < block.count; i++)
            losses[block.at[i]] = wide_double(block.loss[i]);
        if (losses)
            leave_rejected(&block, sequence);
        add_block(&of, &block, setting->kl_coef > 0);
    }
    add_sequence(sums, setting, &of);
    sum = of.tokens > 0 ? wide_of_sum(&of.loss) : wide_of((double)NAN);
    return (struct policy_sequence_loss){of.tokens, wide_double(sum),
                                         wide_double(wide_mean(&of.loss, of.tokens))};
}

/* ---- a batch ---- */

struct policy_loss policy_loss_of(const struct policy_sums *sums,
                                  const struct policy_setting *setting)
{
    const struct aggregate *policy = setting->kl_coef > 0 ? &sums->policy : &sums->loss;
    const double of =
        (double)(setting->objective->of_sequences ? sums->loss.sequences : sums->loss.tokens);

    return (struct policy_loss){
        .tokens = sums->loss.tokens,
        .sequences = sums->loss.sequences,
        .loss = aggregate_value(&sums->loss, setting->aggregation, setting->norm),
        .policy = aggregate_value(policy, setting->aggregation, setting->norm),
        .kl = aggregate_value(&sums->kl, setting->aggregation, setting->norm),
        .low = (double)sums->low / of,
        .high = (double)sums->high / of,
        .either = (double)sums->either / of,
        .dual = (double)sums->dual / of};
}
