/* early_rows.c - rows that are reduced before the request is complete. */
#include "api/score/early_rows.h"

#include "api/base/arena_error.h"

#include <string.h>

/* What early_make() works on. */
struct making {
    struct envelope *envelope;
    const struct span *span;
    struct early_rows_parts *parts;
    struct exchange *x;
    struct error err;
    struct holder path[LAYOUT_LEVELS]; /* from the request to the owner of the rows */
    size_t depth;
};

/* Read bytes `from` to `to` of the envelope's text, and `closing`, as an object.  NULL where it is
 * none, or memory is missing (making->err). */
static json_t *read_part(struct making *making, size_t from, size_t to, const char *closing)
{
    struct arena *arena = &making->x->arena;
    struct strbuf text = {.arena = arena};
    json_error_t error;
    bool starved = false;
    json_t *tree = NULL;

    strbuf_add(&text, making->envelope->text.data + from, to - from);
    strbuf_puts(&text, closing);
    if (!text.failed)
        tree = dom_load(text.data, text.length, arena, &error, &starved);
    if (text.failed || starved)
        arena_fail(arena, &making->err);
    return tree;
}

/* The members of an object around the owner of the rows, up to the list on the way, which need be
 * read only once. */
static json_t *read_around(struct making *making, size_t i, const struct walk *walk,
                           const struct owner_at *around)
{
    struct early_rows_parts *parts = making->parts;

    if (!parts->read[i] || parts->owner[i] != around[i].owner) {
        parts->owner[i] = around[i].owner;
        parts->good[i] = false;
        parts->read[i] = true;
        parts->tree[i] = read_part(making, walk->level[around[i].level].start,
                                   walk->level[around[i + 1].level - 1].start, "0}");
    }
    return parts->tree[i];
}

/* Read what has come of the objects that the walk is in. */
static bool read_path(struct making *making, const struct walk *walk, const struct owners *owners)
{
    struct owner_at around[LAYOUT_LEVELS];
    const size_t last = owners_around(owners, walk, walk->depth, around) - 1;
    const char *closing = walk->depth - around[last].level == 1 ? "}" : "}}"; /* in a tensor */

    for (size_t i = 0; i <= last; i++) {
        const struct owner_at *at = &around[i];
        json_t *object = i < last ? read_around(making, i, walk, around)
                                  : read_part(making, walk->level[at->level].start,
                                              making->envelope->text.length, closing);

        if (!object)
            return false;
        making->path[making->depth++] = (struct holder){
            object, at->owner, at->list, i > 0 ? walk->level[at->level - 1].index : 0};
    }
    return true;
}

/* The members are all there: of the request, and of the sequence whose number is its index. */
static bool find_path(struct making *making)
{
    const struct envelope *envelope = making->envelope;
    const size_t owner = making->span->owner;
    const json_t *list = json_object_get(envelope->tree, envelope->schema->layout->list[0]);

    making->path[making->depth++] = (struct holder){envelope->tree, TOP_LEVEL, LAYOUT_LISTS, 0};
    if (owner != TOP_LEVEL)
        making->path[making->depth++] =
            (struct holder){json_array_get(list, owner), owner, 0, owner};
    return true;
}

/* Judge the members so far; those of an object around, once.  A tree that is complete was judged.
 */
static bool check_members(struct making *making)
{
    for (size_t i = 0; making->parts && i < making->depth; i++) {
        const bool last = i + 1 == making->depth;

        if (!last && making->parts->good[i])
            continue;
        if (!fields_check_early(&making->path[i], last, making->envelope, &making->err))
            return false;
        if (!last)
            making->parts->good[i] = true;
    }
    return true;
}

/* Whether the sequence at hand may yet turn out to be a list of others. */
static bool is_cut(const struct sequence_iterator *outline, const struct route_schema *schema)
{
    return schema->layout->list[1] && outline->path[outline->depth - 1].list + 1 != LAYOUT_LISTS;
}

/* Plan the sequence at hand if the rows are its own. */
static bool add_plan(struct making *making, struct early_rows *early,
                     const struct sequence_iterator *outline)
{
    struct arena *arena = &making->x->arena;
    struct plan *plan;
    struct members members;

    if (is_cut(outline, making->envelope->schema))
        return error_set(&making->err, ERR_MISSING_MEMBER, "", "%s may still come",
                         making->envelope->schema->layout->list[1]);
    members_merge(&members, outline, making->envelope);
    if (members.of[FIELD_logits].owner != making->span->owner)
        return true;
    plan = arena_new(arena, struct plan, 1);
    if (!plan)
        return arena_fail(arena, &making->err);
    early->plans[early->count++] = plan;
    return plan_make(plan, &members, making->envelope, making->x, &making->err);
}

static bool add_plans(struct making *making, struct early_rows *early)
{
    const struct body_layout *layout = making->envelope->schema->layout;
    struct sequence_iterator outline;
    size_t count = 0;

    for (sequence_iterator_init(&outline, layout, making->path, making->depth);
         sequence_iterator_next(&outline);)
        count++;
    early->plans = arena_new(&making->x->arena, struct plan *, count);
    if (!early->plans)
        return arena_fail(&making->x->arena, &making->err);
    for (sequence_iterator_init(&outline, layout, making->path, making->depth);
         sequence_iterator_next(&outline);)
        if (!add_plan(making, early, &outline))
            return false;
    return true;
}

bool early_rows_agrees(const struct early_rows *early, const struct span *span)
{
    for (size_t i = 0; i < early->count; i++) {
        const struct model_output *output = &early->plans[i]->output;

        if (output->dtype
            != (output->kind == OUTPUT_ROWS ? span->intake.dtype : early->plans[0]->output.dtype))
            return false;
    }
    return early->count > 0;
}

enum early_rows_outcome early_rows_outcome(enum error_code code)
{
    if (error_is_spent(code))
        return EARLY_SPENT;
    return code == ERR_MISSING_MEMBER || code == ERR_NO_OBJECTIVE ? EARLY_UNKNOWN : EARLY_DOOMED;
}

enum early_rows_outcome early_rows_make(struct early_rows **early, struct envelope *envelope,
                                        const struct walk *walk, const struct owners *owners,
                                        const struct span *span, struct early_rows_parts *parts,
                                        struct exchange *x)
{
    struct making making = {.envelope = envelope, .span = span, .parts = parts, .x = x};
    struct early_rows *made = arena_new(&x->arena, struct early_rows, 1);

    if (!made) {
        arena_fail(&x->arena, &x->error);
        return EARLY_SPENT;
    }
    if (!(walk ? read_path(&making, walk, owners) : find_path(&making)) || !check_members(&making)
        || !add_plans(&making, made)) {
        const enum early_rows_outcome outcome = early_rows_outcome(making.err.code);

        if (outcome == EARLY_SPENT)
            x->error = making.err;
        return outcome;
    }
    if (!early_rows_agrees(made, span))
        return EARLY_UNKNOWN;
    if (!scorer_init(&made->scorer, made->plans, made->count, x, &x->error))
        return EARLY_SPENT;
    *early = made;
    return EARLY_READY;
}

bool early_rows_settle(enum early_rows_outcome outcome, struct early_rows *early,
                       struct row_intake *intake)
{
    if (outcome == EARLY_READY)
        row_intake_reduce(intake, early);
    else if (outcome == EARLY_UNKNOWN)
        row_intake_hold(intake);
    else if (outcome == EARLY_DOOMED)
        row_intake_skip(intake);
    return outcome != EARLY_SPENT;
}

bool early_rows_needs(const struct early_rows *early, size_t index)
{
    return scorer_needs(&early->scorer, index);
}

bool early_rows_row(struct early_rows *early, size_t index, const struct row *row)
{
    if (scorer_row(&early->scorer, index, row, &early->err))
        return true;
    if (early_rows_outcome(early->err.code) == EARLY_SPENT)
        early->scorer.x->error = early->err;
    return false;
}

bool early_rows_is_spent(const struct early_rows *early)
{
    return early_rows_outcome(early->err.code) == EARLY_SPENT;
}

void early_rows_format(const struct early_rows *early, enum dtype *dtype, size_t *width)
{
    const struct model_output *output = &early->plans[0]->output;

    *dtype = output->dtype;
    *width = output->width;
}

static bool same_tokens(const struct plan *plan, const struct plan *done)
{
    for (size_t i = 0; i < plan->length && i < done->length; i++)
        if (plan->ids[i] != done->ids[i] && plan->ids[i] != ID_ARGMAX)
            return false;
    return plan->length == done->length;
}

static bool same_reduction(const struct plan *a, const struct plan *b)
{
    return a->transform.temperature == b->transform.temperature
           && a->transform.softcap == b->transform.softcap
           && a->loss.label_smoothing == b->loss.label_smoothing
           && a->loss.smoothing == b->loss.smoothing && a->loss.z_loss == b->loss.z_loss
           && a->details == b->details && a->top == b->top && plan_shift(a) == plan_shift(b);
}

/* Whether all that the final plan needs was done.  After a bad row nothing was, so then it must not
 * need less either: the bad row may be one that it does not need. */
static bool covers(const struct early_rows *early, const struct plan *done, const struct plan *plan)
{
    const bool exactly = early->err.code != ERR_NONE;

    for (size_t i = 0; i < plan->length; i++)
        if (exactly ? plan->needed[i] != done->needed[i] : plan->needed[i] && !done->needed[i])
            return false;
    return true;
}

/* That of a sequence; NULL where there is none.  They stand in body order, as owners are numbered.
 */
static const struct plan *find_plan(const struct early_rows *early, size_t owner)
{
    size_t first = 0, end = early->count;

    while (first < end) {
        const size_t middle = first + (end - first) / 2;

        if (early->plans[middle]->members.owner < owner)
            first = middle + 1;
        else
            end = middle;
    }
    return first < early->count && early->plans[first]->members.owner == owner ? early->plans[first]
                                                                               : NULL;
}

bool early_rows_adopt(const struct early_rows *early, struct plan *plan)
{
    const struct plan *done = find_plan(early, plan->members.owner);

    if (!done || !same_tokens(plan, done) || !same_reduction(plan, done)
        || !covers(early, done, plan))
        return false;
    plan->ids = done->ids;
    plan->log_prob = done->log_prob;
    plan->token_loss = done->token_loss;
    plan->greedy = done->greedy;
    plan->rank = done->rank;
    plan->entropy = done->entropy;
    plan->best = done->best;
    plan->best_count = done->best_count;
    return true;
}
