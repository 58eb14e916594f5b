/* sizes.h - how long the texts of a sequence are, in characters, bytes and words.
 *
 * Members text, prompt_text and completion_text are counted (core/count.h); counts, prompt_counts
 * and completion_counts say it instead.  An objective over x has the prompt's, one over y the
 * completion's, one over both the text's, which without a word on it is the sum of the two. */
#ifndef API_SIZES_H
#define API_SIZES_H

#include "core/measure.h"
#include "core/objective.h"

#include "api/dom.h"
#include "api/layout.h"
#include "api/place.h"

#define SIZE_MAX_COUNT ((json_int_t)1 << 40) /* sums of many stay exact */

struct sizes {
    unsigned known; /* mask of 1 << enum unit; characters, bytes and words only */
    size_t of[UNIT_COUNT];
};

/* The text that was counted last of each segment, at each level of objects: the text of an object
 * around many sequences is counted once. */
struct sizes_memo {
    struct {
        const json_t *text;
        struct sizes sizes;
    } of[SEGMENT_COUNT][LAYOUT_LEVELS];
};

/* Judge an object of counts by itself. */
bool sizes_check(json_t *counts, const struct place *at, struct error *err);

struct plan;

/* Read the texts and counts of a plan that is otherwise made.  `memo`: of other plans of the same
 * request. */
bool sizes_read(struct plan *plan, struct sizes_memo *memo, struct error *err);

/* What a plan knows for an objective. */
const struct sizes *sizes_of(const struct plan *plan, const struct objective *objective);

#endif
