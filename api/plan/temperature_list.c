/* temperature_list.c - the member `temperature` where it is a list. */
#include "api/plan/temperature_list.h"

/* Append a temperature. */
static void add(struct temperature_list *list, double temperature)
{
    size_t i = 0;

    while (i < list->count_different && list->different[i] != temperature)
        i++;
    list->of[list->count++] = (unsigned char)i;
    list->different[i] = temperature;
    if (i == list->count_different)
        list->count_different++;
}

const struct temperature_list *temperature_lists_read(struct temperature_lists *memo, size_t level,
                                                      const json_t *json, struct arena *arena)
{
    struct temperature_memo *known = &memo->at[level];
    struct temperature_list *list;

    if (known->json == json)
        return known->list;
    list = arena_new(arena, struct temperature_list, 1);
    for (size_t i = 0; list && i < json_array_size(json); i++)
        add(list, json_number_value(json_array_get(json, i)));
    if (list)
        *known = (struct temperature_memo){json, list};
    return list;
}

bool temperature_list_is_same(const struct temperature_list *a, const struct temperature_list *b)
{
    if (a == b || !a || !b)
        return a == b;
    for (size_t i = 0; a->count == b->count && i < a->count; i++)
        if (a->different[a->of[i]] != b->different[b->of[i]])
            return false;
    return a->count == b->count;
}
