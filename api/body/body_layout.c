/* body_layout.c - the objects of a body that may have model outputs. */
#include "api/body/body_layout.h"

const struct body_layout body_layout_sequences = {{"sequences", NULL}, false};
const struct body_layout body_layout_choices = {{"questions", "choices"}, false};
const struct body_layout body_layout_models = {{"sequences", "models"}, false};
const struct body_layout body_layout_prompts = {{NULL, NULL}, true};

/* Whether the path goes through the member `list` of level `level`, an array, into an object in
 * it. */
static bool is_in(const struct json_path *path, size_t level, size_t depth, const char *list)
{
    return list && level + 2 < depth && json_path_at(path, level, list)
           && !path->level[level + 1].object && path->level[level + 2].object;
}

size_t owners_around(const struct owners *owners, const struct json_path *path, size_t depth,
                     struct owner_at around[LAYOUT_LEVELS])
{
    size_t count = 1;

    around[0] = (struct owner_at){TOP_LEVEL, LAYOUT_LISTS, 0};
    for (size_t i = 0; i < LAYOUT_LISTS; i++) {
        const size_t level = around[count - 1].level;

        if (is_in(path, level, depth, owners->layout->list[i]))
            around[count++] = (struct owner_at){owners->number[i], i, level + 2};
    }
    return count;
}

/* The innermost owner in the first `depth` levels. */
static struct owner_at innermost(const struct owners *owners, const struct json_path *path,
                                 size_t depth)
{
    struct owner_at around[LAYOUT_LEVELS];

    return around[owners_around(owners, path, depth, around) - 1];
}

void owners_note(struct owners *owners, const struct json_path *path)
{
    const struct owner_at at = innermost(owners, path, path->depth);

    if (at.level == path->depth - 1 && at.list != LAYOUT_LISTS)
        owners->number[at.list] = owners->count++;
}

bool owners_own(const struct owners *owners, const struct json_path *path, size_t level,
                size_t *owner)
{
    struct owner_at at;

    if (level > 2 * LAYOUT_LISTS) /* no owner is this deep */
        return false;
    at = innermost(owners, path, level + 1);
    *owner = at.owner;
    return at.level == level && path->level[level].object;
}

bool owners_at(const struct owners *owners, const struct json_path *path, size_t depth,
               const char *name, size_t *owner)
{
    const struct owner_at at = innermost(owners, path, depth);

    *owner = at.owner;
    return at.level + 1 == depth && json_path_at(path, at.level, name);
}

bool owners_at_output(const struct owners *owners, const struct json_path *path, size_t depth,
                      size_t *owner)
{
    if (owners_at(owners, path, depth, "logits", owner))
        return true;
    if (!owners->layout->per_prompt || depth != 2 || !json_path_at(path, 0, "logits"))
        return false;
    *owner = path->level[1].index;
    return !path->level[1].object;
}
