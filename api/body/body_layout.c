/* body_layout.c - where in a body the objects stand that own what a model said. */
#include "api/body/body_layout.h"

const struct body_layout body_layout_sequences = {{"sequences", NULL}, false};
const struct body_layout body_layout_choices = {{"questions", "choices"}, false};
const struct body_layout body_layout_models = {{"sequences", "models"}, false};
const struct body_layout body_layout_prompts = {{NULL, NULL}, true};

/* Whether level `level` is at a member `list` that is an array of objects, which the walk is in. */
static bool is_in(const struct walk *walk, size_t level, size_t depth, const char *list)
{
    return list && level + 2 < depth && walk_at_member(walk, level, list)
           && !walk->level[level + 1].object && walk->level[level + 2].object;
}

size_t owners_around(const struct owners *owners, const struct walk *walk, size_t depth,
                     struct owner_at around[LAYOUT_LEVELS])
{
    size_t count = 1;

    around[0] = (struct owner_at){TOP_LEVEL, LAYOUT_LISTS, 0};
    for (size_t i = 0; i < LAYOUT_LISTS; i++) {
        const size_t level = around[count - 1].level;

        if (is_in(walk, level, depth, owners->layout->list[i]))
            around[count++] = (struct owner_at){owners->number[i], i, level + 2};
    }
    return count;
}

/* The innermost owner among the first `depth` levels. */
static struct owner_at innermost(const struct owners *owners, const struct walk *walk, size_t depth)
{
    struct owner_at around[LAYOUT_LEVELS];

    return around[owners_around(owners, walk, depth, around) - 1];
}

size_t owners_note(struct owners *owners, const struct walk *walk)
{
    const struct owner_at at = innermost(owners, walk, walk->depth);

    if (at.level != walk->depth - 1 || at.list == LAYOUT_LISTS)
        return 0;
    owners->number[at.list] = owners->count++;
    return at.list + 1;
}

size_t owners_level(const struct owners *owners, size_t owner)
{
    size_t level = owner == TOP_LEVEL ? 0 : LAYOUT_LISTS;

    while (level > 0 && owners->number[level - 1] != owner)
        level--;
    return level;
}

bool owners_own(const struct owners *owners, const struct walk *walk, size_t level, size_t *owner)
{
    struct owner_at at;

    if (level > 2 * LAYOUT_LISTS) /* no owner is so deep */
        return false;
    at = innermost(owners, walk, level + 1);
    *owner = at.owner;
    return at.level == level && walk->level[level].object;
}

bool owners_at(const struct owners *owners, const struct walk *walk, size_t depth, const char *name,
               size_t *owner)
{
    const struct owner_at at = innermost(owners, walk, depth);

    *owner = at.owner;
    return at.level + 1 == depth && walk_at_member(walk, at.level, name);
}

bool owners_at_output(const struct owners *owners, const struct walk *walk, size_t depth,
                      size_t *owner)
{
    if (owners_at(owners, walk, depth, "logits", owner))
        return true;
    if (!owners->layout->per_prompt || depth != 2 || !walk_at_member(walk, 0, "logits"))
        return false;
    *owner = walk->level[1].index;
    return !walk->level[1].object;
}

bool owners_inside(const struct owners *owners, const struct walk *walk, const char *name)
{
    return walk->depth > 0
           && walk_at_member(walk, innermost(owners, walk, walk->depth).level, name);
}
