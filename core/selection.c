/* selection.c - puts numbers into order. */
#include "core/selection.h"

#include <stdbool.h>

#define SHORT 16 /* so few numbers are sorted by insertion */
#define PARTS                                                                                      \
    64 /* the most parts that wait: the longer one does, and the shorter is at most half */

/* ---- heapsort ---- */

/* Move the value at `root` down until no value below it is larger. */
static void sink(double *heap, size_t root, size_t count)
{
    const double value = heap[root];
    size_t child;

    while ((child = 2 * root + 1) < count) {
        if (child + 1 < count && heap[child + 1] > heap[child])
            child++;
        if (!(heap[child] > value))
            break;
        heap[root] = heap[child];
        root = child;
    }
    heap[root] = value;
}

static void sort_by_heap(double *values, size_t count)
{
    for (size_t i = count / 2; i > 0; i--)
        sink(values, i - 1, count);
    for (size_t left = count; left > 1; left--) {
        const double largest = values[0];

        values[0] = values[left - 1];
        values[left - 1] = largest;
        sink(values, 0, left - 1);
    }
}

/* ---- quicksort ---- */

static void sort_by_insertion(double *values, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const double value = values[i];
        size_t to = i;

        for (; to > 0 && values[to - 1] > value; to--)
            values[to] = values[to - 1];
        values[to] = value;
    }
}

static double median_of(double a, double b, double c)
{
    if (a > b)
        return b > c ? b : a > c ? c : a;
    return a > c ? a : b > c ? c : b;
}

/* Move what is below the pivot before what is above it.  Returns how many numbers are before; both
 * sides have at least one. */
static size_t divide(double *values, size_t count)
{
    const double pivot = median_of(values[0], values[count / 2], values[count - 1]);
    size_t low = 0, high = count - 1;

    for (;;) {
        while (values[low] < pivot)
            low++;
        while (values[high] > pivot)
            high--;
        if (low >= high)
            break;
        const double value = values[low];

        values[low++] = values[high];
        values[high--] = value;
    }
    return low > 0 ? low : 1;
}

/* A part of the numbers that is not in order yet. */
struct part {
    size_t first, count;
    unsigned chances; /* how often it may still be divided badly */
};

/* The ranks that are asked for; NULL: all are. */
struct wanted {
    const size_t *ranks;
    size_t count;
};

/* Whether a rank in the part is asked for. */
static bool is_wanted(const struct wanted *wanted, const struct part *part)
{
    size_t low = 0, high = wanted->count;

    if (!wanted->ranks)
        return true;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (wanted->ranks[middle] < part->first)
            low = middle + 1;
        else
            high = middle;
    }
    return low < wanted->count && wanted->ranks[low] < part->first + part->count;
}

static void order(double *values, size_t count, const struct wanted *wanted)
{
    struct part waiting[PARTS] = {{0, count, 8}};
    size_t left = 1;

    while (left > 0) {
        struct part part = waiting[--left], rest;

        while (part.count > SHORT && part.chances > 0 && is_wanted(wanted, &part)) {
            const size_t before = divide(values + part.first, part.count);
            const bool before_is_short = before < part.count - before;
            const size_t shorter = before_is_short ? before : part.count - before;
            const unsigned chances = part.chances - (shorter < part.count / 8);
            const struct part low = {part.first, before, chances};
            const struct part high = {part.first + before, part.count - before, chances};

            rest = before_is_short ? high : low;
            part = before_is_short ? low : high;
            waiting[left++] = rest;
        }
        if (!is_wanted(wanted, &part))
            continue;
        if (part.count <= SHORT)
            sort_by_insertion(values + part.first, part.count);
        else
            sort_by_heap(values + part.first, part.count);
    }
}

void selection_sort(double *values, size_t count)
{
    order(values, count, &(struct wanted){NULL, 0});
}

void selection_order(double *values, size_t count, const size_t *ranks, size_t rank_count)
{
    order(values, count, &(struct wanted){ranks, rank_count});
}
