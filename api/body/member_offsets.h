/* member_offsets.h - where in the body each owner (body_layout.h) and each of its members begins.
 *
 * Of two members that do not go together, the one that came later is at fault; of two faults, the
 * one that came first is told.  The offsets are noted while the body arrives: which of two came
 * first is then a comparison of two numbers, and no text is looked at again. */
#ifndef API_BODY_MEMBER_OFFSETS_H
#define API_BODY_MEMBER_OFFSETS_H

#include "api/base/strbuf.h"

struct member_offset {
    size_t name, length; /* in names */
    size_t offset;       /* in the body */
    size_t before;       /* the member of the owner that came before it, counted from 1; 0: none */
};

struct member_offsets {
    struct strbuf names;
    char first_names[64];
    struct member_offset *members; /* of all owners, as they came */
    size_t count, room;
    struct owner_offsets {
        size_t start, end;
        size_t last; /* its last member, counted from 1; 0: none */
    } * owners;      /* by owner_index() */
    size_t owners_room;
};

/* Zeroed memory becomes the offsets of a body. */
void member_offsets_init(struct member_offsets *offsets, struct arena *arena);

/* An owner begins, or ends, at an offset in the body.  False, here and below: no memory. */
bool member_offsets_begin(struct member_offsets *offsets, size_t owner, size_t offset);
bool member_offsets_end(struct member_offsets *offsets, size_t owner, size_t offset);

/* A member of an owner begins at an offset in the body. */
bool member_offsets_add(struct member_offsets *offsets, size_t owner, const char *name,
                        size_t length, size_t offset);

/* A member has come as a part of its own: it stands last in its owner. */
bool member_offsets_add_part(struct member_offsets *offsets, size_t owner, const char *name);

/* Where a member begins; where the owner has none of that name, where the owner does.  What that
 * costs depends on how many members the owner has, and on nothing else in the body. */
size_t member_offsets_find(const struct member_offsets *offsets, size_t owner, const char *name);

/* Where the last member of an owner begins; 0 where it has none. */
size_t member_offsets_last(const struct member_offsets *offsets, size_t owner);

#endif
