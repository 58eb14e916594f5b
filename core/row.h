/* row.h - one row of logits, and the statistics that it is reduced to.
 *
 * A row has V logits: one score for each token of the vocabulary, at one position.  Its
 * distribution is p = softmax(softcap(x) / T) with softcap(x) = c tanh(x / c).  A logit of -inf is
 * a mask, and stays one under a softcap.  Let m be the largest logit (the first index wins a tie),
 * d = (softcap(m) - softcap(x)) / T the distance of a logit, and R = sum over all other indices of
 * exp(-d).  Then
 *
 *     -log p_t = d_t + log1p(R)
 *
 * is a sum of two terms >= 0: nothing cancels, whatever the offset of the logits.  Both are kept as
 * double-doubles, and rounded once.
 *
 * Logits are those that were sent, everywhere: a softcap does not change their order, and distances
 * have it in them.  docs/numerics.md has the error bounds. */
#ifndef CORE_ROW_H
#define CORE_ROW_H

#include "core/dtype.h"
#include "core/softcap.h"

#include <stdbool.h>
#include <stdint.h>

#define ROW_MAX_WIDTH 1048576 /* the largest vocabulary */

struct row {
    const void *data; /* `width` numbers of `dtype`, at any alignment */
    size_t width;     /* V, 1 to ROW_MAX_WIDTH */
    enum dtype dtype;
};

/* How logits become a distribution. */
struct transform {
    double temperature; /* T */
    double softcap;     /* c; 0 for none */
    int exponent;       /* 2^(exponent - 1) <= T < 2^exponent */
    double unit;        /* 2^-exponent */
    bool scaled;        /* logits are multiplied by `unit` before they are reduced */
    struct dd scale;    /* log2(e) / T, or, if `scaled`, log2(e) / (T unit) */
};

/* `temperature` is 1e-307 to 1e308.  `softcap` is 0, or in the same range and at most 2^60
 * temperature. */
struct transform transform_make(double temperature, double softcap);

/* What a reduction can compute in addition to the sum. */
enum row_want {
    ROW_ENTROPY = 1 << 0,
    ROW_SPREAD = 1 << 1,
    ROW_VARIANCE = 1 << 2,
    ROW_COLLISION = 1 << 3,
    ROW_MEAN = 1 << 4,
};

#define ROW_VARIATION ((unsigned)(ROW_VARIANCE | ROW_COLLISION | ROW_MEAN))

struct row_stats {
    double max;        /* m */
    size_t argmax;     /* its first index */
    struct dd rest;    /* R */
    struct dd log_sum; /* log1p(R) */
    double second;     /* the largest other logit; -inf: all others are masked */
    double entropy;    /* nats; with ROW_ENTROPY */

    double variance;  /* of log p, under p, in nats^2; with ROW_VARIANCE */
    double deviation; /* its root: above 0, also where the variance is below doubles, unless all
                       * logits are the same */
    struct dd mean;   /* the mean distance under p, sum p d, is mean 2^mean_exponent; with
                       * ROW_VARIANCE */
    int64_t mean_exponent;
    double collision;     /* sum p^2; with ROW_COLLISION */
    double mean_log_prob; /* the mean of log p over all logits that are no masks; with ROW_MEAN */
    size_t careful;       /* passes over the row in double-doubles that these took */

    /* With ROW_SPREAD: the sum of all distances but that of the smallest logit, times T unit
     * 2^-far; +inf if a logit is masked.  (Without it, the sum of the distances of all tokens but
     * one is known for every token, and nothing cancels.) */
    struct dd spread;
    int64_t far;
    double min; /* the smallest logit */

    /* Of the tokens that a sampler keeps (core/kept_row.h). */
    size_t kept;  /* how many are kept; 0: no sampler was asked, all are the distribution */
    double least; /* the smallest logit that is kept */
    double mass;  /* their probability in the whole row */
};

/* Why a row is not a distribution. */
enum row_fault_kind { ROW_FINE, ROW_NAN, ROW_INFINITE, ROW_MASKED };

struct row_fault {
    enum row_fault_kind kind;
    size_t index; /* of the first NaN or +inf; 0 for ROW_MASKED (no finite logit) */
};

/* The logit of one token. */
double row_logit(const struct row *row, size_t token);

/* A finite logit that others are compared with. */
struct reference {
    const struct transform *transform;
    double logit;
    struct capped capped; /* with a softcap */
};

struct reference reference_make(const struct transform *transform, double logit);

/* (softcap(reference) - softcap(x)) unit 2^-far, which is T unit 2^-far of a distance; x is finite.
 * With `far`, also sums of gaps that are beyond doubles are within them. */
struct dd reference_gap(const struct reference *reference, double x, int far);

/* (softcap(reference) - softcap(x)) / T; an infinity if it is beyond doubles. */
struct dd reference_distance(const struct reference *reference, double x);

/* Whether a sampler drops a token with that logit. */
static inline bool row_drops(const struct row_stats *stats, double logit)
{
    return stats->kept > 0 && logit < stats->least;
}

/* The distance of a logit; +inf for a masked one, or if it is beyond doubles. */
struct dd row_distance(const struct row_stats *stats, const struct transform *transform,
                       double logit);

/* -log p of a token with that logit.  +inf for a masked logit, and for one that is not kept. */
double row_nll(const struct row_stats *stats, const struct transform *transform, double logit);

/* log of the sum of exp(softcap(x) / T): softcap(m) / T + log1p(R). */
struct dd row_lse(const struct row_stats *stats, const struct transform *transform);

#endif
