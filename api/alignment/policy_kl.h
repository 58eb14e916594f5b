/* policy_kl.h - the divergence of two policies over the vocabulary, from a row of each. */
#ifndef API_ALIGNMENT_POLICY_KL_H
#define API_ALIGNMENT_POLICY_KL_H

#include "api/exchange/api.h"
#include "api/plan/plan.h"

/* A row of an output, and how its logits are read. */
struct policy_row {
    struct row row;
    const struct plan *plan;
};

/* KL(q || p); the rows are of one width.  A row that cannot be scored gives any number. */
double policy_kl(const struct kernel *kernel, const struct policy_row *p,
                 const struct policy_row *q);

/* Charge it for so many tokens of two outputs.  False with x->error set: work is used up. */
bool policy_kl_charge(struct exchange *x, size_t tokens, const struct plan *p,
                      const struct plan *q);

#endif
