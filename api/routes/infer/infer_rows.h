/* infer_rows.h - the logits of a request to a model: rows, kept or reduced as they arrive.
 *
 * Functions that return bool return false with x->error set on a fault. */
#ifndef API_ROUTES_INFER_INFER_ROWS_H
#define API_ROUTES_INFER_INFER_ROWS_H

#include "api/routes/infer/infer_request.h"

/* The size of a row in bytes. */
size_t rows_bytes(const struct infer *infer);
/* Decide whether to reduce the rows of a blob, before its first byte. */
bool rows_begin_blob(struct infer *infer);
/* Note that `bytes` bytes of logits were written where tensor_room() said. */
bool rows_took(struct infer *infer, size_t bytes);
/* Reduce rows from the bytes of a chunk.  Does nothing if rows are kept or skipped. */
void rows_feed(struct infer *infer, const char *bytes, size_t length);

/* Check, when the JSON is complete, that no parameter that acts on rows came after rows that were
 * reduced without it. */
bool rows_check_late(const struct infer *infer, const json_t *tree, struct error *err);

/* Reduce the kept rows when all tensors are complete, and evaluate the objectives. */
bool rows_end(struct infer *infer);

/* Find an output of the answer, whose choice is set.  Returns true. */
bool rows_column(const struct infer *infer, struct column *column);

#endif
