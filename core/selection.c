/* selection.c - puts numbers into order. */
#include "core/selection.h"

#include "core/heapsort.h"

#include <stdbool.h>

#define SHORT 16 /* so few numbers are sorted by insertion */
#define PARTS 64 /* the most parts that wait: of two the longer one, so each is at most half */

static bool is_less(const void *a, const void *b)
{
    return *(const double *)a < *(const double *)b;
}

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

/* Move the numbers that are below the pivot, or equal to it where `equals` go along, before the
 * others.  Returns how many they are.  No branch depends on a number: it could not be predicted. */
static inline size_t move_down(double *values, size_t count, double pivot, bool equals)
{
    size_t below = 0;

    for (size_t i = 0; i < count; i++) {
        const double value = values[i];

        values[i] = values[below];
        values[below] = value;
        below += equals ? value <= pivot : value < pivot;
    }
    return below;
}

/* A part of the numbers that is not in order yet. */
struct part {
    size_t first, count;
    unsigned chances; /* how often it may still be divided badly */
};

/* Divide a part in two: nothing in the first is above what is in the second.  A pivot that is the
 * least number goes with its equals, which are in order: the first part is empty then. */
static void divide(double *values, const struct part *part, struct part *low, struct part *high)
{
    double *of = values + part->first;
    const double pivot = median_of(of[0], of[part->count / 2], of[part->count - 1]);
    const size_t below = move_down(of, part->count, pivot, false);
    const size_t before = below > 0 ? below : move_down(of, part->count, pivot, true);
    const size_t behind = part->count - before;
    const bool badly = (before < behind ? before : behind) < part->count / 8;

    *low = (struct part){part->first, below, part->chances - badly};
    *high = (struct part){part->first + before, behind, part->chances - badly};
}

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
        struct part part = waiting[--left], low, high;

        while (part.count > SHORT && part.chances > 0 && is_wanted(wanted, &part)) {
            divide(values, &part, &low, &high);
            waiting[left++] = low.count < high.count ? high : low;
            part = low.count < high.count ? low : high;
        }
        if (!is_wanted(wanted, &part))
            continue;
        if (part.count <= SHORT)
            sort_by_insertion(values + part.first, part.count);
        else
            heapsort_entries(values + part.first, part.count, sizeof *values, is_less);
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
