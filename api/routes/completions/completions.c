/* completions.c - POST /v1/completions: scores the prompts. */
#include "api/routes/completions/completions_endpoints.h"

#include "api/base/arena_error.h"
#include "api/exchange/media_type.h"
#include "api/exchange/stopwatch.h"
#include "api/plan/model_output.h"
#include "api/routes/completions/completions_plan.h"
#include "api/routes/completions/completions_read.h"
#include "api/routes/completions/completions_reply.h"
#include "api/score/early_rows.h"
#include "api/score/score.h"
#include "api/score/score_reply.h"

#include <stdint.h>
#include <string.h>

/* There must be one output for each prompt. */
static bool check_outputs(const struct completions *c, struct error *err)
{
    const size_t outputs = json_array_size(c->logits);

    if (json_is_array(c->logits))
        return outputs == c->count
               || error_set(err, ERR_BAD_COUNT, "/logits", "%zu outputs for %zu prompts", outputs,
                            c->count);
    return c->count == 1
           || error_set(err, ERR_BAD_COUNT, "/logits",
                        "one output for %zu prompts: send an array of outputs, one a prompt",
                        c->count);
}

/* A prompt must not have more rows than tokens. */
static bool check_rows(const struct plan *plan, const struct completions *c, struct error *err)
{
    const size_t tokens = plan->length - c->appended;

    return plan->output.rows <= tokens
           || member_fail(&plan->path, FIELD_logits, NO_ELEMENT, ERR_BAD_COUNT, err,
                          "%zu rows are too many for a prompt of %zu tokens", plan->output.rows,
                          tokens);
}

/* A prompt whose rows were reduced early.  No member that acts on rows may come after them. */
static struct scored *early_prompt(const struct early_rows *early, const struct planner *planner,
                                   size_t offset, struct error *err)
{
    const struct json_place root = ROOT;
    const char *late = completions_late(planner->body, offset);

    if (!early->planned)
        *err = early->err;
    else if (late)
        fail_at(err, ERR_AFTER_LOGITS, &MEMBER(&root, late),
                "comes after logits, whose rows were too many to keep (--max-kept-rows) and were "
                "scored without it: put logits last");
    if (err->code != ERR_NONE)
        return NULL;
    model_output_measure(&early->sequences[0]->plan.output);
    return early->sequences[0];
}

/* The output for a prompt. */
static struct prompt_output output_of(const struct completions *c, size_t index)
{
    return json_is_array(c->logits)
               ? (struct prompt_output){json_array_get(c->logits, index), index}
               : (struct prompt_output){c->logits, TOP_LEVEL};
}

/* A prompt with its plan.  NULL with *err set. */
static struct scored *plan_prompt(const struct completions *c, size_t index,
                                  struct planner *planner, struct error *err)
{
    const struct prompt_output output = output_of(c, index);
    const struct span *span = body_span(
        planner->body, json_is_object(output.value) ? SPAN_DATA : SPAN_LOGITS, output.owner);
    const struct early_rows *early = span ? early_rows_of(span) : NULL;
    struct scored *scored;

    if (early)
        return early_prompt(early, planner, span->offset, err);
    scored = arena_new(&planner->x->arena, struct scored, 1);
    if (!scored) {
        arena_fail(&planner->x->arena, err);
        return NULL;
    }
    return completions_plan(&scored->plan, c, index, &output, planner, err) == PLAN_READY ? scored
                                                                                          : NULL;
}

/* Score all prompts. */
static bool score_prompts(struct scores *scores, const struct completions *c,
                          struct planner *planner)
{
    struct exchange *x = planner->x;
    struct error *err = &x->error;

    *scores =
        (struct scores){.model = c->model, .model_length = c->model_length, .count = c->count};
    scores->sequences = arena_new(&x->arena, struct scored *, c->count);
    if (!scores->sequences)
        return arena_fail(&x->arena, err);
    if (!check_outputs(c, err))
        return false;
    for (size_t i = 0; i < c->count; i++) {
        struct scored *scored = plan_prompt(c, i, planner, err);

        if (!scored || !check_rows(&scored->plan, c, err) || !score_shared(&scored, 1, x, err))
            return false;
        scores->sequences[i] = scored;
    }
    return true;
}

/* Set the statistics.  An appended token is the model's own choice, so it is not part of the
 * losses. */
static void tell_stats(struct scores *scores, const struct completions *c,
                       struct request_stats *stats)
{
    for (size_t i = 0; i < scores->count; i++)
        scores->sequences[i]->plan.length -= c->appended;
    scores_evaluate(scores, NULL);
    score_reply_stats(stats, scores);
}

/* ---- the endpoint ---- */

/* completions_read() checks the members. */
static const struct route_schema schema_prompts = {.layout = &body_layout_prompts,
                                                   .tokens_name = "prompt"};
static const struct body_use use = {.layout = &body_layout_prompts, .decide = completions_decide};

static bool begin_completions(struct exchange *x)
{
    struct completions_request *request;

    if (!media_type_check_json(x))
        return false;
    request = arena_new(&x->arena, struct completions_request, 1);
    if (!request)
        return arena_fail(&x->arena, &x->error);
    json_request_init(&request->request, &use, &schema_prompts, x);
    request->request.scan.route = request;
    x->decoder = request;
    return true;
}

static bool answer_completions(struct planner *planner, struct strbuf *reply)
{
    struct exchange *x = planner->x;
    struct timespec watch = stopwatch_start();
    struct completions c;
    struct scores scores;
    bool later;
    bool good = completions_read(&c, planner->body->tree, planner->body, &later, &x->error);

    x->stats.parse_seconds += stopwatch_lap(&watch);
    good = good && score_prompts(&scores, &c, planner);
    x->stats.score_seconds = stopwatch_lap(&watch);
    if (!good)
        return false;
    completions_write(reply, &c, &scores, x);
    tell_stats(&scores, &c, &x->stats);
    x->stats.write_seconds = stopwatch_lap(&watch);
    return true;
}

static void finish_completions(struct exchange *x)
{
    json_request_finish(x, answer_completions);
}

const struct endpoint endpoint_completions = {begin_completions, json_request_feed,
                                              finish_completions};
