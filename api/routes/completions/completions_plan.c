/* completions_plan.c - plans of the rows that come with prompts. */
#include "api/base/arena_error.h"
#include "api/plan/model_output.h"
#include "api/routes/completions/completions.h"
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
                                   .holder = {{planner->body->tree, TOP_LEVEL, LAYOUT_LISTS, 0}},
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

/* What early plans are made of. */
struct making {
    struct completions_request *request;
    const struct walk *walk;
    const struct span *span;
    struct arena *arena;
    struct error *err;
};

/* Read bytes `from` to `to` of the envelope's text, between `opening` and `closing`; NULL where it
 * is no JSON, or memory is missing. */
static json_t *read_part(const struct making *making, const char *opening, size_t from, size_t to,
                         const char *closing)
{
    struct strbuf text = {.arena = making->arena};
    json_error_t error;
    bool starved = false;
    json_t *tree = NULL;

    strbuf_puts(&text, opening);
    strbuf_add(&text, making->request->request.planner.body->text.data + from, to - from);
    strbuf_puts(&text, closing);
    if (!text.failed)
        tree = dom_load(text.data, text.length, making->arena, &error, &starved);
    if (text.failed || starved)
        arena_fail(making->arena, making->err);
    else if (!tree)
        error_set(making->err, ERR_BAD_JSON, "", "not JSON");
    return tree;
}

/* Where the output begins that the span belongs to: 1 level down in a list, and a tensor is 1 level
 * itself. */
static size_t output_start(const struct making *making)
{
    const size_t level = making->span->owner == TOP_LEVEL ? 1 : 2;

    return making->span->kind == SPAN_DATA ? making->walk->level[level].start
                                           : making->request->request.planner.body->text.length - 1;
}

/* Where the text ends that stands before logits. */
static size_t request_end(const struct making *making)
{
    return making->span->owner == TOP_LEVEL ? output_start(making) : making->walk->level[1].start;
}

/* The members before logits: read once for all outputs. */
static enum plan_outcome read_request(struct making *making)
{
    struct completions_request *request = making->request;
    bool later = false;
    json_t *tree;

    if (!request->asked) {
        request->asked = true;
        tree = read_part(making, "", 0, request_end(making), "{}}"); /* a tensor so far */
        request->outcome =
            tree
                    && completions_read(&request->c, tree, request->request.planner.body, &later,
                                        making->err)
                ? PLAN_READY
            : later ? PLAN_LATER
                    : PLAN_NEVER;
        request->err = *making->err;
    }
    *making->err = request->err;
    return request->outcome;
}

/* What is in place of the output.  Arrays of rows look all the same. */
static json_t *read_output(const struct making *making)
{
    const bool tensor = making->span->kind == SPAN_DATA;
    json_t *value = tensor ? NULL : making->request->rows;

    if (!value)
        value = json_array_get(read_part(making, "[", output_start(making),
                                         making->request->request.planner.body->text.length,
                                         tensor ? "}]" : "]"),
                               0);
    if (!tensor)
        making->request->rows = value;
    return value;
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
        return PLAN_NEVER; /* how many there are is told at the end */
    }
    output.value = read_output(making);
    if (!output.value || !fields_check_output(output.value, &at, owner, planner->body, making->err))
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
    struct making making = {request, &scan->walk, scan->open, &x->arena, &err};
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
