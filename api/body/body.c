/* body.c - a JSON body: the tree, and the numbers outside of it. */
#include "api/body/body.h"

#include "api/base/arena_error.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define FIRST_ROOM ((size_t)4)

/* Make room for `wanted` pointers in a list of spans; new entries are NULL. */
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

struct span *body_add_span(struct body *body, enum span_kind kind, size_t owner, size_t offset,
                           struct arena *arena, struct error *err)
{
    const size_t at = owner_index(owner);
    struct span *span = arena_new(arena, struct span, 1);

    if (!span || !list_reserve(&body->spans, &body->capacity, body->count + 1, arena)
        || !list_reserve(&body->owned, &body->owners, at + 1, arena)) {
        arena_fail(arena, err);
        return NULL;
    }
    span->kind = kind;
    span->owner = owner;
    span->offset = offset;
    span->next = body->owned[at];
    body->owned[at] = span;
    return body->spans[body->count++] = span;
}

void body_drop_span(struct body *body)
{
    const struct span *span = body->spans[--body->count];

    body->owned[owner_index(span->owner)] = span->next;
}

struct span *body_span(const struct body *body, enum span_kind kind, size_t owner)
{
    const size_t at = owner_index(owner);
    struct span *span = at < body->owners ? body->owned[at] : NULL;

    while (span && span->kind != kind)
        span = span->next;
    return span;
}

size_t body_member_offset(const struct body *body, size_t owner, const char *name)
{
    return member_offsets_find(&body->offsets, owner, name);
}

size_t body_last_offset(const struct body *body, size_t owner)
{
    return member_offsets_last(&body->offsets, owner);
}
