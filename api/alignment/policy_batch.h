/* policy_batch.h - sequences, and what each policy says of their tokens: those of a request to POST
 * /v1/policy, or of tensors. */
#ifndef API_ALIGNMENT_POLICY_BATCH_H
#define API_ALIGNMENT_POLICY_BATCH_H

#include "core/correction.h"

#include "api/exchange/api.h"
#include "api/score/scores.h"

/* One sequence.  Arrays have `length` entries. */
struct batch_sequence {
    struct sequence_path path;            /* to the sequence, not to an output */
    const double *log_prob[SOURCE_COUNT]; /* NULL: not given; `old` may be another one, too */
    const double *entropy;                /* of the rows of current; NULL: not asked for */
    size_t length, tokens;                /* of all, and of y */
    const bool *in_y;

    /* The outputs that these are from.  NULL: they are numbers of another form. */
    const struct scored *scored[SOURCE_COUNT];
    const struct plan *plan; /* of the first one */
    bool has_old;            /* `old` is an output of its own */

    bool has_advantages;
    double advantage;         /* of all tokens, unless ... */
    const double *advantages; /* ... there is one for each of y */

    bool has[RATIO_COUNT]; /* both sides are given */
    struct ratio_view view[RATIO_COUNT];
    struct sequence_ratio ratio[RATIO_COUNT];
    double *kl[RATIO_COUNT]; /* KL(q || p) of the rows; NULL: one side has none, or not asked for */
};

struct policy_batch {
    struct batch_sequence *of;
    size_t count;
    size_t tokens;    /* of y */
    size_t sequences; /* that have a token of y */
};

/* Make the batch of a scored request.  False with x->error set: a sequence has no output, the
 * outputs of one are about different tokens, or advantages do not fit y. */
bool policy_batch_make(struct policy_batch *batch, const struct scores *scores, struct exchange *x);

/* Find the ratios of sequences, and count: `of` and `count` are set, and of each sequence what is
 * before `has`, but for `tokens`. */
void policy_batch_add_up(struct policy_batch *batch);

#endif
