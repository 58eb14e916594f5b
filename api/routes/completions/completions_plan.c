/* completions_plan.c - makes plans for the rows of prompts. */
#include "api/routes/completions/completions_plan.h"

#include "api/base/arena_error.h"
#include "api/plan/model_output.h"
#include "api/score/early_rows.h"

#include <stdio.h>
#include <string.h>

static json_t *prompt_at(const struct completions *c, size_t index)
{
    return c->batch ? json_array_get(c->prompt, index) : c->prompt;
}

static bool make_tokens(struct plan *plan, const struct completions *c, const json_t *prompt,
                        struct arena *arena, struct error *err)
{
    const size_t count = json_array_size(prompt);

    plan->length = count + c->appended;
    plan->ids = arena_new(arena, int64_t, plan->length);
    plan->segment = arena_new(arena, unsigned char, plan->length);
    plan->needed = arena_new(arena, bool, plan->length);
    if (!plan->ids || !plan->segment || !plan->needed)
        return arena_fail(arena, err);
    memset(plan->segment, SEGMENT_WHOLE, plan->length);
    for (size_t i = 0; i < count; i++) {
        plan->ids[i] = json_integer_value(json_array_get(prompt, i));
        plan->needed[i] = i > 0 && c->echo && c->wants;
    }
    for (size_t i = count; i < plan->length; i++) {
        plan->ids[i] = ID_ARGMAX;
        plan->needed[i] = true;
    }
    return true;
}

enum plan_outcome completions_plan(struct plan *plan, const struct completions *c, size_t index,
                                   const struct prompt_output *output, struct planner *planner,
                                   struct error *err)
{
    bool later = false;
    const bool listed = output->owner != TOP_LEVEL;
    struct members members = {.path = &plan->path};

    *plan = (struct plan){.path = {.schema = planner->schema,
                                   .body = planner->body,
                                   .holder = {holder_of_request(planner->body->tree)},
                                   .count = 1,
                                   .tokens_at = c->batch ? index : NO_ELEMENT,
                                   .logits_at = listed ? output->owner : NO_ELEMENT},
                          .objectives = 1U << OBJECTIVE_joint,
                          .details = c->top > 0 ? DETAIL_TOP : 0,
                          .top = c->top,
                          .transform = transform_make(1, 0)};
    members.of[FIELD_logits].value = output->value;
    members.of[FIELD_dtype].value = c->dtype;
    if (!model_output_find(&plan->output, &members, planner->body, &later, err))
        return later ? PLAN_LATER : PLAN_NEVER;
    return make_tokens(plan, c, prompt_at(c, index), &planner->x->arena, err) ? PLAN_READY
                                                                              : PLAN_NEVER;
}

/* ---- while rows arrive ---- */

/* The arguments of planning the rows of a span. */
struct making {
    struct completions_request *request;
    const struct span *span;
    struct error *err;
};

/* Read the members before the logits, once for all outputs. */
static enum plan_outcome read_request(struct making *making)
{
    struct completions_request *request = making->request;
    struct body *body = request->request.planner.body;
    bool later = false;

    if (!request->asked) {
        request->asked = true;
        request->outcome = completions_read(&request->c, body->tree, body, &later, making->err)
                               ? PLAN_READY
                           : later ? PLAN_LATER
                                   : PLAN_NEVER;
        request->err = *making->err;
    }
    *making->err = request->err;
    return request->outcome;
}

/* The output that the span belongs to, as far as it has arrived. */
static json_t *output_so_far(const struct making *making)
{
    json_t *logits = json_object_get(making->request->request.planner.body->tree, "logits");
    const size_t owner = making->span->owner;

    return owner == TOP_LEVEL ? logits : json_array_get(logits, owner);
}

/* Plan the prompt whose output the span is. */
static enum plan_outcome plan_span(struct making *making, struct scored *scored)
{
    struct planner *planner = &making->request->request.planner;
    const struct completions *c = &making->request->c;
    const size_t owner = making->span->owner, index = owner == TOP_LEVEL ? 0 : owner;
    const struct json_place root = ROOT, at = MEMBER(&root, "logits");
    const enum plan_outcome outcome = read_request(making);
    struct prompt_output output = {.owner = owner};

    if (outcome != PLAN_READY)
        return outcome;
    if (index >= c->count || (owner == TOP_LEVEL && c->count > 1)) {
        error_set(making->err, ERR_BAD_COUNT, "/logits", "there is no such prompt");
        return PLAN_NEVER; /* completions.c reports the wrong number of outputs */
    }
    output.value = output_so_far(making);
    if (!fields_check_output(output.value, &at, owner, planner->body, making->err))
        return PLAN_NEVER;
    return completions_plan(&scored->plan, c, index, &output, planner, making->err);
}

bool completions_decide(struct body_scanner *scan, void *route)
{
    struct completions_request *request = route;
    struct exchange *x = scan->x;
    struct early_rows *early = arena_new(&x->arena, struct early_rows, 1);
    struct scored *scored = arena_new(&x->arena, struct scored, 1);
    struct error err = {0};
    struct making making = {request, scan->open, &err};
    enum plan_outcome outcome;

    if (!early || !scored)
        return arena_fail(&x->arena, &x->error);
    early->sequences = arena_new(&x->arena, struct scored *, 1);
    if (!early->sequences)
        return arena_fail(&x->arena, &x->error);
    early->sequences[0] = scored;
    outcome = plan_span(&making, scored);
    if (outcome == PLAN_READY && scored->plan.output.kind == OUTPUT_ROWS
        && scored->plan.output.dtype != scan->open->intake.dtype)
        outcome = PLAN_LATER;
    early->count = outcome == PLAN_READY;
    early->err = outcome == PLAN_NEVER ? err : (struct error){0};
    return early_rows_begin(early, scan->open, outcome, x);
}
