/* place.h - where in the request we are, as a chain on the stack.
 *
 * It becomes a JSON pointer (RFC 6901) only when something is wrong there: the good road pays
 * nothing for it. */
#ifndef API_PLACE_H
#define API_PLACE_H

#include "core/error.h"

#include <stddef.h>

struct place {
    const struct place *up; /* NULL: this is the whole request */
    const char *member;     /* the name of a member of `up`; NULL: an index */
    size_t index;
};

/* "/sequences/1/tokens/3"; cut where it does not fit. */
void place_render(const struct place *place, char *out, size_t size);

/* error_set() at a place.  Returns false. */
PRINTF(4, 5)
bool fail_at(struct error *err, enum error_code code, const struct place *place, const char *format,
             ...);

#define ROOT ((struct place){NULL, NULL, 0})
#define MEMBER(up, name) ((struct place){(up), (name), 0})
#define ELEMENT(up, i) ((struct place){(up), NULL, (i)})

#endif
