/* policy_kl.c - the divergence of two policies over the vocabulary, from a row of each. */
#include "api/alignment/policy_kl.h"

#include "core/divergence.h"

double policy_kl(const struct kernel *kernel, const struct policy_row *p,
                 const struct policy_row *q)
{
    const struct policy_row *rows[2] = {q, p};
    struct row_stats stats[2];
    struct side side[2];

    for (size_t i = 0; i < 2; i++) {
        const struct transform *transform = &rows[i]->plan->transform;
        struct row_fault fault;

        stats[i] = (struct row_stats){.argmax = 0};
        kernel->reduce(&rows[i]->row, transform, 0, &stats[i], &fault);
        side[i] = (struct side){&rows[i]->row, transform, &stats[i]};
    }
    return divergence_of(kernel, &side[0], &side[1]).kl_ab;
}

bool policy_kl_charge(struct exchange *x, size_t tokens, const struct plan *p, const struct plan *q)
{
    uint64_t each = 2 + WORK_DIVERGENCE;

    each += p->transform.softcap > 0 ? 2 * WORK_SOFTCAP : 0;
    each += q->transform.softcap > 0 ? 2 * WORK_SOFTCAP : 0;
    return work_charge_each(&x->work, tokens, each * p->output.width, &x->error);
}
