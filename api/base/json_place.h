/* json_place.h - where in the request we are, as a chain on the stack.
 *
 * It becomes a JSON pointer (RFC 6901) only when something is wrong there: the good road pays
 * nothing for it. */
#ifndef API_BASE_JSON_PLACE_H
#define API_BASE_JSON_PLACE_H

#include "api/base/error.h"

#include <stddef.h>

struct json_place {
    const struct json_place *up; /* NULL: this is the whole request */
    const char *member;          /* the name of a member of `up`; NULL: an index */
    size_t index;
};

/* "/sequences/1/tokens/3"; cut where it does not fit. */
void json_place_render(const struct json_place *place, char *out, size_t size);

/* error_set() at a place.  Returns false. */
PRINTF(4, 5)
bool fail_at(struct error *err, enum error_code code, const struct json_place *place,
             const char *format, ...);

#define ROOT ((struct json_place){NULL, NULL, 0})
#define MEMBER(up, name) ((struct json_place){(up), (name), 0})
#define ELEMENT(up, i) ((struct json_place){(up), NULL, (i)})

#endif
