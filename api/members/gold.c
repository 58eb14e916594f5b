/* gold.c - which choices of a question are right. */
#include "api/members/gold.h"

#include "api/base/arena_error.h"
#include "api/members/field.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The id of a choice. */
struct named {
    const json_t *id;
    size_t choice;
};

/* The ids of a question's choices, sorted. */
struct ids {
    struct named *named;
    size_t count;   /* number of choices with an id */
    size_t choices; /* number of choices */
};

/* Integers come before strings. */
static int compare_ids(const json_t *a, const json_t *b)
{
    const json_int_t of_a = json_integer_value(a), of_b = json_integer_value(b);
    const size_t length_a = json_string_length(a), length_b = json_string_length(b);

    if (json_is_string(a) != json_is_string(b))
        return json_is_string(a) ? 1 : -1;
    if (!json_is_string(a))
        return (of_a > of_b) - (of_a < of_b);
    if (length_a != length_b)
        return length_a < length_b ? -1 : 1;
    return memcmp(json_string_value(a), json_string_value(b), length_a);
}

static int by_id(const void *a, const void *b)
{
    return compare_ids(((const struct named *)a)->id, ((const struct named *)b)->id);
}

static bool ids_make(struct ids *ids, const json_t *choices, struct arena *arena)
{
    *ids = (struct ids){.choices = json_array_size(choices)};
    ids->named = arena_new(arena, struct named, ids->choices);
    if (!ids->named)
        return false;
    for (size_t i = 0; i < ids->choices; i++) {
        const json_t *id = field_value(json_array_get(choices, i), FIELD_id);

        if (id)
            ids->named[ids->count++] = (struct named){id, i};
    }
    qsort(ids->named, ids->count, sizeof *ids->named, by_id);
    return true;
}

/* The first of the choices with an id.  NULL: there is none.  *twice: there are several. */
static const struct named *ids_find(const struct ids *ids, const json_t *id, bool *twice)
{
    size_t low = 0, high = ids->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (compare_ids(ids->named[middle].id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == ids->count || compare_ids(ids->named[low].id, id) != 0)
        return NULL;
    *twice = low + 1 < ids->count && compare_ids(ids->named[low + 1].id, id) == 0;
    return &ids->named[low];
}

static bool fail_unnamed(const json_t *gold, const struct ids *ids, const struct json_place *at,
                         struct error *err)
{
    if (json_is_string(gold))
        return fail_at(err, ERR_OUT_OF_RANGE, at,
                       "no choice has the id \"%.64s\"; without ids give an index",
                       json_string_value(gold));
    return fail_at(err, ERR_OUT_OF_RANGE, at,
                   "%" JSON_INTEGER_FORMAT " is not below the %zu choices%s",
                   json_integer_value(gold), ids->choices,
                   ids->count > 0 ? ", and no choice has it as id" : "");
}

/* Find the choice that an element of `gold` names. */
static bool find_choice(const json_t *gold, const struct ids *ids, const struct json_place *at,
                        size_t *choice, struct error *err)
{
    const uint64_t index = (uint64_t)json_integer_value(gold);
    const bool is_index = json_is_integer(gold) && index < ids->choices;
    bool twice = false;
    const struct named *named = ids_find(ids, gold, &twice);

    if (!named && !is_index)
        return fail_unnamed(gold, ids, at, err);
    if (twice)
        return fail_at(err, ERR_OUT_OF_RANGE, at, "several choices have this id");
    if (named && is_index && named->choice != index)
        return fail_at(err, ERR_OUT_OF_RANGE, at,
                       "%zu is the index of one choice and the id of choice %zu: give ids that are "
                       "strings",
                       (size_t)index, named->choice);
    *choice = named ? named->choice : (size_t)index;
    return true;
}

static bool mark(const json_t *gold, const struct ids *ids, const struct json_place *at,
                 bool *right, struct error *err)
{
    size_t choice;

    if (!find_choice(gold, ids, at, &choice, err))
        return false;
    if (right)
        right[choice] = true;
    return true;
}

bool gold_mark(const json_t *gold, const json_t *choices, const struct json_place *at, bool *right,
               struct arena *arena, struct error *err)
{
    struct ids ids;

    if (!ids_make(&ids, choices, arena))
        return arena_fail(arena, err);
    if (!json_is_array(gold))
        return mark(gold, &ids, at, right, err);
    /* A default list is visited again for each question. */
    for (size_t i = 0; i < json_array_size(gold) && i < ids.choices; i++)
        if (!mark(json_array_get(gold, i), &ids, &ELEMENT(at, i), right, err))
            return false;
    return json_array_size(gold) <= ids.choices
           || fail_at(err, ERR_BAD_COUNT, at, "%zu right ones of %zu choices",
                      json_array_size(gold), ids.choices);
}
