/* decoder.h - a format in which the body of POST /v1/score may come.
 *
 * A decoder takes the body piece by piece and ends by writing the reply.  To add one: write a file
 * that defines a struct decoder, and add it to the table in decoders.c; the 415 answer and the
 * documents follow. */
#ifndef API_ROUTES_SCORE_DECODER_H
#define API_ROUTES_SCORE_DECODER_H

#include "api/exchange/endpoint.h"

struct decoder {
    const char *media_type;
    const char *schema;      /* of the body, with ' for " */
    const char *help;        /* what it holds, and its limits */
    endpoint_begin_f *begin; /* sets exchange->decoder */
    endpoint_feed_f *feed;
    endpoint_finish_f *finish;
};

/* Of JSON, as each line of NDJSON is. */
extern const struct decoder decoder_json;

#endif
