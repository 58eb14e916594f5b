/* early_rows.c - rows that are reduced before the request is complete. */
#include "api/score/early_rows.h"

#include "api/base/arena_error.h"
#include "api/plan/model_output.h"
#include "api/score/windows.h"

/* The arguments of planning the rows of a span, for the functions below. */
struct making {
    struct planner *planner;
    const struct span *span;
    struct early_rows *early;
    struct holder path[LAYOUT_LEVELS]; /* the objects from the request to the owner of the rows */
    size_t depth;
    struct row_watch *watch; /* NULL: none */
    bool complete;
    struct error err;
};

/* ---- the owner of the rows ---- */

size_t early_rows_path(const struct body_scanner *scan, struct holder path[LAYOUT_LEVELS])
{
    const struct json_path *place = &scan->feeder.parser.path;
    struct owner_at around[LAYOUT_LEVELS];
    const size_t depth = owners_around(&scan->owners, place, place->depth, around);

    for (size_t i = 0; i < depth; i++) {
        const struct owner_at *at = &around[i];

        path[i] = (struct holder){
            .object = place->level[at->level].container,
            .owner = at->owner,
            .part = at->part,
            .kind = at->kind,
            .listed = at->listed,
            .index = at->listed ? place->level[at->level - 1].index : 0,
            .in = i > 0 ? i - 1 : 0,
        };
    }
    return depth;
}

/* ---- making plans ---- */

/* Check the members of objects that the owner of the rows is around, though they stand beside it:
 * the choices beside models. */
static bool check_across(struct making *making)
{
    struct planner *planner = making->planner;
    const struct body_layout *layout = planner->schema->layout;
    const struct holder *owner = &making->path[making->depth - 1];
    const json_t *checked[LAYOUT_LEVELS] = {NULL};
    struct sequence_iterator at;

    if (owner->part == LAYOUT_REQUEST || layout->part[owner->part].form != PART_ACROSS)
        return true;
    sequence_iterator_init(&at, layout, making->path, making->depth);
    while (sequence_iterator_next(&at))
        for (size_t i = making->depth; i < at.depth; i++) {
            if (checked[i] == at.path[i].object)
                continue;
            checked[i] = at.path[i].object;
            if (!fields_check_early(planner->schema, &at.path[i], i + 1 == at.depth, planner->body,
                                    &making->err))
                return false;
        }
    return true;
}

bool early_rows_check(struct planner *planner, const struct holder *path, size_t depth,
                      struct error *err)
{
    for (size_t i = 0; i < depth; i++) {
        const bool last = i + 1 == depth;

        if (!last && planner->judged[i] == path[i].object)
            continue;
        if (!fields_check_early(planner->schema, &path[i], last, planner->body, err))
            return false;
        if (!last)
            planner->judged[i] = path[i].object;
    }
    return true;
}

/* Whether the current sequence must still turn out to have sequences in it. */
static bool is_cut(const struct making *making, const struct sequence_iterator *at)
{
    const struct holder *last = &at->path[at->depth - 1];
    const bool across =
        last->part != LAYOUT_REQUEST && at->layout->part[last->part].form == PART_ACROSS;

    return !making->complete
           && layout_needs(at->layout, across ? at->path[last->in].kind : last->kind);
}

/* Plan the current sequence if the rows are its own. */
static enum plan_outcome add_sequence(struct making *making, const struct sequence_iterator *at)
{
    struct planner *planner = making->planner;
    struct early_rows *early = making->early;
    const struct sequence_path path = sequence_path_of(at, planner->schema, planner->body);
    const struct member logits = member_of(&path, FIELD_logits);
    struct scored *scored;
    enum plan_outcome outcome;

    if (is_cut(making, at))
        return PLAN_LATER;
    if (member_owner(&path, &logits) != making->span->owner)
        return PLAN_READY;
    outcome = windows_plan(&scored, &path, planner, making->complete, &making->err);
    if (outcome == PLAN_READY)
        early->sequences[early->count++] = scored;
    early->without_tokens = !member_of(&path, FIELD_tokens).value;
    return outcome;
}

/* Whether one dtype serves all sequences: decimal numbers must be parsed as every plan asks. */
static bool is_one_dtype(const struct early_rows *early, const struct span *span)
{
    for (size_t i = 0; i < early->count; i++) {
        const struct model_output *output = &early->sequences[i]->plan.output;

        if (output->dtype
            != (output->kind == OUTPUT_ROWS ? span->intake.dtype
                                            : early->sequences[0]->plan.output.dtype))
            return false;
    }
    return early->count > 0;
}

static enum plan_outcome add_sequences(struct making *making)
{
    const struct body_layout *layout = making->planner->schema->layout;
    struct early_rows *early = making->early;
    enum plan_outcome outcome = PLAN_READY;
    struct sequence_iterator at;
    size_t count = 0;

    for (sequence_iterator_init(&at, layout, making->path, making->depth);
         sequence_iterator_next(&at);)
        count++;
    early->sequences = arena_new(&making->planner->x->arena, struct scored *, count);
    if (!early->sequences) {
        arena_fail(&making->planner->x->arena, &making->err);
        return PLAN_NEVER;
    }
    sequence_iterator_init(&at, layout, making->path, making->depth);
    while (outcome == PLAN_READY && sequence_iterator_next(&at))
        outcome = add_sequence(making, &at);
    return outcome == PLAN_READY && !is_one_dtype(early, making->span) ? PLAN_LATER : outcome;
}

/* ---- taking rows ---- */

static bool needs_row(struct row_sink *sink, size_t index)
{
    return scorer_needs(&((struct early_rows *)sink)->scorer, index);
}

static bool take_row(struct row_sink *sink, size_t index, const struct row *row)
{
    struct early_rows *early = (struct early_rows *)sink;

    if (scorer_row(&early->scorer, index, row, &early->err)) {
        sink->spent = early->watch
                      && !early->watch->row(early->watch, &early->sequences[0]->plan, index, row);
        return !sink->spent;
    }
    if (early->scorer.asker)
        return scorer_fail(&early->scorer, &early->err);
    if (!error_is_spent(early->err.code))
        return false;
    sink->spent = true;
    early->scorer.x->error = early->err;
    return false;
}

/* Start to reduce the rows by the plans. */
static bool reduce(struct early_rows *early, struct span *span, struct exchange *x)
{
    const struct model_output *output = &early->sequences[0]->plan.output;

    if (!scorer_init(&early->scorer, early->sequences, early->count, x, &x->error))
        return false;
    early->planned = true;
    early->sink = (struct row_sink){
        .dtype = output->dtype, .width = output->width, .needs = needs_row, .take = take_row};
    row_intake_reduce(&span->intake, &early->sink);
    return true;
}

bool early_rows_begin(struct early_rows *early, struct span *span, enum plan_outcome outcome,
                      struct exchange *x)
{
    if (outcome == PLAN_READY)
        return reduce(early, span, x);
    if (outcome == PLAN_LATER) {
        row_intake_hold(&span->intake);
        return true;
    }
    if (error_is_spent(early->err.code)) {
        x->error = early->err;
        return false;
    }
    row_intake_skip(&span->intake);
    span->intake.sink = &early->sink;
    return true;
}

static bool plan_rows(struct making *making, struct span *span)
{
    struct exchange *x = making->planner->x;
    enum plan_outcome outcome = PLAN_NEVER;

    making->early = arena_new(&x->arena, struct early_rows, 1);
    if (!making->early)
        return arena_fail(&x->arena, &x->error);
    if ((!early_rows_check(making->planner, making->path, making->depth, &making->err)
         || !check_across(making))
        && !error_is_spent(making->err.code)) {
        row_intake_skip(&span->intake); /* fields_check() finds the fault again, with its place */
        return true;
    }
    if (making->err.code == ERR_NONE)
        outcome = add_sequences(making);
    making->early->watch = making->watch;
    making->early->err = outcome == PLAN_NEVER ? making->err : (struct error){0};
    return early_rows_begin(making->early, span, outcome, x);
}

bool early_rows_decide_watched(struct body_scanner *scan, struct planner *planner,
                               struct row_watch *watch)
{
    struct making making = {.planner = planner, .span = scan->open, .watch = watch};

    making.depth = early_rows_path(scan, making.path);
    return plan_rows(&making, scan->open);
}

bool early_rows_decide(struct body_scanner *scan, void *route)
{
    return early_rows_decide_watched(scan, route, NULL);
}

bool early_rows_decide_part(struct planner *planner, struct span *span, bool complete)
{
    struct making making = {.planner = planner, .span = span, .complete = true};
    const struct layout_part *outermost = planner->schema->layout->part;
    const json_t *list = json_object_get(planner->body->tree, outermost->name);

    if (!complete) {
        row_intake_hold(&span->intake);
        return true;
    }
    making.path[making.depth++] = holder_of_request(planner->body->tree);
    if (span->owner != TOP_LEVEL)
        making.path[making.depth++] = (struct holder){.object = json_array_get(list, span->owner),
                                                      .owner = span->owner,
                                                      .kind = outermost->kind,
                                                      .listed = true,
                                                      .index = span->owner};
    return plan_rows(&making, span);
}

/* ---- when the request is complete ---- */

struct early_rows *early_rows_of(const struct span *span)
{
    return (struct early_rows *)span->intake.sink;
}

/* Sequences are in the order of the numbers of the objects on their paths, outer ones first. */
static int compare_paths(const struct sequence_path *a, const struct sequence_path *b)
{
    size_t i = 0;

    while (i + 1 < a->count && i + 1 < b->count
           && owner_index(a->holder[i].owner) == owner_index(b->holder[i].owner))
        i++;
    return (owner_index(a->holder[i].owner) > owner_index(b->holder[i].owner))
           - (owner_index(a->holder[i].owner) < owner_index(b->holder[i].owner));
}

static struct scored *find(const struct early_rows *early, const struct sequence_path *path)
{
    size_t first = 0, end = early->count;

    while (first < end) {
        const size_t middle = first + (end - first) / 2;

        if (compare_paths(&early->sequences[middle]->plan.path, path) < 0)
            first = middle + 1;
        else
            end = middle;
    }
    return first < early->count && compare_paths(&early->sequences[first]->plan.path, path) == 0
               ? early->sequences[first]
               : NULL;
}

static const char late[] = "comes after logits, whose rows were too many to keep "
                           "(--max-kept-rows) and were scored without it: put logits last";

/* Report why a sequence has no plan. */
static void fail_planning(const struct early_rows *early, const struct span *span,
                          const struct sequence_path *path, struct error *err)
{
    if (span->is_part && early->without_tokens && member_of(path, FIELD_tokens).value)
        member_fail(path, FIELD_tokens, NO_ELEMENT, ERR_AFTER_LOGITS, err,
                    "come in a part behind that of the logits, whose rows were passed over "
                    "without them: save them in the file of the logits, or give them in the "
                    "request");
    else if (early->err.code != ERR_NONE)
        *err = early->err;
    else
        error_set(err, ERR_INTERNAL, "", "a sequence has rows that were reduced, and no plan");
}

struct scored *early_rows_sequence(const struct span *span, const struct sequence_path *path,
                                   struct error *err)
{
    const struct early_rows *early = early_rows_of(span);
    struct scored *scored = find(early, path);

    if (!members_check_late(path, span->offset, late, err))
        return NULL;
    if (!scored) {
        fail_planning(early, span, path, err);
        return NULL;
    }
    model_output_measure(&scored->plan.output);
    return scored;
}

bool early_rows_finish(const struct span *span, struct error *err)
{
    const struct early_rows *early = early_rows_of(span);

    if (early->err.code != ERR_NONE)
        *err = early->err;
    return err->code == ERR_NONE;
}
