/* score.c - the sequences of a request, from its tree to the values of their objectives. */
#include "api/score/score.h"

#include "api/base/arena_error.h"
#include "api/plan/engine_output.h"
#include "api/plan/model_output.h"
#include "api/score/corpus.h"

/* What a request is scored with. */
struct scoring {
    struct scores *scores;
    struct envelope *envelope;
    struct exchange *x;
    struct error *err;
};

/* A needed token's id must be in the vocabulary. */
static bool check_ids(const struct plan *plan, struct error *err)
{
    for (size_t i = 0; i < plan->length; i++)
        if (plan->needed[i] && (uint64_t)plan->ids[i] >= plan->output.width)
            return plan_fail_token(plan, i, ERR_OUT_OF_RANGE, err,
                                   "%lld is not below the vocabulary %zu", (long long)plan->ids[i],
                                   plan->output.width);
    return true;
}

/* The rows of plans that share an output.  An id out of range is told unless something is wrong
 * earlier in the body. */
static bool score_shared(const struct scoring *scoring, struct plan *const *plans, size_t count)
{
    struct error ids = {0}, rows = {0};
    bool good = true;

    for (size_t i = 0; i < count && good; i++)
        good = model_output_check_rows(plans[i], &rows);
    for (size_t i = 0; i < count && ids.code == ERR_NONE && plans[i]->output.width > 0; i++)
        check_ids(plans[i], &ids);
    if (good)
        model_output_score(plans, count, scoring->x, &rows);
    for (size_t i = 0; i < count && rows.code == ERR_NONE; i++)
        plan_columns(plans[i], plans[i]->output.width, &scoring->x->arena, &rows);
    if (ids.code == ERR_NONE && rows.code == ERR_NONE)
        return true;
    *scoring->err =
        rows.code == ERR_NONE || (ids.code != ERR_NONE && ids.place < rows.place) ? ids : rows;
    return false;
}

/* Whether the rows are those of an object around the sequence: they wait for the others in it. */
static bool is_shared(const struct plan *plan)
{
    return (plan->output.kind == OUTPUT_ROWS || plan->output.kind == OUTPUT_TENSOR)
           && plan->output.owner != plan->members.owner;
}

/* Make a sequence's plan and carry it out, but for shared rows. */
static bool score_sequence(const struct scoring *scoring, const struct sequence_iterator *outline,
                           size_t index)
{
    struct plan *plan = &scoring->scores->plans[index];
    struct members members;

    members_merge(&members, outline, scoring->envelope);
    members.answer = outline->depth == 1 ? index : 0;
    if (!plan_make(plan, &members, scoring->envelope, scoring->x, scoring->err))
        return false;
    if (plan->output.kind == OUTPUT_LOGPROBS)
        return score_logprobs(plan, scoring->x, scoring->err);
    if (plan->output.kind == OUTPUT_ENGINE)
        return engine_output_score(plan, &scoring->x->arena, scoring->err);
    return is_shared(plan) || score_shared(scoring, &plan, 1);
}

/* Those of sequences `first` to `end` whose rows are those of one object around them.  They may
 * read them as different dtypes. */
static bool score_together(const struct scoring *scoring, size_t first, size_t end, size_t owner)
{
    struct plan *all = scoring->scores->plans;
    struct plan **plans = NULL;

    for (enum dtype dtype = 0; dtype < DTYPE_COUNT; dtype++) {
        size_t count = 0;

        for (size_t i = first; i < end; i++) {
            if (!is_shared(&all[i]) || all[i].output.owner != owner || all[i].output.dtype != dtype)
                continue;
            if (!plans)
                plans = arena_new(&scoring->x->arena, struct plan *, end - first);
            if (!plans)
                return arena_fail(&scoring->x->arena, scoring->err);
            plans[count++] = &all[i];
        }
        if (count > 0 && !score_shared(scoring, plans, count))
            return false;
    }
    return true;
}

/* The first `count` sequences: as soon as all that share rows are there, these are scored. */
static bool score_sequences(const struct scoring *scoring, size_t count)
{
    struct sequence_iterator outline;
    size_t first = 0;

    sequence_iterator_of(&outline, scoring->envelope->schema->layout, scoring->envelope->tree);
    for (size_t i = 0; i < count && (sequence_iterator_next(&outline) || outline.depth == 1); i++) {
        if (!score_sequence(scoring, &outline, i))
            return false;
        if (outline.depth < LAYOUT_LEVELS
            || (i + 1 < count && !sequence_iterator_ends_list(&outline)))
            continue;
        if (!score_together(scoring, first, i + 1, outline.path[1].owner))
            return false;
        first = i + 1;
    }
    return score_together(scoring, 0, count, TOP_LEVEL);
}

void score_evaluate(struct scores *scores, struct plan *plan, struct totals *totals)
{
    const struct sequence sequence = {.length = plan->length,
                                      .segment = plan->segment,
                                      .scored = plan->needed,
                                      .log_prob = plan->log_prob,
                                      .loss = plan->token_loss,
                                      .greedy = plan->greedy,
                                      .weight = plan->weight,
                                      .split = plan->split};

    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        if (!(plan->objectives >> id & 1))
            continue;
        objective_run(objective_at(id), &sequence, &plan->value[id]);
        totals_add(&scores->totals[id], &plan->value[id]);
        if (totals)
            totals_add(&totals[id], &plan->value[id]);
    }
}

/* A member of some sequence is wrong; what is wrong in the rows of the sequences before it comes
 * earlier in the body. */
static bool fail_check(const struct scoring *scoring, size_t bad, const struct error *check)
{
    if (bad != TOP_LEVEL && bad > 0)
        score_sequences(scoring, bad);
    if (scoring->err->code == ERR_NONE)
        *scoring->err = *check;
    return false;
}

/* Several answers of an engine in a request without a list are as many sequences. */
static size_t count_sequences(const struct envelope *envelope)
{
    struct sequence_iterator outline;
    struct members members;

    sequence_iterator_of(&outline, envelope->schema->layout, envelope->tree);
    if (sequence_iterator_next(&outline) && outline.depth == 1
        && field_value(envelope->tree, FIELD_outputs)) {
        members_merge(&members, &outline, envelope);
        return engine_count_answers(&members);
    }
    return sequence_iterator_count(envelope->schema->layout, envelope->tree);
}

bool score_request(struct scores *scores, struct envelope *envelope, struct exchange *x)
{
    const struct scoring scoring = {scores, envelope, x, &x->error};
    const json_t *model = field_value(envelope->tree, FIELD_model);
    struct error check = {0};
    size_t bad = TOP_LEVEL;
    bool good;

    *scores = (struct scores){.model = json_string_value(model),
                              .model_length = json_string_length(model)};
    good = fields_check(envelope, &bad, &check);
    if (!good && (bad == TOP_LEVEL || bad == 0))
        return fail_check(&scoring, TOP_LEVEL, &check);
    scores->count = good ? count_sequences(envelope) : bad;
    scores->plans = arena_new(&x->arena, struct plan, scores->count);
    if (!scores->plans)
        return arena_fail(&x->arena, &x->error);
    if (!good)
        return fail_check(&scoring, bad, &check);
    if (!score_sequences(&scoring, scores->count))
        return false;
    for (size_t i = 0; i < scores->count; i++)
        score_evaluate(scores, &scores->plans[i], x->totals);
    return envelope->schema != &schema_score
           || corpus_make(&scores->corpus, scores, envelope->tree, x);
}
