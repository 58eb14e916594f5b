/* policy_batch.h - the sequences of a request to POST /v1/policy: what each policy says of their
 * tokens. */
#ifndef API_ROUTES_POLICY_POLICY_BATCH_H
#define API_ROUTES_POLICY_POLICY_BATCH_H

#include "core/correction.h"

#include "api/exchange/api.h"
#include "api/score/scores.h"

/* One sequence.  Arrays have `length` entries. */
struct batch_sequence {
    struct sequence_path path;                 /* to the sequence, not to an output */
    const struct scored *source[SOURCE_COUNT]; /* NULL: not given; `old` may be another one, too */
    const struct plan *plan;                   /* of the first output: tokens and y */
    size_t length, tokens;                     /* of all, and of y */
    const bool *in_y;

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
    size_t longest;   /* entries of the longest sequence */
    size_t sequences; /* that have a token of y */
};

/* Make the batch of a scored request.  False with x->error set: a sequence has no output, the
 * outputs of one are about different tokens, or advantages do not fit y. */
bool policy_batch_make(struct policy_batch *batch, const struct scores *scores, struct exchange *x);

#endif
