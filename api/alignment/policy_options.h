/* policy_options.h - what a request to POST /v1/policy asks of its sequences. */
#ifndef API_ALIGNMENT_POLICY_OPTIONS_H
#define API_ALIGNMENT_POLICY_OPTIONS_H

#include "core/policy_loss.h"

#include "api/alignment/policy_batch.h"
#include "api/members/asked_objectives.h"

/* How tokens are weighed, and which do not count. */
struct policy_terms {
    bool corrects, rejects;
    struct correction correction;  /* if it corrects */
    struct ratio_bounds rejection; /* if it rejects */
};

struct policy_options {
    const char *model; /* NULL: not given */
    size_t model_length;
    struct asked_objectives asked;
    struct policy_setting *setting; /* of each */

    struct policy_terms terms;

    bool per_token, entropy, kl;
    bool token_losses;        /* the loss of each token is kept */
    bool losses_alone;        /* ratios have no totals */
    size_t entropy_at, kl_at; /* the first such element of `details` */
};

/* Read the options of a request, and check that the sequences have what they need.  False with
 * x->error set. */
bool policy_options_read(struct policy_options *options, const struct policy_batch *batch,
                         json_t *request, struct exchange *x);

#endif
