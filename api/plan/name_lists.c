/* name_lists.c - the parsed lists of names. */
#include "api/plan/name_lists.h"

#include "api/members/fields.h"

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
        names->details |= detail_find(json_string_value(json_array_get(list, i)), &names->top);
    return names;
}
