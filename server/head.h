/* head.h - the head of a request, and what it must not say.
 *
 * libmicrohttpd reads heads leniently: where two readers of one head could disagree on where the
 * body ends, a proxy and we could disagree on what the next request is.  The audit refuses every
 * such head.  It knows nothing of libmicrohttpd, so that a test can give it rows. */
#ifndef SERVER_HEAD_H
#define SERVER_HEAD_H

#include "core/error.h"

#include <stddef.h>
#include <stdint.h>

#define HEAD_FIELDS 128

struct field {
    const char *name, *value;
    size_t name_length, value_length;
};

struct head {
    const char *method, *version;
    size_t size; /* bytes of the whole head on the wire */
    size_t count;
    bool overflow; /* there were more than HEAD_FIELDS fields */
    struct field field[HEAD_FIELDS];
};

/* How the body is delimited. */
struct framing {
    uint64_t length; /* UINT64_MAX: not known, chunked */
    bool chunked;
};

/* The value of the first field of that name (any case), or NULL. */
const char *head_find(const struct head *head, const char *name);
size_t head_count(const struct head *head, const char *name);

/* False, with the reason, where the head is not one that all readers read the same way. */
bool head_audit(const struct head *head, struct framing *framing, struct error *err);

#endif
