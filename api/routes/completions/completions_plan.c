/* completions_plan.c - plans of the rows that come with prompts. */
#include "api/base/arena_error.h"
#include "api/plan/model_output.h"
#include "api/routes/completions/completions.h"

#include <stdio.h>
#include <string.h>

static json_t *prompt_at(const struct completions *c, size_t index)
{
    return c->batch ? json_array_get(c->prompt, index) : c->prompt;
}

static bool make_tokens(struct plan *plan, const struct completions *c, struct arena *arena,
                        struct error *err)
{
    const json_t *prompt = plan->members.of[FIELD_tokens].value;
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

bool completions_plan(struct plan *plan, const struct completions *c, size_t index,
                      const struct member *logits, struct envelope *envelope, struct arena *arena,
                      struct error *err)
{
    *plan = (struct plan){
        .members = {.owner = index, .holders = 2, .schema = &schema_score, .envelope = envelope},
        .objectives = 1U << OBJECTIVE_joint,
        .details = c->top > 0 ? DETAIL_TOP : 0,
        .top = c->top,
        .transform = transform_make(1, 0)};
    plan->members.holder[0] = (struct holder){.owner = TOP_LEVEL, .list = LAYOUT_LISTS};
    plan->members.holder[1] = (struct holder){.owner = index, .index = index};
    plan->members.of[FIELD_tokens] =
        (struct member){prompt_at(c, index), c->batch ? index : TOP_LEVEL};
    plan->members.of[FIELD_logits] = *logits;
    plan->members.of[FIELD_dtype] = (struct member){c->dtype, TOP_LEVEL};
    return model_output_find(&plan->output, &plan->members, envelope, err)
           && make_tokens(plan, c, arena, err);
}

void completions_relocate(struct error *err)
{
    static const struct {
        const char *member, *name;
    } names[] = {{"tokens", "prompt"}, {"logits", "logits"}};
    char pointer[sizeof err->pointer], owner[24] = "";
    const char *rest = err->pointer;
    int length = 0;

    if (sscanf(rest, "/sequences%23[/0-9]%n", owner, &length) == 1 && length > 0) {
        owner[strlen(owner) - 1] = '\0'; /* the slash before the member */
        rest += length - 1;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const size_t name = strlen(names[i].member);

        if (strncmp(rest + 1, names[i].member, name) != 0)
            continue;
        snprintf(pointer, sizeof pointer, "/%s%s%s", names[i].name, owner, rest + 1 + name);
        memcpy(err->pointer, pointer, sizeof pointer);
        return;
    }
}

/* ---- while rows arrive ---- */

/* What the members before logits ask for, or what is wrong with them. */
struct asked {
    struct completions c;
    struct error err;
    json_t *rows; /* the 0 in place of an array of rows, once read */
};

/* What early plans are made of. */
struct making {
    struct asked *asked;
    struct envelope *envelope;
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
    strbuf_add(&text, making->envelope->text.data + from, to - from);
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
                                           : making->envelope->text.length - 1;
}

/* Where the text ends that stands before logits. */
static size_t request_end(const struct making *making)
{
    return making->span->owner == TOP_LEVEL ? output_start(making) : making->walk->level[1].start;
}

/* The members before logits: read once for all outputs, since there may be very many. */
static bool read_request(struct making *making, struct early_rows_parts *parts)
{
    struct asked *asked = parts->asked;
    json_t *tree;

    if (!asked) {
        parts->asked = asked = arena_new(making->arena, struct asked, 1);
        if (!asked)
            return arena_fail(making->arena, making->err);
        tree = read_part(making, "", 0, request_end(making), "{}}"); /* a tensor so far */
        if (tree)
            completions_read(&asked->c, tree, making->envelope, making->err);
        asked->err = *making->err;
    }
    making->asked = asked;
    *making->err = asked->err;
    return asked->err.code == ERR_NONE;
}

/* What is in place of the output.  Arrays of rows look all the same. */
static json_t *read_output(const struct making *making)
{
    const bool tensor = making->span->kind == SPAN_DATA;
    json_t *value = tensor ? NULL : making->asked->rows;

    if (!value)
        value = json_array_get(read_part(making, "[", output_start(making),
                                         making->envelope->text.length, tensor ? "}]" : "]"),
                               0);
    if (!tensor)
        making->asked->rows = value;
    return value;
}

static bool plan_span(const struct making *making, struct plan *plan)
{
    const struct completions *c = &making->asked->c;
    const size_t owner = making->span->owner, index = owner == TOP_LEVEL ? 0 : owner;
    const struct json_place root = ROOT, at = MEMBER(&root, "logits");
    struct member logits = {.owner = owner};

    if (index >= c->count || (owner == TOP_LEVEL && c->count > 1))
        return error_set(making->err, ERR_BAD_COUNT, "/logits", "there is no such prompt");
    logits.value = read_output(making);
    return logits.value
           && fields_check_output(logits.value, &at, owner, making->envelope, making->err)
           && completions_plan(plan, c, index, &logits, making->envelope, making->arena,
                               making->err);
}

enum early_rows_outcome completions_early(struct early_rows **early, struct envelope *envelope,
                                          const struct walk *walk, const struct owners *owners,
                                          const struct span *span, struct early_rows_parts *parts,
                                          struct exchange *x)
{
    struct early_rows *made = arena_new(&x->arena, struct early_rows, 1);
    struct plan *plan = arena_new(&x->arena, struct plan, 1);
    struct plan **plans = arena_new(&x->arena, struct plan *, 1);
    struct error err = {0};
    struct making making = {NULL, envelope, walk, span, &x->arena, &err};

    (void)owners;
    if (!made || !plan || !plans) {
        arena_fail(&x->arena, &x->error);
        return EARLY_SPENT;
    }
    if (!read_request(&making, parts) || !plan_span(&making, plan)) {
        if (early_rows_outcome(err.code) == EARLY_SPENT)
            x->error = err;
        return early_rows_outcome(err.code);
    }
    plans[0] = plan;
    made->plans = plans;
    made->count = 1;
    if (!early_rows_agrees(made, span))
        return EARLY_UNKNOWN;
    if (!scorer_init(&made->scorer, made->plans, made->count, x, &x->error))
        return EARLY_SPENT;
    *early = made;
    return EARLY_READY;
}
