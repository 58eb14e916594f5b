/* multipart.h - multipart/form-data (RFC 7578; RFC 2046 section 5.1), taken apart as it arrives.
 *
 * The body may be cut anywhere.  Only the heads of parts are copied: the bytes of a part come out
 * as runs of the piece at hand.  What stood at the end of a piece and could have begun a boundary,
 * but did not, comes out as a run of the boundary's own text.
 *
 * It is strict: lines end with CRLF, nothing stands before the first boundary or behind the last,
 * every part has a name. */
#ifndef API_BODY_MULTIPART_H
#define API_BODY_MULTIPART_H

#include "api/base/error.h"

#include "api/json/row_numbers.h"

#define MULTIPART_BOUNDARY_MAX 70 /* as RFC 2046 says */
#define MULTIPART_NAME_MAX 63
#define MULTIPART_HEAD_MAX 4096

enum multipart_event {
    MULTIPART_MORE,  /* the piece is used up */
    MULTIPART_PART,  /* a part begins, and has this `name` */
    MULTIPART_RUN,   /* bytes of it: `run` */
    MULTIPART_END,   /* the part has ended */
    MULTIPART_FAULT, /* the body is malformed: `fault`, at byte `offset` */
};

struct multipart {
    char delimiter[4 + MULTIPART_BOUNDARY_MAX + 1]; /* CRLF, two dashes, the boundary */
    size_t length;
    enum multipart_state {
        MULTIPART_OPENING, /* in the first delimiter, which has no CRLF */
        MULTIPART_LINE,    /* behind a delimiter, up to the end of its line */
        MULTIPART_HEAD,
        MULTIPART_BODY,
        MULTIPART_CLOSED, /* behind the last line */
    } state;
    size_t matched; /* bytes of the delimiter that the last piece ended with */
    char head[MULTIPART_HEAD_MAX + 1];
    size_t head_length;
    char name[MULTIPART_NAME_MAX + 1];
    const char *run;
    size_t run_length;
    const char *fault;
    size_t offset;
};

/* Begin a body of this Content-Type; false where that has no good boundary. */
bool multipart_init(struct multipart *multipart, const char *content_type, struct error *err);

/* Read on, up to the next event; piece->at moves. */
enum multipart_event multipart_next(struct multipart *multipart, struct chunk *chunk);

/* Whether the body, which has ended, ends as it should. */
bool multipart_is_complete(const struct multipart *multipart);

#endif
