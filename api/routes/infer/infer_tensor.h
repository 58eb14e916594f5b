/* infer_tensor.h - the inputs of a request to a model: what they are, and their elements. */
#ifndef API_ROUTES_INFER_INFER_TENSOR_H
#define API_ROUTES_INFER_INFER_TENSOR_H

#include "api/routes/infer/infer_request.h"

/* What an input is, by its object (or the front of it): which of the model's is put in *which. */
bool tensor_describe(struct tensor *tensor, size_t *which, const struct model *model,
                     const json_t *object, size_t position, struct error *err);

/* How many elements its shape makes. */
size_t tensor_elements(const struct tensor *tensor);

/* Where the next bytes of an input go, and how many.  *out is NULL where they are not needed. */
bool tensor_room(struct infer *infer, struct tensor *tensor, char **out, size_t *room);

/* So many of them came. */
bool tensor_took(struct infer *infer, struct tensor *tensor, size_t bytes);

/* Bytes of an input's blob: at most what is missing of it. */
bool tensor_blob_feed(struct infer *infer, struct tensor *tensor, const char *bytes, size_t length);

#endif
