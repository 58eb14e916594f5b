/* decoder.h - the interface of a decoder: a format of the body of POST /v1/score.
 *
 * A decoder parses the body chunk by chunk, and writes the reply at its end.  To add a decoder:
 * write a file that defines a struct decoder, and add it to the table in decoders.c.  The 415
 * answer and the documents are made from the table. */
#ifndef API_ROUTES_SCORE_DECODER_H
#define API_ROUTES_SCORE_DECODER_H

#include "api/exchange/endpoint.h"

struct decoder {
    const char *media_type;
    const char *const *aliases; /* its other names, ends with NULL; NULL: none */
    const char *schema;         /* JSON Schema of the body, with ' for " */
    const char *help;           /* for documents: the contents and their limits */
    endpoint_begin_f *begin;    /* sets x->decoder */
    endpoint_feed_f *feed;
    endpoint_finish_f *finish;
};

#endif
