/* infer_tensor.h - the inputs of a request to a model, and their elements. */
#ifndef API_ROUTES_INFER_INFER_TENSOR_H
#define API_ROUTES_INFER_INFER_TENSOR_H

#include "api/routes/infer/infer_request.h"

/* Read the description of an input: *which is its index among the model's inputs.  The object may
 * not be complete yet.  `position` is its index in `inputs`.  False with *err set. */
bool tensor_describe(struct tensor *tensor, size_t *which, const struct model *model,
                     const json_t *object, size_t position, struct error *err);

/* The number of elements, by the shape. */
size_t tensor_elements(const struct tensor *tensor);

/* Where to write the next bytes of an input, and how many.  *out is NULL if they are not needed.
 * False with x->error set: memory is used up. */
bool tensor_room(struct infer *infer, struct tensor *tensor, char **out, size_t *room);

/* Note that `bytes` bytes were written there.  False with x->error set. */
bool tensor_took(struct infer *infer, struct tensor *tensor, size_t bytes);

/* Take bytes of an input's blob, at most as many as are missing.  False with x->error set. */
bool tensor_blob_feed(struct infer *infer, struct tensor *tensor, const char *bytes, size_t length);

#endif
