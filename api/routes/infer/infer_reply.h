/* infer_reply.h - writes the answer of a model: tensors as JSON and as blobs. */
#ifndef API_ROUTES_INFER_INFER_REPLY_H
#define API_ROUTES_INFER_INFER_REPLY_H

#include "api/routes/infer/infer_request.h"

/* Write the answer, or set x->error.  *head_length is the length of its JSON; 0: there are no
 * blobs.  A value that is not defined is null in JSON and NaN in a blob.  A value that is NaN (a
 * bug) is null in JSON and counted in text->nans. */
void infer_reply(struct strbuf *text, struct infer *infer, size_t *head_length);

#endif
