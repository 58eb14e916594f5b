/* detection.h - scores of how well a model knows a text, from its log-probabilities.
 *
 *   Min-K%     the mean of the k lowest log-probabilities (Shi et al., Detecting Pretraining Data
 *              from Large Language Models, 2024)
 *   Min-K%++   the same of (log p - mu) / s, mu and s^2 being the mean and the variance of log p
 *              under the row itself (Zhang et al., 2025)
 *   Fast-DetectGPT  (sum of log p - sum of mu) / sqrt(sum of s^2) (Bao et al., 2024)
 *
 * They take s, and the root of |log p - mu| with the sign of log p - mu, -inf where p is 0: so
 * what is beyond doubles, as s^2 and log p - mu of a row that is sure, is not lost.  Sums are
 * exact; each result is within 3 u of that of the numbers given, u = 2^-53. */
#ifndef CORE_DETECTION_H
#define CORE_DETECTION_H

#include <stdbool.h>
#include <stddef.h>

/* How many of `count` tokens a share k, above 0 and at most 1, takes: floor(count k), the product
 * as a double, but at least 1. */
size_t lowest_count(size_t count, double share);

/* Sort `values`, of which there is at least one, and write to mean[i] the mean of the i + 1 lowest
 * where wanted[i]. */
void lowest_means(double *values, size_t count, const bool *wanted, double *mean);

/* (log p - mu) / s.  -inf where p is 0, else 0 where s is 0. */
double standard_score(double excess_root, double deviation);

/* sum (log p - mu) / sqrt(sum s^2).  False where that root is 0. */
bool discrepancy(const double *excess_root, const double *deviation, size_t count, double *value);

#endif
