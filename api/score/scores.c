/* scores.c - the results of a request. */
#include "api/score/scores.h"

void scores_evaluate(struct scores *scores, struct scored *scored, struct totals *totals)
{
    const struct plan *plan = &scored->plan;
    struct result *result = &scored->result;
    const struct sequence sequence = {.length = plan->length,
                                      .segment = plan->segment,
                                      .scored = plan->needed,
                                      .log_prob = result->log_prob,
                                      .loss = result->token_loss,
                                      .greedy = result->greedy,
                                      .weight = plan->weight,
                                      .split = plan->split};

    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        if (!(plan->objectives >> id & 1))
            continue;
        objective_run(objective_at(id), &sequence, &result->value[id]);
        totals_add(&scores->totals[id], &result->value[id]);
        if (totals)
            totals_add(&totals[id], &result->value[id]);
    }
}
