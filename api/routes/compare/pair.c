/* pair.c - compares two models over the tokens of one sequence. */
#include "api/routes/compare/pair.h"

const char *distance_name(enum distance distance)
{
    static const char *const names[] = {"delta_p", "kl_ab", "kl_ba", "jsd", "total_variation"};

    return names[distance];
}

bool pair_has(const struct pair *pair, enum objective_id id, size_t token)
{
    const struct scored *a = pair->model[0], *b = pair->model[1];

    return (pair->objectives >> id & 1) && b->plan.needed[token]
           && scored_has(a, objective_at(id), token);
}

bool pair_compares(const struct pair *pair, size_t token)
{
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++)
        if (pair_has(pair, id, token))
            return true;
    return false;
}
