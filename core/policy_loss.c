/* policy_loss.c - the loss of an objective of policy optimisation. */
#include "core/policy_loss.h"

#include <math.h>

/* ---- one token ---- */

struct token_loss {
    struct wide loss, policy, kl;
    unsigned marks;
};

static struct wide ratio_of(const struct policy_setting *setting,
                            const struct policy_sequence *sequence, size_t i)
{
    if (!setting->objective->needs_old)
        return wide_of(1);
    if (setting->objective->of_sequences)
        return wide_exp(sequence->ratio_all->mean);
    return wide_exp(
        token_log_ratio(sequence->log_prob[SOURCE_current][i], sequence->log_prob[SOURCE_old][i]));
}

static struct token_loss loss_of(const struct policy_setting *setting,
                                 const struct policy_sequence *sequence, size_t i)
{
    const double current = sequence->log_prob[SOURCE_current][i];
    const struct policy_token token = {
        ratio_of(setting, sequence, i),
        sequence->advantage ? sequence->advantage[i] : sequence->advantage_of_all, current};
    const struct policy_term term = setting->objective->term(&token, &setting->bounds);
    struct token_loss loss = {.policy = term.loss, .marks = term.marks};

    if (sequence->weigher)
        loss.policy =
            wide_times(weigher_weight(sequence->weigher, sequence->weighed, i), term.loss);
    loss.loss = loss.policy;
    if (setting->kl_coef > 0) {
        loss.kl = kl_estimate(setting->estimator, sequence->log_prob[SOURCE_reference][i], current);
        loss.loss = wide_plus(loss.policy, wide_times(wide_of(setting->kl_coef), loss.kl));
    }
    return loss;
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

static void add_token(struct token_sums *sums, const struct token_loss *loss, bool with_kl)
{
    sums->tokens++;
    wide_add_to(&sums->loss, loss->loss);
    add_marks(sums, loss->marks);
    if (!with_kl)
        return;
    wide_add_to(&sums->policy, loss->policy);
    wide_add_to(&sums->kl, loss->kl);
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
    struct wide sum;

    for (size_t i = 0; i < sequence->length; i++) {
        const bool counts = sequence->in_y[i] && !(sequence->rejected && sequence->rejected[i]);
        struct token_loss loss;

        if (!counts && !(losses && sequence->in_y[i]))
            continue;
        loss = loss_of(setting, sequence, i);
        if (losses)
            losses[i] = wide_double(loss.loss);
        if (counts)
            add_token(&of, &loss, setting->kl_coef > 0);
    }
    add_sequence(sums, setting, &of);
    sum = of.tokens > 0 ? wide_of_sum(&of.loss) : wide_of((double)NAN);
    return (struct policy_sequence_loss){of.tokens, wide_double(sum),
                                         wide_double(wide_over(sum, wide_of((double)of.tokens)))};
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
