/* safetensors.h - parses the head of a .safetensors file.
 *
 * The head is eight bytes with the length of the header, little-endian, and the header: a JSON
 * object with each tensor's dtype, shape and place in the data.  By the specification the places
 * must not overlap, and must leave no hole. */
#ifndef API_BODY_SAFETENSORS_H
#define API_BODY_SAFETENSORS_H

#include "core/arena.h"

#include "api/body/file_tensor.h"

#define SAFETENSORS_PREFIX ((size_t)8)
#define SAFETENSORS_HEADER_MAX 100000000 /* the specification's limit */

/* Whether the first SAFETENSORS_PREFIX + 1 bytes can begin such a file. */
bool safetensors_is(const char *bytes);

/* Compute the length of the head from its first SAFETENSORS_PREFIX bytes.  False with *err set,
 * here and below; `pointer` is its place. */
bool safetensors_head(const char *bytes, size_t *size, const char *pointer, struct error *err);

struct file_tensors {
    struct file_tensor *tensor; /* in the order of their data */
    size_t count;
};

/* Parse a complete head.  Only tensors with names of file_tensor.h are allowed. */
bool safetensors_read(const char *bytes, size_t length, struct file_tensors *tensors,
                      struct arena *arena, const char *pointer, struct error *err);

#endif
