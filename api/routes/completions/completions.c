/* completions.c - POST /v1/completions, from its body to its answer. */
#include "api/routes/completions/completions.h"

#include "api/base/arena_error.h"
#include "api/body/json_body.h"
#include "api/exchange/stopwatch.h"
#include "api/plan/model_output.h"
#include "api/routes/score/decoder.h"
#include "api/score/score_reply.h"

#include <stdint.h>
#include <string.h>

static size_t prompt_length(const struct plan *plan)
{
    return json_array_size(plan->members.of[FIELD_tokens].value);
}

/* As many outputs as prompts. */
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

/* At most as many rows as the prompt has tokens. */
static bool check_rows(const struct plan *plan, struct error *err)
{
    return model_output_check_rows(plan, err)
           && (plan->output.rows <= prompt_length(plan)
               || member_fail(&plan->members, FIELD_logits, NO_ELEMENT, ERR_BAD_COUNT, err,
                              "%zu rows are too many for a prompt of %zu tokens", plan->output.rows,
                              prompt_length(plan)));
}

/* A scored token's id must be in the vocabulary. */
static bool check_ids(const struct plan *plan, struct error *err)
{
    for (size_t i = 0; i < prompt_length(plan); i++)
        if (plan->needed[i] && (uint64_t)plan->ids[i] >= plan->output.width)
            return plan_fail_token(plan, i, ERR_OUT_OF_RANGE, err,
                                   "%lld is not below the vocabulary %zu", (long long)plan->ids[i],
                                   plan->output.width);
    return true;
}

/* Whether a member is there and says something other than if it were not. */
static bool matters(const json_t *value, const char *name)
{
    if (!value || json_is_null(value) || json_is_false(value))
        return false;
    if (strcmp(name, "max_tokens") == 0)
        return json_integer_value(value) != 0;
    return strcmp(name, "dtype") != 0 || strcmp(json_string_value(value), "f32") != 0;
}

/* The rows are gone, and were not reduced to what is asked: name the first member that came too
 * late. */
static void name_late(const struct plan *plan, const struct envelope *envelope, struct error *err)
{
    static const char *const names[] = {"/prompt", "/echo", "/max_tokens", "/logprobs", "/dtype"};
    const struct error found = *err;
    const char *late = NULL;
    size_t first = SIZE_MAX;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const size_t place = envelope_place(envelope, TOP_LEVEL, names[i] + 1);

        if (matters(json_object_get(envelope->tree, names[i] + 1), names[i] + 1)
            && place > plan->output.span->place && place < first) {
            late = names[i];
            first = place;
        }
    }
    if (!late)
        return;
    *err = (struct error){0};
    error_set(err, found.code, late, "%s", found.detail);
}

static bool prompt_comes_first(const struct envelope *envelope)
{
    return envelope_place(envelope, TOP_LEVEL, "prompt")
           < envelope_place(envelope, TOP_LEVEL, "logits");
}

/* Carry out a plan.  An id out of range is told unless something is wrong earlier in the body. */
static bool score_prompt(struct plan *plan, struct envelope *envelope, struct exchange *x,
                         struct error *err)
{
    struct error ids = {0}, rows = {0};

    if (check_rows(plan, &rows) && model_output_score(&plan, 1, x, &rows))
        plan_columns(plan, plan->output.width, &x->arena, &rows);
    if (rows.code == ERR_AFTER_LOGITS)
        name_late(plan, envelope, &rows);
    if (plan->output.width > 0)
        check_ids(plan, &ids);
    if (ids.code == ERR_NONE && rows.code == ERR_NONE)
        return true;
    *err = rows.code == ERR_NONE || (ids.code != ERR_NONE && prompt_comes_first(envelope)) ? ids
                                                                                           : rows;
    return false;
}

static struct member output_at(const struct completions *c, size_t index)
{
    if (json_is_array(c->logits))
        return (struct member){json_array_get(c->logits, index), index};
    return (struct member){c->logits, TOP_LEVEL};
}

bool completions_score(struct scores *scores, const struct completions *c,
                       struct envelope *envelope, struct exchange *x)
{
    struct error err = {0};

    *scores =
        (struct scores){.model = c->model, .model_length = c->model_length, .count = c->count};
    scores->plans = arena_new(&x->arena, struct plan, c->count);
    if (!scores->plans)
        return arena_fail(&x->arena, &x->error);
    if (!check_outputs(c, &x->error))
        return false;
    for (size_t i = 0; i < c->count; i++) {
        struct plan *plan = &scores->plans[i];
        const struct member logits = output_at(c, i);

        if (completions_plan(plan, c, i, &logits, envelope, &x->arena, &err)
            && score_prompt(plan, envelope, x, &err))
            continue;
        completions_relocate(&err);
        x->error = err;
        return false;
    }
    return true;
}

/* An appended token is the model's own choice: it has no part in losses. */
static void tell_facts(struct scores *scores, struct request_stats *stats)
{
    for (size_t i = 0; i < scores->count; i++) {
        scores->plans[i].length = prompt_length(&scores->plans[i]);
        score_evaluate(scores, &scores->plans[i], NULL);
    }
    reply_facts(stats, scores);
}

/* ---- the endpoint ---- */

/* Its members are judged by completions_read(). */
static const struct route_schema form_prompts = {.layout = &body_layout_prompts};

static bool begin_completions(struct exchange *x)
{
    struct body_scanner *scan = decoder_takes_json(x) ? json_body_begin(x, &form_prompts) : NULL;

    if (scan)
        scan->early_rows_make = completions_early;
    return scan != NULL;
}

static bool answer_completions(struct exchange *x, struct envelope *envelope, struct strbuf *reply)
{
    struct timespec watch = stopwatch_start();
    struct completions c;
    struct scores scores;
    bool good = completions_read(&c, envelope->tree, envelope, &x->error);

    x->stats.parse_seconds += stopwatch_lap(&watch);
    good = good && completions_score(&scores, &c, envelope, x);
    x->stats.score_seconds = stopwatch_lap(&watch);
    if (!good)
        return false;
    completions_write(reply, &c, &scores, x);
    tell_facts(&scores, &x->stats);
    x->stats.write_seconds = stopwatch_lap(&watch);
    return true;
}

static void finish_completions(struct exchange *x)
{
    json_body_finish(x, answer_completions);
}

const struct endpoint endpoint_completions = {begin_completions, json_body_feed,
                                              finish_completions};
