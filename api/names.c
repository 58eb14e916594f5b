/* names.c - what lists of names ask for. */
#include "api/names.h"

#include "api/fields.h"

const struct names *names_objectives(struct names_memo *memo, size_t level, const json_t *list)
{
    struct names *names = &memo->objectives[level];

    if (names->list == list)
        return names;
    *names = (struct names){.list = list};
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

const struct names *names_details(struct names_memo *memo, size_t level, const json_t *list)
{
    struct names *names = &memo->details[level];

    if (names->list == list)
        return names;
    *names = (struct names){.list = list};
    for (size_t i = 0; i < json_array_size(list); i++)
        names->details |= detail_find(json_string_value(json_array_get(list, i)), &names->top);
    return names;
}
