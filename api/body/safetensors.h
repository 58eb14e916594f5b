/* safetensors.h - the head of a .safetensors file.
 *
 * Eight bytes with the length of the header, little-endian; the header, a JSON object that gives
 * each tensor's dtype, shape and place in the data behind it.  The specification wants the places
 * to leave no hole and not to overlap. */
#ifndef API_BODY_SAFETENSORS_H
#define API_BODY_SAFETENSORS_H

#include "core/arena.h"

#include "api/body/file_tensor.h"

#define SAFETENSORS_PREFIX ((size_t)8)
#define SAFETENSORS_HEADER_MAX 100000000 /* as the specification says */

/* Whether the first SAFETENSORS_PREFIX + 1 bytes may be those of such a file. */
bool safetensors_is(const char *bytes);

/* How many bytes the head has; at least SAFETENSORS_PREFIX of them are there. */
bool safetensors_head(const char *bytes, size_t *size, const char *pointer, struct error *err);

struct file_tensors {
    struct file_tensor *tensor; /* in the order of their data */
    size_t count;
};

/* Read a whole head.  Only tensors of the names of file_tensor.h may be there. */
bool safetensors_read(const char *bytes, size_t length, struct file_tensors *tensors,
                      struct arena *arena, const char *pointer, struct error *err);

#endif
