/* compare_reply.c - writes the answer to POST /v1/compare as JSON. */
#include "api/routes/compare/compare_reply.h"
#include "api/base/json_writer.h"
#include "api/plan/plan_notice.h"
#include "api/score/score_reply.h"
#include "api/score/spread_reply.h"

#include <math.h>

static const char *const sides[] = {"a", "b"};

static void put_model(struct strbuf *text, const struct comparison *comparison, size_t model)
{
    put_name(text, sides[model]);
    strbuf_puts(text, "{");
    put_number(text, "log_prob", comparison->log_prob[model]);
    put_figure(text, "perplexity", &comparison->perplexity[model]);
    put_figure(text, "perplexity_error", &comparison->perplexity_error[model]);
    strbuf_puts(text, "}");
}

static void put_comparison(struct strbuf *text, const struct comparison *comparison)
{
    put_count(text, "tokens", comparison->tokens);
    put_model(text, comparison, 0);
    put_model(text, comparison, 1);
    put_figure(text, "difference", &comparison->difference);
    put_figure(text, "difference_mean", &comparison->mean);
    put_figure(text, "difference_error", &comparison->mean_error);
    put_figure(text, "win_rate", &comparison->wins);
    put_figure(text, "correlation", &comparison->correlation);
    put_figure(text, "perplexity_ratio", &comparison->ratio);
    put_figure(text, "perplexity_ratio_error", &comparison->ratio_error);
    put_figure(text, "perplexity_difference", &comparison->apart);
    put_figure(text, "perplexity_difference_error", &comparison->apart_error);
}

/* Write the spreads of distances, those that are measured. */
static void put_spreads(struct strbuf *text, const struct contrast *contrast, enum distance first,
                        enum distance last, bool full)
{
    for (enum distance i = first; i <= last; i++)
        if (contrast->spread[i])
            put_spread(text, distance_name(i), contrast->spread[i], full);
}

/* Write what the rows have in common. */
static void put_rows(struct strbuf *text, const struct contrast *contrast, bool full)
{
    put_count(text, "rows", contrast->spread[DISTANCE_KL_AB]->count);
    put_spreads(text, contrast, DISTANCE_KL_AB, DISTANCE_TV, full);
    put_figure(text, "same_top", &contrast->same_top_share);
    put_figure(text, "same_top_error", &contrast->same_top_error);
}

/* Write what is asked beside that. */
static void put_asked(struct strbuf *text, const struct contrast *contrast, bool full)
{
    if (contrast->spread[DISTANCE_DIVERGENCE]) {
        put_name(text, "distillation");
        strbuf_puts(text, "{");
        put_spreads(text, contrast, DISTANCE_DIVERGENCE, DISTANCE_OVERLAP, full);
        strbuf_puts(text, "}");
    }
    put_spreads(text, contrast, DISTANCE_CROSS_ENTROPY, DISTANCE_CROSS_ENTROPY, full);
    if (contrast->spread[DISTANCE_CROSS_ENTROPY]) {
        put_figure(text, "binoculars", &contrast->binoculars);
        put_figure(text, "fast_detect_gpt", &contrast->discrepancy);
    }
    put_spreads(text, contrast, DISTANCE_ACCEPTANCE, DISTANCE_ACCEPTANCE, full);
    if (contrast->spread[DISTANCE_ACCEPTANCE])
        put_figure(text, "expected_tokens", &contrast->expected_tokens);
}

/* Write the comparison of an objective. */
static void put_contrast(struct strbuf *text, const struct contrast *contrast, bool rows, bool full)
{
    put_comparison(text, &contrast->tokens);
    put_spreads(text, contrast, DISTANCE_DELTA_P, DISTANCE_DELTA_P, full);
    if (rows)
        put_rows(text, contrast, full);
    put_asked(text, contrast, full);
}

/* Whether rows were compared in some sequence. */
static bool has_rows(const struct contrast *total)
{
    return total->spread[DISTANCE_KL_AB] && total->spread[DISTANCE_KL_AB]->count > 0;
}

static void put_objectives(struct strbuf *text, const struct pair *pair)
{
    put_name(text, "objectives");
    strbuf_puts(text, "{");
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        if (!(pair->objectives >> id & 1))
            continue;
        put_name(text, objective_at(id)->name);
        strbuf_puts(text, "{");
        put_contrast(text, &pair->contrast[id], pair->row != NULL, false);
        strbuf_puts(text, "}");
    }
    strbuf_puts(text, "}");
}

/* Writes one value of a token. */
typedef void put_token_f(struct strbuf *text, const struct pair *pair, size_t token);

static void put_a(struct strbuf *text, const struct pair *pair, size_t token)
{
    strbuf_number(text, pair->model[0]->result.log_prob[token]);
}

static void put_b(struct strbuf *text, const struct pair *pair, size_t token)
{
    strbuf_number(text, pair->model[1]->result.log_prob[token]);
}

static void put_difference(struct strbuf *text, const struct pair *pair, size_t token)
{
    const struct figure difference = comparison_difference(pair->model[0]->result.log_prob[token],
                                                           pair->model[1]->result.log_prob[token]);

    strbuf_number_or_null(text, difference.known, difference.value);
}

static void put_same_top(struct strbuf *text, const struct pair *pair, size_t token)
{
    strbuf_puts(text, pair->row[token].same_top ? "true" : "false");
}

static void put_column(struct strbuf *text, const struct pair *pair, const char *name,
                       put_token_f *put)
{
    put_name(text, name);
    for (size_t token = 0; token < pair->model[0]->plan.length; token++) {
        strbuf_puts(text, token == 0 ? "[" : ",");
        if (pair_compares(pair, token))
            put(text, pair, token);
        else
            strbuf_puts(text, "null");
    }
    strbuf_puts(text, "]");
}

static void put_distance(struct strbuf *text, const struct pair *pair, enum distance distance)
{
    put_name(text, distance_name(distance));
    for (size_t token = 0; token < pair->model[0]->plan.length; token++) {
        double value = 0;
        const bool known =
            pair_compares(pair, token) && pair_distance(pair, distance, token, &value);

        strbuf_puts(text, token == 0 ? "[" : ",");
        strbuf_number_or_null(text, known && !isnan(value), value);
    }
    strbuf_puts(text, "]");
}

static void put_distances(struct strbuf *text, const struct pair *pair, enum distance first,
                          enum distance last)
{
    for (enum distance i = first; i <= last; i++)
        if (pair_measures(pair, i))
            put_distance(text, pair, i);
}

static void put_ids(struct strbuf *text, const struct scored *scored)
{
    put_name(text, "id");
    for (size_t token = 0; token < scored->plan.length; token++) {
        strbuf_puts(text, token == 0 ? "[" : ",");
        strbuf_integer(text, scored->plan.ids[token]);
    }
    strbuf_puts(text, "]");
}

static void put_tokens(struct strbuf *text, const struct pair *pair)
{
    put_name(text, "tokens");
    strbuf_puts(text, "{");
    if (pair->model[0]->plan.ids)
        put_ids(text, pair->model[0]);
    put_column(text, pair, "a", put_a);
    put_column(text, pair, "b", put_b);
    put_column(text, pair, "difference", put_difference);
    put_distances(text, pair, DISTANCE_DELTA_P, DISTANCE_TV);
    if (pair->row)
        put_column(text, pair, "same_top", put_same_top);
    put_distances(text, pair, DISTANCE_DIVERGENCE, DISTANCE_ACCEPTANCE);
    strbuf_puts(text, "}");
}

/* Write the labels of the models, if one has a label. */
static void put_labels(struct strbuf *text, const struct pair *pair)
{
    const json_t *a = member_of(&pair->model[0]->plan.path, FIELD_model).value;
    const json_t *b = member_of(&pair->model[1]->plan.path, FIELD_model).value;
    const json_t *const labels[] = {a, b};

    if (!a && !b)
        return;
    put_name(text, "models");
    for (size_t i = 0; i < 2; i++) {
        strbuf_puts(text, i == 0 ? "[" : ",");
        if (labels[i])
            strbuf_string(text, json_string_value(labels[i]), json_string_length(labels[i]));
        else
            strbuf_puts(text, "null");
    }
    strbuf_puts(text, "]");
}

/* Write for each objective whether all its tokens are the most likely ones. */
static void put_greedy(struct strbuf *text, const struct scored *scored, unsigned objectives)
{
    static const char *const words[] = {
        [ANSWER_YES] = "true", [ANSWER_NO] = "false", [ANSWER_UNKNOWN] = "null"};

    put_name(text, "greedy");
    strbuf_puts(text, "{");
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        if (!(objectives >> id & 1))
            continue;
        put_name(text, objective_at(id)->name);
        strbuf_puts(text, words[scored_greedy(scored, id)]);
    }
    strbuf_puts(text, "}");
}

/* Write how the answers of engines were read, of each model that has one, and warnings. */
static void put_outputs(struct strbuf *text, const struct pair *pair)
{
    for (size_t i = 0; i < 2; i++) {
        const struct scored *scored = pair->model[i];

        if (!scored->plan.output.answer && !scored->plan.notices)
            continue;
        put_name(text, sides[i]);
        strbuf_puts(text, "{");
        if (scored->plan.output.answer)
            put_greedy(text, scored, pair->objectives);
        plan_notices_write(text, &scored->plan);
        strbuf_puts(text, "}");
    }
}

static void put_pair(struct strbuf *text, const struct pair *pair, size_t index)
{
    const json_t *id = member_of(&pair->model[0]->plan.path, FIELD_id).value;

    strbuf_puts(text, index == 0 ? "{" : ",{");
    put_count(text, "index", index);
    if (id)
        score_reply_put_id(text, id);
    put_labels(text, pair);
    put_objectives(text, pair);
    if (pair->model[0]->plan.per_token)
        put_tokens(text, pair);
    put_outputs(text, pair);
    strbuf_puts(text, "}");
}

static void put_documents(struct strbuf *text, const struct documents *documents)
{
    put_name(text, "by_sequence");
    strbuf_puts(text, "{");
    put_count(text, "sequences", documents->count);
    put_figure(text, "difference_mean", &documents->mean);
    put_figure(text, "difference_error", &documents->mean_error);
    put_figure(text, "token_difference_error", &documents->token_error);
    put_figure(text, "win_rate", &documents->wins);
    strbuf_puts(text, "}");
}

static void put_totals(struct strbuf *text, const struct duel *duel)
{
    put_name(text, "totals");
    strbuf_puts(text, "{");
    put_count(text, "sequences", duel->count);
    put_name(text, "objectives");
    strbuf_puts(text, "{");
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        const struct contrast *total = &duel->total[id];

        if (duel->documents[id].count == 0)
            continue;
        put_name(text, objective_at(id)->name);
        strbuf_puts(text, "{");
        put_contrast(text, total, has_rows(total), true);
        put_documents(text, &duel->documents[id]);
        strbuf_puts(text, "}");
    }
    strbuf_puts(text, "}}");
}

void duel_write(struct strbuf *text, const struct duel *duel)
{
    strbuf_puts(text, "{");
    put_name(text, "sequences");
    strbuf_puts(text, "[");
    for (size_t i = 0; i < duel->count; i++)
        put_pair(text, &duel->pairs[i], i);
    strbuf_puts(text, "]");
    put_totals(text, duel);
    strbuf_puts(text, "}\n");
}
