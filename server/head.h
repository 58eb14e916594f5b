/* head.h - the head of a request, and its audit.
 *
 * libmicrohttpd reads heads leniently.  Where two readers of one head can disagree on where the
 * body ends, a proxy and we could disagree on what the next request is (request smuggling).  The
 * audit refuses every such head.  It knows nothing of libmicrohttpd, so that tests can give it
 * rows. */
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
    const char *method, *version; /* these and the fields point into the bytes that were read */
    size_t target_length;         /* of the target between them, as sent */
    size_t skipped;               /* bytes before the request line, taken for empty lines */
    size_t size;                  /* bytes of the whole head, as sent */
    size_t count;
    bool overflow; /* there were more than HEAD_FIELDS fields */
    struct field field[HEAD_FIELDS];
};

/* How the body is delimited. */
struct framing {
    uint64_t length; /* UINT64_MAX: not known, chunked */
    bool chunked;
};

/* Whether the bytes of the head are exactly these: at most one empty line, a method, a target, a
 * version and the fields, each line ended by CRLF.  libmicrohttpd 0.9.75 takes a NUL for the end of
 * a value, and a line that begins with NUL for the end of the head.  What follows is then in no
 * field, or is read as the next request. */
bool head_is_whole(const struct head *head);

/* The value of the first field of that name (any case), or NULL. */
const char *head_find(const struct head *head, const char *name);
size_t head_count(const struct head *head, const char *name);

/* False, with the reason, unless all readers read the head in the same way. */
bool head_audit(const struct head *head, struct framing *framing, struct error *err);

#endif
