/* decoders.h - the table of decoders of POST /v1/score, by media type. */
#ifndef API_ROUTES_SCORE_DECODERS_H
#define API_ROUTES_SCORE_DECODERS_H

#include "api/routes/score/decoder.h"

#include <stddef.h>

/* The decoder at an index of the table.  NULL: past the end. */
const struct decoder *decoder_at(size_t index);

/* The decoder of a Content-Type (NULL: JSON).  NULL: there is none. */
const struct decoder *decoder_find(const char *content_type);

/* Write the other names of a decoder's media type: "application/jsonl, ..." or "". */
void decoder_aliases(const struct decoder *decoder, char *out, size_t size);

/* Write the media types of all decoders: "application/json, ...". */
void decoder_list(char *out, size_t size);

#endif
