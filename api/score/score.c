/* score.c - scores a request. */
#include "api/score/score.h"
#include "api/members/schemas.h"

#include "api/base/arena_error.h"
#include "api/plan/engine_output.h"
#include "api/plan/labels.h"
#include "api/plan/model_output.h"
#include "api/plan/plan_candidates.h"
#include "api/plan/plan_make.h"
#include "api/score/corpus.h"
#include "api/score/detections.h"
#include "api/score/documents.h"
#include "api/score/early_rows.h"
#include "api/score/log_probs.h"
#include "api/score/rows.h"
#include "api/score/temperatures.h"
#include "api/score/windows.h"

/* The arguments of score_request(), for the functions below. */
struct scoring {
    struct scores *scores;
    struct planner *planner;
    struct exchange *x;
    struct error *err;
};

static bool check_id(const struct plan *plan, size_t token, int64_t id, struct error *err)
{
    return id == ID_ARGMAX || (uint64_t)id < plan->output.width
           || plan_fail_token(plan, token, ERR_OUT_OF_RANGE, err,
                              "%lld is not below the vocabulary %zu", (long long)id,
                              plan->output.width);
}

/* The id of each needed token must be below V, and so must all ids that mean it. */
static bool check_ids(const struct plan *plan, struct error *err)
{
    for (size_t i = 0; i < plan->length; i++)
        if (plan->needed[i] && !check_id(plan, i, plan->ids[i], err))
            return false;
    for (size_t i = 1; plan->labels && i < plan->labels->count; i++)
        if (!check_id(plan, i, plan->labels->of[i].id, err))
            return false;
    return plan_candidates_check(plan, err);
}

bool score_shared(struct scored *const *sequences, size_t count, struct exchange *x,
                  struct error *err)
{
    struct error ids = {0}, rows = {0};
    bool good = true;

    for (size_t i = 0; i < count && good; i++)
        good = model_output_check_rows(&sequences[i]->plan, &rows);
    for (size_t i = 0; i < count && ids.code == ERR_NONE && sequences[i]->plan.output.width > 0;
         i++)
        check_ids(&sequences[i]->plan, &ids);
    if (good)
        rows_score(sequences, count, x, &rows);
    for (size_t i = 0; i < count && rows.code == ERR_NONE; i++)
        scored_columns(sequences[i], sequences[i]->plan.output.width, &x->arena, &rows);
    if (ids.code == ERR_NONE && rows.code == ERR_NONE)
        return true;
    *err = rows.code == ERR_NONE || (ids.code != ERR_NONE && ids.place < rows.place) ? ids : rows;
    return false;
}

/* Whether the rows belong to an object around the sequence.  Such a sequence is scored together
 * with the others that share them. */
static bool is_shared(const struct plan *plan)
{
    return (plan->output.kind == OUTPUT_ROWS || plan->output.kind == OUTPUT_TENSOR)
           && plan->output.owner != sequence_owner(&plan->path);
}

/* The span of `logits`.  NULL: the sequence has none. */
static const struct span *logits_of(const struct sequence_path *path)
{
    const struct member logits = member_of(path, FIELD_logits);
    const enum span_kind kind = json_is_object(logits.value) ? SPAN_DATA : SPAN_LOGITS;

    return logits.value ? body_span(path->body, kind, member_owner(path, &logits)) : NULL;
}

/* A sequence with its plan.  The plan may exist already, if its rows were reduced early.  NULL with
 * the error set. */
static struct scored *plan_sequence(const struct scoring *scoring, const struct sequence_path *path)
{
    const struct span *span = logits_of(path);
    struct scored *scored;

    if (span && early_rows_of(span))
        return early_rows_sequence(span, path, scoring->err);
    return windows_plan(&scored, path, scoring->planner, true, scoring->err) == PLAN_READY ? scored
                                                                                           : NULL;
}

/* Whether the route has the value of a sequence from members of its own. */
static bool is_told(const struct sequence_path *path)
{
    return path->schema->tells && path->schema->tells(path);
}

/* Such a sequence: no tokens of it are scored.  NULL with the error set. */
static struct scored *tell_sequence(const struct scoring *scoring, const struct sequence_path *path)
{
    struct scored *scored = arena_new(&scoring->x->arena, struct scored, 1);

    if (!scored) {
        arena_fail(&scoring->x->arena, scoring->err);
        return NULL;
    }
    scored->plan.path = *path;
    scored->plan.output.kind = OUTPUT_TOLD;
    return scored;
}

/* Score a window: its rows are its own. */
static bool score_window(const struct scoring *scoring, struct scored *window)
{
    return windows_begin(window, scoring->planner, scoring->err)
           && (!plan_has_rows(&window->plan) || score_shared(&window, 1, scoring->x, scoring->err))
           && windows_end(window, scoring->err);
}

/* Plan a sequence, and score it unless it shares rows with others. */
static bool score_sequence(const struct scoring *scoring, const struct sequence_iterator *at,
                           size_t index)
{
    struct sequence_path path =
        sequence_path_of(at, scoring->planner->schema, scoring->planner->body);
    struct scored *scored;

    path.answer = at->depth == 1 ? index : 0;
    scored = is_told(&path) ? tell_sequence(scoring, &path) : plan_sequence(scoring, &path);
    scoring->scores->sequences[index] = scored;
    if (scored && scored->plan.output.kind == OUTPUT_TOLD)
        return true;
    if (scored && scored->whole)
        return score_window(scoring, scored);
    if (!scored || !plan_finish(&scored->plan, scoring->planner, scoring->err))
        return false;
    if (!plan_has_rows(&scored->plan))
        return log_probs_score(scored, scoring->x, scoring->err);
    return is_shared(&scored->plan) || score_shared(&scored, 1, scoring->x, scoring->err);
}

/* Score the sequences from `first` up to `end` that share the rows of `owner`, one dtype at a
 * time. */
static bool score_together(const struct scoring *scoring, size_t first, size_t end, size_t owner)
{
    struct scored **all = scoring->scores->sequences, **sequences = NULL;

    for (enum dtype dtype = 0; dtype < DTYPE_COUNT; dtype++) {
        size_t count = 0;

        for (size_t i = first; i < end; i++) {
            const struct plan *plan = &all[i]->plan;

            if (!is_shared(plan) || plan->output.owner != owner || plan->output.dtype != dtype)
                continue;
            if (!sequences)
                sequences = arena_new(&scoring->x->arena, struct scored *, end - first);
            if (!sequences)
                return arena_fail(&scoring->x->arena, scoring->err);
            sequences[count++] = all[i];
        }
        if (count > 0 && !score_shared(sequences, count, scoring->x, scoring->err))
            return false;
    }
    return true;
}

/* Move to sequence `index`.  A request without a list is one object, but `outputs` may hold several
 * answers, and so several sequences.  Then the iterator stays at the object. */
static void advance(struct sequence_iterator *at, size_t index)
{
    if (index == 0 || at->depth > 1)
        sequence_iterator_next(at);
}

/* How many objects on the path to a sequence are also on the path to the next one. */
static size_t count_kept(const struct sequence_iterator *at)
{
    struct sequence_iterator ahead = *at;
    size_t kept = 1;

    if (!sequence_iterator_next(&ahead))
        return kept;
    while (kept < at->depth && kept < ahead.depth && at->path[kept].owner == ahead.path[kept].owner)
        kept++;
    return kept;
}

/* Score the sequences that share rows of an object around sequence `index`, if that is the last one
 * in the object.  first[i] is the first sequence in the object that is i-th on its path. */
static bool score_ended(const struct scoring *scoring, const struct sequence_iterator *at,
                        size_t index, size_t *first)
{
    const size_t kept = at->depth > 2 ? count_kept(at) : 1;

    for (size_t level = at->depth - 1; level-- > kept;)
        if (!score_together(scoring, first[level], index + 1, at->path[level].owner))
            return false;
    for (size_t level = kept; level < LAYOUT_LEVELS; level++)
        first[level] = index + 1;
    return true;
}

/* Score the first `count` sequences; `whole`: there are no more.  Those that share rows are scored
 * when the last one of them is planned. */
static bool score_sequences(const struct scoring *scoring, size_t count, bool whole)
{
    const struct planner *planner = scoring->planner;
    size_t first[LAYOUT_LEVELS] = {0};
    struct sequence_iterator at;

    sequence_iterator_of(&at, planner->schema->layout, planner->body->tree);
    for (size_t i = 0; i < count; i++) {
        advance(&at, i);
        if (!score_sequence(scoring, &at, i) || !score_ended(scoring, &at, i, first))
            return false;
    }
    return !whole || score_together(scoring, 0, count, TOP_LEVEL);
}

/* Report a wrong member of sequence `bad`.  Faults in the rows of the sequences before it are
 * earlier in the body, so look for those first. */
static bool fail_check(const struct scoring *scoring, size_t bad, const struct error *check)
{
    if (bad != TOP_LEVEL && bad > 0)
        score_sequences(scoring, bad, false);
    if (scoring->err->code == ERR_NONE)
        *scoring->err = *check;
    return false;
}

/* The number of sequences.  In a request without a list, each of an engine's answers is one.  0
 * with *err set: memory or work is used up. */
static size_t count_sequences(struct planner *planner, struct error *err)
{
    const struct body_layout *layout = planner->schema->layout;
    struct sequence_iterator at;

    sequence_iterator_of(&at, layout, planner->body->tree);
    if (sequence_iterator_next(&at) && at.depth == 1
        && field_value(planner->body->tree, FIELD_outputs)) {
        const struct sequence_path path = sequence_path_of(&at, planner->schema, planner->body);
        struct members members;

        members_merge(&members, &path);
        return engine_output_count(&members, planner, err);
    }
    return sequence_iterator_count(layout, planner->body->tree);
}

bool score_request(struct scores *scores, struct planner *planner)
{
    struct exchange *x = planner->x;
    json_t *tree = planner->body->tree;
    const struct scoring scoring = {scores, planner, x, &x->error};
    const json_t *model = field_value(tree, FIELD_model);
    struct score_totals *totals;
    struct error check = {0};
    size_t bad = TOP_LEVEL;
    bool good;

    *scores = (struct scores){.model = json_string_value(model),
                              .model_length = json_string_length(model)};
    good = fields_check(planner->schema, planner->body, &bad, &check);
    if (!good && (bad == TOP_LEVEL || bad == 0))
        return fail_check(&scoring, TOP_LEVEL, &check);
    scores->count = good ? count_sequences(planner, &x->error) : bad;
    if (scores->count == 0)
        return false;
    scores->sequences = arena_new(&x->arena, struct scored *, scores->count);
    if (!scores->sequences)
        return arena_fail(&x->arena, &x->error);
    if (!good)
        return fail_check(&scoring, bad, &check);
    if (!score_sequences(&scoring, scores->count, true))
        return false;
    windows_join(scores);
    if (!documents_cut(scores, &x->arena, &x->error))
        return false;
    if (planner->schema != &schema_score) {
        scores_evaluate(scores, NULL);
        return true;
    }
    totals = x->totals;
    scores_evaluate(scores, totals ? totals->of : NULL);
    return temperatures_make(scores, totals ? &totals->temperatures : NULL, x)
           && detections_make(scores, x) && corpus_make(&scores->corpus, scores, tree, x);
}
