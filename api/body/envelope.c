/* envelope.c - a JSON body without its numbers. */
#include "api/body/envelope.h"

#include "api/base/arena_error.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define FIRST_ROOM ((size_t)4)

/* Room for `wanted` pointers in a list of spans; new ones are NULL. */
static bool list_reserve(struct span ***list, size_t *room, size_t wanted, struct arena *arena)
{
    size_t more = *room < FIRST_ROOM ? FIRST_ROOM : *room;
    struct span **grown;

    if (wanted <= *room)
        return true;
    while (more < wanted)
        more *= 2;
    grown = arena_grow(arena, *list, *room * sizeof **list, more * sizeof **list);
    if (!grown)
        return false;
    memset(grown + *room, 0, (more - *room) * sizeof *grown);
    *list = grown;
    *room = more;
    return true;
}

struct span *envelope_add(struct envelope *envelope, enum span_kind kind, size_t owner,
                          size_t offset, struct arena *arena, struct error *err)
{
    const size_t at = owner_index(owner);
    struct span *span = arena_new(arena, struct span, 1);

    if (!span || !list_reserve(&envelope->spans, &envelope->capacity, envelope->count + 1, arena)
        || !list_reserve(&envelope->owned, &envelope->owners, at + 1, arena)) {
        arena_fail(arena, err);
        return NULL;
    }
    span->kind = kind;
    span->owner = owner;
    span->offset = offset;
    span->next = envelope->owned[at];
    envelope->owned[at] = span;
    return envelope->spans[envelope->count++] = span;
}

void envelope_drop(struct envelope *envelope)
{
    const struct span *span = envelope->spans[--envelope->count];

    envelope->owned[owner_index(span->owner)] = span->next;
}

struct span *envelope_span(const struct envelope *envelope, enum span_kind kind, size_t owner)
{
    const size_t at = owner_index(owner);
    struct span *span = at < envelope->owners ? envelope->owned[at] : NULL;

    while (span && span->kind != kind)
        span = span->next;
    return span;
}

size_t envelope_place(const struct envelope *envelope, size_t owner, const char *name)
{
    return member_offsets_find(&envelope->offsets, owner, name);
}

size_t envelope_last(const struct envelope *envelope, size_t owner)
{
    return member_offsets_last(&envelope->offsets, owner);
}
