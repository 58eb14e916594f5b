/* row_ranks.c - how many logits of a row are greater than each of several. */
#include "core/row_ranks.h"

#include "core/selection.h"

#include <string.h>

#define BLOCK ((size_t)2048)

/* How many of the sorted values are below x. */
static size_t count_below(const double *sorted, size_t count, double x)
{
    size_t low = 0, high = count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (sorted[middle] < x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void row_ranks(const struct row *row, const double *logits, size_t count, size_t *above)
{
    const size_t size = dtype_size(row->dtype);
    double sorted[ROW_RANKS_MAX], block[BLOCK];
    size_t beyond[ROW_RANKS_MAX + 1] = {0}; /* [i]: logits with exactly i of the sorted below */

    memcpy(sorted, logits, count * sizeof *sorted);
    selection_sort(sorted, count);
    for (size_t start = 0; start < row->width; start += BLOCK) {
        const size_t left = row->width - start, length = left < BLOCK ? left : BLOCK;

        dtype_widen(row->dtype, (const char *)row->data + start * size, length, block);
        for (size_t i = 0; i < length; i++)
            beyond[count_below(sorted, count, block[i])]++;
    }
    for (size_t i = count; i > 0; i--)
        beyond[i - 1] += beyond[i];
    for (size_t i = 0; i < count; i++)
        above[i] = beyond[count_below(sorted, count, logits[i]) + 1];
}
