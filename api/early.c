/* early.c - rows that are reduced before the request is complete. */
#include "api/early.h"

#include <string.h>

/* What early_make() works on. */
struct making {
    struct envelope *envelope;
    const struct walk *walk;
    size_t sequence;
    struct exchange *x;
    struct error err;
    json_t *top, *own; /* own: NULL where the request itself is the sequence */
};

/* Read bytes `from` to `to` of the envelope's text, and `closing`, as an object.  NULL where it is
 * none, or memory is missing (making->err). */
static json_t *read_part(struct making *making, size_t from, size_t to, const char *closing)
{
    struct arena *arena = &making->x->arena;
    struct text text = {.arena = arena};
    json_error_t error;
    bool starved = false;
    json_t *tree = NULL;

    text_add(&text, making->envelope->text.data + from, to - from);
    text_puts(&text, closing);
    if (!text.failed)
        tree = dom_load(text.data, text.length, arena, &error, &starved);
    if (text.failed || starved)
        arena_fail(arena, &making->err);
    return tree;
}

/* Levels of the walk: the request, `sequences`, the sequence. */
enum { AT_REQUEST, AT_SEQUENCES, AT_SEQUENCE };

static bool read_members(struct making *making, json_t **top)
{
    const struct walk *walk = making->walk;
    const bool whole = making->sequence == TOP_LEVEL;
    const size_t inside = walk->depth - (whole ? AT_REQUEST : AT_SEQUENCE); /* 2 in a tensor */
    const char *closing = inside == 1 ? "}" : "}}";
    const size_t length = making->envelope->text.length;

    if (whole)
        return (making->top = read_part(making, 0, length, closing)) != NULL;
    if (!*top)
        *top = read_part(making, 0, walk->level[AT_SEQUENCES].start, "0}");
    making->top = *top;
    making->own = read_part(making, walk->level[AT_SEQUENCE].start, length, closing);
    return making->top && making->own;
}

static bool check_members(struct making *making)
{
    return fields_check_early(making->top, TOP_LEVEL, !making->own, making->envelope, &making->err)
           && (!making->own
               || fields_check_early(making->own, making->sequence, false, making->envelope,
                                     &making->err));
}

/* Plan a sequence if the rows at hand are its own. */
static bool add_plan(struct making *making, struct early *early, const json_t *own, size_t index)
{
    struct arena *arena = &making->x->arena;
    struct plan *plan;
    struct members members;

    members_merge(&members, making->top, own, index);
    if (members.of[FIELD_logits].owner != making->sequence)
        return true;
    plan = arena_new(arena, struct plan, 1);
    if (!plan)
        return arena_fail(arena, &making->err);
    early->plans[early->count++] = plan;
    return plan_make(plan, &members, making->envelope, arena, &making->err);
}

static bool add_plans(struct making *making, struct early *early)
{
    const json_t *sequences =
        making->sequence == TOP_LEVEL ? field_value(making->top, FIELD_sequences) : NULL;
    const size_t count = sequences ? json_array_size(sequences) : 1;

    early->plans = arena_new(&making->x->arena, struct plan *, count);
    if (!early->plans)
        return arena_fail(&making->x->arena, &making->err);
    if (!sequences)
        return add_plan(making, early, making->own,
                        making->sequence == TOP_LEVEL ? 0 : making->sequence);
    for (size_t i = 0; i < count; i++)
        if (!add_plan(making, early, json_array_get(sequences, i), i))
            return false;
    return true;
}

/* Rows that are read in different ways cannot be reduced in one. */
static bool agree_on_rows(const struct early *early, const struct intake *intake)
{
    for (size_t i = 0; i < early->count; i++) {
        const struct output *output = &early->plans[i]->output;

        if (output->dtype
            != (output->kind == OUTPUT_ROWS ? intake->dtype : early->plans[0]->output.dtype))
            return false;
    }
    return early->count > 0;
}

static enum early_outcome outcome_of(const struct making *making)
{
    switch (making->err.code) {
    case ERR_MISSING_MEMBER:
    case ERR_NO_OBJECTIVE:
        return EARLY_UNKNOWN;
    case ERR_TOO_LARGE:
    case ERR_NO_MEMORY:
        return EARLY_SPENT;
    default:
        return EARLY_DOOMED;
    }
}

enum early_outcome early_make(struct early **early, struct envelope *envelope,
                              const struct walk *walk, const struct span *span, json_t **top,
                              struct exchange *x)
{
    struct making making = {envelope, walk, span->owner, x, {0}, NULL, NULL};
    struct early *made = arena_new(&x->arena, struct early, 1);

    if (!made) {
        arena_fail(&x->arena, &x->error);
        return EARLY_SPENT;
    }
    if (!read_members(&making, top) || !check_members(&making) || !add_plans(&making, made)) {
        if (outcome_of(&making) == EARLY_SPENT)
            x->error = making.err;
        return outcome_of(&making);
    }
    if (!agree_on_rows(made, &span->intake))
        return EARLY_UNKNOWN;
    scorer_init(&made->scorer, made->plans, made->count, x);
    *early = made;
    return EARLY_READY;
}

bool early_needs(const struct early *early, size_t index)
{
    return scorer_needs(&early->scorer, index);
}

bool early_row(struct early *early, size_t index, const struct row *row)
{
    return scorer_row(&early->scorer, index, row, &early->err);
}

void early_rows(const struct early *early, enum dtype *dtype, size_t *width)
{
    const struct output *output = &early->plans[0]->output;

    *dtype = output->dtype;
    *width = output->width;
}

static bool same_tokens(const struct plan *a, const struct plan *b)
{
    return a->length == b->length && memcmp(a->ids, b->ids, a->length * sizeof *a->ids) == 0;
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
static bool covers(const struct early *early, const struct plan *done, const struct plan *plan)
{
    const bool exactly = early->err.code != ERR_NONE;

    for (size_t i = 0; i < plan->length; i++)
        if (exactly ? plan->needed[i] != done->needed[i] : plan->needed[i] && !done->needed[i])
            return false;
    return true;
}

bool early_adopt(const struct early *early, struct plan *plan)
{
    const struct plan *done = NULL;

    for (size_t i = 0; i < early->count && !done; i++)
        if (early->plans[i]->members.index == plan->members.index)
            done = early->plans[i];
    if (!done || !same_tokens(plan, done) || !same_reduction(plan, done)
        || !covers(early, done, plan))
        return false;
    plan->log_prob = done->log_prob;
    plan->token_loss = done->token_loss;
    plan->greedy = done->greedy;
    plan->rank = done->rank;
    plan->entropy = done->entropy;
    plan->best = done->best;
    plan->best_count = done->best_count;
    return true;
}
