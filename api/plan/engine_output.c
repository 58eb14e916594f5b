/* engine_output.c - an engine's answer as the model output of a plan. */
#include "api/plan/engine_output.h"

#include "api/base/arena_error.h"
#include "api/base/json_writer.h"
#include "api/engines/engine_answers.h"
#include "api/plan/engine_place.h"
#include "api/plan/listed_output.h"

#include <math.h>
#include <string.h>

const struct engine_entry *engine_output_entry(const struct model_output *output, size_t token)
{
    const size_t at = token - output->first;

    return token >= output->first && at < output->used ? &output->answer->entry[at] : NULL;
}

static bool check_ids(const struct plan *plan, struct error *err)
{
    const struct model_output *output = &plan->output;

    for (size_t i = 0; i < output->used; i++) {
        const struct engine_entry *entry = &output->answer->entry[i];
        const int64_t id = plan->ids[output->first + i];
        char pointer[sizeof err->pointer];

        if (entry->id == ENGINE_NO_ID || entry->id == id)
            continue;
        engine_answer_pointer(output->answer, entry->list, entry->at, pointer, sizeof pointer);
        return plan_fail_token(plan, output->first + i, ERR_OUT_OF_RANGE, err,
                               "is %lld, and the engine's answer has %lld (%s)", (long long)id,
                               (long long)entry->id, pointer);
    }
    return true;
}

static bool take_ids(struct plan *plan, struct arena *arena, struct error *err)
{
    const struct engine_answer *answer = plan->output.answer;
    const size_t count = plan->output.used;

    if (count == 0 || !engine_place_has_ids(answer, count))
        return true;
    plan->ids = arena_new(arena, int64_t, count);
    if (!plan->ids)
        return arena_fail(arena, err);
    for (size_t i = 0; i < count; i++)
        plan->ids[i] = answer->entry[i].id;
    plan->output.own_ids = true;
    return true;
}

/* ---- what follows for the plan ---- */

/* The prompt of the answer is x, if the answer has generated tokens too; these are y. */
static void find_split(struct plan *plan)
{
    struct model_output *output = &plan->output;
    const struct engine_answer *answer = output->answer;
    const bool generated = answer->start == START_UNKNOWN || answer->prompt < output->used;

    output->splits = generated && output->used > 0;
    output->split = output->first + (answer->start == START_UNKNOWN ? 0 : answer->prompt);
}

bool engine_output_is_null(const struct model_output *output, size_t token)
{
    const struct engine_entry *entry = engine_output_entry(output, token);

    return !entry || entry->state == ENTRY_NULL
           || (token == 0 && (entry->state == ENTRY_NAN || output->first_zero));
}

const char *engine_output_ask(const struct model_output *output)
{
    return output->answer ? output->answer->engine->ask : "";
}

/* Find the first token with a log-probability.  Tokens before it, other than token 0, restrict the
 * default objectives and cause a warning. */
static void find_leading(struct plan *plan)
{
    struct model_output *output = &plan->output;
    struct engine_answer *answer = output->answer;
    size_t leading = 0;

    while (leading < output->used && engine_output_is_null(output, output->first + leading))
        leading++;
    output->leading = output->first + leading;
    output->narrow = !plan->completion_only && output->leading > 1 && !answer->matrix;
    if (output->narrow && answer->count > 0) {
        const struct engine_entry *entry = &answer->entry[leading > 1 ? 1 : 0];

        engine_answer_notice(answer, WARNING_LEADING, entry->list, entry->at);
    }
}

/* Give rows an alignment and an offset, as for `logits`. */
static void place_rows(struct plan *plan)
{
    struct model_output *output = &plan->output;
    const struct engine_answer *answer = output->answer;

    output->kind = OUTPUT_MATRIX;
    output->rows = answer->rows;
    output->width = answer->width;
    output->dtype = answer->dtype;
    plan->alignment = answer->first_row > 0 ? ALIGN_NEXT : ALIGN_SAME;
    plan->offset = answer->first_row > 0 ? answer->first_row - 1 : 0;
    plan->completion_only = false;
}

/* An entry that is the only one listed is not known to be the most likely token, unless the engine
 * listed more than one somewhere in the answer.  Sequences that share the answer may use few of its
 * entries, so only these are visited. */
static void settle_greedy(const struct model_output *output)
{
    const struct engine_answer *answer = output->answer;

    for (size_t i = 0; i < output->used; i++)
        if (answer->entry[i].alone && answer->listed < 2)
            answer->entry[i].greedy = ANSWER_UNKNOWN;
}

static void notice_zeros(struct model_output *output)
{
    struct engine_answer *answer = output->answer;
    size_t known = 0;

    for (size_t i = output->first_zero; i < output->used; i++) {
        known += answer->entry[i].state == ENTRY_KNOWN;
        if (answer->entry[i].state == ENTRY_KNOWN && answer->entry[i].log_prob != 0)
            return;
    }
    if (known > 0)
        engine_answer_notice(answer, WARNING_ZEROS, answer->entry[output->used - 1].list,
                             answer->entry[output->used - 1].at);
}

/* Whether choices share an answer, which has no rows. */
static bool is_one_for_several(const struct plan *plan)
{
    const struct engine_answer *answer = plan->output.answer;

    return plan->path.schema->ranks && answer->shared && !answer->matrix;
}

/* Refuse members that contradict the answer. */
static bool check_members(const struct plan *plan, const struct members *members, struct error *err)
{
    const struct sequence_path *path = &plan->path;

    if (!plan->ids && (members->of[FIELD_labels].value || plan->output.answer->matrix))
        return member_fail(path, FIELD_tokens, NO_ELEMENT, ERR_MISSING_MEMBER, err,
                           "which tokens is missing: the engine's answer does not tell all ids");
    if (is_one_for_several(plan))
        return member_fail(path, FIELD_outputs, NO_ELEMENT, ERR_BAD_COUNT, err,
                           "its log-probabilities are of one choice, and several would share them: "
                           "give each choice its own, or beside choices as many answers; only "
                           "choices of one token (token, label) can share one");
    if (plan->output.answer->matrix && members->of[FIELD_alignment].value)
        return member_fail(path, FIELD_alignment, NO_ELEMENT, ERR_CONFLICT, err,
                           "is told by the format of outputs");
    if (!plan->output.answer->asked && plan->completion_only
        && json_integer_value(members->of[FIELD_prompt_length].value) > 0)
        return member_fail(path, FIELD_prompt_length, NO_ELEMENT, ERR_OUT_OF_RANGE, err,
                           "the engine's answer has no tokens of the beginning: give tokens, or no "
                           "prompt_length");
    return true;
}

/* Scores of labels are no log-probabilities of tokens.  Only choices are ranked by them: by those
 * of one answer where their tokens are told, or by one score each. */
static bool check_scores(const struct plan *plan, const struct members *members, struct error *err)
{
    const unsigned traits = plan->output.answer->engine->traits;
    const bool ranks = plan->path.schema->ranks;

    if (!(traits & (ENGINE_LABELS | ENGINE_SCORES))
        || (ranks && traits & ENGINE_LABELS && listed_output_fits(plan, members))
        || (ranks && traits & ENGINE_SCORES && !plan->ids))
        return true;
    return member_fail(&plan->path, FIELD_outputs, NO_ELEMENT, ERR_OUTPUTS, err,
                       traits & ENGINE_LABELS
                           ? "it has probabilities of labels: POST /v1/rank takes it, beside "
                             "choices with the token of each label in the order that was asked"
                           : "it has a probability of each item: POST /v1/rank takes it, beside "
                             "choices without tokens, one for each item");
}

static struct engine_answer *answer_new(struct planner *planner, struct error *err)
{
    struct arena *arena = &planner->x->arena;
    struct engine_answer *answer = arena_new(arena, struct engine_answer, 1);

    if (!planner->answers)
        planner->answers = arena_new(arena, struct engine_answers, 1);
    if (!answer || !planner->answers) {
        arena_fail(arena, err);
        return NULL;
    }
    answer->answers = planner->answers;
    answer->arena = arena;
    answer->work = &planner->x->work;
    return answer;
}

size_t engine_output_count(const struct members *members, struct planner *planner,
                           struct error *err)
{
    const struct engine_answer *scratch = answer_new(planner, err);

    return scratch ? engine_count_answers(members, scratch, err) : 0;
}

bool engine_output_find(struct plan *plan, const struct members *members, struct planner *planner,
                        struct error *err)
{
    const json_t *dtype = members->of[FIELD_dtype].value;
    struct engine_answer *answer = answer_new(planner, err);

    if (!answer)
        return false;
    plan->output.answer = answer;
    answer->asked = plan->labels ? NULL : plan->ids;
    answer->asked_count = answer->asked ? plan->length : 0;
    answer->offset = (size_t)json_integer_value(members->of[FIELD_offset].value);
    answer->dtype = dtype_of_decimals(json_string_value(dtype));
    return engine_read(answer, members, err);
}

bool engine_output_read(struct plan *plan, const struct members *members, struct planner *planner,
                        struct error *err)
{
    struct model_output *output = &plan->output;
    struct engine_answer *answer;

    if (!engine_output_find(plan, members, planner, err))
        return false;
    answer = output->answer;
    if (!check_scores(plan, members, err))
        return false;
    if (answer->engine->traits & ENGINE_LABELS
        || (is_one_for_several(plan) && answer->count > answer->prompt
            && listed_output_fits(plan, members)))
        return listed_output_complete(plan, members, planner, err);
    if (!engine_place(plan, members, err)
        || !(plan->ids ? check_ids(plan, err) : take_ids(plan, &planner->x->arena, err)))
        return false;
    settle_greedy(output);
    notice_zeros(output);
    find_split(plan);
    find_leading(plan);
    if (answer->matrix)
        place_rows(plan);
    return check_members(plan, members, err) && err->code == ERR_NONE;
}

/* ---- rows ---- */

bool engine_output_check_rows(const struct plan *plan, struct error *err)
{
    const struct model_output *output = &plan->output;
    const size_t first = plan_shift(plan), end = first + output->rows;

    for (size_t i = 0; i < plan->length; i++)
        if ((i < first || i >= end) && plan->needed[i])
            return engine_answer_fail(
                output->answer, NO_LIST, 0, ERR_BAD_COUNT, err,
                "token %zu has no row: there are %zu, about tokens %zu to %zu; %s", i, output->rows,
                first, end - 1, output->answer->engine->ask);
    return true;
}

struct row engine_output_row(const struct model_output *output, size_t index)
{
    const size_t bytes = output->width * dtype_size(output->dtype);

    return (struct row){(const char *)output->answer->matrix + index * bytes, output->width,
                        output->dtype};
}

void engine_output_row_pointer(const struct model_output *output, size_t index, char *out,
                               size_t size)
{
    const struct engine_answer *answer = output->answer;

    if (index < answer->rows_before)
        engine_answer_pointer(answer, answer->row_list[0], index, out, size);
    else
        engine_answer_pointer(answer, answer->row_list[1], index - answer->rows_before, out, size);
}

/* ---- the reply ---- */

static const char *split_source(const struct plan *plan)
{
    if (!plan->split)
        return "null";
    return plan->output.split_used ? "\"outputs\"" : "\"request\"";
}

static void put_warning(struct strbuf *text, const struct engine_answer *answer,
                        enum warning warning)
{
    const struct noticed *noticed = &answer->noticed[warning];
    char pointer[POINTER_SIZE];

    engine_answer_pointer(answer, noticed->list, noticed->at, pointer, sizeof pointer);
    warning_write(text, warning, pointer, noticed->count);
}

void engine_output_write(struct strbuf *text, const struct plan *plan)
{
    const struct model_output *output = &plan->output;
    const struct engine_answer *answer = output->answer;

    put_name(text, "source");
    strbuf_snippet(text, "{'format':");
    strbuf_quote(text, answer->engine->name);
    strbuf_snippet(text, answer->detected ? ",'detected':true" : ",'detected':false");
    strbuf_snippet(text, ",'answer':");
    strbuf_count(text, answer->index);
    strbuf_snippet(text, answer->matrix ? ",'values':'logits'" : ",'values':'log_probs'");
    strbuf_snippet(text, ",'alignment':");
    strbuf_quote(text, answer->alignment);
    strbuf_snippet(text, ",'first_token':");
    strbuf_count(text, answer->matrix ? answer->first_row : output->first);
    strbuf_snippet(text, ",'tokens':");
    strbuf_snippet(text, output->own_ids ? "'outputs'" : plan->ids ? "'request'" : "null");
    strbuf_snippet(text, ",'split':");
    strbuf_puts(text, split_source(plan));
    strbuf_puts(text, "}");
}

bool engine_output_write_warnings(struct strbuf *text, const struct plan *plan)
{
    const struct engine_answer *answer = plan->output.answer;
    bool first = true;

    for (enum warning warning = 0; warning < WARNING_COUNT; warning++) {
        if (answer->noticed[warning].count == 0)
            continue;
        strbuf_puts(text, first ? "" : ",");
        put_warning(text, answer, warning);
        first = false;
    }
    return !first;
}
