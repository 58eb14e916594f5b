/* candidate.h - an input that may be the worst of a quantity: two lists of numbers, and knobs.
 *
 * A list is a sequence of runs, some of which are repeated as a whole.  So a row of 2^20 logits is
 * a few numbers: it is changed, kept as a line of text and summed exactly as such.  In text:
 *
 *     f32 temperature=0x1p+1 target=0x1p+3 a [ 16*0x1.dep-7 240*-0x1.2p+5 ]*3 0x1.b28p+8 b
 *
 * Knobs that are not written have their usual values. */
#ifndef TESTS_WORST_CANDIDATE_H
#define TESTS_WORST_CANDIDATE_H

#include "core/row.h"

#include <stdio.h>

#define RUNS 320 /* the most of a list */

struct run {
    double value;
    size_t count;
};

struct list {
    size_t runs;
    size_t loop, end, repeat; /* runs loop to end - 1 stand `repeat` times; loop <= end <= runs */
    struct run run[RUNS];
};

enum knob {
#define KNOB(id, name, usual, low, high) KNOB_##id,
#include "tests/worst/knobs.def"
    KNOB_COUNT
};

struct knob_info {
    const char *name;
    double usual, low, high;
};

extern const struct knob_info knob_infos[KNOB_COUNT];

struct candidate {
    enum dtype dtype; /* of both lists, where they are logits */
    double knob[KNOB_COUNT];
    struct list list[2]; /* a and b; the second may be empty */
};

/* No lists, and knobs as usual. */
void candidate_clear(struct candidate *candidate);

/* Copy without the unused runs. */
void candidate_copy(struct candidate *to, const struct candidate *from);

/* Add a run at the end.  A full list stays as it is. */
void list_add(struct list *list, double value, size_t count);

/* Repeat all runs from `loop` on. */
void list_repeat(struct list *list, size_t loop, size_t repeat);

/* How often run i stands in the list, times its count. */
size_t list_count(const struct list *list, size_t i);

size_t list_width(const struct list *list);

/* The first `limit` numbers; how many were written. */
size_t list_expand(const struct list *list, double *out, size_t limit);

/* One line of text.  False if `text` is not one. */
bool candidate_read(struct candidate *candidate, const char *text);
void candidate_write(const struct candidate *candidate, FILE *out);

#endif
