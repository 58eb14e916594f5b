/* name_lists.c - the parsed lists of names. */
#include "api/plan/name_lists.h"

#include "core/parameter.h"

#include "api/members/fields.h"

#include <string.h>

const struct name_list *name_lists_objectives(struct name_lists *memo, size_t level,
                                              const json_t *list)
{
    struct name_list *names = &memo->objectives[level];

    if (names->list == list)
        return names;
    *names = (struct name_list){.list = list};
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++)
        names->objective[id] = NOT_NAMED;
    for (size_t i = 0; i < json_array_size(list); i++) {
        enum objective_id id = 0;

        objective_find(json_string_value(json_array_get(list, i)), &id);
        if (names->objective[id] == NOT_NAMED)
            names->objective[id] = i;
    }
    return names;
}

const struct name_list *name_lists_details(struct name_lists *memo, size_t level,
                                           const json_t *list)
{
    struct name_list *names = &memo->details[level];

    if (names->list == list)
        return names;
    *names = (struct name_list){.list = list};
    for (size_t i = 0; i < json_array_size(list); i++)
        names->details |=
            detail_find(ON_SCORE, json_string_value(json_array_get(list, i)), &names->top);
    return names;
}

static bool is_joint(const json_t *object)
{
    const char *nll =
        json_string_value(json_object_get(object, parameter_info(PARAMETER_nll)->name));

    return nll && strcmp(nll, "joint") == 0;
}

bool name_lists_joint(struct name_lists *memo, const json_t *request)
{
    const json_t *list = field_value(request, FIELD_objectives);

    if (is_joint(request))
        return true;
    if (memo->asked != list) {
        memo->asked = list;
        memo->joint = false;
        for (size_t i = 0; i < json_array_size(list); i++)
            memo->joint |= is_joint(json_array_get(list, i));
    }
    return memo->joint;
}
