/* scores.c - the results of a request. */
#include "api/score/scores.h"

static void sum_up(struct scored *scored)
{
    const struct plan *plan = &scored->plan;
    struct result *result = &scored->result;
    const struct sequence sequence = {.length = plan->length,
                                      .segment = plan->segment,
                                      .scored = plan->needed,
                                      .log_prob = result->log_prob,
                                      .loss = result->token_loss,
                                      .greedy = result->greedy,
                                      .weight = plan->weight};

    sequence_sum(&sequence, &result->sums);
}

/* Add the sequences that have the objective. */
static void add_up(const struct scores *scores, enum objective_id id, struct totals *totals)
{
    for (size_t i = 0; i < scores->count; i++) {
        const struct scored *scored = scores->sequences[i];

        if (scored->plan.objectives >> id & 1)
            totals_add(totals, objective_at(id), &scored->result.sums);
    }
}

static struct total total_of(const struct scores *scores, enum objective_id id)
{
    struct totals totals;

    if (scores->count == 1 && (scores->sequences[0]->plan.objectives >> id & 1))
        return total_of_one(objective_at(id), &scores->sequences[0]->result.sums);
    totals_clear(&totals);
    add_up(scores, id, &totals);
    return totals_value(&totals);
}

void scores_evaluate(struct scores *scores, struct totals *totals)
{
    for (size_t i = 0; i < scores->count; i++)
        sum_up(scores->sequences[i]);
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        scores->total[id] = total_of(scores, id);
        if (totals)
            add_up(scores, id, &totals[id]);
    }
}
