/* multipart.h - parses multipart/form-data (RFC 7578; RFC 2046 section 5.1) as it arrives.
 *
 * A chunk may end anywhere.  Only the heads of parts are copied; the bytes of a part are returned
 * as runs inside the chunk.  If the end of a chunk looked like a boundary but was not, these bytes
 * are returned as a run of the boundary's own text.
 *
 * The parser is strict: lines end with CRLF, nothing comes before the first boundary or after the
 * last, and every part has a name. */
#ifndef API_BODY_MULTIPART_H
#define API_BODY_MULTIPART_H

#include "api/base/error.h"

#include "api/json/row_numbers.h"

#define MULTIPART_BOUNDARY_MAX 70 /* RFC 2046 */
#define MULTIPART_NAME_MAX 63
#define MULTIPART_HEAD_MAX 4096

enum multipart_event {
    MULTIPART_MORE,  /* the chunk is used up */
    MULTIPART_PART,  /* a part begins; its name is `name` */
    MULTIPART_RUN,   /* bytes of the part: `run` */
    MULTIPART_END,   /* the part ended */
    MULTIPART_FAULT, /* the body is not valid: `fault`, at byte `offset` */
};

struct multipart {
    char delimiter[4 + MULTIPART_BOUNDARY_MAX + 1]; /* CRLF, two dashes, the boundary */
    size_t length;
    enum multipart_state {
        MULTIPART_OPENING, /* in the first delimiter, which has no CRLF */
        MULTIPART_LINE,    /* after a delimiter, up to the end of its line */
        MULTIPART_HEAD,
        MULTIPART_BODY,
        MULTIPART_CLOSED, /* after the last line */
    } state;
    size_t matched; /* bytes of the delimiter at the end of the last chunk */
    char head[MULTIPART_HEAD_MAX + 1];
    size_t head_length;
    char name[MULTIPART_NAME_MAX + 1];
    const char *run;
    size_t run_length;
    const char *fault;
    size_t offset;
};

/* Start a body of this Content-Type.  False with *err set: it has no valid boundary. */
bool multipart_init(struct multipart *multipart, const char *content_type, struct error *err);

/* Parse until the next event; chunk->at moves. */
enum multipart_event multipart_next(struct multipart *multipart, struct chunk *chunk);

/* Whether the body was complete. */
bool multipart_is_complete(const struct multipart *multipart);

#endif
