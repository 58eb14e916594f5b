/* plan.h - what is asked of one sequence.
 *
 * A plan says which tokens the sequence has, which of them belong to y, where the model's output
 * is, and what to compute.  It has two parts.  The first part says what to do with rows of logits.
 * plan_make() makes it once, as soon as the members that it needs are there, and it does not change
 * afterwards.  The second part is only about the answer.  plan_finish() reads it when the request
 * is complete.  Results are not part of the plan (score/scored.h). */
#ifndef API_PLAN_PLAN_H
#define API_PLAN_PLAN_H

#include "core/loss.h"
#include "core/objective_value.h"
#include "core/objectives.h"

#include "api/members/members.h"
#include "api/plan/text_sizes.h"

#include <stdint.h>

/* In plan.ids: the token is the argmax of its row.  The id is filled in when the row is reduced. */
#define ID_ARGMAX (-1)

/* The form of the model's output. */
enum output_kind {
    OUTPUT_ROWS,     /* nested arrays of logits */
    OUTPUT_TENSOR,   /* an encoded tensor of logits */
    OUTPUT_LOGPROBS, /* the member `logprobs` */
    OUTPUT_ENGINE,   /* log-probabilities of an engine's answer */
    OUTPUT_MATRIX,   /* rows of logits of an engine's answer */
    OUTPUT_WINDOWS,  /* the outputs of its windows (window.h) */
    OUTPUT_TOLD      /* none: the route has a value in place of it */
};

struct engine_answer;
struct temperature_list;
struct plan_notice;

struct model_output {
    enum output_kind kind;
    struct span *span; /* the numbers; NULL for an engine's answer */
    size_t owner;      /* the object that holds the output (body_layout.h); sequences with one owner
                          share it */
    enum dtype dtype;  /* of the rows */
    size_t rows, width;

    /* The engine's answer (engine_output.h). */
    struct engine_answer *answer; /* NULL: none */
    size_t first, used;           /* the token of the first entry; how many entries are used */
    size_t leading;               /* tokens before this one have no log-probability */
    size_t split;                 /* |x| as the answer has it, if `splits` */
    bool splits, split_used;
    bool narrow;     /* part of the prompt lacks log-probabilities */
    bool first_zero; /* token 0 of the prompt has exactly 0, which stands for none */
    bool own_ids;    /* the ids are those of the answer */
};

#define LABEL_NO_ID INT64_C(-1)
#define LABEL_UNLISTED ((size_t)-1)

/* One token that means a choice (labels.h). */
struct label {
    int64_t id; /* LABEL_NO_ID: told by its text */
    const char *text;
    size_t length;
    size_t at;     /* its index in the member; several tokens of one text have the same */
    size_t listed; /* its index among the tokens that an engine lists, or LABEL_UNLISTED */
};

struct labels {
    enum field field; /* the member that tells them */
    struct label *of;
    double *log_prob; /* of each; filled in by who scores them */
    size_t count;
    bool floor; /* none is listed: the choice has the smallest log-probability that is */
};

struct plan {
    struct sequence_path path;
    size_t length;          /* T, in tokens */
    int64_t *ids;           /* length entries; NULL: not known */
    bool in_two;            /* the ids came as prompt and completion, not as tokens */
    size_t prompt_ids;      /* ids of the prompt, if in_two */
    size_t prompt_entries;  /* the same, with padding */
    unsigned char *segment; /* enum segment of each token */
    bool split;
    size_t completion;     /* number of tokens of y */
    const json_t *pack;    /* `cu_seqlens`: it is several documents (pack.h); NULL: it is one */
    size_t document;       /* the index of a document that was cut out of a pack */
    size_t entry_of_first; /* of a window: the entry of the sequence's members about token 0 */
    bool *taken;           /* of windows: tokens that one of them has a row or number about */
    struct labels *labels; /* y is one of these tokens of a distribution; NULL: it is not */

    /* Padding (plan_padding.h): entries of members, and rows, before the first token and behind the
     * last one. */
    size_t pad_before, pad_after;
    size_t rows_before, rows_after;

    struct model_output output;
    enum alignment alignment;
    size_t offset;        /* the token of row 0, before the alignment is added */
    bool completion_only; /* there are log-probabilities of y only */

    unsigned objectives; /* mask of 1 << enum objective_id */
    bool *needed;        /* tokens that some requested objective scores */
    bool scores_all;     /* each token of an objective must be scored; otherwise it is an error */
    unsigned details;    /* mask of enum detail */
    const json_t *candidates; /* ids to tell about (plan_candidates.h); NULL: none */
    unsigned silent;          /* details that the answer does not have: measures need them */
    size_t top;               /* K of the detail top:K */
    struct transform transform;
    const struct temperature_list *temperatures; /* NULL: the one of `transform` is not in a list */
    struct sampling sampling;
    struct loss_options loss;

    /* For the answer (plan_finish()). */
    double *weight; /* of each token; NULL: all are 1 */
    bool per_token;
    struct text_sizes sizes[SEGMENT_COUNT]; /* lengths of the texts of each segment */

    struct plan_notice *notices; /* warnings about members (plan_notice.h) */
};

/* Whether the output is rows of logits, which hold the whole distribution.  Otherwise it is
 * log-probabilities of the sequence's own tokens. */
static inline bool plan_has_rows(const struct plan *plan)
{
    return plan->output.kind == OUTPUT_ROWS || plan->output.kind == OUTPUT_TENSOR
           || plan->output.kind == OUTPUT_MATRIX;
}

/* The number of entries of a member that has one for each token, with padding. */
static inline size_t plan_entries(const struct plan *plan)
{
    return plan->pad_before + plan->length + plan->pad_after;
}

/* The distance from a row to its token, both counted with the rows of padding. */
size_t plan_shift(const struct plan *plan);

/* The row about a token.  It is no row, but a larger number, if the token is before the first
 * one. */
static inline size_t plan_row_of(const struct plan *plan, size_t token)
{
    return token + plan->rows_before - plan_shift(plan);
}

/* Make a plan that of `count` tokens from `first` on: its arrays are parts of those of the whole.
 */
void plan_slice(struct plan *plan, size_t first, size_t count);

/* Record that the id of a token is wrong.  The error points at the member that gave it: tokens,
 * prompt or completion; of a plan with labels `token` counts these.  Returns false. */
PRINTF(5, 6)
bool plan_fail_token(const struct plan *plan, size_t token, enum error_code code, struct error *err,
                     const char *format, ...);

#endif
