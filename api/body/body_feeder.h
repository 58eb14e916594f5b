/* body_feeder.h - feeds a JSON body to the parser as it arrives, and diverted text to the route.
 *
 * A route has two callbacks: one decides what to divert, the other parses it.  The chunks of a body
 * may be of any size, which changes nothing in the result. */
#ifndef API_BODY_BODY_FEEDER_H
#define API_BODY_BODY_FEEDER_H

#include "api/exchange/api.h"
#include "api/json/json_parser.h"

/* Called at each event of json_parser.h.  False with x->error set. */
typedef bool body_event_f(void *self, enum parse_event event);

/* Parse diverted text: at least one byte of the chunk, up to the end of the text.  Clear
 * feeder->diverted after that end.  False with x->error set. */
typedef bool body_diverted_f(void *self, struct chunk *chunk);

struct body_feeder {
    struct exchange *x;
    struct json_parser parser;
    size_t length; /* bytes of the body so far */
    bool diverted; /* set by `event` after json_parser_divert() */
    void *self;    /* argument of the callbacks */
    body_event_f *event;
    body_diverted_f *divert;
};

/* Start a body; then set self, event and divert. */
void body_feeder_init(struct body_feeder *feeder, struct exchange *x);

/* Feed a chunk of the body.  False with x->error set. */
bool body_feeder_feed(struct body_feeder *feeder, const char *bytes, size_t length);

/* Finish the body.  Returns its tree, an object.  NULL with x->error set. */
json_t *body_feeder_end(struct body_feeder *feeder);

/* Record that memory is used up: `what` must fit, and `remedy` helps if it is the request's own
 * limit.  Returns false. */
bool body_fail_memory(struct exchange *x, const char *what, const char *remedy);

/* The same for text other than logits. */
bool body_fail_text(struct exchange *x);

#endif
