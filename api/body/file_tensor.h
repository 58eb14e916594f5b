/* file_tensor.h - what a file says of the numbers in it. */
#ifndef API_BODY_FILE_TENSOR_H
#define API_BODY_FILE_TENSOR_H

#include "api/base/error.h"
#include "core/dtype.h"

#include "api/body/body_layout.h"

#include <stdint.h>

#define TENSOR_DIMS 3 /* [B, T, V] */

enum tensor_kind { TENSOR_LOGITS, TENSOR_TOKENS };

struct file_tensor {
    enum tensor_kind kind;
    size_t sequence;  /* N of "logits.N"; TOP_LEVEL for "logits" */
    enum dtype dtype; /* of logits */
    size_t item;      /* bytes of a number */
    size_t dims, shape[TENSOR_DIMS];
    uint64_t bytes; /* of all of it */
    uint64_t begin; /* where it begins in the data of its file */
};

/* Read "logits", "tokens", "logits.N" or "tokens.N"; false where it is none of them. */
bool file_tensor_name(struct file_tensor *tensor, const char *name);

/* The name again, cut where it does not fit. */
void file_tensor_write_name(const struct file_tensor *tensor, char *out, size_t size);

/* Judge dims, and find the number of bytes.  A failure is told at `pointer`. */
bool file_tensor_measure(struct file_tensor *tensor, const char *pointer, struct error *err);

/* How many sequences it is for, each with the next part of it: B of [B, T, V] and of tokens [B, T],
 * else 1. */
size_t file_tensor_slices(const struct file_tensor *tensor);

/* Whether it has a dimension for them. */
bool file_tensor_is_batch(const struct file_tensor *tensor);

#endif
