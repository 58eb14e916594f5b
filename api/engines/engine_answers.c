/* engine_answers.c - answers of engines that many sequences share. */
#include "api/engines/engine_answers.h"

#include "api/base/arena_error.h"

#include <string.h>

static bool is_same_asked(const struct engine_answer *a, const struct engine_answer *b)
{
    return a->asked_count == b->asked_count
           && (a->asked_count == 0
               || memcmp(a->asked, b->asked, a->asked_count * sizeof *a->asked) == 0);
}

/* Whether two readings say the same. */
static bool is_same(const struct engine_answer *kept, const struct engine_answer *reading)
{
    return kept->choice == reading->choice && kept->index == reading->index
           && kept->engine == reading->engine && kept->only == reading->only
           && kept->offset == reading->offset && kept->dtype == reading->dtype
           && (kept->asked != NULL) == (reading->asked != NULL)
           && (!kept->by_asked || is_same_asked(kept, reading));
}

/* All but what is the sequence's own. */
static void take(struct engine_answer *reading, const struct engine_answer *kept)
{
    const struct engine_answer own = *reading;

    *reading = *kept;
    reading->detected = own.detected;
    reading->asked = own.asked;
    reading->asked_count = own.asked_count;
    reading->err = own.err;
}

bool engine_answers_find(const struct engine_answers *readings, struct engine_answer *reading)
{
    const size_t count = readings->count < READINGS_KEPT ? readings->count : READINGS_KEPT;

    for (size_t i = 0; i < count; i++) {
        const struct engine_answer *kept = readings->kept[i];

        if (!is_same(kept, reading))
            continue;
        take(reading, kept);
        return true;
    }
    return false;
}

bool engine_answers_keep(struct engine_answers *readings, const struct engine_answer *reading)
{
    struct engine_answer *kept = arena_new(reading->arena, struct engine_answer, 1);

    if (!kept)
        return arena_fail(reading->arena, reading->err);
    *kept = *reading;
    readings->kept[readings->count++ % READINGS_KEPT] = kept;
    return true;
}

static size_t index_of(const json_t *list, size_t at, bool *told)
{
    const json_t *index = json_object_get(json_array_get(list, at), "index");

    *told = json_is_integer(index);
    return (size_t)json_integer_value(index);
}

static bool index_list(struct indexed *indexed, const json_t *list, struct arena *arena)
{
    const size_t count = json_array_size(list);
    bool *seen = arena_new(arena, bool, count);

    *indexed = (struct indexed){.list = list, .place = arena_new(arena, size_t, count)};
    if (!seen || !indexed->place)
        return false;
    for (size_t i = 0; i < count; i++)
        indexed->place[i] = count;
    for (size_t i = 0; i < count; i++) {
        bool told;
        const size_t index = index_of(list, i, &told);

        if (index >= count)
            continue;
        if (indexed->place[index] == count)
            indexed->place[index] = i;
        indexed->repeats |= told && seen[index];
        seen[index] |= told;
    }
    return true;
}

const struct indexed *engine_answers_indexed(struct engine_answers *readings, size_t level,
                                             const json_t *list, struct arena *arena)
{
    struct indexed *indexed = &readings->indexed[level];

    if (indexed->list == list || index_list(indexed, list, arena))
        return indexed;
    indexed->list = NULL;
    return NULL;
}
