/* file_tensor.h - a tensor of numbers in an uploaded file. */
#ifndef API_BODY_FILE_TENSOR_H
#define API_BODY_FILE_TENSOR_H

#include "api/base/error.h"
#include "core/dtype.h"

#include "api/body/body_layout.h"

#include <stdint.h>

#define TENSOR_DIMS 3 /* [B, T, V] */

enum tensor_kind { TENSOR_LOGITS, TENSOR_TOKENS };

/* The description of a tensor in the head of its file. */
struct file_tensor {
    enum tensor_kind kind;
    size_t sequence;  /* N of "logits.N"; TOP_LEVEL: "logits" */
    enum dtype dtype; /* for logits */
    size_t item;      /* size of a number in bytes */
    size_t dims, shape[TENSOR_DIMS];
    uint64_t bytes; /* size of the data */
    uint64_t begin; /* offset of the data in the file's data */
};

/* Parse a name: "logits", "tokens", "logits.N" or "tokens.N".  False: it is none of these. */
bool file_tensor_name(struct file_tensor *tensor, const char *name);

/* Write the name, truncated to `size` bytes. */
void file_tensor_write_name(const struct file_tensor *tensor, char *out, size_t size);

/* Check the dimensions, and compute the number of bytes.  False with *err set; `pointer` is its
 * place. */
bool file_tensor_measure(struct file_tensor *tensor, const char *pointer, struct error *err);

/* The number of sequences with a slice of the tensor: B for logits [B, T, V] and tokens [B, T];
 * else 1. */
size_t file_tensor_slices(const struct file_tensor *tensor);

/* Whether it has the dimension B. */
bool file_tensor_is_batch(const struct file_tensor *tensor);

#endif
