/* listed_output.c - a choice that is one token, by the tokens that an engine lists. */
#include "api/plan/listed_output.h"

#include "core/log_sum.h"

#include "api/base/arena_error.h"
#include "api/engines/engine_answers.h"
#include "api/plan/distribution.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The arguments of listed_output_find(), for the functions below. */
struct finding {
    struct plan *plan;
    const struct members *members;
    struct engine_answer *answer;
    struct distribution *distribution;
    struct arena *arena;
    struct error *err;
};

/* ---- the prompt ---- */

/* What the answer says of its prompt must be true of the request's, if there is one. */
static bool check_prompt(const struct finding *finding)
{
    const json_t *prompt = finding->members->of[FIELD_prompt].value;
    const struct engine_answer *answer = finding->answer;
    const size_t told = answer->prompt_told;
    const size_t asked = prompt ? json_array_size(prompt) : finding->plan->length - 1;

    return (!prompt && asked == 0) || answer->chat || told == START_UNKNOWN || told == asked
           || engine_answer_fail(answer, NO_LIST, 0, ERR_BAD_COUNT, finding->err,
                                 "its prompt has %zu tokens, and that of the choice %zu", told,
                                 asked);
}

/* ---- looking up ---- */

static void find_label(const struct finding *finding, struct label *label,
                       const struct listed_token *token, double *log_prob)
{
    const struct listed *listed = &finding->distribution->listed;

    *log_prob = -HUGE_VAL;
    if (!token)
        return;
    label->listed = (size_t)(token - listed->token);
    *log_prob = engine_answer_judge(finding->answer, listed->list, listed->at, token->log_prob);
}

static bool fail_label(const struct finding *finding, size_t index, enum error_code code,
                       const char *detail)
{
    const struct labels *labels = finding->plan->labels;
    const bool in_list = json_is_array(finding->members->of[labels->field].value);

    return member_fail(&finding->plan->path, labels->field, in_list ? index : NO_ELEMENT, code,
                       finding->err, "%s", detail);
}

/* Several tokens have the text of a label, from entry `first` on.  They mean one choice only: so
 * each of them is visited once for each question. */
static bool take_several(const struct finding *finding, size_t index, size_t first, size_t same)
{
    const struct sequence_path *path = &finding->plan->path;
    const struct taken own = {path->holder[path->count - 2].object,
                              path->holder[path->count - 1].index};
    struct taken *taken = &finding->distribution->taken[first];

    if (taken->question == own.question)
        return fail_label(finding, index, ERR_OUT_OF_RANGE,
                          taken->choice == own.choice
                              ? "another label of the choice means the same token"
                              : "a choice before means the same token");
    *taken = own;
    for (size_t i = 0; i < same; i++)
        if (finding->distribution->by_text[first + i]->id == ENGINE_NO_ID)
            return fail_label(finding, index, ERR_OUTPUTS,
                              "several tokens of this text are listed without ids: which is meant "
                              "cannot be told");
    return true;
}

/* Count the tokens that the labels may mean: several have the same text. */
static bool count_tokens(const struct finding *finding, size_t *tokens)
{
    const struct labels *labels = finding->plan->labels;

    *tokens = labels->count;
    for (size_t i = 0; i < labels->count; i++) {
        size_t same = 0, first = 0;

        if (labels->of[i].text)
            first = distribution_text(finding->distribution, labels->of[i].text,
                                      labels->of[i].length, &same);
        if (same > 1 && !take_several(finding, i, first, same))
            return false;
        *tokens += same > 1 ? same - 1 : 0;
    }
    return work_charge_each(finding->answer->work, *tokens, WORK_TOKEN, finding->err);
}

/* Add the tokens of a text to `found`.  They have ids, and so they exclude each other. */
static void find_text(const struct finding *finding, const struct label *label,
                      struct labels *found)
{
    size_t same;
    const size_t first =
        distribution_text(finding->distribution, label->text, label->length, &same);

    for (size_t i = 0; i < same || i == 0; i++, found->count++) {
        found->of[found->count] = *label;
        find_label(finding, &found->of[found->count],
                   same > 0 ? finding->distribution->by_text[first + i] : NULL,
                   &found->log_prob[found->count]);
    }
}

static bool find_labels(const struct finding *finding)
{
    struct labels *labels = finding->plan->labels, found = {.field = labels->field};
    size_t tokens;

    if (!count_tokens(finding, &tokens))
        return false;
    found.of = arena_new(finding->arena, struct label, tokens);
    found.log_prob = arena_new(finding->arena, double, tokens);
    if (!found.of || !found.log_prob)
        return arena_fail(finding->arena, finding->err);
    for (size_t i = 0; i < labels->count; i++) {
        const struct label *label = &labels->of[i];

        if (label->text) {
            find_text(finding, label, &found);
            continue;
        }
        found.of[found.count] = *label;
        find_label(finding, &found.of[found.count],
                   distribution_id(finding->distribution, label->id), &found.log_prob[found.count]);
        found.count++;
    }
    *labels = found;
    return true;
}

static bool is_listed(const struct labels *labels)
{
    for (size_t i = 0; i < labels->count; i++)
        if (labels->of[i].listed != LABEL_UNLISTED)
            return true;
    return false;
}

/* ---- the entry ---- */

/* Whether the choice is the most likely token. */
static enum answer judge_greedy(const struct finding *finding)
{
    const struct distribution *distribution = finding->distribution;
    const struct labels *labels = finding->plan->labels;
    double own = -HUGE_VAL;

    for (size_t i = 0; i < labels->count; i++) {
        const size_t listed = labels->of[i].listed;

        if (listed == LABEL_UNLISTED)
            continue;
        own = fmax(own, distribution->listed.token[listed].log_prob);
        if (&distribution->listed.token[listed] == distribution->best)
            return ANSWER_YES;
    }
    return distribution->best || (is_listed(labels) && distribution->most > own) ? ANSWER_NO
                                                                                 : ANSWER_UNKNOWN;
}

#define SHOWN 3 /* tokens that an error names */

/* Write the first tokens of the list, by text or by id. */
static void name_listed(const struct listed *listed, bool by_text, char *out, size_t size)
{
    size_t named = 0, length = 0;

    out[0] = '\0';
    for (size_t i = 0; i < listed->count && named < SHOWN && length < size; i++) {
        const struct listed_token *token = &listed->token[i];
        const char *comma = named > 0 ? ", " : "";

        if (by_text ? !token->text : token->id == ENGINE_NO_ID)
            continue;
        named++;
        length += (size_t)(by_text ? snprintf(out + length, size - length, "%s\"%.24s\"", comma,
                                              token->text)
                                   : snprintf(out + length, size - length, "%s%lld", comma,
                                              (long long)token->id));
    }
}

static bool fail_unlisted(const struct finding *finding)
{
    const struct labels *labels = finding->plan->labels;
    const struct distribution *distribution = finding->distribution;
    const bool by_text = labels->of[0].text;
    const size_t count = by_text ? distribution->texts : distribution->ids;
    char first[96];

    if (count == 0)
        return member_fail(&finding->plan->path, labels->field, NO_ELEMENT, ERR_OUTPUTS,
                           finding->err, "none of the %zu listed tokens has %s: give %s",
                           distribution->listed.count, by_text ? "a text" : "an id",
                           by_text ? "token" : "label");
    name_listed(&distribution->listed, by_text, first, sizeof first);
    return member_fail(&finding->plan->path, labels->field, NO_ELEMENT, ERR_OUTPUTS, finding->err,
                       "is not among the %zu tokens that the engine lists (%s%s): ask it for more "
                       "of the most likely ones, or give \"unlisted\": \"floor\"",
                       count, first, count > SHOWN ? ", ..." : "");
}

static bool floors(const struct finding *finding)
{
    const char *unlisted = json_string_value(finding->members->of[FIELD_unlisted].value);

    return unlisted && strcmp(unlisted, "floor") == 0;
}

/* The log-probability of the choice. */
static bool find_log_prob(const struct finding *finding, double *log_prob)
{
    struct labels *labels = finding->plan->labels;
    const struct listed *listed = &finding->distribution->listed;

    if (is_listed(labels)) {
        *log_prob =
            labels->count == 1 ? labels->log_prob[0] : log_sum(labels->log_prob, labels->count);
        return true;
    }
    if (!floors(finding))
        return fail_unlisted(finding);
    labels->floor = true;
    *log_prob = engine_answer_judge(finding->answer, listed->list, listed->at,
                                    finding->distribution->least);
    engine_answer_notice(finding->answer, WARNING_FLOOR, listed->list, listed->at);
    return true;
}

/* Tokens behind the place say nothing about the choice. */
static void leave_out(struct engine_answer *answer, size_t position)
{
    const size_t next = answer->prompt + position + 1;

    if (next < answer->count)
        engine_answer_notice_many(answer, WARNING_LEFT_OUT, answer->count - next,
                                  answer->entry[next].list, answer->entry[next].at);
}

/* Leave one entry in the answer, that of the plan's last token. */
static void leave_entry(const struct finding *finding, struct engine_entry *entry)
{
    struct model_output *output = &finding->plan->output;

    finding->answer->entry = entry;
    finding->answer->count = finding->answer->capacity = output->used = 1;
    finding->answer->prompt = 0;
    output->first = output->leading = finding->plan->length - 1;
    finding->plan->completion_only = true;
}

static bool make_entry(const struct finding *finding)
{
    struct engine_entry *entry = arena_new(finding->arena, struct engine_entry, 1);

    if (!entry)
        return arena_fail(finding->arena, finding->err);
    *entry = (struct engine_entry){.id = ENGINE_NO_ID,
                                   .state = ENTRY_KNOWN,
                                   .greedy = judge_greedy(finding),
                                   .list = finding->distribution->listed.list,
                                   .at = finding->distribution->listed.at};
    if (!find_log_prob(finding, &entry->log_prob))
        return false;
    leave_out(finding->answer, finding->distribution->position);
    leave_entry(finding, entry);
    return true;
}

/* ---- scores ---- */

/* Take the score at the place of the choice: the labels were asked in the order of the choices. */
static bool take_score(const struct finding *finding)
{
    const struct sequence_path *path = &finding->plan->path;
    const struct holder *choice = &path->holder[path->count - 1];
    const struct holder *question = &path->holder[choice->in];
    const struct labels *labels = finding->plan->labels;
    const size_t choices = json_array_size(field_value(question->object, FIELD_choices));

    if (finding->answer->engine->traits & ENGINE_SCORES)
        return member_fail(path, labels->field, NO_ELEMENT, ERR_OUTPUTS, finding->err,
                           "the scores are of one label that the answer does not tell: give "
                           "choices without token or label, one for each item");
    if (labels->count != 1 || labels->of[0].id == LABEL_NO_ID)
        return member_fail(path, labels->field, NO_ELEMENT, ERR_OUTPUTS, finding->err,
                           "the scores are told by their order alone: give one token, the id that "
                           "was asked in label_token_ids");
    if (finding->answer->count != choices)
        return engine_answer_fail(finding->answer, NO_LIST, 0, ERR_BAD_COUNT, finding->err,
                                  "%zu scores for %zu choices: they are those of label_token_ids, "
                                  "in this order",
                                  finding->answer->count, choices);
    leave_entry(finding, &finding->answer->entry[choice->index]);
    return true;
}

bool listed_output_find(struct plan *plan, const struct members *members, struct planner *planner,
                        struct error *err)
{
    const size_t position = (size_t)json_integer_value(members->of[FIELD_position].value);
    struct finding finding = {.plan = plan,
                              .members = members,
                              .answer = plan->output.answer,
                              .arena = &planner->x->arena,
                              .err = err};

    if (finding.answer->engine->traits & (ENGINE_LABELS | ENGINE_SCORES))
        return take_score(&finding);
    if (!planner->distribution)
        planner->distribution = arena_new(finding.arena, struct distribution, 1);
    finding.distribution = planner->distribution;
    if (!finding.distribution)
        return arena_fail(finding.arena, err);
    return check_prompt(&finding)
           && distribution_read(finding.distribution, finding.answer, position, err)
           && find_labels(&finding) && make_entry(&finding);
}

/* ---- choices that are completions of one token ---- */

bool listed_output_fits(const struct plan *plan, const struct members *members)
{
    const json_t *prompt_length = members->of[FIELD_prompt_length].value;

    if (plan->in_two)
        return plan->length == plan->prompt_ids + 1;
    return plan->ids && prompt_length
           && (uint64_t)json_integer_value(prompt_length) + 1 == plan->length;
}

bool listed_output_complete(struct plan *plan, const struct members *members,
                            struct planner *planner, struct error *err)
{
    struct arena *arena = &planner->x->arena;

    if (json_integer_value(members->of[FIELD_position].value) > 0)
        return member_fail(&plan->path, FIELD_position, NO_ELEMENT, ERR_CONFLICT, err,
                           "a completion comes first behind its prompt: give token or label");
    plan->labels = arena_new(arena, struct labels, 1);
    if (!plan->labels)
        return arena_fail(arena, err);
    plan->labels->of = arena_new(arena, struct label, 1);
    plan->labels->log_prob = arena_new(arena, double, 1);
    if (!plan->labels->of || !plan->labels->log_prob)
        return arena_fail(arena, err);
    plan->labels->field = plan->in_two ? FIELD_completion : FIELD_tokens;
    plan->labels->count = 1;
    plan->labels->of[0] =
        (struct label){.id = plan->ids[plan->length - 1], .listed = LABEL_UNLISTED};
    return listed_output_find(plan, members, planner, err);
}
