/* sequence_iterator.h - the sequences of a request, each with the objects it stands in.
 *
 * A member that a sequence lacks is taken from the object around it, and at last from the request:
 * these are its defaults.  Objects are numbered as in the text (body_layout.h). */
#ifndef API_MEMBERS_SEQUENCE_ITERATOR_H
#define API_MEMBERS_SEQUENCE_ITERATOR_H

#include "api/body/body_layout.h"
#include "api/json/dom.h"

/* An object whose members count for a sequence. */
struct holder {
    json_t *object;
    size_t owner; /* its number; TOP_LEVEL for the request */
    size_t list;  /* the list of the layout that it stands in; LAYOUT_LISTS for the request ... */
    size_t index; /* ... and its place there */
};

struct sequence_iterator {
    const struct body_layout *layout;
    struct holder path[LAYOUT_LEVELS]; /* from the request to the sequence at hand */
    size_t depth;                      /* of the path */
    size_t base;                       /* how much of it was given */
    size_t next;                       /* number of the next object */
    bool begun;
};

/* Begin with the sequences in (or the one that is) the last object of a path. */
void sequence_iterator_init(struct sequence_iterator *iterator, const struct body_layout *layout,
                            const struct holder *path, size_t depth);

/* All of a request. */
void sequence_iterator_of(struct sequence_iterator *iterator, const struct body_layout *layout,
                          json_t *request);

/* Go on to the next sequence, in body order; false behind the last. */
bool sequence_iterator_next(struct sequence_iterator *iterator);

/* Whether the next sequence, if any, stands in another object than this one. */
bool sequence_iterator_ends_list(const struct sequence_iterator *iterator);

/* How many sequences a request has. */
size_t sequence_iterator_count(const struct body_layout *layout, json_t *request);

#endif
