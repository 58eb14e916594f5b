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
        return part_may_be_list(part->form) && json_array_size(value) > 0;
    return json_is_object(value) && part_may_be_object(part->form);
}

/* The part that a member of an object is.  LAYOUT_REQUEST: it is none. */
static size_t part_of(const struct body_layout *layout, size_t kind, void *member)
{
    const size_t part = layout_find(layout, kind, json_object_iter_key(member));

    return part != LAYOUT_REQUEST && is_held(&layout->part[part], json_object_iter_value(member))
               ? part
               : LAYOUT_REQUEST;
}

/* Find the first part of an object, from the member at `member` on, in body order, that is across
 * others or that is not.  LAYOUT_REQUEST: there is none. */
static size_t find_part(const struct body_layout *layout, size_t kind, json_t *object, void *member,
                        bool across)
{
    for (; member; member = json_object_iter_next(object, member)) {
        const size_t part = part_of(layout, kind, member);

        if (part != LAYOUT_REQUEST && (layout->part[part].form == PART_ACROSS) == across)
            return part;
    }
    return LAYOUT_REQUEST;
}

/* The first part to enter: one that is across others is around them. */
static size_t first_part(const struct body_layout *layout, size_t kind, json_t *object)
{
    const size_t across = find_part(layout, kind, object, json_object_iter(object), true);

    return across != LAYOUT_REQUEST
               ? across
               : find_part(layout, kind, object, json_object_iter(object), false);
}

bool sequence_iterator_enters(const struct body_layout *layout, size_t kind, json_t *object)
{
    return first_part(layout, kind, object) != LAYOUT_REQUEST;
}

bool sequence_iterator_crosses(const struct body_layout *layout, size_t kind, json_t *object)
{
    void *first = json_object_iter(object);

    return find_part(layout, kind, object, first, true) != LAYOUT_REQUEST
           && find_part(layout, kind, object, first, false) != LAYOUT_REQUEST;
}

/* ---- numbers of owners ---- */

static size_t owners_of_part(const struct body_layout *layout, size_t part, json_t *value);

/* The number of owners that an object is and has in it. */
static size_t owners_of(const struct body_layout *layout, size_t kind, json_t *object)
{
    size_t count = 1;

    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at))
        count += owners_of_part(layout, part_of(layout, kind, at), json_object_iter_value(at));
    return count;
}

static size_t owners_of_part(const struct body_layout *layout, size_t part, json_t *value)
{
    size_t count = 0;

    if (part == LAYOUT_REQUEST)
        return 0;
    if (!json_is_array(value))
        return owners_of(layout, layout->part[part].kind, value);
    for (size_t i = 0; i < json_array_size(value); i++)
        count += owners_of(layout, layout->part[part].kind, json_array_get(value, i));
    return count;
}

/* The number of the first owner in a part of an object. */
static size_t first_owner(const struct body_layout *layout, const struct holder *holder,
                          size_t part)
{
    size_t owner = holder->owner + 1; /* TOP_LEVEL + 1 is 0 */
    void *at = json_object_iter(holder->object);

    for (; at && part_of(layout, holder->kind, at) != part;
         at = json_object_iter_next(holder->object, at))
        owner +=
            owners_of_part(layout, part_of(layout, holder->kind, at), json_object_iter_value(at));
    return owner;
}

/* ---- steps ---- */

static bool is_across(const struct sequence_iterator *iterator, const struct holder *holder)
{
    return holder->part != LAYOUT_REQUEST
           && iterator->layout->part[holder->part].form == PART_ACROSS;
}

/* The holder whose parts are inside the last object: itself, or the one around it. */
static size_t entered(struct sequence_iterator *iterator)
{
    const struct holder *holder = last(iterator);

    return is_across(iterator, holder) ? holder->in : iterator->depth - 1;
}

/* The first part inside the last object. */
static size_t part_inside(struct sequence_iterator *iterator)
{
    const struct holder *holder = &iterator->path[entered(iterator)];

    if (is_across(iterator, last(iterator)))
        return find_part(iterator->layout, holder->kind, holder->object,
                         json_object_iter(holder->object), false);
    return first_part(iterator->layout, holder->kind, holder->object);
}

/* Go to object `index` of a part inside the last object. */
static void enter(struct sequence_iterator *iterator, size_t part, size_t index)
{
    const struct body_layout *layout = iterator->layout;
    const size_t in = entered(iterator);
    const struct holder *holder = &iterator->path[in];
    json_t *value = json_object_get(holder->object, layout->part[part].name);
    const bool listed = json_is_array(value);

    if (index == 0 && sequence_iterator_crosses(layout, holder->kind, holder->object))
        iterator->next = first_owner(layout, holder, part);
    iterator->path[iterator->depth++] =
        (struct holder){.object = listed ? json_array_get(value, index) : value,
                        .owner = iterator->next++,
                        .part = part,
                        .kind = layout->part[part].kind,
                        .listed = listed,
                        .index = index,
                        .in = in};
}

/* Go there, and then to the first sequence in it. */
static void descend(struct sequence_iterator *iterator, size_t part, size_t index)
{
    while (part != LAYOUT_REQUEST && iterator->depth < LAYOUT_LEVELS) {
        enter(iterator, part, index);
        part = part_inside(iterator);
        index = 0;
    }
}

/* Go to the next object of the part that `done` is in.  False: it was the last one. */
static bool go_on(struct sequence_iterator *iterator, const struct holder *done)
{
    const struct holder *holder = &iterator->path[done->in];
    const json_t *list = json_object_get(holder->object, iterator->layout->part[done->part].name);

    if (!done->listed || done->index + 1 >= json_array_size(list))
        return false;
    if (is_across(iterator, done))
        iterator->next = done->owner + owners_of(iterator->layout, done->kind, done->object);
    descend(iterator, done->part, done->index + 1);
    return true;
}

/* Go to the part behind the one that `done` is in.  False: it was the last one. */
static bool go_to_next_part(struct sequence_iterator *iterator, const struct holder *done)
{
    const struct body_layout *layout = iterator->layout;
    const struct holder *holder = &iterator->path[done->in];
    void *member = json_object_iter_at(holder->object, layout->part[done->part].name);
    const size_t part = is_across(iterator, done)
                            ? LAYOUT_REQUEST
                            : find_part(layout, holder->kind, holder->object,
                                        json_object_iter_next(holder->object, member), false);

    if (part != LAYOUT_REQUEST) {
        descend(iterator, part, 0);
        return true;
    }
    if (is_across(iterator, done))
        iterator->next = holder->owner + owners_of(layout, holder->kind, holder->object);
    return false;
}

bool sequence_iterator_next(struct sequence_iterator *iterator)
{
    if (!iterator->begun) {
        iterator->begun = true;
        descend(iterator, part_inside(iterator), 0);
        return true;
    }
    while (iterator->depth > iterator->base) {
        const struct holder done = iterator->path[--iterator->depth];

        if (go_on(iterator, &done) || go_to_next_part(iterator, &done))
            return true;
    }
    return false;
}

size_t sequence_iterator_count_in(const struct body_layout *layout, size_t kind, json_t *object)
{
    const struct holder top = {
        .object = object, .owner = TOP_LEVEL, .part = LAYOUT_REQUEST, .kind = kind};
    struct sequence_iterator iterator;
    size_t count = 0;

    sequence_iterator_init(&iterator, layout, &top, 1);
    while (sequence_iterator_next(&iterator))
        count++;
    return count;
}

size_t sequence_iterator_count(const struct body_layout *layout, json_t *request)
{
    return sequence_iterator_count_in(layout, 0, request);
}
