/* npy.h - the head of a .npy file, versions 1 to 3 (numpy.lib.format).
 *
 * Magic, version, the length of the header, and the header: a Python literal,
 * {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }. */
#ifndef API_BODY_NPY_H
#define API_BODY_NPY_H

#include "api/body/file_tensor.h"

#define NPY_HEADER_MAX 10000 /* longer ones NumPy itself does not read */

bool npy_is(const char *bytes, size_t length);

/* How many bytes the head has, as far as `length` >= 8 of them tell: more than `length` where more
 * must be read. */
bool npy_head(const char *bytes, size_t length, size_t *size, const char *pointer,
              struct error *err);

/* Read a whole head: dtype and shape of `tensor`, whose kind is set. */
bool npy_read(const char *bytes, size_t length, struct file_tensor *tensor, const char *pointer,
              struct error *err);

#endif
