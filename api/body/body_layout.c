/* body_layout.c - the objects of a body that may have model outputs. */
#include "api/body/body_layout.h"

#include <string.h>

#define IN(kind) (1U << (kind))
#define END                                                                                        \
    {                                                                                              \
        NULL, 0, 0, PART_LIST, false                                                               \
    }

/* POST /v1/score: 1 is a sequence, 2 a window. */
static const struct layout_part sequence_parts[] = {
    {"sequences", 1, IN(0), PART_LIST, false},
    {"windows", 2, IN(0) | IN(1), PART_LIST, false},
    END,
};

/* POST /v1/rank: 1 is a question, 2 a choice, 3 a model. */
static const struct layout_part choice_parts[] = {
    {"questions", 1, IN(0), PART_LIST, false},
    {"choices", 2, IN(0) | IN(1), PART_LIST, true},
    {"models", 3, IN(0) | IN(1) | IN(2), PART_ACROSS, false},
    END,
};

/* POST /v1/compare: 1 is a sequence, 2 a model. */
static const struct layout_part model_parts[] = {
    {"sequences", 1, IN(0), PART_LIST, false},
    {"models", 2, IN(0) | IN(1), PART_LIST, true},
    END,
};

/* POST /v1/preference: 1 is a pair, 2 an example, 3 a completion, 4 an output. */
static const struct layout_part pair_parts[] = {
    {"pairs", 1, IN(0), PART_LIST, false},
    {"examples", 2, IN(0), PART_LIST, false},
    {"chosen", 3, IN(1), PART_EITHER, true},
    {"rejected", 3, IN(1), PART_EITHER, true},
    {"mismatched", 3, IN(2), PART_OBJECT, false},
    {"policy", 4, IN(2) | IN(3), PART_OBJECT, false},
    {"reference", 4, IN(2) | IN(3), PART_OBJECT, false},
    END,
};

/* POST /v1/policy: 1 is a sequence, 2 an output. */
static const struct layout_part policy_parts[] = {
    {"sequences", 1, IN(0), PART_LIST, false},
    {"current", 2, IN(0) | IN(1), PART_OBJECT, false},
    {"old", 2, IN(0) | IN(1), PART_OBJECT, false},
    {"rollout", 2, IN(0) | IN(1), PART_OBJECT, false},
    {"reference", 2, IN(0) | IN(1), PART_OBJECT, false},
    END,
};

static const struct layout_part no_parts[] = {END};

const struct body_layout body_layout_sequences = {sequence_parts, false};
const struct body_layout body_layout_choices = {choice_parts, false};
const struct body_layout body_layout_models = {model_parts, false};
const struct body_layout body_layout_pairs = {pair_parts, false};
const struct body_layout body_layout_policies = {policy_parts, false};
const struct body_layout body_layout_prompts = {no_parts, true};

size_t layout_find(const struct body_layout *layout, size_t kind, const char *name)
{
    for (size_t i = 0; layout->part[i].name; i++)
        if ((layout->part[i].in >> kind & 1) && strcmp(layout->part[i].name, name) == 0)
            return i;
    return LAYOUT_REQUEST;
}

bool layout_needs(const struct body_layout *layout, size_t kind)
{
    for (size_t i = 0; layout->part[i].name; i++)
        if (layout->part[i].needed && (layout->part[i].in >> kind & 1))
            return true;
    return false;
}

/* The part that the current member of an owner is.  LAYOUT_REQUEST: it is none. */
static size_t part_here(const struct body_layout *layout, const struct json_path *path,
                        const struct owner_at *owner)
{
    for (size_t i = 0; layout->part[i].name; i++)
        if ((layout->part[i].in >> owner->kind & 1)
            && json_path_at(path, owner->level, layout->part[i].name))
            return i;
    return LAYOUT_REQUEST;
}

/* The owner inside another one, in the first `depth` levels of the path.  False: there is none. */
static bool step_in(const struct owners *owners, const struct json_path *path, size_t depth,
                    const struct owner_at *outer, struct owner_at *inner)
{
    const size_t part =
        outer->level + 1 < depth ? part_here(owners->layout, path, outer) : LAYOUT_REQUEST;
    size_t level = outer->level + 1;
    bool listed;

    if (part == LAYOUT_REQUEST)
        return false;
    listed = !path->level[level].object;
    if (!(listed ? part_may_be_list : part_may_be_object)(owners->layout->part[part].form))
        return false;
    level += listed;
    *inner = (struct owner_at){
        .part = part, .kind = owners->layout->part[part].kind, .listed = listed, .level = level};
    return level < depth && path->level[level].object;
}

size_t owners_around(const struct owners *owners, const struct json_path *path, size_t depth,
                     struct owner_at around[LAYOUT_LEVELS])
{
    size_t count = 1;

    around[0] = (struct owner_at){.owner = TOP_LEVEL, .part = LAYOUT_REQUEST};
    while (count < LAYOUT_LEVELS
           && step_in(owners, path, depth, &around[count - 1], &around[count])) {
        around[count].owner = owners->number[count];
        count++;
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
    struct owner_at around[LAYOUT_LEVELS];
    const size_t count = owners_around(owners, path, path->depth, around);

    if (count > 1 && around[count - 1].level == path->depth - 1)
        owners->number[count - 1] = owners->count++;
}

bool owners_own(const struct owners *owners, const struct json_path *path, size_t level,
                size_t *owner)
{
    struct owner_at at;

    if (level > 2 * (LAYOUT_LEVELS - 1)) /* no owner is this deep */
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

bool owners_at_part(const struct owners *owners, const struct json_path *path)
{
    const struct owner_at at = innermost(owners, path, path->depth);

    return at.level + 1 == path->depth && part_here(owners->layout, path, &at) != LAYOUT_REQUEST;
}
