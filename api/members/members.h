/* members.h - the members that count for a sequence: its own, or else those of an object around it.
 *
 * A sequence stands in objects: the request, and elements of its lists.  A member that it lacks is
 * taken from the nearest of them. */
#ifndef API_MEMBERS_MEMBERS_H
#define API_MEMBERS_MEMBERS_H

#include "api/members/fields.h"
#include "api/members/sequence_iterator.h"

#define NO_ELEMENT ((size_t)-1)

/* Where a sequence stands in its request. */
struct sequence_path {
    const struct route_schema *schema;
    const struct envelope *body;         /* NULL: the order of members does not matter */
    struct holder holder[LAYOUT_LEVELS]; /* the objects, from the request to the sequence */
    size_t count;
    size_t answer; /* which one of `outputs`, where a request without a list is several sequences */
    /* Where the request has lists of tokens and of logits, an element a sequence (per_prompt in
     * body_layout.h): the elements.  NO_ELEMENT: the member itself. */
    size_t tokens_at, logits_at;
};

/* Where the iterator is. */
struct sequence_path sequence_path_of(const struct sequence_iterator *at,
                                      const struct route_schema *schema,
                                      const struct envelope *body);

/* The number of the sequence's own object (body_layout.h). */
static inline size_t sequence_owner(const struct sequence_path *path)
{
    return path->holder[path->count - 1].owner;
}

struct member {
    json_t *value; /* NULL: absent */
    size_t level;  /* of the object that it stands, or would stand, in: 0 is the request */
};

struct members {
    const struct sequence_path *path;
    struct member of[FIELD_COUNT];
};

/* All of them. */
void members_merge(struct members *members, const struct sequence_path *path);

/* A single one. */
struct member member_of(const struct sequence_path *path, enum field field);

/* The number of the object in which a member stands. */
size_t member_owner(const struct sequence_path *path, const struct member *member);

/* The offset in the body at which a member begins; 0 where it is absent. */
size_t member_offset(const struct sequence_path *path, enum field field);

/* Whether no member that acts on rows of logits begins behind `offset` of the body, in the objects
 * of the sequence; else the first one is at fault (ERR_AFTER_LOGITS). */
bool members_check_late(const struct sequence_path *path, size_t offset, const char *detail,
                        struct error *err);

/* The JSON pointer of a member, where it stands or would stand. */
void member_pointer(const struct sequence_path *path, enum field field, struct error *out);

/* Record a failure at a member, or at one of its elements (NO_ELEMENT: at the member itself).
 * An absent member is pointed at where it would stand.  Returns false. */
PRINTF(6, 7)
bool member_fail(const struct sequence_path *path, enum field field, size_t element,
                 enum error_code code, struct error *err, const char *format, ...);

/* The same at a member of the member: "/logits/dtype". */
PRINTF(6, 7)
bool member_fail_in(const struct sequence_path *path, enum field field, const char *name,
                    enum error_code code, struct error *err, const char *format, ...);

/* The same within a row of logits: at its element `column`, or at the row itself. */
PRINTF(6, 7)
bool member_fail_row(const struct sequence_path *path, size_t row, size_t column,
                     enum error_code code, struct error *err, const char *format, ...);

/* Two members that exclude each other: the later one in the body is at fault.  Returns false. */
bool members_conflict(const struct sequence_path *path, enum field a, enum field b,
                      struct error *err);

#endif
