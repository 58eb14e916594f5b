/* sequence_iterator.c - the sequences of a request, each with the objects it stands in. */
#include "api/members/sequence_iterator.h"

void sequence_iterator_init(struct sequence_iterator *outline, const struct body_layout *layout,
                            const struct holder *path, size_t depth)
{
    *outline = (struct sequence_iterator){.layout = layout, .depth = depth, .base = depth};
    for (size_t i = 0; i < depth; i++)
        outline->path[i] = path[i];
    outline->next = path[depth - 1].owner + 1; /* 0 behind TOP_LEVEL */
}

void sequence_iterator_of(struct sequence_iterator *outline, const struct body_layout *layout,
                          json_t *request)
{
    const struct holder top = {request, TOP_LEVEL, LAYOUT_LISTS, 0};

    sequence_iterator_init(outline, layout, &top, 1);
}

static struct holder *last(struct sequence_iterator *outline)
{
    return &outline->path[outline->depth - 1];
}

/* The list that an object holds; LAYOUT_LISTS where it holds none. */
static size_t list_in(const struct body_layout *layout, const struct holder *holder)
{
    size_t list = holder->list == LAYOUT_LISTS ? 0 : holder->list + 1;

    while (list < LAYOUT_LISTS
           && !(layout->list[list]
                && json_is_array(json_object_get(holder->object, layout->list[list]))))
        list++;
    return list;
}

/* Into element `index` of a list of the last object, and on to the sequence that comes first there.
 */
static void descend(struct sequence_iterator *outline, size_t list, size_t index)
{
    for (; list < LAYOUT_LISTS; list = list_in(outline->layout, last(outline)), index = 0) {
        const json_t *array = json_object_get(last(outline)->object, outline->layout->list[list]);

        outline->path[outline->depth++] =
            (struct holder){json_array_get(array, index), outline->next++, list, index};
    }
}

bool sequence_iterator_next(struct sequence_iterator *outline)
{
    if (!outline->begun) {
        outline->begun = true;
        descend(outline, list_in(outline->layout, last(outline)), 0);
        return true;
    }
    while (outline->depth > outline->base) {
        const struct holder done = outline->path[--outline->depth];
        const json_t *array =
            json_object_get(last(outline)->object, outline->layout->list[done.list]);

        if (done.index + 1 < json_array_size(array)) {
            descend(outline, done.list, done.index + 1);
            return true;
        }
    }
    return false;
}

bool sequence_iterator_ends_list(const struct sequence_iterator *outline)
{
    const struct holder *at = &outline->path[outline->depth - 1];

    return at->list == LAYOUT_LISTS
           || at->index + 1
                  == json_array_size(json_object_get(outline->path[outline->depth - 2].object,
                                                     outline->layout->list[at->list]));
}

size_t sequence_iterator_count(const struct body_layout *layout, json_t *request)
{
    struct sequence_iterator outline;
    size_t count = 0;

    sequence_iterator_of(&outline, layout, request);
    while (sequence_iterator_next(&outline))
        count++;
    return count;
}
