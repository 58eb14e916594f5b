/* plan.h - what is asked of one sequence.
 *
 * A plan says which tokens there are, which of them belong to y, where the model's output stands,
 * and what is to be computed.  It has two parts.  The first one says what is done with rows of
 * logits: it is made once (plan_make.h), as soon as what it needs is there, and does not change
 * from then on.  The second one is only about the answer, and is read when the request is complete.
 * What came out is kept elsewhere (score/result.h). */
#ifndef API_PLAN_PLAN_H
#define API_PLAN_PLAN_H

#include "core/loss.h"
#include "core/objective_value.h"
#include "core/objectives.h"

#include "api/members/members.h"
#include "api/plan/text_sizes.h"

#include <stdint.h>

/* In place of an id: the row's argmax, which is put there when the row is read. */
#define ID_ARGMAX (-1)

/* What the model said. */
enum output_kind {
    OUTPUT_ROWS,
    OUTPUT_TENSOR,
    OUTPUT_LOGPROBS,
    OUTPUT_ENGINE, /* log-probabilities of an engine's answer */
    OUTPUT_MATRIX, /* rows of one */
};

struct engine_answer;

struct model_output {
    enum output_kind kind;
    struct span *span; /* the numbers */
    size_t owner;      /* whose: sequences with one owner share it */
    enum dtype dtype;  /* of the rows, once read */
    size_t rows, width;

    /* An engine's answer (engine_output.h). */
    struct engine_answer *answer; /* NULL: none */
    size_t first, used; /* the token that its first entry is about; entries that are used */
    size_t leading;     /* tokens before this one have no log-probability */
    size_t split;       /* |x|, if it splits the sequence */
    bool splits, split_used;
    bool narrow;  /* part of the prompt lacks log-probabilities */
    bool own_ids; /* the ids are those of the answer */
};

struct plan {
    struct sequence_path path;
    size_t length;          /* T */
    int64_t *ids;           /* NULL: not known */
    bool in_two;            /* they came as prompt and completion, not as tokens */
    size_t prompt_ids;      /* ... so many of them as the prompt */
    unsigned char *segment; /* enum segment */
    bool split;
    size_t completion; /* tokens of y */

    struct model_output output;
    enum alignment alignment;
    size_t offset;
    bool completion_only; /* logprobs for y alone */

    unsigned objectives; /* mask of 1 << enum objective_id */
    bool *needed;        /* tokens that a requested objective scores */
    bool scores_all;     /* a token of an objective that is not scored is an error */
    unsigned details;
    size_t top;
    struct transform transform;
    struct loss_options loss;

    /* For the answer. */
    double *weight; /* NULL: all 1 */
    bool per_token;
    struct text_sizes sizes[SEGMENT_COUNT]; /* of its texts */
};

/* Whether there are rows, which tell the distribution, or only log-probabilities. */
static inline bool plan_has_rows(const struct plan *plan)
{
    return plan->output.kind != OUTPUT_LOGPROBS && plan->output.kind != OUTPUT_ENGINE;
}

/* The row that is about a token, and the reverse: token = row + plan_shift(). */
size_t plan_shift(const struct plan *plan);

/* Record that a token's id is at fault (it may have come as prompt or completion). */
PRINTF(5, 6)
bool plan_fail_token(const struct plan *plan, size_t token, enum error_code code, struct error *err,
                     const char *format, ...);

#endif
