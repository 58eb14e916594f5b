/* body_feeder.h - a body of JSON as it arrives: text to the parser, and what the route diverts to
 * the route.
 *
 * A route says by two hooks what it diverts, and reads that.  The body may be cut anywhere; how it
 * is cut changes nothing. */
#ifndef API_BODY_BODY_FEEDER_H
#define API_BODY_BODY_FEEDER_H

#include "api/exchange/api.h"
#include "api/json/json_parser.h"

/* The parser has come to a name, an object, an array or a string, or has closed one
 * (json_parser.h).  False: x->error. */
typedef bool body_event_f(void *self, enum parse_event event);

/* Read diverted text: as much of the chunk as belongs to it, at least a byte.  Clear
 * feeder->diverted behind its end.  False: x->error. */
typedef bool body_diverted_f(void *self, struct chunk *chunk);

struct body_feeder {
    struct exchange *x;
    struct json_parser parser;
    size_t length; /* of the body so far */
    bool diverted; /* set by `event`, with json_parser_divert() */
    void *self;    /* of the hooks */
    body_event_f *event;
    body_diverted_f *divert;
};

/* Begin; set self and the hooks. */
void body_feeder_init(struct body_feeder *feeder, struct exchange *x);

/* Take in a piece of the body.  False: x->error. */
bool body_feeder_feed(struct body_feeder *feeder, const char *bytes, size_t length);

/* The body is in: an object.  NULL: x->error. */
json_t *body_feeder_end(struct body_feeder *feeder);

/* Memory is missing: what must fit, and what to do where it is the request's limit.  Returns false.
 */
bool body_fail_memory(struct exchange *x, const char *what, const char *remedy);

/* ... for text that is no logits. */
bool body_fail_text(struct exchange *x);

#endif
