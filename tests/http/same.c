/* same.c - whether two answers are the same. */
#include "tests/http/same.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define TOLERANCE 1e-13

static bool same_members(json_t *got, json_t *right)
{
    void *a = json_object_iter(got), *b = json_object_iter(right);

    for (; a && b; a = json_object_iter_next(got, a), b = json_object_iter_next(right, b))
        if (strcmp(json_object_iter_key(a), json_object_iter_key(b)) != 0
            || !json_same(json_object_iter_value(a), json_object_iter_value(b)))
            return false;
    return !a && !b;
}

static bool same_elements(const json_t *got, const json_t *right)
{
    for (size_t i = 0; i < json_array_size(right); i++)
        if (!json_same(json_array_get(got, i), json_array_get(right, i)))
            return false;
    return json_array_size(got) == json_array_size(right);
}

bool json_same(const json_t *got, const json_t *right)
{
    if (json_is_number(got) && json_is_number(right))
        return fabs(json_number_value(got) - json_number_value(right))
               <= TOLERANCE * fabs(json_number_value(right));
    if (!got || json_typeof(got) != json_typeof(right))
        return false;
    if (json_is_object(right))
        return same_members((json_t *)(uintptr_t)got, (json_t *)(uintptr_t)right);
    if (json_is_array(right))
        return same_elements(got, right);
    return json_equal((json_t *)(uintptr_t)got, (json_t *)(uintptr_t)right);
}
