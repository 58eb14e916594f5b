/* member_offsets.c - the offset in the body of each owner and of each of its members. */
#include "api/body/member_offsets.h"

#include "api/body/body_layout.h"

#define FIRST_ROOM ((size_t)8)

void member_offsets_init(struct member_offsets *offsets, struct arena *arena)
{
    offsets->names = (struct strbuf){
        .arena = arena, .data = offsets->first_names, .capacity = sizeof offsets->first_names};
}

/* The list, with room for `wanted` entries of `size` bytes; new ones are zeroed.  NULL: memory is
 * used up. */
static void *with_room(void *list, size_t *room, size_t wanted, size_t size, struct arena *arena)
{
    size_t more = *room < FIRST_ROOM ? FIRST_ROOM : *room;
    char *grown;

    if (wanted <= *room)
        return list;
    while (more < wanted)
        more *= 2;
    grown = arena_grow(arena, list, *room * size, more * size);
    if (!grown)
        return NULL;
    memset(grown + *room * size, 0, (more - *room) * size);
    *room = more;
    return grown;
}

static struct owner_offsets *owner_at(struct member_offsets *offsets, size_t owner)
{
    const size_t at = owner_index(owner);
    struct owner_offsets *owners = with_room(offsets->owners, &offsets->owners_room, at + 1,
                                             sizeof *offsets->owners, offsets->names.arena);

    if (!owners)
        return NULL;
    offsets->owners = owners;
    return &owners[at];
}

bool member_offsets_begin(struct member_offsets *offsets, size_t owner, size_t offset)
{
    struct owner_offsets *at = owner_at(offsets, owner);

    if (at)
        at->start = offset;
    return at != NULL;
}

bool member_offsets_end(struct member_offsets *offsets, size_t owner, size_t offset)
{
    struct owner_offsets *at = owner_at(offsets, owner);

    if (at)
        at->end = offset;
    return at != NULL;
}

bool member_offsets_add(struct member_offsets *offsets, size_t owner, const char *name,
                        size_t length, size_t offset)
{
    struct owner_offsets *at = owner_at(offsets, owner);
    struct member_offset *members = with_room(offsets->members, &offsets->room, offsets->count + 1,
                                              sizeof *members, offsets->names.arena);

    if (!at || !members)
        return false;
    offsets->members = members;
    members[offsets->count++] =
        (struct member_offset){offsets->names.length, length, offset, at->last};
    at->last = offsets->count;
    strbuf_add(&offsets->names, name, length);
    return !offsets->names.failed;
}

bool member_offsets_add_part(struct member_offsets *offsets, size_t owner, const char *name)
{
    const struct owner_offsets *at = owner_at(offsets, owner);

    return at && member_offsets_add(offsets, owner, name, strlen(name), at->end);
}

/* The record of an owner.  NULL: there is none. */
static const struct owner_offsets *noted(const struct member_offsets *offsets, size_t owner)
{
    const size_t at = owner_index(owner);

    return at < offsets->owners_room ? &offsets->owners[at] : NULL;
}

size_t member_offsets_find(const struct member_offsets *offsets, size_t owner, const char *name)
{
    const struct owner_offsets *at = noted(offsets, owner);
    const size_t length = strlen(name);
    const struct member_offset *member = NULL;

    for (size_t i = at ? at->last : 0; i > 0; i = member->before) {
        member = &offsets->members[i - 1];
        if (member->length == length
            && memcmp(offsets->names.data + member->name, name, length) == 0)
            return member->offset;
    }
    return at ? at->start : 0;
}

size_t member_offsets_last(const struct member_offsets *offsets, size_t owner)
{
    const struct owner_offsets *at = noted(offsets, owner);

    return at && at->last > 0 ? offsets->members[at->last - 1].offset : 0;
}
