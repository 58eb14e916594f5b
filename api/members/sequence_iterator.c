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
    const struct holder top = holder_of_request(request);

    sequence_iterator_init(iterator, layout, &top, 1);
}

static struct holder *last(struct sequence_iterator *iterator)
{
    return &iterator->path[iterator->depth - 1];
}

/* Whether a value is what a part holds: an object, or a list with one. */
static bool is_held(const struct layout_part *part, const json_t *value)
{
    if (json_is_array(value))
        return part->form != PART_OBJECT && json_array_size(value) > 0;
    return json_is_object(value) && part->form != PART_LIST;
}

/* Find the first part of an object, from the member at `member` on, in body order.
 * LAYOUT_REQUEST: there is none. */
static size_t find_part(const struct body_layout *layout, size_t kind, json_t *object, void *member)
{
    for (; member; member = json_object_iter_next(object, member)) {
        const size_t part = layout_find(layout, kind, json_object_iter_key(member));

        if (part != LAYOUT_REQUEST && is_held(&layout->part[part], json_object_iter_value(member)))
            return part;
    }
    return LAYOUT_REQUEST;
}

static size_t first_part(const struct body_layout *layout, size_t kind, json_t *object)
{
    return find_part(layout, kind, object, json_object_iter(object));
}

bool sequence_iterator_enters(const struct body_layout *layout, size_t kind, json_t *object)
{
    return first_part(layout, kind, object) != LAYOUT_REQUEST;
}

/* Go to object `index` of a part of the last object, and from there to the first sequence in it. */
static void descend(struct sequence_iterator *iterator, size_t part, size_t index)
{
    const struct body_layout *layout = iterator->layout;

    while (part != LAYOUT_REQUEST && iterator->depth < LAYOUT_LEVELS) {
        json_t *value = json_object_get(last(iterator)->object, layout->part[part].name);
        const bool listed = json_is_array(value);
        const struct holder inner = {.object = listed ? json_array_get(value, index) : value,
                                     .owner = iterator->next++,
                                     .part = part,
                                     .kind = layout->part[part].kind,
                                     .listed = listed,
                                     .index = index};

        iterator->path[iterator->depth++] = inner;
        part = first_part(layout, inner.kind, inner.object);
        index = 0;
    }
}

/* Go to the next object of the part that `done` is in.  False: it was the last one. */
static bool go_on(struct sequence_iterator *iterator, const struct holder *done)
{
    const json_t *list =
        json_object_get(last(iterator)->object, iterator->layout->part[done->part].name);

    if (!done->listed || done->index + 1 >= json_array_size(list))
        return false;
    descend(iterator, done->part, done->index + 1);
    return true;
}

/* Go to the part behind the one that `done` is in.  False: it was the last one. */
static bool go_to_next_part(struct sequence_iterator *iterator, const struct holder *done)
{
    const struct body_layout *layout = iterator->layout;
    json_t *object = last(iterator)->object;
    void *member = json_object_iter_at(object, layout->part[done->part].name);
    const size_t part =
        find_part(layout, last(iterator)->kind, object, json_object_iter_next(object, member));

    if (part == LAYOUT_REQUEST)
        return false;
    descend(iterator, part, 0);
    return true;
}

bool sequence_iterator_next(struct sequence_iterator *iterator)
{
    if (!iterator->begun) {
        const struct holder *top = last(iterator);

        iterator->begun = true;
        descend(iterator, first_part(iterator->layout, top->kind, top->object), 0);
        return true;
    }
    while (iterator->depth > iterator->base) {
        const struct holder done = iterator->path[--iterator->depth];

        if (go_on(iterator, &done) || go_to_next_part(iterator, &done))
            return true;
    }
    return false;
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
