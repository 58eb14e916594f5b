/* sequence.h - one sequence of a request, ready to be scored.
 *
 * Here the members of a sequence and the defaults of the top level become one plan: which tokens
 * there are, which belong to y, what is asked, and where the model's output stands. */
#ifndef API_SEQUENCE_H
#define API_SEQUENCE_H

#include "api/fields.h"
#include "core/loss.h"
#include "core/objective.h"

#include <stdint.h>

/* A member of a sequence: its value, and whether it is the sequence's own or a default. */
struct member {
    json_t *value; /* NULL: absent */
    size_t owner;  /* index of the sequence, or TOP_LEVEL */
};

struct members {
    struct member of[FIELD_COUNT];
    size_t index;  /* of the sequence */
    size_t parent; /* the same, or TOP_LEVEL where the request itself is the sequence */
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

/* What the model said. */
enum output_kind { OUTPUT_ROWS, OUTPUT_TENSOR, OUTPUT_LOGPROBS };

struct output {
    enum output_kind kind;
    struct span *span; /* the numbers */
    size_t owner;      /* whose: sequences with one owner share it */
    enum dtype dtype;  /* of the rows, once read */
    size_t rows, width;
};

struct plan {
    struct members members;
    size_t length;          /* T */
    int64_t *ids;           /* NULL: not known */
    size_t prompt_ids;      /* ids that came as `prompt`; 0 with `tokens` */
    unsigned char *segment; /* enum segment */
    double *weight;         /* NULL: all 1 */
    bool split;
    size_t completion; /* tokens of y */

    struct output output;
    enum alignment alignment;
    size_t offset;
    bool completion_only; /* logprobs for y alone */

    unsigned objectives; /* mask of 1 << enum objective_id */
    bool *needed;        /* tokens that a requested objective scores */
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

/* The members of a sequence, each its own or else the request's.  `own` is NULL where the request
 * itself is the sequence. */
void members_merge(struct members *members, const json_t *top, const json_t *own, size_t index);

/* The JSON pointer of a member, where it stands or would stand. */
void member_pointer(const struct members *members, enum field field, struct error *out);

/* Make the plan of the sequence whose members are given; all arrays live in the arena. */
bool plan_make(struct plan *plan, const struct members *members, struct envelope *envelope,
               struct arena *arena, struct error *err);

/* Make the columns of the results, once V is known; does nothing the second time. */
bool plan_columns(struct plan *plan, size_t width, struct arena *arena, struct error *err);

/* The row that is about a token, and the reverse: token = row + plan_shift(). */
size_t plan_shift(const struct plan *plan);

/* Record that a token's id is at fault (it may have come as prompt or completion). */
PRINTF(5, 6)
bool plan_fail_token(const struct plan *plan, size_t token, enum error_code code, struct error *err,
                     const char *format, ...);

/* The field in which the id of a token came. */
enum field plan_token_field(const struct plan *plan, size_t token);

#endif
