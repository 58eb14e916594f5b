/* score_reply.c - writes the answer to POST /v1/score as JSON. */
#include "api/score/score_reply.h"

#include "api/engines/engine_answer.h"
#include "api/plan/plan_notice.h"
#include "api/score/candidates.h"
#include "api/score/corpus.h"
#include "api/score/detections.h"
#include "api/score/temperatures.h"
#include "api/score/windows.h"

#include <math.h>
#include <string.h>

static void put_tally(struct strbuf *text, const struct tally *tally)
{
    double value = 0;
    bool known;

    put_number(text, "log_prob", scaled_double(tally->log_prob));
    known = tally_loss(tally, &value);
    put_name(text, "loss");
    strbuf_number_or_null(text, known, value);
    put_number(text, "loss_sum", scaled_double(tally->loss_sum));
    put_count(text, "tokens", tally->tokens);
    put_number(text, "weight", scaled_double(tally->weight));
    known = tally_perplexity(tally, &value);
    put_name(text, "perplexity");
    strbuf_number_or_null(text, known, value);
    known = tally_bits(tally, &value);
    put_name(text, "bits_per_token");
    strbuf_number_or_null(text, known, value);
}

void score_reply_put_greedy(struct strbuf *text, enum answer greedy)
{
    put_name(text, "greedy");
    strbuf_puts(text, greedy == ANSWER_YES ? "true" : greedy == ANSWER_NO ? "false" : "null");
}

/* weight * loss.  A weight of 0 gives 0 even if the loss is infinite. */
static double weighted_loss(const struct scored *scored, size_t token)
{
    const double weight = scored->plan.weight ? scored->plan.weight[token] : 1;

    return weight == 0 ? 0 : weight * scored->result.token_loss[token];
}

static bool in_objective(const struct scored *scored, const struct objective *objective,
                         size_t token)
{
    return scored->plan.needed[token] && objective->selects(scored->plan.segment[token]);
}

double score_reply_token_loss(const struct scored *scored, const struct objective *objective,
                              size_t token)
{
    return in_objective(scored, objective, token) ? weighted_loss(scored, token) : 0;
}

static void put_token_loss(struct strbuf *text, const struct scored *scored,
                           const struct objective *objective)
{
    put_name(text, "token_loss");
    for (size_t i = 0; i < scored->plan.length; i++) {
        strbuf_puts(text, i == 0 ? "[" : ",");
        strbuf_number(text, score_reply_token_loss(scored, objective, i));
    }
    strbuf_puts(text, "]");
}

static void put_objectives(struct strbuf *text, const struct scored *scored)
{
    put_name(text, "objectives");
    strbuf_puts(text, "{");
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        struct tally tally;

        if (!(scored->plan.objectives >> id & 1))
            continue;
        tally = scored_tally(scored, id);
        put_name(text, objective_at(id)->name);
        strbuf_puts(text, "{");
        put_tally(text, &tally);
        score_reply_put_greedy(text, scored_greedy(scored, id));
        corpus_put_sequence(text, scored, id);
        detections_put(text, scored, id);
        temperatures_put(text, scored, id);
        if (scored->plan.per_token)
            put_token_loss(text, scored, objective_at(id));
        strbuf_puts(text, "}");
    }
    strbuf_puts(text, "}");
}

static void put_ids(struct strbuf *text, const struct scored *scored)
{
    put_name(text, "id");
    for (size_t i = 0; i < scored->plan.length; i++) {
        strbuf_puts(text, i == 0 ? "[" : ",");
        strbuf_integer(text, scored->plan.ids[i]);
    }
    strbuf_puts(text, "]");
}

/* Write a column of numbers; null where they are not known. */
static void put_column(struct strbuf *text, const char *name, const struct scored *scored,
                       const bool *known, const double *column)
{
    put_name(text, name);
    for (size_t i = 0; i < scored->plan.length; i++) {
        strbuf_puts(text, i == 0 ? "[" : ",");
        strbuf_number_or_null(text, known[i], column[i]);
    }
    strbuf_puts(text, "]");
}

static void put_ranks(struct strbuf *text, const struct scored *scored)
{
    put_name(text, "rank");
    for (size_t i = 0; i < scored->plan.length; i++) {
        strbuf_puts(text, i == 0 ? "[" : ",");
        if (scored->plan.needed[i])
            strbuf_count(text, scored->result.rank[i]);
        else
            strbuf_puts(text, "null");
    }
    strbuf_puts(text, "]");
}

/* What a sampler keeps: [count, mass]. */
static void put_kept(struct strbuf *text, const struct scored *scored)
{
    put_name(text, "kept");
    for (size_t i = 0; i < scored->plan.length; i++) {
        strbuf_puts(text, i == 0 ? "[" : ",");
        if (!scored->plan.needed[i]) {
            strbuf_puts(text, "null");
            continue;
        }
        strbuf_puts(text, "[");
        strbuf_count(text, (uint64_t)scored->result.number[NUMBER_kept][i]);
        strbuf_puts(text, ",");
        strbuf_number(text, scored->result.number[NUMBER_mass][i]);
        strbuf_puts(text, "]");
    }
    strbuf_puts(text, "]");
}

static void put_best(struct strbuf *text, const struct ranked *best, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        strbuf_puts(text, k == 0 ? "[[" : ",[");
        strbuf_count(text, best[k].token);
        strbuf_puts(text, ",");
        strbuf_number(text, best[k].logit);
        strbuf_puts(text, "]");
    }
    strbuf_puts(text, "]");
}

static void put_top(struct strbuf *text, const struct scored *scored)
{
    put_name(text, "top");
    for (size_t i = 0; i < scored->plan.length; i++) {
        strbuf_puts(text, i == 0 ? "[" : ",");
        if (scored->plan.needed[i])
            put_best(text, scored->result.best + i * scored->result.best_count,
                     scored->result.best_count);
        else
            strbuf_puts(text, "null");
    }
    strbuf_puts(text, "]");
}

static void put_tokens(struct strbuf *text, const struct scored *scored)
{
    put_name(text, "tokens");
    strbuf_puts(text, "{");
    if (scored->plan.ids)
        put_ids(text, scored);
    put_column(text, "log_prob", scored, scored->result.known, scored->result.log_prob);
    if (scored->result.rank)
        put_ranks(text, scored);
    for (enum number number = 0; number < NUMBER_excess; number++)
        if (scored->plan.details & ~scored->plan.silent & DETAIL_NUMBER(number))
            put_column(text, number_name(number), scored, scored->plan.needed,
                       scored->result.number[number]);
    if (scored->plan.details & DETAIL_NUMBER(NUMBER_kept))
        put_kept(text, scored);
    if (scored->result.best)
        put_top(text, scored);
    if (scored->plan.candidates)
        candidates_put(text, scored);
    strbuf_puts(text, "}");
}

void score_reply_put_id(struct strbuf *text, const json_t *id)
{
    put_name(text, "id");
    if (json_is_string(id))
        strbuf_string(text, json_string_value(id), json_string_length(id));
    else
        strbuf_integer(text, json_integer_value(id));
}

static void put_sequence(struct strbuf *text, const struct scored *scored, size_t index)
{
    const struct engine_answer *answer = scored->plan.output.answer;
    const struct sequence_path *path = &scored->plan.path;
    const json_t *id = member_of(path, FIELD_id).value;

    if (!id && answer)
        id = answer->id;
    strbuf_puts(text, index == 0 ? "{" : ",{");
    put_count(text, "index", index);
    if (scored->plan.pack) {
        put_count(text, "sequence", path->holder[path->count - 1].index);
        put_count(text, "document", scored->plan.document);
    }
    if (id)
        score_reply_put_id(text, id);
    put_objectives(text, scored);
    if (scored->plan.per_token)
        put_tokens(text, scored);
    if (scored->windows)
        windows_write(text, scored);
    plan_notices_write(text, &scored->plan);
    strbuf_puts(text, "}");
}

static void put_total(struct strbuf *text, const struct total *total)
{
    double share = 0;
    bool known;

    put_tally(text, &total->tally);
    known = total_greedy(total, &share);
    put_name(text, "greedy");
    strbuf_number_or_null(text, known, share);
}

void score_reply_totals(struct strbuf *text, const struct total total[], size_t sequences,
                        const struct corpus *corpus, const struct temperature_totals *temperatures)
{
    put_count(text, "sequences", sequences);
    put_name(text, "objectives");
    strbuf_puts(text, "{");
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        if (total[id].sequences == 0)
            continue;
        put_name(text, objective_at(id)->name);
        strbuf_puts(text, "{");
        put_total(text, &total[id]);
        if (corpus)
            corpus_put_totals(text, corpus, id);
        if (temperatures)
            temperatures_put_total(text, temperatures, id);
        strbuf_puts(text, "}");
    }
    strbuf_puts(text, "}");
}

void score_reply_write(struct strbuf *text, const struct scores *scores)
{
    strbuf_puts(text, "{");
    if (scores->model)
        put_text(text, "model", scores->model, scores->model_length);
    put_name(text, "sequences");
    strbuf_puts(text, "[");
    for (size_t i = 0; i < scores->count; i++)
        put_sequence(text, scores->sequences[i], i);
    strbuf_puts(text, "]");
    put_name(text, "totals");
    strbuf_puts(text, "{");
    score_reply_totals(text, scores->total, scores->count, scores->corpus, scores->temperatures);
    strbuf_puts(text, "}}\n");
}

static void count_loss(struct objective_stats *stats, double loss)
{
    static const double edges[LOSS_EDGE_COUNT] = LOSS_EDGES;
    size_t bucket = 0;

    while (bucket < LOSS_EDGE_COUNT && loss > edges[bucket])
        bucket++;
    stats->bucket[bucket]++;
    if (isfinite(loss))
        stats->token_loss_sum += loss;
}

static void plan_facts(struct request_stats *stats, const struct scored *scored)
{
    for (size_t i = 0; i < scored->plan.length; i++) {
        stats->tokens += scored->plan.needed[i];
        for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++)
            if ((scored->plan.objectives >> id & 1) && in_objective(scored, objective_at(id), i))
                count_loss(&stats->objective[id], weighted_loss(scored, i));
    }
}

void score_reply_stats(struct request_stats *stats, const struct scores *scores)
{
    if (scores->model)
        strncpy(stats->model, scores->model, sizeof stats->model - 1);
    stats->sequences = scores->count;
    for (size_t i = 0; i < scores->count; i++)
        plan_facts(stats, scores->sequences[i]);
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        const struct tally *tally = &scores->total[id].tally;

        stats->objective[id].tokens = tally->tokens;
        stats->objective[id].loss_sum = scaled_double(tally->loss_sum);
        stats->objective[id].weight = scaled_double(tally->weight);
    }
}
