/* sequence_iterator.c - iterates over the sequences of a request. */
#include "api/members/sequence_iterator.h"

void sequence_iterator_init(struct sequence_iterator *iterator, const struct body_layout *layout,
                            const struct holder *path, size_t depth)
{
    *iterator = (struct sequence_iterator){.layout = layout, .depth = depth, .base = depth};
    for (size_t i = 0; i < depth; i++)
        iterator->path[i] = path[i];
    iterator->next = path[depth - 1].owner + 1; /* TOP_LEVEL + 1 is 0 */
}

void sequence_iterator_of(struct sequence_iterator *iterator, const struct body_layout *layout,
                          json_t *request)
{
    const struct holder top = {request, TOP_LEVEL, LAYOUT_LISTS, 0};

    sequence_iterator_init(iterator, layout, &top, 1);
}

static struct holder *last(struct sequence_iterator *iterator)
{
    return &iterator->path[iterator->depth - 1];
}

/* The index in the layout of the list that an object has.  LAYOUT_LISTS: none. */
static size_t list_in(const struct body_layout *layout, const struct holder *holder)
{
    size_t list = holder->list == LAYOUT_LISTS ? 0 : holder->list + 1;

    while (list < LAYOUT_LISTS
           && !(layout->list[list]
                && json_is_array(json_object_get(holder->object, layout->list[list]))))
        list++;
    return list;
}

/* Go to element `index` of a list of the last object, and from there to the first sequence in
 * it. */
static void descend(struct sequence_iterator *iterator, size_t list, size_t index)
{
    for (; list < LAYOUT_LISTS; list = list_in(iterator->layout, last(iterator)), index = 0) {
        const json_t *array = json_object_get(last(iterator)->object, iterator->layout->list[list]);

        iterator->path[iterator->depth++] =
            (struct holder){json_array_get(array, index), iterator->next++, list, index};
    }
}

bool sequence_iterator_next(struct sequence_iterator *iterator)
{
    if (!iterator->begun) {
        iterator->begun = true;
        descend(iterator, list_in(iterator->layout, last(iterator)), 0);
        return true;
    }
    while (iterator->depth > iterator->base) {
        const struct holder done = iterator->path[--iterator->depth];
        const json_t *array =
            json_object_get(last(iterator)->object, iterator->layout->list[done.list]);

        if (done.index + 1 < json_array_size(array)) {
            descend(iterator, done.list, done.index + 1);
            return true;
        }
    }
    return false;
}

bool sequence_iterator_ends_list(const struct sequence_iterator *iterator)
{
    const struct holder *at = &iterator->path[iterator->depth - 1];

    return at->list == LAYOUT_LISTS
           || at->index + 1
                  == json_array_size(json_object_get(iterator->path[iterator->depth - 2].object,
                                                     iterator->layout->list[at->list]));
}

size_t sequence_iterator_count(const struct body_layout *layout, json_t *request)
{
    struct sequence_iterator iterator;
    size_t count = 0;

    sequence_iterator_of(&iterator, layout, request);
    while (sequence_iterator_next(&iterator))
        count++;
    return count;
}
