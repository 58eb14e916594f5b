/* heapsort.h - sorts entries of any type: in place, without allocation or recursion, O(n log n)
 * whatever their order.  Equal entries may change places.
 *
 * All is inline: give a constant size and the name of a function, and the compiler makes a sort of
 * that type.  Numbers alone are sorted faster by selection.h. */
#ifndef CORE_HEAPSORT_H
#define CORE_HEAPSORT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define HEAPSORT_ENTRY 64 /* the most bytes of an entry */

/* Whether one entry comes before another. */
typedef bool heapsort_less_f(const void *a, const void *b);

/* Put an entry into the place `at` of a heap, which is free, or below it: until no entry below it
 * is larger. */
static inline void heapsort_sink(char *heap, size_t at, size_t count, size_t size,
                                 heapsort_less_f *is_less, const char *entry)
{
    size_t child;

    while ((child = 2 * at + 1) < count) {
        if (child + 1 < count && is_less(heap + child * size, heap + (child + 1) * size))
            child++;
        if (!is_less(entry, heap + child * size))
            break;
        memcpy(heap + at * size, heap + child * size, size);
        at = child;
    }
    memcpy(heap + at * size, entry, size);
}

/* Sort `count` entries of `size` bytes in ascending order. */
static inline void heapsort_entries(void *entries, size_t count, size_t size,
                                    heapsort_less_f *is_less)
{
    char *heap = entries, entry[HEAPSORT_ENTRY];

    for (size_t i = count / 2; i > 0; i--) {
        memcpy(entry, heap + (i - 1) * size, size);
        heapsort_sink(heap, i - 1, count, size, is_less, entry);
    }
    for (size_t left = count; left > 1; left--) {
        memcpy(entry, heap + (left - 1) * size, size);
        memcpy(heap + (left - 1) * size, heap, size);
        heapsort_sink(heap, 0, left - 1, size, is_less, entry);
    }
}

#endif
