/* infer_reply.h - the answer of a model: tensors as JSON and as blobs. */
#ifndef API_ROUTES_INFER_INFER_REPLY_H
#define API_ROUTES_INFER_INFER_REPLY_H

#include "api/routes/infer/infer_request.h"

/* Write the answer; the length of its JSON goes to *head_length, 0 where nothing follows it.
 * What is not defined is null in JSON and NaN in binary data.  What came out as NaN is null in JSON
 * and counted in text->nans. */
void infer_reply(struct strbuf *text, const struct infer *infer, size_t *head_length);

#endif
