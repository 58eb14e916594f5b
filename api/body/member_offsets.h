/* member_offsets.h - in which order the members of a request came.
 *
 * Of two members that do not go together, the one that came later is at fault; of two faults, the
 * one that came first is told.  So it is noted, while the body arrives, where each owner
 * (body_layout.h) and each of its members begins in the envelope's text.  Then which of two came
 * first is a comparison of two numbers, and no text is looked at again. */
#ifndef API_BODY_MEMBER_OFFSETS_H
#define API_BODY_MEMBER_OFFSETS_H

#include "core/arena.h"

#include "api/body/body_layout.h"

struct member_offset {
    size_t key, length; /* of its name, between the quotes; a part has none */
    const char *part;   /* the name of what came as a part of its own; NULL: it did not */
    size_t before;      /* the member of the owner that came before it, counted from 1; 0: none */
};

struct member_offsets {
    struct member_offset *members; /* of all owners, as they came */
    size_t count, room;
    struct arrival_owner {
        size_t start, end;
        size_t last; /* its last member, counted from 1; 0: none */
    } * owners;      /* by owner_index() */
    size_t owners_room;
};

/* Note what the walk has just passed.  False, here and below: no memory. */
bool member_offsets_note(struct member_offsets *arrivals, const struct owners *owners,
                         const struct walk *walk, enum walk_token token, struct arena *arena);

/* A member has come as a part of its own: it stands last in its owner. */
bool member_offsets_note_part(struct member_offsets *arrivals, size_t owner, const char *name,
                              struct arena *arena);

/* Where in the text a member begins; where the owner has none of that name, where the owner does.
 * What that costs depends on how many members the owner has, and on nothing else in the body. */
size_t member_offsets_place(const struct member_offsets *arrivals, const char *text, size_t owner,
                            const char *name);

/* Where the last member of an owner begins; 0 where it has none. */
size_t member_offsets_last(const struct member_offsets *arrivals, size_t owner);

#endif
