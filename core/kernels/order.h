/* order.h - rank and top K of a row.  They only compare, so every order of work gives the same
 * answer. */
#ifndef CORE_KERNELS_ORDER_H
#define CORE_KERNELS_ORDER_H

#include "core/kernels/lanes.h"

static size_t lanes_above(const struct row *row, double logit)
{
    double block[BLOCK];
    size_t above = 0;

    for (size_t start = 0; start < row->width; start += BLOCK) {
        const size_t count = block_length(row, start);

        block_widen(row, start, count, block);
        for (size_t i = 0; i < count; i++)
            above += block[i] > logit;
    }
    return above;
}

/* Whether `a` comes after `b`: it is smaller, or as large and later in the row. */
static bool is_behind(const struct ranked *a, const struct ranked *b)
{
    return a->logit < b->logit || (a->logit == b->logit && a->token > b->token);
}

static void swap(struct ranked *a, struct ranked *b)
{
    const struct ranked kept = *a;

    *a = *b;
    *b = kept;
}

/* Move the entry at `at` down to its place in a heap whose top is the last in order. */
static void sift_down(struct ranked *heap, size_t count, size_t at)
{
    for (;;) {
        size_t child = 2 * at + 1;

        if (child >= count)
            return;
        if (child + 1 < count && is_behind(&heap[child + 1], &heap[child]))
            child++;
        if (!is_behind(&heap[child], &heap[at]))
            return;
        swap(&heap[child], &heap[at]);
        at = child;
    }
}

static void sift_up(struct ranked *heap, size_t at)
{
    while (at > 0 && is_behind(&heap[at], &heap[(at - 1) / 2])) {
        swap(&heap[at], &heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

/* Keep `entry` if it is among the `count` best so far. */
static void heap_offer(struct ranked *heap, size_t *filled, size_t count, struct ranked entry)
{
    if (*filled < count) {
        heap[*filled] = entry;
        sift_up(heap, (*filled)++);
    } else if (is_behind(&heap[0], &entry)) {
        heap[0] = entry;
        sift_down(heap, count, 0);
    }
}

/* Sort a heap, best first. */
static void heap_sort(struct ranked *heap, size_t count)
{
    for (size_t left = count; left > 1; left--) {
        swap(&heap[0], &heap[left - 1]);
        sift_down(heap, left - 1, 0);
    }
}

static size_t lanes_top(const struct row *row, size_t count, struct ranked *out)
{
    double block[BLOCK];
    size_t filled = 0;

    for (size_t start = 0; count > 0 && start < row->width; start += BLOCK) {
        const size_t length = block_length(row, start);

        block_widen(row, start, length, block);
        for (size_t i = 0; i < length; i++)
            heap_offer(out, &filled, count, (struct ranked){start + i, block[i]});
    }
    heap_sort(out, filled);
    return filled;
}

static void lanes_order(const struct row *row, struct order *order)
{
    if (order->wants_above)
        order->above = lanes_above(row, order->logit);
    order->found = lanes_top(row, order->count, order->best);
}

#endif
