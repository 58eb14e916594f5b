/* score.c - the sequences of a request, from its tree to the values of their objectives. */
#include "api/score.h"

#include "api/output.h"

/* What a request is scored with. */
struct scoring {
    struct scores *scores;
    struct envelope *envelope;
    struct exchange *x;
    struct error *err;
};

static size_t sequence_count(const struct envelope *envelope)
{
    const json_t *sequences = field_value(envelope->tree, FIELD_sequences);

    return sequences ? json_array_size(sequences) : 1;
}

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
        good = output_check_rows(plans[i], &rows);
    for (size_t i = 0; i < count && ids.code == ERR_NONE && plans[i]->output.width > 0; i++)
        check_ids(plans[i], &ids);
    if (good)
        output_score(plans, count, scoring->envelope, scoring->x, &rows);
    for (size_t i = 0; i < count && rows.code == ERR_NONE; i++)
        plan_columns(plans[i], plans[i]->output.width, &scoring->x->arena, &rows);
    if (ids.code == ERR_NONE && rows.code == ERR_NONE)
        return true;
    *scoring->err = rows.code == ERR_NONE
                            || (ids.code != ERR_NONE
                                && envelope_before(scoring->envelope, ids.pointer, rows.pointer))
                        ? ids
                        : rows;
    return false;
}

static bool is_shared(const struct plan *plan)
{
    return plan->output.kind != OUTPUT_LOGPROBS && plan->output.owner == TOP_LEVEL;
}

/* Make a sequence's plan and carry it out; rows of the top level wait for the other sequences. */
static bool score_sequence(const struct scoring *scoring, size_t index)
{
    const json_t *top = scoring->envelope->tree;
    struct plan *plan = &scoring->scores->plans[index];
    struct members members;

    members_merge(&members, top, json_array_get(field_value(top, FIELD_sequences), index), index);
    if (!plan_make(plan, &members, scoring->envelope, &scoring->x->arena, scoring->err))
        return false;
    if (plan->output.kind == OUTPUT_LOGPROBS)
        return score_logprobs(plan, scoring->x, scoring->err);
    return is_shared(plan) || score_shared(scoring, &plan, 1);
}

/* The sequences whose rows are the top level's.  They may read them as different dtypes. */
static bool score_top_level(const struct scoring *scoring, enum dtype dtype)
{
    struct scores *scores = scoring->scores;
    struct plan **plans = arena_new(&scoring->x->arena, struct plan *, scores->count);
    size_t count = 0;

    if (!plans)
        return arena_fail(&scoring->x->arena, scoring->err);
    for (size_t i = 0; i < scores->count; i++)
        if (is_shared(&scores->plans[i]) && scores->plans[i].output.dtype == dtype)
            plans[count++] = &scores->plans[i];
    return count == 0 || score_shared(scoring, plans, count);
}

static bool score_sequences(const struct scoring *scoring, size_t count)
{
    bool shared = false;

    for (size_t i = 0; i < count; i++) {
        if (!score_sequence(scoring, i))
            return false;
        shared |= is_shared(&scoring->scores->plans[i]);
    }
    for (enum dtype dtype = 0; shared && dtype < DTYPE_COUNT; dtype++)
        if (!score_top_level(scoring, dtype))
            return false;
    return true;
}

static void evaluate(struct scores *scores, struct plan *plan)
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
    scores->count = good ? sequence_count(envelope) : bad;
    scores->plans = arena_new(&x->arena, struct plan, scores->count);
    if (!scores->plans)
        return arena_fail(&x->arena, &x->error);
    if (!good)
        return fail_check(&scoring, bad, &check);
    if (!score_sequences(&scoring, scores->count))
        return false;
    for (size_t i = 0; i < scores->count; i++)
        evaluate(scores, &scores->plans[i]);
    return true;
}
