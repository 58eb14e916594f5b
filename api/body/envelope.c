/* envelope.c - a JSON body without its numbers. */
#include "api/body/envelope.h"

#include "api/base/arena_error.h"
#include "api/json/walk.h"

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
                          struct arena *arena, struct error *err)
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
    span->place = envelope->text.length - 1;
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

/* Where a byte of the envelope's text stands in the body. */
static size_t body_offset(const struct envelope *envelope, size_t offset)
{
    for (size_t i = envelope->count; i > 0; i--) {
        const struct span *span = envelope->spans[i - 1];

        if (offset > span->place) {
            offset += span->offset + span->length - (span->place + 1);
            break;
        }
    }
    return offset < envelope->length ? offset : envelope->length;
}

static enum error_code code_of(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_duplicate_key:
        return ERR_DUPLICATE_NAME;
    case json_error_numeric_overflow:
        return ERR_OUT_OF_RANGE;
    default:
        return ERR_BAD_JSON;
    }
}

static bool tree_fail(const struct envelope *envelope, const json_error_t *error, struct error *err)
{
    const size_t at = error->position > 0 ? (size_t)error->position : 0;
    const size_t offset = body_offset(envelope, at);
    const enum error_code code = code_of(error);
    char pointer[sizeof err->pointer];

    /* jansson stops behind the offending token; a comma too many must not count. */
    walk_locate(envelope->text.data, envelope->text.length, at - (code == ERR_BAD_JSON && at > 0),
                pointer, sizeof pointer);
    if (code == ERR_DUPLICATE_NAME)
        return error_set(err, code, pointer, "the name occurs twice (byte %zu)", offset);
    if (code == ERR_OUT_OF_RANGE)
        return error_set(err, code, pointer,
                         "the number does not fit a 64-bit integer or double (byte %zu)", offset);
    return error_set(err, code, pointer, "not JSON at byte %zu: %s", offset, error->text);
}

json_t *envelope_read(struct envelope *envelope, struct arena *arena, bool *cut, struct error *err)
{
    json_error_t error;
    bool starved;
    json_t *tree;

    *cut = false;
    tree = dom_load(envelope->text.data, envelope->text.length, arena, &error, &starved);
    if (tree)
        return tree;
    if (starved)
        arena_fail(arena, err);
    else
        *cut = json_error_code(&error) == json_error_premature_end_of_input;
    if (!starved && !*cut)
        tree_fail(envelope, &error, err);
    return NULL;
}

size_t envelope_place(const struct envelope *envelope, size_t owner, const char *name)
{
    return member_offsets_place(&envelope->arrivals, envelope->text.data, owner, name);
}

size_t envelope_last(const struct envelope *envelope, size_t owner)
{
    return member_offsets_last(&envelope->arrivals, owner);
}
