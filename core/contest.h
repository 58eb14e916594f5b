/* contest.h - two models over the same tokens: what follows from the exact moments of their
 * log-probabilities.
 *
 * x of the moments is model a, y is b.  A perplexity is exp(-mean).  Means are exact quotients as
 * double-doubles, and so is the mean of b - a, which may lie below doubles.  So the ratio of two
 * perplexities is right to the last digit, and their difference too, however near they are: P - Q =
 * Q (exp(d) - 1), d = ln(P / Q). */
#ifndef CORE_CONTEST_H
#define CORE_CONTEST_H

#include "core/moments.h"
#include "core/wide.h"

struct contest {
    size_t count;                   /* tokens */
    bool finite[2];                 /* the sums of a and of b are; else their mean is infinite */
    struct dd mean[2];              /* of a and of b */
    struct wide perplexity[2];      /* exp(-mean) */
    bool both;                      /* finite: the rest is set */
    struct exact_number difference; /* sum of b - a */
    struct wide apart;              /* mean of b - a, with all its bits */
    struct wide ratio;              /* exp(-apart) */
    struct centred centred;
};

void contest_of(struct contest *contest, const struct moments *moments);

/* The error of a perplexity or a ratio of two, given that of the mean. */
struct scaled contest_error(struct wide power, struct scaled error);

/* exp(-mean b) - exp(-mean a), of finite numbers; within 2 u. */
double contest_apart(const struct contest *contest);

/* Its error: that of the mean of P_b b - P_a a over tokens, P_a and P_b the perplexities.  It
 * is within 6 u + 2^-63 k of the exact one, where k >= 1 is how much more this changes than P_a /
 * P_b does. centred.has_both must hold. */
struct scaled contest_apart_error(const struct contest *contest);

#endif
