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

/* The format of a name: ours, or one of dtype_names.def. */
bool dtype_find(const char *name, enum dtype *dtype);

/* Why the format of a name is not read; "" if there is no more to say than that it is not known. */
const char *dtype_unread(const char *name);

/* The format that decimal numbers are parsed as: F64 if `name` is a name of it, else (and for NULL)
 * F32. */
enum dtype dtype_of_decimals(const char *name);

/* Widen `count` little-endian numbers at `data` (any alignment) to doubles, exactly. */
void dtype_widen(enum dtype dtype, const void *data, size_t count, double *out);

#endif
