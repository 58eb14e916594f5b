/* rank_endpoint.c - POST /v1/rank. */
#include "api/routes/rank/rank_endpoint.h"
#include "api/members/schemas.h"

#include "api/base/json_writer.h"
#include "api/exchange/media_type.h"
#include "api/exchange/stopwatch.h"
#include "api/routes/rank/confidences.h"
#include "api/routes/rank/paired.h"
#include "api/routes/rank/rank_reply.h"
#include "api/score/early_rows.h"
#include "api/score/json_request.h"
#include "api/score/score.h"
#include "api/score/score_reply.h"

static const struct body_use use = {.layout = &body_layout_choices, .decide = early_rows_decide};

static bool begin_rank(struct exchange *x)
{
    return media_type_check_json(x) && json_request_begin(x, &use, &schema_rank);
}

/* The rankings of a request, and what they say together. */
struct rank_answer {
    struct scores scores;
    size_t models;
    struct ranking ranking[MOST_MODELS];
    struct paired paired; /* of two models */
};

static bool make_answer(struct rank_answer *answer, struct planner *planner)
{
    struct exchange *x = planner->x;
    const json_t *request = planner->body->tree;

    if (!score_request(&answer->scores, planner))
        return false;
    answer->models = model_choices_models(&answer->scores);
    for (size_t i = 0; i < answer->models; i++)
        if (!ranking_make(&answer->ranking[i], &answer->scores, i, x)
            || !confidences_make(&answer->ranking[i], request, x))
            return false;
    return answer->models == 1 || paired_make(&answer->paired, answer->ranking, request, x);
}

static bool write_models(struct strbuf *text, const struct rank_answer *answer, struct exchange *x)
{
    put_name(text, "models");
    strbuf_puts(text, "[");
    for (size_t i = 0; i < answer->models; i++) {
        strbuf_puts(text, i == 0 ? "" : ",");
        if (!ranking_write(text, &answer->ranking[i], x))
            return false;
    }
    strbuf_puts(text, "]");
    paired_write(text, &answer->paired);
    return true;
}

static bool write_answer(struct strbuf *text, const struct rank_answer *answer, struct exchange *x)
{
    bool good;

    if (answer->models == 1) {
        good = ranking_write(text, &answer->ranking[0], x);
    } else {
        strbuf_puts(text, "{");
        good = write_models(text, answer, x);
        strbuf_puts(text, "}");
    }
    strbuf_puts(text, "\n");
    return good;
}

static bool answer_rank(struct planner *planner, struct strbuf *reply)
{
    struct exchange *x = planner->x;
    struct timespec watch = stopwatch_start();
    struct rank_answer answer;
    const bool good = make_answer(&answer, planner);

    x->stats.score_seconds = stopwatch_lap(&watch);
    if (!good || !write_answer(reply, &answer, x))
        return false;
    score_reply_stats(&x->stats, &answer.scores);
    x->stats.write_seconds = stopwatch_lap(&watch);
    return true;
}

static void finish_rank(struct exchange *x)
{
    json_request_finish(x, answer_rank);
}

const struct endpoint endpoint_rank = {begin_rank, json_request_feed, finish_rank};
