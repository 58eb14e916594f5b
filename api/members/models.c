/* models.c - two models over the same questions. */
#include "api/members/models.h"

#include <string.h>

/* The walk over the choices of a request. */
struct walk {
    const struct check_context *request;
    bool some; /* a choice has models */
};

/* An object, and the one around it. */
struct object {
    json_t *value;
    struct json_place at;
    const struct object *around; /* NULL: the request */
    const char *list;            /* the member of that one in which it is */
};

static bool has_models(const struct object *object)
{
    return field_value(object->value, FIELD_models) != NULL;
}

/* The innermost object around this one that has models.  NULL: there is none. */
static const struct object *models_around(const struct object *object)
{
    const struct object *outer = object->around;

    while (outer && !has_models(outer))
        outer = outer->around;
    return outer;
}

/* Whether the models of an outer object come before the list in which an inner one is. */
static bool come_first(const struct object *outer, const struct object *inner)
{
    const char *name, *first = NULL;
    json_t *value;

    while (inner->around != outer)
        inner = inner->around;
    json_object_foreach(outer->value, name, value)
    {
        if (!first && (strcmp(name, "models") == 0 || strcmp(name, inner->list) == 0))
            first = name;
    }
    return first && strcmp(first, "models") == 0;
}

/* Report a member of an object that excludes the models around it, or these if they are later. */
static bool fail_models(const struct walk *walk, const struct object *outer,
                        const struct object *inner, enum field field)
{
    if (!come_first(outer, inner))
        return fail_at(walk->request->err, ERR_CONFLICT, &MEMBER(&outer->at, "models"),
                       "models and %s of an object inside exclude each other",
                       field_info(field)->name);
    return fail_at(walk->request->err, ERR_CONFLICT, &MEMBER(&inner->at, field_info(field)->name),
                   "%s and models around it exclude each other", field_info(field)->name);
}

/* What models exclude: first models of their own, then outputs. */
static const enum field excluded[] = {FIELD_models, FIELD_logits, FIELD_logprobs, FIELD_outputs};

#define EXCLUDED (sizeof excluded / sizeof *excluded)

static bool is_excluded(const char *name)
{
    size_t i = 0;

    while (i < EXCLUDED && strcmp(name, field_info(excluded[i])->name) != 0)
        i++;
    return i < EXCLUDED;
}

/* Whether each of the models has an output of its own. */
static bool have_outputs(const json_t *models)
{
    for (size_t i = 0; i < json_array_size(models); i++) {
        const json_t *model = json_array_get(models, i);
        size_t own = 1;

        while (own < EXCLUDED && !field_value(model, excluded[own]))
            own++;
        if (own == EXCLUDED)
            return false;
    }
    return true;
}

/* An output beside models is that of those without one of their own.  There must be one. */
static bool check_beside(const struct walk *walk, const struct object *object)
{
    const char *name, *first = NULL;
    json_t *value;

    if (!has_models(object) || !have_outputs(field_value(object->value, FIELD_models)))
        return true;
    json_object_foreach(object->value, name, value)
    {
        if (!is_excluded(name))
            continue;
        if (first)
            return fail_at(walk->request->err, ERR_CONFLICT, &MEMBER(&object->at, name),
                           "%s and %s exclude each other: each model has its output", first, name);
        first = name;
    }
    return true;
}

/* Check what an object has beside its models, and beside those around it. */
static bool check_inside(const struct walk *walk, const struct object *object)
{
    const struct object *outer = models_around(object);

    for (size_t i = 0; outer && i < EXCLUDED; i++)
        if (field_value(object->value, excluded[i]))
            return fail_models(walk, outer, object, excluded[i]);
    return check_beside(walk, object);
}

/* The first choice of a question that has models, or has none, as `with` says.  The number of
 * choices: there is none. */
static size_t find_choice(const struct object *question, bool with)
{
    const json_t *choices = field_value(question->value, FIELD_choices);
    const bool around = has_models(question) || models_around(question);
    size_t i = 0;

    while (i < json_array_size(choices)
           && (around || field_value(json_array_get(choices, i), FIELD_models)) != with)
        i++;
    return i;
}

static bool has_choice(const struct object *question, bool with)
{
    return find_choice(question, with)
           < json_array_size(field_value(question->value, FIELD_choices));
}

/* Apply `visit` to each question of the request. */
static bool each_question(struct walk *walk,
                          bool (*visit)(struct walk *walk, const struct object *question))
{
    const struct object request = {.value = walk->request->value, .at = walk->request->at};
    const json_t *questions = field_value(request.value, FIELD_questions);
    const struct json_place list = MEMBER(&request.at, "questions");

    if (!questions)
        return visit(walk, &request);
    for (size_t i = 0; i < json_array_size(questions); i++) {
        const struct object question = {json_array_get(questions, i), ELEMENT(&list, i), &request,
                                        "questions"};

        if (!visit(walk, &question))
            return false;
    }
    return true;
}

static bool check_question_models(struct walk *walk, const struct object *question)
{
    const json_t *choices = field_value(question->value, FIELD_choices);
    const struct json_place list = MEMBER(&question->at, "choices");

    if (!check_inside(walk, question))
        return false;
    for (size_t i = 0; i < json_array_size(choices); i++) {
        const struct object choice = {json_array_get(choices, i), ELEMENT(&list, i), question,
                                      "choices"};

        if (!check_inside(walk, &choice))
            return false;
    }
    walk->some |= has_choice(question, true);
    return true;
}

/* Report a choice without models. */
static bool check_all(struct walk *walk, const struct object *question)
{
    const struct json_place list = MEMBER(&question->at, "choices");
    const size_t choice = find_choice(question, false);

    return !has_choice(question, false)
           || fail_at(walk->request->err, ERR_MISSING_MEMBER,
                      &MEMBER(&ELEMENT(&list, choice), "models"),
                      "is missing: other choices have models, and so must all");
}

bool models_check(const struct check_context *request)
{
    struct walk walk = {.request = request};
    const struct object whole = {.value = request->value, .at = request->at};

    if (!check_beside(&walk, &whole) || !each_question(&walk, check_question_models))
        return false;
    if (walk.some)
        return each_question(&walk, check_all);
    return !field_value(request->value, FIELD_bootstrap)
           || fail_at(request->err, ERR_CONFLICT, &MEMBER(&request->at, "bootstrap"),
                      "draws questions for the difference of two models: give models");
}
