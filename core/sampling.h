/* sampling.h - which tokens of a row a sampler keeps.
 *
 * Behind softcap and temperature, in this order, each on what the one before left, renormalized:
 *
 *   top_k   keeps the logits that are not below the k-th largest
 *   top_p   keeps a token if the mass strictly above it is below top_p
 *   min_p   keeps a token if p is not below min_p times the largest p
 *
 * Each is a threshold on the logit, so equal logits are kept or dropped together, and the three
 * together are one threshold.  Masses within 2^-40 count as equal.  The largest logit is always
 * kept, a mask never. */
#ifndef CORE_SAMPLING_H
#define CORE_SAMPLING_H

#include <stdbool.h>
#include <stddef.h>

/* Masses that differ by less count as equal. */
#define SAMPLING_EQUAL 0x1p-40

struct sampling {
    size_t top_k; /* 0: all */
    double top_p; /* in (0, 1]; 0: all */
    double min_p; /* in [0, 1] */
};

static inline bool sampling_drops(const struct sampling *sampling)
{
    return sampling->top_k > 0 || sampling->top_p > 0 || sampling->min_p > 0;
}

static inline bool sampling_is_same(const struct sampling *a, const struct sampling *b)
{
    return a->top_k == b->top_k && a->top_p == b->top_p && a->min_p == b->min_p;
}

/* Some order of samplings that differ. */
static inline bool sampling_is_less(const struct sampling *a, const struct sampling *b)
{
    if (a->top_k != b->top_k)
        return a->top_k < b->top_k;
    return a->top_p != b->top_p ? a->top_p < b->top_p : a->min_p < b->min_p;
}

#endif
