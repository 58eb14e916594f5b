/* selection.h - puts numbers into order, all of them or only where it is asked.
 *
 * Both are in place and allocate nothing.  Quicksort with the median of three as pivot; a part that
 * it divides badly is sorted by heapsort, so that no input takes more than O(n log n). */
#ifndef CORE_SELECTION_H
#define CORE_SELECTION_H

#include <stddef.h>

/* Sort in ascending order.  No NaN. */
void selection_sort(double *values, size_t count);

/* Order only so far that values[ranks[i]] is what it would be if all were sorted.  `ranks` ascend
 * and are below `count`.  O(n) for few ranks, most of the time.  No NaN. */
void selection_order(double *values, size_t count, const size_t *ranks, size_t rank_count);

#endif
