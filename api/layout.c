/* layout.c - where in a body the objects stand that own what a model said. */
#include "api/layout.h"

const struct layout layout_sequences = {{"sequences", NULL}};

/* Whether level `level` is at a member `list` that is an array of objects, which the walk is in. */
static bool is_in(const struct walk *walk, size_t level, size_t depth, const char *list)
{
    return list && level + 2 < depth && walk_at_member(walk, level, list)
           && !walk->level[level + 1].object && walk->level[level + 2].object;
}

/* The level of the innermost owner among the first `depth` levels; *list is the list it stands in
 * (LAYOUT_LISTS: the request itself). */
static size_t innermost(const struct layout *layout, const struct walk *walk, size_t depth,
                        size_t *list)
{
    size_t level = 0;

    *list = LAYOUT_LISTS;
    for (size_t i = 0; i < LAYOUT_LISTS; i++) {
        if (is_in(walk, level, depth, layout->list[i])) {
            level += 2;
            *list = i;
        }
    }
    return level;
}

size_t owners_note(struct owners *owners, const struct walk *walk)
{
    size_t list;

    if (innermost(owners->layout, walk, walk->depth, &list) != walk->depth - 1
        || list == LAYOUT_LISTS)
        return 0;
    owners->number[list] = owners->count++;
    return list + 1;
}

size_t owners_level(const struct owners *owners, size_t owner)
{
    size_t level = owner == TOP_LEVEL ? 0 : LAYOUT_LISTS;

    while (level > 0 && owners->number[level - 1] != owner)
        level--;
    return level;
}

bool owners_at(const struct owners *owners, const struct walk *walk, size_t depth, const char *name,
               size_t *owner)
{
    size_t list;
    const size_t level = innermost(owners->layout, walk, depth, &list);

    *owner = list < LAYOUT_LISTS ? owners->number[list] : TOP_LEVEL;
    return level + 1 == depth && walk_at_member(walk, level, name);
}
