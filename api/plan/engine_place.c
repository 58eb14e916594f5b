/* engine_place.c - which entry of an engine's answer is about which token of the sequence. */
#include "api/plan/engine_place.h"

#include <stdio.h>
#include <string.h>

static bool fail_count(const struct plan *plan, struct error *err)
{
    const struct engine_answer *answer = plan->output.answer;
    char from[64] = "";

    if (answer->start == START_UNKNOWN && answer->prompt_told != START_UNKNOWN)
        snprintf(from, sizeof from, ", all generated behind %zu", answer->prompt_told);
    else if (answer->start == START_UNKNOWN)
        snprintf(from, sizeof from, ", all generated");
    else if (answer->start > 0)
        snprintf(from, sizeof from, ", from token %zu on", answer->start);
    return engine_answer_fail(answer, NO_LIST, 0, ERR_BAD_COUNT, err,
                              "%zu tokens (%zu of the prompt%s) for the %zu tokens of the sequence",
                              answer->count, answer->prompt, from, plan->length);
}

/* The server was given all tokens as the prompt, and answered with what comes behind them. */
static bool fail_not_of_the_prompt(const struct plan *plan, struct error *err)
{
    const struct engine_answer *answer = plan->output.answer;

    return engine_answer_fail(answer, NO_LIST, 0, ERR_NOT_OF_THE_PROMPT, err,
                              "the server ignored echo: its prompt had %zu tokens, and the %zu "
                              "listed come behind them, so they say nothing about the %zu tokens "
                              "of the sequence; %s",
                              answer->prompt_told, answer->count, plan->length,
                              answer->engine->ask);
}

/* Leave out the entries of the answer that come after the last token of the sequence. */
static void leave_out(struct model_output *output, size_t used)
{
    struct engine_answer *answer = output->answer;

    if (used < answer->count)
        engine_answer_notice_many(answer, WARNING_LEFT_OUT, answer->count - used,
                                  answer->entry[used].list, answer->entry[used].at);
    output->used = used;
}

bool engine_place_has_ids(const struct engine_answer *answer, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (answer->entry[i].id == ENGINE_NO_ID)
            return false;
    return true;
}

/* Whether the request tells where its prompt ends, by a count. */
static bool split_is_told(const struct plan *plan, const struct members *members)
{
    return members->of[FIELD_prompt_length].value || plan->in_two;
}

/* The token at which generated tokens begin: the end of the prompt that the answer counts, or that
 * the request tells.  If neither does, they are the last tokens.  False: that contradicts itself.
 */
static bool find_generated(const struct plan *plan, const struct members *members, size_t before,
                           size_t *first)
{
    const json_t *prompt_length = members->of[FIELD_prompt_length].value;
    const bool told = split_is_told(plan, members);
    const size_t x = prompt_length ? (size_t)json_integer_value(prompt_length) : plan->prompt_ids;
    const size_t count = plan->output.answer->count;

    if (told && before != START_UNKNOWN && before != x)
        return false;
    if (!told && before == START_UNKNOWN && count > plan->length)
        return false;
    *first = told ? x : before != START_UNKNOWN ? before : plan->length - count;
    return *first <= plan->length;
}

/* Place an answer that has only generated tokens: they come behind the prompt.  More of them than
 * the sequence has tokens are left out, where the place or the ids are certain: a chat's answer is
 * behind the prompt, wherever that ends. */
static bool place_generated(struct plan *plan, const struct members *members, struct error *err)
{
    struct model_output *output = &plan->output;
    const struct engine_answer *answer = output->answer;
    const size_t before = answer->chat ? START_UNKNOWN : answer->prompt_told;
    size_t left;

    if (before != START_UNKNOWN && before >= plan->length)
        return fail_not_of_the_prompt(plan, err);
    if (!find_generated(plan, members, before, &output->first))
        return fail_count(plan, err);
    left = plan->length - output->first;
    if (answer->count < left
        || (answer->count > left && before == START_UNKNOWN
            && !(answer->chat && split_is_told(plan, members))
            && !engine_place_has_ids(answer, left)))
        return fail_count(plan, err);
    leave_out(output, left);
    plan->completion_only = true;
    return true;
}

/* Place an answer whose first token is known.  It may have generated tokens beyond the end of the
 * sequence, which are left out: tools send all their tokens as the prompt and ask for one more. */
static bool place_from(struct plan *plan, struct error *err)
{
    struct model_output *output = &plan->output;
    const struct engine_answer *answer = output->answer;
    const size_t start = answer->start, end = start + answer->count;
    const bool untold = answer->prompt == answer->count && start == 0;

    output->first = start;
    if (end < plan->length
        || (plan->length < start + answer->prompt && !(untold && plan->length + 1 == end)))
        return fail_count(plan, err);
    leave_out(output, plan->length - start);
    return true;
}

/* Warn of tokens that were generated and are not listed, but for the one that tools have made. */
static void notice_unlisted(struct engine_answer *answer, bool before_end)
{
    const bool told = answer->unlisted != START_UNKNOWN;

    if (told ? answer->unlisted > before_end : !before_end)
        engine_answer_notice_many(answer, WARNING_LEFT_OUT, told ? answer->unlisted : 1, NO_LIST,
                                  0);
}

static bool says(const struct members *members, const char *choice)
{
    const char *generated = json_string_value(members->of[FIELD_generated].value);

    return generated && strcmp(generated, choice) == 0;
}

/* With "drop", all tokens of the request must be of the prompt. */
static bool check_drop(const struct plan *plan, const struct members *members, struct error *err)
{
    const struct engine_answer *answer = plan->output.answer;
    const size_t end = answer->start == START_UNKNOWN ? 0 : answer->start + answer->prompt;

    return !says(members, "drop") || plan->length <= end
           || member_fail(&plan->path, FIELD_generated, NO_ELEMENT, ERR_OUT_OF_RANGE, err,
                          "\"drop\" leaves out what was generated, and the last of the %zu tokens "
                          "was: the answer's prompt has %zu",
                          plan->length, end);
}

/* What to do with generated tokens behind a prompt of the answer, where the request has no tokens.
 */
static bool place_alone(struct plan *plan, const struct members *members, struct error *err)
{
    const json_t *prompt_length = members->of[FIELD_prompt_length].value;
    struct model_output *output = &plan->output;
    struct engine_answer *answer = output->answer;
    const size_t made = answer->count - answer->prompt;
    const bool untold =
        made == 0 && answer->unsure && answer->only && answer->engine->generated_count[0];
    const bool drops = says(members, "drop"), scores = says(members, "score");
    const bool before_end = prompt_length && answer->start == 0
                            && (size_t)json_integer_value(prompt_length) < answer->prompt;

    if (drops && (answer->prompt == 0 || untold))
        return member_fail(&plan->path, FIELD_generated, NO_ELEMENT, ERR_OUT_OF_RANGE, err,
                           untold
                               ? "nothing in the answer tells which tokens were generated: give "
                                 "tokens, or the counts of the engine (usage)"
                               : "\"drop\" leaves no token: the answer has generated tokens only");
    if (untold)
        engine_answer_notice(answer, WARNING_UNTOLD, answer->entry[0].list, answer->entry[0].at);
    if (drops || (before_end && made == 1 && !scores))
        leave_out(output, answer->prompt);
    if (!drops && answer->start != START_UNKNOWN)
        notice_unlisted(answer, before_end);
    if (answer->start != START_UNKNOWN && answer->start > 0)
        engine_answer_notice_many(answer, WARNING_LEADING, answer->start, answer->entry[0].list,
                                  answer->entry[0].at);
    plan->length = output->used;
    plan->completion_only = answer->start > 0;
    return true;
}

/* Exactly 0 for the first token of a prompt stands for no log-probability.  Where it is not told
 * whether a list begins with the prompt, it may. */
static void judge_first(struct model_output *output)
{
    struct engine_answer *answer = output->answer;
    const bool maybe = answer->start == START_UNKNOWN && answer->unsure;

    if (output->used == 0 || answer->entry[0].state != ENTRY_KNOWN
        || answer->entry[0].log_prob != 0)
        return;
    output->first_zero = answer->start == 0 && answer->prompt > 0;
    if (output->first_zero || maybe)
        engine_answer_notice(answer, WARNING_FIRST_ZERO, answer->entry[0].list,
                             answer->entry[0].at);
}

bool engine_place(struct plan *plan, const struct members *members, struct error *err)
{
    struct model_output *output = &plan->output;
    const struct engine_answer *answer = output->answer;

    output->used = answer->count;
    if (answer->matrix && answer->count == 0)
        return true; /* rows without ids */
    if (answer->count == 0)
        return engine_answer_lacks(answer, "token", err);
    if (plan->ids && !check_drop(plan, members, err))
        return false;
    if (!(!plan->ids                       ? place_alone(plan, members, err)
          : answer->start == START_UNKNOWN ? place_generated(plan, members, err)
                                           : place_from(plan, err)))
        return false;
    judge_first(output);
    return true;
}
