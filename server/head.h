/* head.h - the head of a request, and what it must not say.
 *
 * libmicrohttpd reads heads leniently: where two readers of one head could disagree on where the
 * body ends, a proxy and we could disagree on what the next request is.  The audit refuses every
 * such head.  It knows nothing of libmicrohttpd, so that a test can give it rows. */
#ifndef SERVER_HEAD_H
#define SERVER_HEAD_H

#include "api/base/error.h"

#include <stddef.h>
#include <stdint.h>

#define HEAD_FIELDS 128
#define HEAD_MAX 65536 /* bytes */

struct field {
    const char *name, *value;
    size_t name_length, value_length;
};

struct head {
    const char *method, *version; /* where they were read, like the names and values of fields */
    size_t target_length;         /* of the target between them, as sent */
    size_t skipped; /* bytes before the request line that were taken for empty lines */
    size_t size;    /* bytes of the whole head on the wire */
    size_t count;
    bool overflow; /* there were more than HEAD_FIELDS fields */
    struct field field[HEAD_FIELDS];
};

/* How the body is delimited. */
struct framing {
    uint64_t length; /* UINT64_MAX: not known, chunked */
    bool chunked;
};

/* Whether the head on the wire is nothing but what is told of it: a method, a target, a version and
 * fields, each line ended by CRLF, and at most one empty line before them.  libmicrohttpd 0.9.75
 * takes a NUL for the end of a value, and a line that begins with one for the end of the head: what
 * stands behind it is in no field, or is read as the next request. */
bool head_is_whole(const struct head *head);

/* The value of the first field of that name (any case), or NULL. */
const char *head_find(const struct head *head, const char *name);
size_t head_count(const struct head *head, const char *name);

/* False, with the reason, where the head is not one that all readers read the same way. */
bool head_audit(const struct head *head, struct framing *framing, struct error *err);

#endif
