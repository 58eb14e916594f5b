/* starts.h - the structures from which a search begins. */
#ifndef TESTS_WORST_STARTS_H
#define TESTS_WORST_STARTS_H

#include "tests/worst/candidate.h"

#include "core/prng.h"

/* What the numbers of a list are, and so which are allowed. */
enum kind {
    KIND_NONE,      /* the list is empty */
    KIND_LOGITS,    /* of the candidate's dtype; -inf allowed */
    KIND_LOG_PROBS, /* <= 0, finite */
    KIND_NUMBERS,   /* finite */
    KIND_VALUES,    /* -1e100 to 1e100 */
    KIND_COUNTS,    /* integers >= 1 */
    KIND_WEIGHTS    /* >= 0, finite */
};

/* Write the lists of a clear candidate whose knobs are set, and knobs that belong to them. */
typedef void start_f(struct candidate *candidate, struct draws *draws);

/* The candidates that a quantity takes. */
struct shape {
    enum kind kind[2];
    unsigned knobs; /* 1 << enum knob of those that vary */
    size_t widest;
    start_f *const *starts; /* ends with NULL */
};

extern start_f *const starts_row[], *const starts_pair[], *const starts_numbers[];

/* ---- draws ---- */

/* Uniform in [0, 1); in [low, high); one of 0 to count - 1. */
double draw_unit(struct draws *draws);
double draw_between(struct draws *draws, double low, double high);
size_t draw_below(struct draws *draws, size_t count);

/* 2^x, x uniform in [low, high). */
double draw_power(struct draws *draws, double low, double high);

/* The same, of either sign. */
double draw_signed(struct draws *draws, double low, double high);

/* A width at which something changes: of lanes, chunks, blocks; or a small one. */
size_t draw_width(struct draws *draws, size_t widest);

#endif
