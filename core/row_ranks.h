/* row_ranks.h - how many logits of a row are greater than each of several. */
#ifndef CORE_ROW_RANKS_H
#define CORE_ROW_RANKS_H

#include "core/row.h"

#define ROW_RANKS_MAX 1024

/* above[i] is the number of logits of the row that are strictly greater than logits[i]; there are
 * `count` of them, at most ROW_RANKS_MAX.  The row is read once: V log2(count) comparisons. */
void row_ranks(const struct row *row, const double *logits, size_t count, size_t *above);

#endif
