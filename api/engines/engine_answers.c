/* engine_answers.c - remembers answers of engines that many sequences share. */
#include "api/engines/engine_answers.h"

#include "api/base/arena_error.h"

#include <string.h>

static bool is_same_asked(const struct engine_answer *a, const struct engine_answer *b)
{
    return a->asked_count == b->asked_count
           && (a->asked_count == 0
               || memcmp(a->asked, b->asked, a->asked_count * sizeof *a->asked) == 0);
}

/* Whether a remembered answer has the same input. */
static bool is_same(const struct engine_answer *kept, const struct engine_answer *answer)
{
    return kept->choice == answer->choice && kept->index == answer->index
           && kept->engine == answer->engine && kept->only == answer->only
           && kept->offset == answer->offset && kept->dtype == answer->dtype
           && (kept->asked != NULL) == (answer->asked != NULL)
           && (!kept->by_asked || is_same_asked(kept, answer));
}

/* Copy everything other than the sequence's own input. */
static void take(struct engine_answer *answer, const struct engine_answer *kept)
{
    const struct engine_answer own = *answer;

    *answer = *kept;
    answer->detected = own.detected;
    answer->asked = own.asked;
    answer->asked_count = own.asked_count;
}

static size_t count_kept(const struct engine_answers *answers)
{
    return answers->count < ANSWERS_KEPT ? answers->count : ANSWERS_KEPT;
}

bool engine_answers_find(const struct engine_answers *answers, struct engine_answer *answer)
{
    for (size_t i = 0; i < count_kept(answers); i++) {
        const struct engine_answer *kept = answers->kept[i];

        if (!is_same(kept, answer))
            continue;
        take(answer, kept);
        return true;
    }
    return false;
}

bool engine_answers_charge(const struct engine_answers *answers, const struct engine_answer *answer,
                           struct error *err)
{
    for (size_t i = 0; i < count_kept(answers); i++) {
        struct engine_answer *kept = answers->kept[i];

        if (kept->choice != answer->choice || kept->index != answer->index)
            continue;
        kept->size = kept->size > 0 ? kept->size : dom_size(kept->choice);
        return work_charge_each(answer->work, kept->size, WORK_TEXT, err);
    }
    return true;
}

bool engine_answers_keep(struct engine_answers *answers, const struct engine_answer *answer,
                         struct error *err)
{
    struct engine_answer *kept = arena_new(answer->arena, struct engine_answer, 1);

    if (!kept)
        return arena_fail(answer->arena, err);
    *kept = *answer;
    answers->kept[answers->count++ % ANSWERS_KEPT] = kept;
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

const struct indexed *engine_answers_indexed(struct engine_answers *answers, size_t level,
                                             const json_t *list, struct arena *arena)
{
    struct indexed *indexed = &answers->indexed[level];

    if (indexed->list == list || index_list(indexed, list, arena))
        return indexed;
    indexed->list = NULL;
    return NULL;
}
