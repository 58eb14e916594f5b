/* wide_order.h - rank and top K in vectors.  It needs the definitions that wide.h needs. */
#ifndef CORE_KERNELS_WIDE_ORDER_H
#define CORE_KERNELS_WIDE_ORDER_H

#include "core/kernels/order.h"
#include "core/kernels/wide.h"

/* Logits of which one maximum is kept. */
#define GROUP ((size_t)256)

/* One pass over whole groups: the largest logit of each, and the number of logits above `single`.
 */
INLINE size_t pass_words(enum dtype dtype, const char *at, size_t chunks, float single, float *max)
{
    const size_t size = dtype_size_of(dtype);
    size_t above = 0;

    for (size_t chunk = 0; chunk < chunks; chunk++, at += GROUP * size) {
        words largest = words_from(dtype, at);

        for (size_t i = 0; i < GROUP; i += WORDS) {
            const words x = words_from(dtype, at + i * size);

            largest = words_larger(largest, x);
            above += (size_t)__builtin_popcount(words_above(x, single));
        }
        max[chunk] = words_largest(largest);
    }
    return above;
}

static size_t pass(const struct row *row, size_t chunks, float single, float *max)
{
    switch (row->dtype) {
    case DTYPE_F32:
        return pass_words(DTYPE_F32, row->data, chunks, single, max);
    case DTYPE_F16:
        return pass_words(DTYPE_F16, row->data, chunks, single, max);
    default:
        return pass_words(DTYPE_BF16, row->data, chunks, single, max);
    }
}

static void offer(const struct row *row, size_t index, struct order *order)
{
    double logit;

    block_widen(row, index, 1, &logit);
    heap_offer(order->best, &order->found, order->count, (struct ranked){index, logit});
}

/* Offer those logits of a whole chunk that are not below `least`. */
INLINE void offer_words(const struct row *row, enum dtype dtype, size_t start, float least,
                        struct order *order)
{
    for (size_t i = start; i < start + GROUP; i += WORDS) {
        const words x = words_from(dtype, (const char *)row->data + i * dtype_size_of(dtype));
        uint32_t found = words_above(x, least) | words_equal(x, least);

        for (; found; found &= found - 1)
            offer(row, i + (size_t)__builtin_ctz(found), order);
    }
}

static void offer_chunk(const struct row *row, size_t start, float least, struct order *order)
{
    if (row->dtype == DTYPE_F32)
        offer_words(row, DTYPE_F32, start, least, order);
    else if (row->dtype == DTYPE_F16)
        offer_words(row, DTYPE_F16, start, least, order);
    else
        offer_words(row, DTYPE_BF16, start, least, order);
}

/* Singles as integers of the same order, and back. */
static int32_t key_of(float single)
{
    int32_t bits;

    memcpy(&bits, &single, sizeof bits);
    return bits < 0 ? bits ^ INT32_MAX : bits;
}

static float single_of_key(int32_t key)
{
    const int32_t bits = key < 0 ? key ^ INT32_MAX : key;
    float single;

    memcpy(&single, &bits, sizeof single);
    return single;
}

static size_t count_reaching(const float *max, size_t padded, float least)
{
    size_t count = 0;

    for (size_t i = 0; i < padded; i += WORDS) {
        const words x = words_from(DTYPE_F32, (const char *)(max + i));

        count += (size_t)__builtin_popcount(words_above(x, least) | words_equal(x, least));
    }
    return count;
}

/* A bound that at least `count` of the maxima reach: the largest such bound, or one that exactly
 * `count` reach.  It is found by bisection, so that no branch depends on the numbers. */
static float bound_of(const float *max, size_t padded, size_t count)
{
    int64_t low = key_of(-HUGE_VALF), high = key_of(HUGE_VALF);

    while (low < high) {
        const int64_t middle = low + (high - low + 1) / 2;
        const size_t reaching = count_reaching(max, padded, single_of_key((int32_t)middle));

        if (reaching == count)
            return single_of_key((int32_t)middle);
        if (reaching > count)
            low = middle;
        else
            high = middle - 1;
    }
    return single_of_key((int32_t)low);
}

/* Every one of the `count` best logits reaches the bound that `count` maxima reach, so only chunks
 * whose maximum reaches it are searched.  Logits after the last whole chunk are always offered. */
static void best_of_chunks(const struct row *row, size_t chunks, float *max, struct order *order)
{
    const size_t padded = (chunks + WORDS - 1) / WORDS * WORDS;
    float least;

    for (size_t i = chunks; i < padded; i++)
        max[i] = -HUGE_VALF;
    least = bound_of(max, padded, order->count);
    for (size_t i = 0; i < chunks; i++)
        if (max[i] >= least)
            offer_chunk(row, i * GROUP, least, order);
    for (size_t i = chunks * GROUP; i < row->width; i++)
        offer(row, i, order);
    heap_sort(order->best, order->found);
}

static void wide_order(const struct row *row, struct order *order)
{
    const size_t chunks = row->width / GROUP;
    const struct row rest = {logit_at(row, chunks * GROUP), row->width % GROUP, row->dtype};
    const float single = order->wants_above ? (float)order->logit : 0;
    float max[ROW_MAX_WIDTH / GROUP + WORDS];

    if (row->dtype == DTYPE_F64 || (order->wants_above && (double)single != order->logit)) {
        lanes_order(row, order);
        return;
    }
    order->found = 0;
    order->above = pass(row, chunks, single, max);
    if (rest.width > 0 && order->wants_above)
        order->above += lanes_above(&rest, order->logit);
    if (order->count > chunks)
        order->found = lanes_top(row, order->count, order->best);
    else if (order->count > 0)
        best_of_chunks(row, chunks, max, order);
}

#endif
