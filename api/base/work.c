/* work.c - limits the work that a request causes. */
#include "api/base/work.h"

#include <stddef.h>

void work_nest(struct work *work, struct work *parent)
{
    *work = (struct work){.limit = parent->limit, .parent = parent, .stop = parent->stop};
}

static bool has_room(const struct work *work, uint64_t amount)
{
    return work->limit == 0 || (work->used <= work->limit && amount <= work->limit - work->used);
}

static bool is_stopped(const struct work *work)
{
    return work->stop && atomic_load_explicit(work->stop, memory_order_relaxed);
}

static bool fail(const struct work *work, struct error *err)
{
    return error_set(err, ERR_TOO_MUCH_WORK, "",
                     "the request asks for more than %llu visits of a logit, the limit set by "
                     "--max-work: send fewer rows at a time, or ask less of them",
                     (unsigned long long)work->limit);
}

bool work_charge(struct work *work, uint64_t amount, struct error *err)
{
    if (is_stopped(work))
        return error_set(err, ERR_CANCELLED, "", "the client has closed the connection");
    for (const struct work *at = work; at; at = at->parent)
        if (!has_room(at, amount))
            return fail(at, err);
    for (struct work *at = work; at; at = at->parent)
        at->used += amount;
    return true;
}

bool work_charge_each(struct work *work, uint64_t count, uint64_t each, struct error *err)
{
    uint64_t amount;

    return work_charge(work, __builtin_mul_overflow(count, each, &amount) ? UINT64_MAX : amount,
                       err);
}
