/* sequence_iterator.h - iterates over the sequences of a request, each with the objects around it.
 *
 * Members of these objects are defaults for the sequence (members.h).  Objects are numbered in body
 * order (body_layout.h). */
#ifndef API_MEMBERS_SEQUENCE_ITERATOR_H
#define API_MEMBERS_SEQUENCE_ITERATOR_H

#include "api/body/body_layout.h"
#include "api/json/dom.h"

/* An object on the path to a sequence: the sequence itself, or one whose members are its
 * defaults. */
struct holder {
    json_t *object;
    size_t owner; /* its number; TOP_LEVEL for the request */
    size_t part;  /* the index of its part in the layout; LAYOUT_REQUEST */
    size_t kind;  /* of the owner, in the layout */
    bool listed;  /* it is in a list */
    size_t index; /* its index in that list; else 0 */
    size_t
        in; /* the holder that has the part: the one before it, or the one around a PART_ACROSS */
};

/* The request as a holder. */
static inline struct holder holder_of_request(json_t *request)
{
    return (struct holder){.object = request, .owner = TOP_LEVEL, .part = LAYOUT_REQUEST};
}

struct sequence_iterator {
    const struct body_layout *layout;
    struct holder path[LAYOUT_LEVELS]; /* from the request to the current sequence */
    size_t depth;                      /* of the path */
    size_t base;                       /* the depth of the path that was given */
    size_t next;                       /* number of the next object */
    bool begun;
};

/* Start before the first sequence inside the last object of a path.  If that object has no part, it
 * is the only sequence itself. */
void sequence_iterator_init(struct sequence_iterator *iterator, const struct body_layout *layout,
                            const struct holder *path, size_t depth);

/* Start before the first sequence of a request. */
void sequence_iterator_of(struct sequence_iterator *iterator, const struct body_layout *layout,
                          json_t *request);

/* Go to the next sequence, in body order.  False: there are no more. */
bool sequence_iterator_next(struct sequence_iterator *iterator);

/* Whether an object has a PART_ACROSS and another part.  Then the order of its sequences is not
 * that of the body. */
bool sequence_iterator_crosses(const struct body_layout *layout, size_t kind, json_t *object);

/* Whether an object has a part, and so is no sequence itself. */
bool sequence_iterator_enters(const struct body_layout *layout, size_t kind, json_t *object);

/* The number of sequences in an object. */
size_t sequence_iterator_count_in(const struct body_layout *layout, size_t kind, json_t *object);

/* The number of sequences of a request. */
size_t sequence_iterator_count(const struct body_layout *layout, json_t *request);

#endif
