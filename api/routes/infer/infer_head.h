/* infer_head.h - parses the JSON of a request to a model as it arrives. */
#ifndef API_ROUTES_INFER_INFER_HEAD_H
#define API_ROUTES_INFER_INFER_HEAD_H

#include "api/routes/infer/infer_request.h"

/* Start the JSON; feed it to head.feeder. */
void head_begin(struct infer *infer);

/* Finish the JSON, and check the request.  False with x->error set. */
bool head_end(struct infer *infer);

#endif
