/* json_place.h - a place in the request, as a linked list on the stack.
 *
 * It is rendered as a JSON pointer (RFC 6901) only for an error; success costs nothing. */
#ifndef API_BASE_JSON_PLACE_H
#define API_BASE_JSON_PLACE_H

#include "api/base/error.h"

#include <stddef.h>

struct json_place {
    const struct json_place *up; /* NULL: the whole request */
    const char *member;          /* a member of `up`; NULL: an element of `up` ... */
    size_t index;                /* ... with this index */
};

/* Write the JSON pointer ("/sequences/1/tokens/3") to `out`, truncated to `size` bytes. */
void json_place_render(const struct json_place *place, char *out, size_t size);

/* Call error_set() for a place.  Returns false. */
PRINTF(4, 5)
bool fail_at(struct error *err, enum error_code code, const struct json_place *place,
             const char *format, ...);

/* Places for callers; their lifetime is the enclosing block. */
#define ROOT ((struct json_place){NULL, NULL, 0})
#define MEMBER(up, name) ((struct json_place){(up), (name), 0})
#define ELEMENT(up, i) ((struct json_place){(up), NULL, (i)})

#endif
