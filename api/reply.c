/* reply.c - the answer to POST /v1/score, as JSON. */
#include "api/reply.h"

#include "api/corpus.h"
#include "api/outputs.h"

#include <math.h>
#include <string.h>

static void put_tally(struct text *text, const struct tally *tally)
{
    double value = 0;
    bool known;

    put_number(text, "log_prob", tally->log_prob);
    known = tally_loss(tally, &value);
    put_name(text, "loss");
    text_number_or_null(text, known, value);
    put_number(text, "loss_sum", tally->loss_sum);
    put_count(text, "tokens", tally->tokens);
    put_number(text, "weight", tally->weight);
    known = tally_perplexity(tally, &value);
    put_name(text, "perplexity");
    text_number_or_null(text, known, value);
    known = tally_bits(tally, &value);
    put_name(text, "bits_per_token");
    text_number_or_null(text, known, value);
}

void reply_put_greedy(struct text *text, enum answer greedy)
{
    put_name(text, "greedy");
    text_puts(text, greedy == ANSWER_YES ? "true" : greedy == ANSWER_NO ? "false" : "null");
}

/* weight * loss; a weight of 0 leaves nothing even of infinity. */
static double weighted_loss(const struct plan *plan, size_t token)
{
    const double weight = plan->weight ? plan->weight[token] : 1;

    return weight == 0 ? 0 : weight * plan->token_loss[token];
}

static bool in_objective(const struct plan *plan, const struct objective *objective, size_t token)
{
    return plan->needed[token] && objective->selects(plan->segment[token]);
}

double reply_token_loss(const struct plan *plan, const struct objective *objective, size_t token)
{
    return in_objective(plan, objective, token) ? weighted_loss(plan, token) : 0;
}

static void put_token_loss(struct text *text, const struct plan *plan,
                           const struct objective *objective)
{
    put_name(text, "token_loss");
    for (size_t i = 0; i < plan->length; i++) {
        text_puts(text, i == 0 ? "[" : ",");
        text_number(text, reply_token_loss(plan, objective, i));
    }
    text_puts(text, "]");
}

static void put_objectives(struct text *text, const struct plan *plan)
{
    put_name(text, "objectives");
    text_puts(text, "{");
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        struct tally tally;

        if (!(plan->objectives >> id & 1))
            continue;
        tally = objective_tally(&plan->value[id]);
        put_name(text, objective_at(id)->name);
        text_puts(text, "{");
        put_tally(text, &tally);
        reply_put_greedy(text, plan->value[id].greedy);
        corpus_put_sequence(text, plan, id);
        if (plan->per_token)
            put_token_loss(text, plan, objective_at(id));
        text_puts(text, "}");
    }
    text_puts(text, "}");
}

static void put_ids(struct text *text, const struct plan *plan)
{
    put_name(text, "id");
    for (size_t i = 0; i < plan->length; i++) {
        text_puts(text, i == 0 ? "[" : ",");
        text_integer(text, plan->ids[i]);
    }
    text_puts(text, "]");
}

/* A column of numbers, null where the token is not scored. */
static void put_column(struct text *text, const char *name, const struct plan *plan,
                       const double *column)
{
    put_name(text, name);
    for (size_t i = 0; i < plan->length; i++) {
        text_puts(text, i == 0 ? "[" : ",");
        text_number_or_null(text, plan->needed[i], column[i]);
    }
    text_puts(text, "]");
}

static void put_ranks(struct text *text, const struct plan *plan)
{
    put_name(text, "rank");
    for (size_t i = 0; i < plan->length; i++) {
        text_puts(text, i == 0 ? "[" : ",");
        if (plan->needed[i])
            text_count(text, plan->rank[i]);
        else
            text_puts(text, "null");
    }
    text_puts(text, "]");
}

static void put_best(struct text *text, const struct ranked *best, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        text_puts(text, k == 0 ? "[[" : ",[");
        text_count(text, best[k].token);
        text_puts(text, ",");
        text_number(text, best[k].logit);
        text_puts(text, "]");
    }
    text_puts(text, "]");
}

static void put_top(struct text *text, const struct plan *plan)
{
    put_name(text, "top");
    for (size_t i = 0; i < plan->length; i++) {
        text_puts(text, i == 0 ? "[" : ",");
        if (plan->needed[i])
            put_best(text, plan->best + i * plan->best_count, plan->best_count);
        else
            text_puts(text, "null");
    }
    text_puts(text, "]");
}

static void put_tokens(struct text *text, const struct plan *plan)
{
    put_name(text, "tokens");
    text_puts(text, "{");
    if (plan->ids)
        put_ids(text, plan);
    put_column(text, "log_prob", plan, plan->log_prob);
    if (plan->rank)
        put_ranks(text, plan);
    if (plan->entropy)
        put_column(text, "entropy", plan, plan->entropy);
    if (plan->best)
        put_top(text, plan);
    text_puts(text, "}");
}

void reply_put_id(struct text *text, const json_t *id)
{
    put_name(text, "id");
    if (json_is_string(id))
        text_string(text, json_string_value(id), json_string_length(id));
    else
        text_integer(text, json_integer_value(id));
}

static void put_sequence(struct text *text, const struct plan *plan, size_t index)
{
    const json_t *id = plan->members.of[FIELD_id].value;

    text_puts(text, index == 0 ? "{" : ",{");
    put_count(text, "index", index);
    if (id)
        reply_put_id(text, id);
    put_objectives(text, plan);
    if (plan->per_token)
        put_tokens(text, plan);
    if (plan->output.reading)
        outputs_write(text, plan);
    text_puts(text, "}");
}

static void put_total(struct text *text, const struct totals *totals)
{
    const struct tally tally = totals_tally(totals);
    double share = 0;
    bool known;

    put_tally(text, &tally);
    known = totals_greedy(totals, &share);
    put_name(text, "greedy");
    text_number_or_null(text, known, share);
}

void reply_totals(struct text *text, const struct totals totals[], size_t sequences,
                  const struct corpus *corpus)
{
    put_count(text, "sequences", sequences);
    put_name(text, "objectives");
    text_puts(text, "{");
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        if (totals[id].sequences == 0)
            continue;
        put_name(text, objective_at(id)->name);
        text_puts(text, "{");
        put_total(text, &totals[id]);
        if (corpus)
            corpus_put_totals(text, corpus, id);
        text_puts(text, "}");
    }
    text_puts(text, "}");
}

void reply_write(struct text *text, const struct scores *scores)
{
    text_puts(text, "{");
    if (scores->model) {
        put_name(text, "model");
        text_string(text, scores->model, scores->model_length);
    }
    put_name(text, "sequences");
    text_puts(text, "[");
    for (size_t i = 0; i < scores->count; i++)
        put_sequence(text, &scores->plans[i], i);
    text_puts(text, "]");
    put_name(text, "totals");
    text_puts(text, "{");
    reply_totals(text, scores->totals, scores->count, scores->corpus);
    text_puts(text, "}}\n");
}

static void count_loss(struct facts_objective *facts, double loss)
{
    static const double edges[LOSS_EDGE_COUNT] = LOSS_EDGES;
    size_t bucket = 0;

    while (bucket < LOSS_EDGE_COUNT && loss > edges[bucket])
        bucket++;
    facts->bucket[bucket]++;
    if (isfinite(loss))
        facts->token_loss_sum += loss;
}

static void plan_facts(struct facts *facts, const struct plan *plan)
{
    for (size_t i = 0; i < plan->length; i++) {
        facts->tokens += plan->needed[i];
        for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++)
            if ((plan->objectives >> id & 1) && in_objective(plan, objective_at(id), i))
                count_loss(&facts->objective[id], weighted_loss(plan, i));
    }
}

void reply_facts(struct facts *facts, const struct scores *scores)
{
    if (scores->model)
        strncpy(facts->model, scores->model, sizeof facts->model - 1);
    facts->sequences = scores->count;
    for (size_t i = 0; i < scores->count; i++)
        plan_facts(facts, &scores->plans[i]);
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        const struct tally tally = totals_tally(&scores->totals[id]);

        facts->objective[id].tokens = tally.tokens;
        facts->objective[id].loss_sum = tally.loss_sum;
        facts->objective[id].weight = tally.weight;
    }
}
