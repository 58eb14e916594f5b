/* infer_head.h - the JSON of a request to a model, as it arrives. */
#ifndef API_ROUTES_INFER_INFER_HEAD_H
#define API_ROUTES_INFER_INFER_HEAD_H

#include "api/routes/infer/infer_request.h"

/* Begin the JSON; it is fed to head.feeder. */
void head_begin(struct infer *infer);

/* The JSON is all there: judge it. */
bool head_end(struct infer *infer);

#endif
