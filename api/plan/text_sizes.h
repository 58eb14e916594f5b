/* text_sizes.h - how long the texts of a sequence are, in characters, bytes and words.
 *
 * Members text, prompt_text and completion_text are counted (core/text_count.h); counts,
 * prompt_counts and completion_counts say it instead.  An objective over x has the prompt's, one
 * over y the completion's, one over both the text's, which without a word on it is the sum of the
 * two. */
#ifndef API_PLAN_TEXT_SIZES_H
#define API_PLAN_TEXT_SIZES_H

#include "core/measure.h"
#include "core/objective.h"

#include "api/members/members.h"

struct text_sizes {
    unsigned known; /* mask of 1 << enum unit; characters, bytes and words only */
    size_t of[UNIT_COUNT];
};

/* The text that was counted last of each segment, at each level of objects: the text of an object
 * around many sequences is counted once. */
struct text_sizes_memo {
    struct {
        const json_t *text;
        struct text_sizes sizes;
    } of[SEGMENT_COUNT][LAYOUT_LEVELS];
};

/* Read the texts and counts of a sequence; `split`: it has x and y.  `memo`: of other sequences of
 * the same request. */
bool text_sizes_read(struct text_sizes sizes[SEGMENT_COUNT], const struct members *members,
                     bool split, struct text_sizes_memo *memo, struct error *err);

/* Those of a sequence that count for an objective. */
const struct text_sizes *text_sizes_of(const struct text_sizes sizes[SEGMENT_COUNT],
                                       const struct objective *objective);

#endif
