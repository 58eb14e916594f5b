/* npy.h - parses the head of a .npy file, versions 1 to 3 (numpy.lib.format).
 *
 * The head is the magic string, the version, the length of the header, and the header: a Python
 * literal, {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }. */
#ifndef API_BODY_NPY_H
#define API_BODY_NPY_H

#include "api/body/file_tensor.h"

#define NPY_HEADER_MAX 10000 /* NumPy reads no longer ones */

/* Whether the bytes are the beginning of a .npy file. */
bool npy_is(const char *bytes, size_t length);

/* Compute the length of the head from its first `length` >= 8 bytes.  If *size is above `length`,
 * more bytes are needed.  False with *err set, here and below; `pointer` is its place. */
bool npy_head(const char *bytes, size_t length, size_t *size, const char *pointer,
              struct error *err);

/* Parse a complete head: set dtype and shape of `tensor`, whose kind is set. */
bool npy_read(const char *bytes, size_t length, struct file_tensor *tensor, const char *pointer,
              struct error *err);

#endif
