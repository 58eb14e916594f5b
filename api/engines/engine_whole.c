/* engine_whole.c - whether a response with several answers is whole. */
#include "api/engines/engine_whole.h"

#include "api/base/count_of.h"
#include "api/engines/engine_answers.h"
#include "api/engines/engine_told.h"
#include "api/engines/token_list.h"

static bool add_count(void *context, const json_t *value, const char *path)
{
    (void)path;
    *(size_t *)context += token_list_count(value);
    return true;
}

static size_t count_listed(const struct engine *engine, const json_t *choice)
{
    size_t count = 0;

    for (size_t i = 0; i < COUNT(engine->generated) && engine->generated[i].path; i++)
        json_each(choice, engine->generated[i].path, add_count, &count);
    return count;
}

/* The list of answers in the response, one of which is read.  NULL: the response is the answer. */
static bool find_answers(const struct engine_answer *answer, const json_t **answers,
                         struct error *err)
{
    const char *const *lists = answer->engine->lists, *first = NULL;

    *answers = NULL;
    for (size_t i = 0; i < COUNT(answer->engine->lists) && lists[i]; i++) {
        const json_t *list = json_list(answer->response, lists[i]);

        if (json_array_size(list) == 0)
            continue;
        if (*answers)
            return engine_answer_fail(answer, NO_LIST, 0, ERR_OUTPUTS, err,
                                      "%s and %s are two lists of answers in one response", first,
                                      lists[i]);
        *answers = list;
        first = lists[i];
    }
    return true;
}

/* What the engine counts of all answers of a response. */
static size_t told_of_all(const struct engine_answer *answer, const char *const *paths,
                          size_t count)
{
    struct engine_answer all = *answer;
    const char *name;

    all.choice = NULL;
    all.only = true;
    return engine_told_count(&all, paths, count, &name);
}

/* How many tokens all answers list.  Answers that are the same in every digit cause a warning. */
static size_t count_all(struct engine_answer *answer, const json_t *answers)
{
    size_t listed = 0;

    for (size_t i = 0; i < json_array_size(answers); i++) {
        listed += count_listed(answer->engine, json_array_get(answers, i));
        if (i > 0 && json_equal(json_array_get(answers, i - 1), json_array_get(answers, i)))
            engine_answer_notice(answer, WARNING_REPEATED, NO_LIST, 0);
    }
    return listed;
}

/* Whether `listed` tokens of `count` answers are as many as the engine counts: those that were
 * generated, with the prompts or without, which may be one prompt or many. */
static bool fits(const struct engine_answer *answer, size_t listed, size_t count, size_t generated)
{
    const struct engine *engine = answer->engine;
    const size_t prompt = told_of_all(answer, engine->prompt_count, COUNT(engine->prompt_count));

    return listed == 0 || generated == START_UNKNOWN || listed == generated
           || (prompt != START_UNKNOWN && engine->traits & ENGINE_ECHOES
               && (listed == generated + prompt || listed == generated + count * prompt));
}

/* The most tokens that are counted and need not be listed: a stop token of each answer, and others
 * that are told. */
static size_t most_unlisted(const struct engine_answer *answer, size_t count)
{
    const struct engine *engine = answer->engine;
    size_t most = count;

    for (size_t i = 0; i < COUNT(engine->unlisted_count); i++) {
        const size_t unlisted = told_of_all(answer, engine->unlisted_count + i, 1);

        most += unlisted == START_UNKNOWN ? 0 : unlisted;
    }
    return most;
}

static bool check_all(struct engine_answer *answer, const json_t *answers, struct error *err)
{
    const struct engine *engine = answer->engine;
    const size_t count = json_array_size(answers), listed = count_all(answer, answers);
    const size_t generated =
        told_of_all(answer, engine->generated_count, COUNT(engine->generated_count));

    if (fits(answer, listed, count, generated))
        return true;
    if (listed < generated && generated - listed <= most_unlisted(answer, count)) {
        engine_answer_notice_many(answer, WARNING_STOP, generated - listed, NO_LIST, 0);
        return true;
    }
    return engine_answer_fail(
        answer, NO_LIST, 0, ERR_BAD_COUNT, err,
        "the %zu answers of the response list %zu tokens, and %zu are told to "
        "be generated: they are not whole",
        count, listed, generated);
}

bool engine_whole_check(struct engine_answer *answer, struct error *err)
{
    const json_t *answers, **checked = &answer->answers->checked[answer->level];

    if (!find_answers(answer, &answers, err))
        return false;
    if (answer->only || *checked == answers)
        return true;
    *checked = answers;
    return check_all(answer, answers, err);
}
