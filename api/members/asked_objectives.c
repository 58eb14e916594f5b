/* asked_objectives.c - the objectives that a request asks for. */
#include "api/members/asked_objectives.h"

#include "api/base/arena_error.h"
#include "api/base/json_place.h"
#include "api/members/parameter_check.h"

#include <string.h>

/* Take the parameters of an element. */
static void take_own(struct asked_objective *asked, json_t *element)
{
    const char *name;
    json_t *value;

    json_object_foreach(element, name, value)
    {
        const enum parameter_id parameter = parameter_find(name);

        if (parameter != PARAMETER_NONE)
            asked->parameters.of[parameter] = parameter_read(value, parameter);
    }
}

/* The index of an element in the family. */
static size_t index_of(const struct family *family, json_t *element)
{
    const json_t *name = json_is_object(element) ? json_object_get(element, "name") : element;
    size_t index = 0;

    family_find(family, json_string_value(name), &index);
    return index;
}

static void read_elements(struct asked_objectives *asked, const struct family *family, json_t *list)
{
    for (size_t i = 0; i < asked->count; i++) {
        json_t *element = json_array_get(list, i);
        struct asked_objective *one = &asked->of[i];

        one->index = index_of(family, element);
        one->key = json_string_value(asked_key(element));
        one->key_length = json_string_length(asked_key(element));
    }
}

static void read_defaults(struct asked_objectives *asked, const struct family *family,
                          const size_t *defaults)
{
    for (size_t i = 0; i < asked->count; i++) {
        struct asked_objective *one = &asked->of[i];

        one->index = defaults[i];
        one->key = family->at(one->index)->name;
        one->key_length = strlen(one->key);
    }
}

/* Give a parameter of the request to the objectives that use it.  False: there is none. */
static bool give(struct asked_objectives *asked, const struct family *family,
                 enum parameter_id parameter, const json_t *value)
{
    bool used = false;

    for (size_t i = 0; i < asked->count; i++) {
        if (!family_use(family->at(asked->of[i].index), parameter))
            continue;
        used = true;
        asked->of[i].parameters.of[parameter] = parameter_read(value, parameter);
    }
    return used;
}

static bool give_all(struct asked_objectives *asked, const struct family *family, json_t *request,
                     struct error *err)
{
    const char *name;
    json_t *value;

    json_object_foreach(request, name, value)
    {
        const enum parameter_id parameter = parameter_find(name);

        if (parameter != PARAMETER_NONE && family_has(family, parameter)
            && !give(asked, family, parameter, value))
            return fail_at(err, ERR_CONFLICT, &MEMBER(&ROOT, name),
                           "no objective of the request uses it");
    }
    return true;
}

/* Whether no value is 0 where an objective does not take it.  Those of elements are checked. */
static bool check_zeros(const struct asked_objective *asked,
                        const struct family_objective *objective, struct error *err)
{
    for (const struct parameter_use *use = objective->uses; use->parameter != PARAMETER_NONE; use++)
        if (use->not_zero && parameter_number(&asked->parameters, use->parameter) == 0)
            return fail_at(err, ERR_OUT_OF_RANGE,
                           &MEMBER(&ROOT, parameter_info(use->parameter)->name),
                           "0 is not in the range of %s", objective->name);
    return true;
}

bool asked_objectives_read(struct asked_objectives *asked, const struct family *family,
                           json_t *request, const size_t *defaults, size_t count,
                           struct arena *arena, struct error *err)
{
    json_t *list = json_object_get(request, "objectives");

    *asked = (struct asked_objectives){.count = list ? json_array_size(list) : count,
                                       .by_default = !list};
    asked->of = arena_new(arena, struct asked_objective, asked->count + 1);
    if (!asked->of)
        return arena_fail(arena, err);
    if (list)
        read_elements(asked, family, list);
    else
        read_defaults(asked, family, defaults);
    for (size_t i = 0; i < asked->count; i++) {
        asked->of[i].element = i;
        asked->of[i].parameters = family_defaults(family->at(asked->of[i].index));
    }
    if (!give_all(asked, family, request, err))
        return false;
    for (size_t i = 0; i < asked->count; i++) {
        if (list)
            take_own(&asked->of[i], json_array_get(list, i));
        if (!check_zeros(&asked->of[i], family->at(asked->of[i].index), err))
            return false;
    }
    return true;
}
