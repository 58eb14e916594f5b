/* decoder.h - bodies of POST /v1/score, by media type.
 *
 * A decoder takes the body piece by piece and ends by writing the reply.  To add one: write a file
 * that defines a struct decoder, and add it to the table in decoder.c; the 415 answer and the
 * documents follow. */
#ifndef API_ROUTES_SCORE_DECODER_H
#define API_ROUTES_SCORE_DECODER_H

#include "api/exchange/api.h"

struct decoder {
    const char *media_type;
    const char *schema;      /* of the body, with ' for " */
    const char *help;        /* what it holds, and its limits */
    endpoint_begin_f *begin; /* sets exchange->decoder */
    endpoint_feed_f *feed;
    endpoint_finish_f *finish;
};

extern const struct decoder decoder_json, decoder_ndjson, decoder_multipart;

/* The table, which ends with NULL. */
const struct decoder *decoder_at(size_t index);

/* The decoder of a Content-Type (NULL: JSON); NULL where there is none. */
const struct decoder *decoder_find(const char *content_type);

/* Whether the body is JSON: for endpoints that take nothing else. */
bool decoder_takes_json(struct exchange *x);

/* Its media type's other names: "application/jsonl, ..." or "". */
void decoder_aliases(const struct decoder *decoder, char *out, size_t size);

/* Whether the body is JSON: for endpoints that take nothing else. */
bool decoder_takes_json(struct exchange *x);

/* "application/json, ..." */
void decoder_list(char *out, size_t size);

#endif
