/* preference_result.c - an objective of preferences over all cases of a batch. */
#include "core/preference_result.h"

#include "core/preference_terms.h"

#include <math.h>

static struct wide none(void)
{
    return wide_of((double)NAN);
}

/* ---- what it needs ---- */

bool preference_has_nll(const struct preference_question *question)
{
    const enum preference_nll nll = question->objective->nll;

    return nll == NLL_ALONE
           || (nll == NLL_WEIGHTED && parameter_number(question->values, PARAMETER_nll_weight) > 0);
}

static bool is_joint(const struct preference_question *question)
{
    return question->objective->nll == NLL_WEIGHTED
           && parameter_index(question->values, PARAMETER_nll) == NLL_joint;
}

unsigned preference_needs(const struct preference_question *question)
{
    const unsigned nll = is_joint(question) ? NEEDS_JOINT : NEEDS_CHOSEN_TOKENS;
    unsigned needs = question->objective->needs;

    if (parameter_is_set(question->values, PARAMETER_reference_free))
        needs &= ~(unsigned)NEEDS_REFERENCE;
    return needs | (preference_has_nll(question) ? nll : 0);
}

static unsigned lacks(const struct preference_completion *completion)
{
    return (completion->has_policy ? 0 : NEEDS_POLICY)
           | (completion->has_reference ? 0 : NEEDS_REFERENCE)
           | (completion->tokens > 0 ? 0 : NEEDS_TOKENS)
           | (completion->has_reward ? 0 : NEEDS_REWARD);
}

unsigned preference_lack(const struct preference_case *one, unsigned needs)
{
    unsigned lack = lacks(one->chosen);

    if (one->chosen->tokens == 0)
        lack |= NEEDS_CHOSEN_TOKENS;
    if (!one->chosen->has_joint)
        lack |= NEEDS_JOINT;
    if (one->rejected)
        lack |= lacks(one->rejected);
    lack &= needs;
    return lack & (0 - lack);
}

/* ---- one case ---- */

/* The negative log-likelihood of the chosen completion, and of how many tokens it is. */
static struct wide nll_sum(const struct preference_question *question,
                           const struct preference_case *one, size_t *tokens)
{
    const bool joint = is_joint(question);

    *tokens = joint ? one->chosen->joint_tokens : one->chosen->tokens;
    return wide_neg(joint ? one->chosen->joint : one->chosen->policy);
}

static struct wide nll_of(const struct preference_question *question,
                          const struct preference_case *one)
{
    size_t tokens;
    const struct wide sum = nll_sum(question, one, &tokens);

    return wide_over(sum, wide_of((double)tokens));
}

/* What the NLL is multiplied by. */
static struct wide nll_weight(const struct preference_question *question)
{
    return question->objective->nll == NLL_ALONE
               ? wide_of(1)
               : preference_value(question->values, PARAMETER_nll_weight);
}

/* The loss without its NLL. */
static struct wide rest_of(const struct preference_question *question,
                           const struct preference_case *one, const struct preference_state *state)
{
    const struct preference_objective *objective = question->objective;

    if (objective->quantile_loss)
        return wide_of((double)NAN);
    return objective->loss ? objective->loss(one, state, question->values) : wide_of(0);
}

static void put_rewards(const struct preference_question *question,
                        const struct preference_case *one, struct preference_figures *figures)
{
    preference_reward_f *reward = question->objective->reward;
    struct wide chosen, rejected;

    if (!reward)
        return;
    chosen = reward(one->chosen, question->values);
    figures->chosen_reward = chosen;
    if (!one->rejected)
        return;
    rejected = reward(one->rejected, question->values);
    figures->rejected_reward = rejected;
    figures->margin = wide_minus(chosen, rejected);
}

static struct preference_figures figures_of(const struct preference_question *question,
                                            const struct preference_case *one,
                                            const struct preference_state *state)
{
    struct preference_figures figures = {none(), none(), none(), none(), none(), none()};
    struct wide loss = rest_of(question, one, state);

    put_rewards(question, one, &figures);
    if (question->objective->extra)
        figures.extra = question->objective->extra(one, question->values);
    if (preference_has_nll(question)) {
        const struct wide nll = nll_of(question, one);

        figures.nll = nll;
        loss = wide_plus(loss, wide_times(nll_weight(question), nll));
    }
    figures.loss = loss;
    return figures;
}

/* ---- the batch ---- */

/* The mean of the losses of quantiles: of values that belong to no case. */
static void put_quantiles(const struct preference_question *question,
                          const struct preference_batch *batch,
                          const struct preference_scratch *scratch,
                          struct preference_totals *totals)
{
    const struct preference_objective *objective = question->objective;
    bool known = true;

    for (size_t i = 0; i < batch->count; i++) {
        scratch->x[i] = objective->quantile_x(&batch->cases[i], question->values);
        scratch->y[i] = objective->quantile_y(&batch->cases[i], question->values);
        known = known && !wide_is_nan(scratch->x[i]) && !wide_is_nan(scratch->y[i]);
    }
    if (!known)
        return;
    wide_sort(scratch->x, batch->count);
    wide_sort(scratch->y, batch->count);
    for (size_t i = 0; i < batch->count; i++)
        scratch->column[i] =
            objective->quantile_loss(wide_minus(scratch->x[i], scratch->y[i]), question->values);
    totals->loss = weighted_mean_of(scratch->column, scratch->weight, batch->count);
    totals->loss.error = (struct scaled){(double)NAN, 0};
}

/* The mean of the losses without NLL, and nll_weight sum w nll / sum w n. */
static struct wide batch_loss(const struct preference_question *question,
                              const struct preference_batch *batch,
                              const struct preference_scratch *scratch,
                              const struct preference_state *state)
{
    struct exact_sum nll, tokens;
    struct wide rest;

    exact_sum_clear(&nll);
    exact_sum_clear(&tokens);
    for (size_t i = 0; i < batch->count; i++) {
        const struct preference_case *one = &batch->cases[i];
        size_t count;

        wide_add_to(&nll, wide_times(wide_of(one->weight), nll_sum(question, one, &count)));
        exact_sum_add_product(&tokens, one->weight, (double)count);
        scratch->column[i] = rest_of(question, one, state);
    }
    rest = weighted_mean_of(scratch->column, scratch->weight, batch->count).mean;
    return wide_plus(
        rest, wide_times(nll_weight(question), wide_over(wide_of_sum(&nll), wide_of_sum(&tokens))));
}

/* 1 where a margin is above 0, else 0; unknown where it is. */
static struct wide accuracy_of(struct wide margin)
{
    return wide_is_nan(margin) ? none() : wide_of(wide_sign(margin) > 0);
}

#define MEAN_OF(member)                                                                            \
    mean_of(figures, batch->count, offsetof(struct preference_figures, member), scratch)

/* The mean of a member of the figures. */
static struct weighted_mean mean_of(const struct preference_figures *figures, size_t count,
                                    size_t offset, const struct preference_scratch *scratch)
{
    for (size_t i = 0; i < count; i++)
        scratch->column[i] =
            *(const struct wide *)(const void *)((const char *)&figures[i] + offset);
    return weighted_mean_of(scratch->column, scratch->weight, count);
}

static void put_pairs(const struct preference_batch *batch,
                      const struct preference_scratch *scratch,
                      const struct preference_figures *figures, struct preference_totals *totals)
{
    totals->chosen_reward = MEAN_OF(chosen_reward);
    totals->rejected_reward = MEAN_OF(rejected_reward);
    totals->margin = MEAN_OF(margin);
    for (size_t i = 0; i < batch->count; i++) {
        scratch->column[i] = accuracy_of(figures[i].margin);
        totals->ties += figures[i].margin.value.hi == 0;
    }
    totals->accuracy = weighted_mean_of(scratch->column, scratch->weight, batch->count);
}

/* The mean reward of the examples of one label. */
static struct weighted_mean reward_of_label(const struct preference_batch *batch,
                                            const struct preference_scratch *scratch,
                                            const struct preference_figures *figures, bool label)
{
    for (size_t i = 0; i < batch->count; i++)
        scratch->weight[i] = batch->cases[i].desirable == label ? batch->cases[i].weight : 0;
    return MEAN_OF(chosen_reward);
}

static void put_examples(const struct preference_batch *batch,
                         const struct preference_scratch *scratch,
                         const struct preference_figures *figures, struct preference_totals *totals)
{
    totals->chosen_reward = reward_of_label(batch, scratch, figures, true);
    totals->rejected_reward = reward_of_label(batch, scratch, figures, false);
    totals->margin.mean = wide_minus(totals->chosen_reward.mean, totals->rejected_reward.mean);
}

void preference_evaluate(const struct preference_question *question,
                         const struct preference_batch *batch,
                         const struct preference_scratch *scratch,
                         struct preference_figures *figures, struct preference_totals *totals)
{
    const struct preference_objective *objective = question->objective;

    *totals =
        (struct preference_totals){.loss = {0, none(), {(double)NAN, 0}}, .batch_loss = none()};
    if (objective->state)
        totals->state = objective->state(batch, question->values);
    for (size_t i = 0; i < batch->count; i++) {
        scratch->weight[i] = batch->cases[i].weight;
        figures[i] = figures_of(question, &batch->cases[i], &totals->state);
    }
    if (objective->quantile_loss)
        put_quantiles(question, batch, scratch, totals);
    else
        totals->loss = MEAN_OF(loss);
    if (preference_has_nll(question))
        totals->batch_loss = batch_loss(question, batch, scratch, &totals->state);
    if (objective->form == PREFERENCE_OF_PAIRS)
        put_pairs(batch, scratch, figures, totals);
    else
        put_examples(batch, scratch, figures, totals);
}
