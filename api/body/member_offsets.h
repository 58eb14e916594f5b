/* member_offsets.h - the offset in the body of each owner (body_layout.h) and of each of its
 * members.
 *
 * If two members exclude each other, the later one is wrong; of two faults the earlier one is
 * reported.  The offsets are recorded while the body arrives.  So comparing positions is comparing
 * two numbers, and no text is parsed again. */
#ifndef API_BODY_MEMBER_OFFSETS_H
#define API_BODY_MEMBER_OFFSETS_H

#include "api/base/strbuf.h"

struct member_offset {
    size_t name, length; /* in `names` */
    size_t offset;       /* in the body, in bytes */
    size_t before;       /* 1 + index of the owner's previous member; 0: none */
};

struct member_offsets {
    struct strbuf names;
    char first_names[64];
    struct member_offset *members; /* of all owners, in body order */
    size_t count, room;
    struct owner_offsets {
        /* offsets of the object */
        size_t start, end;
        size_t last; /* 1 + index of its last member; 0: none */
    } * owners;      /* by owner_index() */
    size_t owners_room;
};

/* Start with no owners, in zeroed memory. */
void member_offsets_init(struct member_offsets *offsets, struct arena *arena);

/* Record the offset at which an owner begins or ends.  Here and below, false: memory is used up. */
bool member_offsets_begin(struct member_offsets *offsets, size_t owner, size_t offset);
bool member_offsets_end(struct member_offsets *offsets, size_t owner, size_t offset);

/* Record the offset at which a member of an owner begins. */
bool member_offsets_add(struct member_offsets *offsets, size_t owner, const char *name,
                        size_t length, size_t offset);

/* Record a member that arrived in a part of its own: it counts as the last one of its owner. */
bool member_offsets_add_part(struct member_offsets *offsets, size_t owner, const char *name);

/* The offset of a member.  If the owner has no such member: the offset of the owner.  The cost
 * depends only on the number of the owner's members. */
size_t member_offsets_find(const struct member_offsets *offsets, size_t owner, const char *name);

/* The offset of the last member of an owner.  0: it has none. */
size_t member_offsets_last(const struct member_offsets *offsets, size_t owner);

#endif
