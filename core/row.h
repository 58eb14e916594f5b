/* row.h - one row of logits, and the statistics that it is reduced to.
 *
 * A row has V logits: one score for each token of the vocabulary, at one position.  Its
 * distribution is p = softmax(softcap(x) / T) with softcap(x) = c tanh(x / c).  A logit of -inf is
 * a mask, and stays one under a softcap.  Let m be the largest capped logit (the first index wins a
 * tie) and R = sum over all other indices of exp((x - m) / T).  Then
 *
 *     -log p_t = (m - x_t) / T + log1p(R)
 *
 * is a sum of two terms >= 0: nothing cancels, whatever the offset of the logits, and nothing
 * underflows, however confident the model is. */
#ifndef CORE_ROW_H
#define CORE_ROW_H

#include "core/dtype.h"

#include <stdint.h>

#define ROW_MAX_WIDTH 1048576 /* the largest vocabulary */

struct row {
    const void *data; /* `width` numbers of `dtype`, at any alignment */
    size_t width;     /* V, 1 to ROW_MAX_WIDTH */
    enum dtype dtype;
};

/* How logits become a distribution. */
struct transform {
    double temperature;        /* T > 0 */
    double softcap;            /* c > 0; 0 for none */
    double unit;               /* a power of two; logits and T are multiplied by it before they are
                                  divided.  1 except for temperatures near the ends of doubles */
    double scale_hi, scale_lo; /* log2(e) / (T unit) as an unevaluated sum, |lo| <= ulp(hi) / 2 */
};

/* temperature > 0 and finite; softcap > 0 and finite, or 0. */
struct transform transform_make(double temperature, double softcap);

/* What a reduction can compute in addition to max, argmax and rest. */
enum row_want {
    ROW_ENTROPY = 1 << 0,
    ROW_SPREAD = 1 << 1,
};

struct row_stats {
    double max;     /* m, after the softcap, before the temperature */
    size_t argmax;  /* its first index */
    double rest;    /* R */
    double entropy; /* nats; with ROW_ENTROPY */
    double spread;  /* sum over the row of (m - x) / T; +inf if a logit is masked, or if the sum is
                       beyond doubles; with ROW_SPREAD */
    double far; /* sum of (m - x) ROW_FAR, used if `spread` is +inf; +inf if a logit is masked */
};

/* The factor that keeps a sum of distances within doubles. */
#define ROW_FAR 0x1p-64

/* Why a row is not a distribution. */
enum row_fault_kind { ROW_FINE, ROW_NAN, ROW_INFINITE, ROW_MASKED };

struct row_fault {
    enum row_fault_kind kind;
    size_t index; /* of the first NaN or +inf; 0 for ROW_MASKED (no finite logit) */
};

/* The logit of one token, after the softcap. */
double row_logit(const struct row *row, const struct transform *transform, size_t token);

/* (m - x) / T of a logit x (after the softcap), also if m - x is beyond doubles.  +inf for a masked
 * logit. */
double row_distance(const struct row_stats *stats, const struct transform *transform, double logit);

/* -log p of a token whose logit (after the softcap) is `logit`.  +inf for a masked logit. */
double row_nll(const struct row_stats *stats, const struct transform *transform, double logit);

/* log of the sum of exp(softcap(x) / T): max / T + log1p(R). */
double row_lse(const struct row_stats *stats, const struct transform *transform);

#endif
