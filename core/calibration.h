/* calibration.h - how well confidences agree with what was right: of questions, each with a
 * confidence c in the choice that is best, and y = 1 where that choice is right, else 0.
 *
 * Questions are put into bins by their confidence.  In a bin of n_b questions conf_b is the mean of
 * c, acc_b of y; n and acc are those of all.
 *
 *     expected calibration error  sum n_b/n |acc_b - conf_b|  (Naeini, Cooper, Hauskrecht 2015)
 *     largest calibration error   the largest |acc_b - conf_b|
 *     Brier score                 mean (c - y)^2 = reliability - resolution + uncertainty +
 *                                 within_bins (Murphy 1973; Stephenson, Coelho, Jolliffe 2008)
 *       reliability               sum n_b/n (conf_b - acc_b)^2
 *       resolution                sum n_b/n (acc_b - acc)^2
 *       uncertainty               acc (1 - acc)
 *       within_bins               mean (c - conf_b)^2 - 2 (c - conf_b) (y - acc_b)
 *     AUROC                       P(c of a right one > c of a wrong one) + P(they are equal) / 2
 *     AURC                        the mean over i of the share of wrong ones among the i most
 *                                 confident (Geifman, Uziel, El-Yaniv 2019); among equal
 *                                 confidences errors are spread evenly, which is the mean over the
 *                                 orders of these
 *
 * Sums over questions are exact (exact_sum.h) and rounded once.  So nothing cancels, the order of
 * the questions is nothing, and each result is within 6 u of that of these confidences, u = 2^-53
 * (within_bins: 2^-100 of its largest bin more).  Confidences are equal where their doubles are. */
#ifndef CORE_CALIBRATION_H
#define CORE_CALIBRATION_H

#include "core/dd.h"

#include <stdbool.h>
#include <stddef.h>

/* A question: c = hi + lo in (0, 1]; -c where the best choice is wrong. */
struct verdict {
    struct dd signed_confidence;
};

static inline struct verdict verdict_of(struct dd confidence, bool right)
{
    return (struct verdict){right ? confidence : dd_neg(confidence)};
}

static inline bool verdict_is_right(struct verdict verdict)
{
    return verdict.signed_confidence.hi > 0;
}

/* c as a double, by which questions are ordered and put into bins. */
static inline double verdict_confidence(struct verdict verdict)
{
    return fabs(verdict.signed_confidence.hi);
}

/* Sort in ascending order of confidence, in place, without allocation. */
void verdicts_sort(struct verdict *verdicts, size_t count);

/* The number of questions before `end`, in ascending order, that are as confident as the last of
 * them; *wrong of these are wrong.  end >= 1. */
size_t verdicts_tie(const struct verdict *sorted, size_t end, size_t *wrong);

/* How questions are put into B bins, b = 0 ... B - 1.
 *
 *     EQUAL_WIDTH   bin b has the c in (b/B, (b+1)/B], the first also 0: c goes to the smallest b
 *                   with c <= (b+1)/B, as doubles (Guo et al. 2017)
 *     EQUAL_MASS    the question at place i of the ascending order goes to bin floor(f B / n), f
 *                   the first place with its confidence: equal ones share a bin */
enum binning {
#define BINNING(name, formula, help) BINNING_##name,
#include "core/binnings.def"
    BINNING_COUNT
};

struct calibration_bin {
    size_t questions, right;
    double low, high;  /* of the bin, or the least and the largest c where masses are equal */
    double confidence; /* mean c; 0 if there is no question */
};

struct calibration {
    size_t questions, right;
    double confidence; /* mean c */
    double ece, mce, brier, reliability, resolution, uncertainty, within_bins, aurc;
    bool has_auroc; /* some are right and some are wrong */
    double auroc;
};

/* The calibration of sorted verdicts, of fewer than 2^26, and its bins: `bin_count` of them, at
 * least 1.  Without a verdict all numbers are 0. */
void calibration_of(struct calibration *calibration, const struct verdict *sorted, size_t count,
                    enum binning binning, struct calibration_bin *bins, size_t bin_count);

#endif
