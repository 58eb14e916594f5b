/* engine_read.c - selects and parses the answer for a sequence. */
#include "api/engines/engine_read.h"

#include "api/base/arena_error.h"
#include "api/base/count_of.h"
#include "api/engines/engine_lists.h"
#include "api/engines/engines.h"
#include "api/engines/joined.h"

#include <stdio.h>
#include <string.h>

/* ---- which engine ---- */

/* Why no format is recognised, for an answer that cannot have one.  NULL: it could. */
static const char *why_none(const json_t *response)
{
    if (!response)
        return "there is no answer in it";
    if (engines_empty_list(response))
        return "its list of answers is empty";
    if (json_is_string(response))
        return "the text is neither JSON, nor an event stream, nor the base64 of "
               "llama-perplexity's file";
    return NULL;
}

static const struct engine *engine_detect(const struct members *members, json_t *response,
                                          struct error *err)
{
    const struct engine *engine = NULL;
    char names[ENGINE_NAMES_SIZE];
    const size_t count = response ? engines_list(response, names, &engine) : 0;
    const char *why = why_none(response);

    if (count == 1)
        return engine;
    if (count == 0)
        engines_list(NULL, names, &engine);
    member_fail(members->path, FIELD_outputs, NO_ELEMENT, ERR_OUTPUTS, err,
                count > 1 ? "several formats have these keys: format must name one of %s"
                : why     ? "%s"
                          : "no engine's answer with log-probabilities is recognised by its keys; "
                            "format can name one: %s",
                why && count == 0 ? why : names);
    return NULL;
}

static const struct engine *choose_engine(const struct members *members, json_t *response,
                                          bool *detected, struct error *err)
{
    const char *name = json_string_value(members->of[FIELD_format].value);

    *detected = !name || strcmp(name, "auto") == 0;
    return *detected ? engine_detect(members, response, err) : engine_find(name);
}

/* ---- which answer ---- */

/* The list of answers in a response.  NULL: the response itself is the answer. */
static json_t *list_of(const struct engine *engine, const json_t *response, const char **name)
{
    json_t *list = NULL;

    for (size_t i = 0; i < COUNT(engine->lists) && !list; i++) {
        *name = engine->lists[i];
        list = *name ? json_object_get(response, *name) : NULL;
        list = json_is_array(list) ? list : NULL;
    }
    return list;
}

static size_t answers_in(const struct engine *engine, const json_t *response)
{
    const char *name;
    const json_t *list = list_of(engine, response, &name);

    if (list)
        return json_array_size(list);
    return engine->count && !json_is_object(response) ? engine->count(response) : 1;
}

static size_t count_answers(const struct engine *engine, const struct outputs *outputs)
{
    return outputs->is_list ? json_array_size(outputs->list)
                            : answers_in(engine, json_array_get(outputs->list, 0));
}

/* Read the member `outputs`, unless that was done for the sequence before. */
static const struct outputs *read_outputs(const struct engine_answer *answer,
                                          const struct members *members, struct error *err)
{
    const struct member *member = &members->of[FIELD_outputs];
    struct outputs *outputs = &answer->answers->outputs[member->level];
    struct error at = {0}, fault = {0};
    const char *base;

    if (outputs->value == member->value)
        return outputs;
    member_pointer(members->path, FIELD_outputs, &at);
    base = arena_copy(answer->arena, at.pointer, strlen(at.pointer));
    if (!base)
        arena_fail(answer->arena, &fault);
    else if (outputs_read(outputs, member->value, base, answer->arena, answer->work, &fault))
        return outputs;
    outputs->value = NULL;
    fault.place = member_offset(members->path, FIELD_outputs);
    if (err->code == ERR_NONE)
        *err = fault;
    return NULL;
}

size_t engine_count_answers(const struct members *members, const struct engine_answer *scratch,
                            struct error *err)
{
    bool detected;
    struct error fault = {0};
    const struct outputs *outputs = read_outputs(scratch, members, &fault);
    const struct engine *engine =
        outputs ? choose_engine(members, json_array_get(outputs->list, 0), &detected, &fault)
                : NULL;
    const size_t count = engine ? count_answers(engine, outputs) : 1;

    if (error_is_spent(fault.code)) {
        *err = fault;
        return 0;
    }
    return count > 0 ? count : 1;
}

/* Whether the answer at position `index` has that `index`, or none. */
static bool is_in_place(const json_t *list, size_t index)
{
    const json_t *there = json_object_get(json_array_get(list, index), "index");

    return !json_is_integer(there) || json_integer_value(there) == (json_int_t)index;
}

/* Find the position of the answer with answer->index.  Without an `index` it is that position; a
 * single answer always matches.  *place is the size of the list if there is no such answer.  False:
 * memory is used up. */
static bool find_indexed(const struct engine_answer *answer, const json_t *list, size_t *place,
                         struct error *err)
{
    const size_t count = json_array_size(list), index = answer->index;
    const struct indexed *indexed;

    *place = count == 1 ? 0 : index < count ? index : count;
    if (count == 1 || is_in_place(list, index))
        return true;
    indexed = engine_answers_indexed(answer->answers, answer->level, list, answer->arena);
    if (indexed && index < count)
        *place = indexed->place[index];
    return indexed || arena_fail(answer->arena, err);
}

/* Whether an `index` occurs twice.  Then the list was collected from several requests, and order
 * counts. */
static bool indices_repeat(const struct engine_answer *answer, const json_t *list,
                           struct error *err)
{
    const struct indexed *indexed =
        engine_answers_indexed(answer->answers, answer->level, list, answer->arena);

    return indexed ? indexed->repeats : !arena_fail(answer->arena, err);
}

static char *path_to(const struct engine_answer *answer, const char *base, const char *name,
                     size_t index)
{
    char path[POINTER_SIZE];

    snprintf(path, sizeof path, "%s%s%s/%zu", base, name ? "/" : "", name ? name : "", index);
    return arena_copy(answer->arena, path, strlen(path));
}

/* How answers are assigned to objects. */
struct dealt {
    size_t count;     /* number of objects; 0: as many as there are answers */
    size_t index;     /* the object for this sequence */
    size_t level;     /* of the object that has `outputs` */
    const char *list; /* the list of these objects; NULL: `outputs` is the sequence's own member */
    bool around;      /* the objects contain several sequences */
};

static bool is_label(const struct members *members)
{
    return members->of[FIELD_token].value || members->of[FIELD_label].value;
}

/* The number of levels down to what an answer is dealt to.  A choice that is a label has the answer
 * of its question. */
static size_t depth_of(const struct members *members)
{
    return members->path->count - (is_label(members) ? 1 : 0);
}

static struct dealt deal(const struct members *members)
{
    const struct sequence_path *path = members->path;
    const size_t depth = depth_of(members);
    const size_t level = members->of[FIELD_outputs].level;
    const struct holder *holder = &path->holder[level];
    const char *name;

    if (path->count == 1)
        return (struct dealt){.count = 0, .index = path->answer};
    if (level + 1 >= depth)
        return (struct dealt){.count = 1, .level = level, .around = depth < path->count};
    name = path->schema->layout->part[holder[1].part].name;
    return (struct dealt){
        .count = json_array_size(json_object_get(path->holder[holder[1].in].object, name)),
        .index = holder[1].index,
        .level = level,
        .list = name,
        .around = level + 2 < path->count};
}

/* There must be one answer, or as many as there are objects. */
static bool check_dealt(const struct members *members, size_t answers, bool is_list,
                        const struct dealt *dealt, struct error *err)
{
    const bool is_single = answers == 1 && (!is_list || dealt->count <= 1);
    const json_t *outputs = members->of[FIELD_outputs].value;

    if (answers == 0)
        return member_fail(members->path, FIELD_outputs, NO_ELEMENT, ERR_OUTPUTS, err,
                           "there is no answer in %s", json_is_array(outputs) ? "the list" : "it");
    if (is_single || dealt->count == 0 || dealt->count == answers)
        return true;
    return dealt->list
               ? member_fail(members->path, FIELD_outputs, NO_ELEMENT, ERR_BAD_COUNT, err,
                             "%zu answers for %zu %s: those of a list are dealt to as many",
                             answers, dealt->count, dealt->list)
               : member_fail(members->path, FIELD_outputs, NO_ELEMENT, ERR_BAD_COUNT, err,
                             "%zu answers, and there must be one: %s", answers,
                             is_label(members)
                                 ? "labels are looked up in the one of their question; for an "
                                   "answer of each choice give choices without token and label"
                                 : "ask the engine for n = 1, or give the list that they are dealt "
                                   "to (in /v1/score, sequences)");
}

/* Find the position of the selected answer in a list. */
static bool find_answer(const struct engine_answer *answer, const struct members *members,
                        const json_t *list, size_t *place, struct error *err)
{
    return find_indexed(answer, list, place, err)
           && (*place < json_array_size(list)
               || member_fail(members->path, FIELD_outputs, NO_ELEMENT, ERR_OUTPUTS, err,
                              "there is no answer with index %zu", answer->index));
}

static bool choose_response(struct engine_answer *answer, const struct outputs *outputs,
                            const struct members *members, struct error *err)
{
    char path[POINTER_SIZE];
    const char *name;
    const json_t *list;
    size_t place = 0;

    if (outputs->is_list) {
        place = answer->index;
        if ((is_in_place(outputs->list, place) || !indices_repeat(answer, outputs->list, err))
            && !find_answer(answer, members, outputs->list, &place, err))
            return false;
    }
    outputs_pointer(outputs, place, path, sizeof path);
    answer->response_path = arena_copy(answer->arena, path, strlen(path));
    answer->response = json_array_get(outputs->list, place);
    answer->joined = outputs->outputs[place].joined;
    answer->id = outputs->outputs[place].id;
    list = list_of(answer->engine, answer->response, &name);
    if (outputs->is_list && list && json_array_size(list) != 1)
        return member_fail(
            members->path, FIELD_outputs, place, ERR_BAD_COUNT, err,
            "%zu answers in one response of a list: there must be one (ask the engine "
            "for n = 1, or send each response alone, with a sequence for each choice)",
            json_array_size(list));
    return answer->response_path || arena_fail(answer->arena, err);
}

static bool choose_answer(struct engine_answer *answer, const struct outputs *outputs,
                          const struct members *members, struct error *err)
{
    const struct dealt dealt = deal(members);
    const size_t answers = count_answers(answer->engine, outputs);
    const json_t *list;
    const char *name;
    size_t place;

    if (!check_dealt(members, answers, outputs->is_list, &dealt, err))
        return false;
    answer->only = answers == 1 || outputs->is_list;
    answer->index = answers > 1 ? dealt.index : 0;
    answer->level = dealt.level;
    answer->shared = dealt.around || (answers == 1 && dealt.count > 1);
    if (!choose_response(answer, outputs, members, err))
        return false;
    list = list_of(answer->engine, answer->response, &name);
    answer->choice = answer->response;
    answer->choice_path = answer->response_path;
    if (list) {
        if (!find_answer(answer, members, list, &place, err))
            return false;
        answer->choice = json_array_get(list, place);
        answer->choice_path = path_to(answer, answer->response_path, name, place);
    }
    return answer->choice_path || arena_fail(answer->arena, err);
}

/* A place in a joined answer is looked for in the chunks of its choice when it is told. */
static bool pay_for_places(const struct engine_answer *answer, struct error *err)
{
    const struct joined *joined = answer->joined;

    return !joined
           || work_charge_each(answer->work, joined_places(joined, answer->choice_path), WORK_TOKEN,
                               err);
}

/* Parse the answer. */
static bool read_answer(struct engine_answer *answer, struct error *err)
{
    if (answer->joined && !answer->joined->ended)
        engine_answer_notice(answer, WARNING_UNFINISHED, NO_LIST, 0);
    return (answer->engine->read ? answer->engine->read : engine_lists_read)(answer, err);
}

/* Parse an answer, or copy the remembered result if several sequences share it. */
static bool read_once(struct engine_answer *answer, struct error *err)
{
    if (!pay_for_places(answer, err))
        return false;
    if (!answer->shared)
        return read_answer(answer, err);
    return engine_answers_find(answer->answers, answer)
           || (engine_answers_charge(answer->answers, answer, err) && read_answer(answer, err)
               && engine_answers_keep(answer->answers, answer, err));
}

bool engine_read(struct engine_answer *answer, const struct members *members, struct error *err)
{
    const struct outputs *outputs = read_outputs(answer, members, err);

    answer->place = member_offset(members->path, FIELD_outputs);
    answer->alignment = "same";
    answer->prompt_told = START_UNKNOWN;
    if (!outputs)
        return false;
    answer->engine =
        choose_engine(members, json_array_get(outputs->list, 0), &answer->detected, err);
    return answer->engine && choose_answer(answer, outputs, members, err) && read_once(answer, err);
}
