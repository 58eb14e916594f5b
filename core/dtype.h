/* dtype.h - the number formats in which logits come. */
#ifndef CORE_DTYPE_H
#define CORE_DTYPE_H

#include <stdbool.h>
#include <stddef.h>

enum dtype {
#define DTYPE(id, name, bytes) DTYPE_##id,
#include "core/dtypes.def"
    DTYPE_COUNT
};

const char *dtype_name(enum dtype dtype);
size_t dtype_size(enum dtype dtype);
bool dtype_find(const char *name, enum dtype *dtype);

/* Widen `count` little-endian numbers at `data` (any alignment) to doubles, exactly. */
void dtype_widen(enum dtype dtype, const void *data, size_t count, double *out);

#endif
