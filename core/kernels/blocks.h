/* blocks.h - a row of logits, block by block, as doubles. */
#ifndef CORE_KERNELS_BLOCKS_H
#define CORE_KERNELS_BLOCKS_H

#include "core/row.h"

#define LANES 16
#define BLOCK ((size_t)2048)

/* Widen logits `start` to start + count of the row. */
static void block_widen(const struct row *row, size_t start, size_t count, double *out)
{
    dtype_widen(row->dtype, (const char *)row->data + start * dtype_size(row->dtype), count, out);
}

static size_t block_length(const struct row *row, size_t start)
{
    return row->width - start < BLOCK ? row->width - start : BLOCK;
}

#endif
