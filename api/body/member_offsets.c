/* member_offsets.c - in which order the members of a request came. */
#include "api/body/member_offsets.h"

#include <string.h>

#define FIRST_ROOM ((size_t)8)

/* The list with room for `wanted` entries of `size` bytes, new ones zeroed; NULL: no memory. */
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

static struct arrival_owner *owner_at(struct member_offsets *arrivals, size_t owner,
                                      struct arena *arena)
{
    const size_t at = owner_index(owner);
    struct arrival_owner *owners = with_room(arrivals->owners, &arrivals->owners_room, at + 1,
                                             sizeof *arrivals->owners, arena);

    if (!owners)
        return NULL;
    arrivals->owners = owners;
    return &owners[at];
}

static bool add(struct member_offsets *arrivals, size_t owner, struct member_offset arrival,
                struct arena *arena)
{
    struct arrival_owner *at = owner_at(arrivals, owner, arena);
    struct member_offset *members =
        with_room(arrivals->members, &arrivals->room, arrivals->count + 1, sizeof *members, arena);

    if (!at || !members)
        return false;
    arrivals->members = members;
    arrival.before = at->last;
    members[arrivals->count++] = arrival;
    at->last = arrivals->count;
    return true;
}

bool member_offsets_note(struct member_offsets *arrivals, const struct owners *owners,
                         const struct walk *walk, enum walk_token token, struct arena *arena)
{
    const size_t level = walk->depth - (token != WALK_CLOSE);
    struct arrival_owner *at;
    size_t owner;

    if ((token != WALK_OPEN && token != WALK_KEY && token != WALK_CLOSE)
        || !owners_own(owners, walk, level, &owner))
        return true;
    if (token == WALK_KEY)
        return add(
            arrivals, owner,
            (struct member_offset){.key = walk->start + 1, .length = walk->at - walk->start - 2},
            arena);
    at = owner_at(arrivals, owner, arena);
    if (at && token == WALK_OPEN)
        at->start = walk->start;
    else if (at)
        at->end = walk->start;
    return at != NULL;
}

bool member_offsets_note_part(struct member_offsets *arrivals, size_t owner, const char *name,
                              struct arena *arena)
{
    return add(arrivals, owner, (struct member_offset){.part = name}, arena);
}

static bool is_named(const struct member_offset *arrival, const char *text, const char *name)
{
    return arrival->part ? strcmp(arrival->part, name) == 0
                         : walk_is_name(text + arrival->key, arrival->length, name);
}

size_t member_offsets_place(const struct member_offsets *arrivals, const char *text, size_t owner,
                            const char *name)
{
    const size_t index = owner_index(owner);
    const struct arrival_owner *at =
        index < arrivals->owners_room ? &arrivals->owners[index] : NULL;
    const struct member_offset *member = NULL;

    for (size_t i = at ? at->last : 0; i > 0; i = member->before) {
        member = &arrivals->members[i - 1];
        if (is_named(member, text, name))
            return member->part ? at->end : member->key;
    }
    return at ? at->start : 0;
}

size_t member_offsets_last(const struct member_offsets *arrivals, size_t owner)
{
    const size_t index = owner_index(owner);
    const struct arrival_owner *at =
        index < arrivals->owners_room ? &arrivals->owners[index] : NULL;
    const struct member_offset *member = at && at->last ? &arrivals->members[at->last - 1] : NULL;

    return !member ? 0 : member->part ? at->end : member->key;
}
