/* distillation.h - how far a student is from its teacher at one position.
 *
 * It is the divergence of core/skew.h, of all tokens, or of a set S of the K likeliest ones:
 *
 *     drop           the terms of S, with the probabilities as they are
 *     bucket         S, and one more element with the rest of each (which is summed)
 *     renormalize    S, each divided by its mass on S
 *
 * The likeliest tokens are those of core/kernel.h: the lowest id first in a tie.  If S is all
 * tokens, there is no tail.
 *
 * Of a teacher only the K likeliest log-probabilities may be known.  Then the rest of it is 1 -
 * their mass, or 0 if that is negative. */
#ifndef CORE_DISTILLATION_H
#define CORE_DISTILLATION_H

#include "core/kernel.h"
#include "core/log_row.h"

enum tail {
#define TAIL(name, formula, help) TAIL_##name,
#include "core/tails.def"
    TAIL_COUNT
};

enum support {
#define SUPPORT(name, help) SUPPORT_##name,
#include "core/supports.def"
    SUPPORT_COUNT
};

struct distillation {
    double beta; /* 0 to 1 */
    size_t top;  /* K; 0: all tokens */
    enum tail tail;
    enum support support; /* whose likeliest S are */
    double factor;        /* multiplies the divergence twice: the temperature, or 1 */
};

/* One position. */
struct lesson {
    const struct log_row *teacher; /* NULL: only its best are known */
    const struct log_row *student;

    /* With `count` above 0: the K likeliest of the teacher and of the student; `logit` is the
     * log-probability where only the best are known. */
    const struct ranked *best[2];
    size_t count;
    bool *marks; /* of each token: all false, also afterwards */
};

/* NaN for what is no number. */
struct distilled {
    double divergence;
    double teacher_mass, student_mass, overlap; /* of S; all 1 if S is all tokens */
};

struct distilled distillation_of(const struct distillation *distillation,
                                 const struct lesson *lesson);

#endif
