/* dtype.h - the number formats of logits. */
#ifndef CORE_DTYPE_H
#define CORE_DTYPE_H

#include "core/platform.h"

#include <stdbool.h>
#include <stddef.h>

enum dtype {
#define DTYPE(id, name, bytes) DTYPE_##id,
#include "core/dtypes.def"
    DTYPE_COUNT
};

const char *dtype_name(enum dtype dtype);
size_t dtype_size(enum dtype dtype);

/* The same, inline, so that the compiler can see through it. */
static inline size_t dtype_size_of(enum dtype dtype)
{
    return dtype == DTYPE_F64 ? 8 : dtype == DTYPE_F32 ? 4 : 2;
}
bool dtype_find(const char *name, enum dtype *dtype);

/* Widen `count` little-endian numbers at `data` (any alignment) to doubles, exactly. */
void dtype_widen(enum dtype dtype, const void *data, size_t count, double *out);

#endif
