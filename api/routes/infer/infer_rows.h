/* infer_rows.h - the logits of a request to a model: rows, kept or reduced as they come. */
#ifndef API_ROUTES_INFER_INFER_ROWS_H
#define API_ROUTES_INFER_INFER_ROWS_H

#include "api/routes/infer/infer_request.h"

/* The bytes of a row. */
size_t rows_bytes(const struct infer *infer);
bool rows_begin_blob(struct infer *infer);
bool rows_took(struct infer *infer, size_t bytes);
void rows_feed(struct infer *infer, const char *bytes, size_t length);

/* The JSON is all there: parameters that act on rows must not have come behind rows that were
 * reduced without them. */
bool rows_check_late(const struct infer *infer, const json_t *tree, struct error *err);

/* All tensors are in: reduce what was kept, and evaluate. */
bool rows_end(struct infer *infer);

#endif
