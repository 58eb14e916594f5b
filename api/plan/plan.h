/* plan.h - one sequence of a request, ready to be scored.
 *
 * Here the members of a sequence and the defaults of the top level become one plan: which tokens
 * there are, which belong to y, what is asked, and where the model's output stands. */
#ifndef API_PLAN_PLAN_H
#define API_PLAN_PLAN_H

#include "api/exchange/api.h"
#include "api/members/fields.h"
#include "api/members/sequence_iterator.h"
#include "api/plan/text_sizes.h"
#include "core/loss.h"
#include "core/objective_value.h"
#include "core/objectives.h"

#include <stdint.h>

/* A member of a sequence: its value, and whether it is the sequence's own or a default. */
struct member {
    json_t *value; /* NULL: absent */
    size_t owner;  /* number of the object it stands in (body_layout.h) */
};

struct members {
    struct member of[FIELD_COUNT];
    size_t owner;                        /* number of the sequence itself */
    struct holder holder[LAYOUT_LEVELS]; /* from the request to the sequence */
    size_t holders;
    const struct route_schema *schema;
    const struct envelope *envelope; /* NULL: where members came from does not matter */
    size_t answer; /* which one of outputs, where a request without a list is several sequences */
};

/* Record a failure at a member, or at one of its elements (NO_ELEMENT: at the member itself).
 * An absent member is pointed at where it would stand.  Returns false. */
#define NO_ELEMENT ((size_t)-1)
PRINTF(6, 7)
bool member_fail(const struct members *members, enum field field, size_t element,
                 enum error_code code, struct error *err, const char *format, ...);

/* The same at a member of the member: "/logits/dtype". */
PRINTF(6, 7)
bool member_fail_in(const struct members *members, enum field field, const char *name,
                    enum error_code code, struct error *err, const char *format, ...);

/* The same within a row of logits: at its element `column`, or at the row itself. */
PRINTF(6, 7)
bool member_fail_row(const struct members *members, size_t row, size_t column, enum error_code code,
                     struct error *err, const char *format, ...);

/* Two members that exclude each other: the later one in the body is at fault.  Returns false. */
bool members_conflict(const struct members *members, enum field a, enum field b, struct error *err);

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
    struct engine_answer *reading; /* NULL: none */
    size_t first, used; /* the token that its first entry is about; entries that are used */
    size_t leading;     /* tokens before this one have no log-probability */
    size_t split;       /* |x|, if it splits the sequence */
    bool splits, split_used;
    bool narrow;  /* part of the prompt lacks log-probabilities */
    bool own_ids; /* the ids are those of the answer */
};

struct plan {
    struct members members;
    size_t length;          /* T */
    int64_t *ids;           /* NULL: not known */
    size_t prompt_ids;      /* ids that came as `prompt`; 0 with `tokens` */
    unsigned char *segment; /* enum segment */
    double *weight;         /* NULL: all 1 */
    bool split;
    size_t completion;                      /* tokens of y */
    struct text_sizes sizes[SEGMENT_COUNT]; /* of its texts */

    struct model_output output;
    enum alignment alignment;
    size_t offset;
    bool completion_only; /* logprobs for y alone */

    unsigned objectives; /* mask of 1 << enum objective_id */
    bool *needed;        /* tokens that a requested objective scores */
    bool scores_all;     /* a token of an objective that is not scored is an error */
    bool per_token;
    unsigned details;
    size_t top;
    struct transform transform;
    struct loss_options loss;

    /* Results, a column each of `length` entries; NULL where not asked for. */
    double *log_prob;
    double *token_loss; /* before weights */
    unsigned char *greedy;
    size_t *rank;
    double *entropy;
    struct ranked *best; /* length * top; their logit is a log-prob here */
    size_t best_count;   /* min(top, V) */
    struct objective_value value[OBJECTIVE_COUNT];
};

/* The members of the sequence at hand, each its own or else the nearest default. */
void members_merge(struct members *members, const struct sequence_iterator *outline,
                   const struct envelope *envelope);

/* The level of the object that a member stands in: 0 for the request. */
size_t member_level(const struct members *members, enum field field);

/* Where in the envelope's text a member begins; 0 where it is absent. */
size_t member_place(const struct members *members, enum field field);

/* The JSON pointer of a member, where it stands or would stand. */
void member_pointer(const struct members *members, enum field field, struct error *out);

/* Make the plan of the sequence whose members are given; all arrays live in the arena. */
bool plan_make(struct plan *plan, const struct members *members, struct envelope *envelope,
               struct exchange *x, struct error *err);

/* Make the columns of the results, once V is known; does nothing the second time. */
bool plan_columns(struct plan *plan, size_t width, struct arena *arena, struct error *err);

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

/* The field in which the id of a token came. */
enum field plan_token_field(const struct plan *plan, size_t token);

#endif
