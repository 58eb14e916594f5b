/* policy_batch.c - the sequences of a request to POST /v1/policy. */
#include "api/alignment/policy_batch.h"

#include "api/base/arena_error.h"
#include "api/score/same_tokens.h"

#include <string.h>

/* ---- which outputs ---- */

/* The source that an output is.  SOURCE_COUNT: the path ends at a sequence. */
static enum policy_source source_of(const struct sequence_path *path)
{
    const struct holder *holder = &path->holder[path->count - 1];
    enum policy_source source = 0;

    if (holder->kind != 2)
        return SOURCE_COUNT;
    while (strcmp(policy_source_name(source), path->schema->layout->part[holder->part].name) != 0)
        source++;
    return source;
}

/* The index of the sequence that an output, or the path itself, is of. */
static size_t index_of(const struct sequence_path *path)
{
    return path->count > 1 && path->holder[1].kind == 1 ? path->holder[1].index : 0;
}

/* Lay the outputs of a scored request to their sequences. */
static void sort_out(struct policy_batch *batch, const struct scores *scores)
{
    for (size_t i = 0; i < scores->count; i++) {
        const struct scored *scored = scores->sequences[i];
        const struct sequence_path *path = &scored->plan.path;
        struct batch_sequence *sequence = &batch->of[index_of(path)];
        const enum policy_source source = source_of(path);

        sequence->path = *path;
        if (source == SOURCE_COUNT)
            continue;
        sequence->path.count--;
        sequence->scored[source] = scored;
        sequence->log_prob[source] = scored->result.log_prob;
        if (!sequence->plan)
            sequence->plan = &scored->plan;
    }
}

/* `old` may be told by the name of another output. */
static bool find_old(struct batch_sequence *sequence, struct error *err)
{
    const json_t *old = member_of(&sequence->path, FIELD_old).value;
    const bool is_current = json_is_string(old) && strcmp(json_string_value(old), "current") == 0;
    const enum policy_source source = is_current ? SOURCE_current : SOURCE_rollout;

    sequence->has_old = json_is_object(old);
    if (!json_is_string(old))
        return true;
    sequence->scored[SOURCE_old] = sequence->scored[source];
    sequence->log_prob[SOURCE_old] = sequence->log_prob[source];
    return sequence->log_prob[source]
           || member_fail(&sequence->path, is_current ? FIELD_current : FIELD_rollout, NO_ELEMENT,
                          ERR_MISSING_MEMBER, err, "is missing: old names it");
}

static bool find_sources(struct batch_sequence *sequence, struct error *err)
{
    if (!sequence->plan)
        return member_fail(&sequence->path, FIELD_current, NO_ELEMENT, ERR_MISSING_MEMBER, err,
                           "what a policy said is missing: current, old, rollout or reference");
    return find_old(sequence, err);
}

/* The number of tokens of y. */
static size_t count_tokens(const struct batch_sequence *sequence)
{
    size_t count = 0;

    for (size_t i = 0; i < sequence->length; i++)
        count += sequence->in_y[i];
    return count;
}

/* All outputs are about the same tokens, with the same y. */
static bool check_tokens(struct batch_sequence *sequence, struct error *err)
{
    static const char first[] = "the first output";

    for (enum policy_source source = 0; source < SOURCE_COUNT; source++) {
        const struct scored *scored = sequence->scored[source];

        if (scored && &scored->plan != sequence->plan
            && (!same_tokens(sequence->plan, &scored->plan, first, err)
                || !same_split(sequence->plan, &scored->plan, first, err)))
            return false;
    }
    sequence->length = sequence->plan->length;
    sequence->in_y = sequence->plan->needed;
    sequence->tokens = count_tokens(sequence);
    if (sequence->scored[SOURCE_current])
        sequence->entropy = sequence->scored[SOURCE_current]->result.number[NUMBER_entropy];
    return true;
}

/* ---- advantages ---- */

static bool fail_null(const struct batch_sequence *sequence, size_t entry, struct error *err)
{
    return member_fail(&sequence->path, FIELD_advantages, entry, ERR_OUT_OF_RANGE, err,
                       "null for a token of y");
}

/* Read one for each token of y from entries of all tokens, or of y. */
static bool read_each(struct batch_sequence *sequence, const json_t *list, struct exchange *x)
{
    const struct plan *plan = sequence->plan;
    const size_t count = json_array_size(list);
    const bool of_all = count == plan_entries(plan);
    double *values = arena_new(&x->arena, double, sequence->length);
    size_t entry = of_all ? plan->pad_before : 0;

    if (!values)
        return arena_fail(&x->arena, &x->error);
    for (size_t i = 0; i < sequence->length; i++) {
        const json_t *value = json_array_get(list, entry);

        if (sequence->in_y[i] && json_is_null(value))
            return fail_null(sequence, entry, &x->error);
        values[i] = sequence->in_y[i] ? json_number_value(value) : 0;
        entry += of_all || sequence->in_y[i];
    }
    sequence->advantages = values;
    return true;
}

static bool read_advantages(struct batch_sequence *sequence, struct exchange *x)
{
    const json_t *given = member_of(&sequence->path, FIELD_advantages).value;
    const size_t count = json_array_size(given), entries = plan_entries(sequence->plan);

    sequence->has_advantages = given != NULL;
    sequence->advantage = json_number_value(given);
    if (!json_is_array(given))
        return true;
    if (count != entries && count != sequence->tokens)
        return member_fail(&sequence->path, FIELD_advantages, NO_ELEMENT, ERR_BAD_COUNT, &x->error,
                           "%zu advantages for %zu tokens, %zu of them in y", count, entries,
                           sequence->tokens);
    return read_each(sequence, given, x);
}

/* ---- ratios ---- */

static void find_ratios(struct batch_sequence *sequence)
{
    for (enum policy_ratio ratio = 0; ratio < RATIO_COUNT; ratio++) {
        const struct policy_ratio_info *info = policy_ratio_info(ratio);
        const double *p = sequence->log_prob[info->p], *q = sequence->log_prob[info->q];

        sequence->has[ratio] = p && q;
        if (p && q)
            sequence->view[ratio] = (struct ratio_view){p, q, sequence->in_y, sequence->length};
    }
}

void policy_batch_add_up(struct policy_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct batch_sequence *sequence = &batch->of[i];

        find_ratios(sequence);
        sequence->tokens = count_tokens(sequence);
        batch->tokens += sequence->tokens;
        batch->sequences += sequence->tokens > 0;
    }
}

static size_t count_sequences(const struct scores *scores)
{
    const struct scored *last = scores->sequences[scores->count - 1];

    return index_of(&last->plan.path) + 1;
}

bool policy_batch_make(struct policy_batch *batch, const struct scores *scores, struct exchange *x)
{
    *batch = (struct policy_batch){.count = count_sequences(scores)};
    batch->of = arena_new(&x->arena, struct batch_sequence, batch->count);
    if (!batch->of)
        return arena_fail(&x->arena, &x->error);
    sort_out(batch, scores);
    for (size_t i = 0; i < batch->count; i++) {
        struct batch_sequence *sequence = &batch->of[i];

        if (!find_sources(sequence, &x->error) || !check_tokens(sequence, &x->error)
            || !read_advantages(sequence, x))
            return false;
    }
    policy_batch_add_up(batch);
    return true;
}
