/* sampling_read.h - the members that say which tokens of a row a sampler keeps. */
#ifndef API_PLAN_SAMPLING_READ_H
#define API_PLAN_SAMPLING_READ_H

#include "api/plan/plan.h"

/* Read `top_k`, `top_p` and `min_p` into plan->sampling.  The options of the loss are read.  False
 * with *err set: they need logits, or exclude an option of the loss. */
bool sampling_read(struct plan *plan, const struct members *members, struct error *err);

#endif
