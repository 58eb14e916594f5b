/* text_sizes.h - lengths of the texts of a sequence, in characters, bytes and words.
 *
 * Each length is counted in a text (text, prompt_text, completion_text; core/text_count.h) or given
 * as a number (counts, prompt_counts, completion_counts).  An objective over x takes the sizes of
 * the prompt, one over y those of the completion, and one over both those of the whole.  If the
 * sizes of the whole are not given, they are the sum of the two others. */
#ifndef API_PLAN_TEXT_SIZES_H
#define API_PLAN_TEXT_SIZES_H

#include "core/measure.h"
#include "core/objective.h"

#include "api/members/members.h"

struct text_sizes {
    unsigned known;        /* mask of 1 << enum unit: characters, bytes, words */
    size_t of[UNIT_COUNT]; /* by enum unit */
};

/* The text that was counted last, for each segment and each level of objects.  So a text that many
 * sequences share is counted once. */
struct text_sizes_memo {
    struct {
        const json_t *text;
        struct text_sizes sizes;
    } of[SEGMENT_COUNT][LAYOUT_LEVELS];
};

/* Read the texts and counts of a sequence into sizes[segment].  `split`: the sequence has x and y.
 * `memo` is shared by the sequences of a request.  False with *err set: sizes contradict each
 * other, or a part's size is given without a split. */
bool text_sizes_read(struct text_sizes sizes[SEGMENT_COUNT], const struct members *members,
                     bool split, struct text_sizes_memo *memo, struct error *err);

/* The sizes that apply to an objective: of x, of y, or of both. */
const struct text_sizes *text_sizes_of(const struct text_sizes sizes[SEGMENT_COUNT],
                                       const struct objective *objective);

#endif
