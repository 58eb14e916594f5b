/* members.h - the members that apply to a sequence: its own, and defaults from the objects around
 * it.
 *
 * A sequence is inside objects: the request, and elements of its lists.  A member that it lacks is
 * taken from the innermost object that has it. */
#ifndef API_MEMBERS_MEMBERS_H
#define API_MEMBERS_MEMBERS_H

#include "api/members/fields.h"
#include "api/members/sequence_iterator.h"

#define NO_ELEMENT ((size_t)-1)

/* The path from a request to a sequence. */
struct sequence_path {
    const struct route_schema *schema;
    const struct body *body;             /* NULL: the order of members does not matter */
    struct holder holder[LAYOUT_LEVELS]; /* the objects, from the request to the sequence */
    size_t count;                        /* number of holders */
    size_t answer; /* index of its answer in `outputs`, if a request without a list has several */
    /* Indices of the sequence in the lists `tokens` and `logits` of the request, if there is one
     * element for each sequence (per_prompt in body_layout.h).  NO_ELEMENT: the member itself
     * applies. */
    size_t tokens_at, logits_at;
};

/* The path to the sequence where the iterator is. */
struct sequence_path sequence_path_of(const struct sequence_iterator *at,
                                      const struct route_schema *schema, const struct body *body);

/* The number of the sequence's own object (body_layout.h). */
static inline size_t sequence_owner(const struct sequence_path *path)
{
    return path->holder[path->count - 1].owner;
}

struct member {
    json_t *value; /* NULL: absent */
    size_t level;  /* of the object that has it: 0 is the request; if absent, that would have it */
};

struct members {
    const struct sequence_path *path;
    struct member of[FIELD_COUNT];
};

/* Find all members of a sequence.  Costs a visit of each member of the objects around it. */
void members_merge(struct members *members, const struct sequence_path *path);

/* Find one member of a sequence. */
struct member member_of(const struct sequence_path *path, enum field field);

/* The number of the object that has a member. */
size_t member_owner(const struct sequence_path *path, const struct member *member);

/* The offset in the body where a member begins, in bytes.  0: it is absent, or the order does not
 * matter. */
size_t member_offset(const struct sequence_path *path, enum field field);

/* Whether all members that act on rows begin before `offset`, in every object around the sequence.
 * Otherwise *err is ERR_AFTER_LOGITS at the first one that does not, with the text `detail`. */
bool members_check_late(const struct sequence_path *path, size_t offset, const char *detail,
                        struct error *err);

/* Write the JSON pointer of a member to out->pointer.  For an absent member it is where the member
 * would be. */
void member_pointer(const struct sequence_path *path, enum field field, struct error *out);

/* Record a fault of a member, or of one of its elements (NO_ELEMENT: of the member itself).  The
 * pointer of an absent member is where it would be.  Returns false. */
PRINTF(6, 7)
bool member_fail(const struct sequence_path *path, enum field field, size_t element,
                 enum error_code code, struct error *err, const char *format, ...);

/* The same for a member of the member: "/logits/dtype". */
PRINTF(6, 7)
bool member_fail_in(const struct sequence_path *path, enum field field, const char *name,
                    enum error_code code, struct error *err, const char *format, ...);

/* The same for a row of logits: its element `column`, or the row itself (NO_ELEMENT). */
PRINTF(6, 7)
bool member_fail_row(const struct sequence_path *path, size_t row, size_t column,
                     enum error_code code, struct error *err, const char *format, ...);

/* Record that two members exclude each other, at the one that is later in the body.  Returns
 * false. */
bool members_conflict(const struct sequence_path *path, enum field a, enum field b,
                      struct error *err);

#endif
