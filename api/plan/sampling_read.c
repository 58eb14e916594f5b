/* sampling_read.c - the members that say which tokens of a row a sampler keeps. */
#include "api/plan/sampling_read.h"

#include <stdint.h>

static const enum field names[] = {
#define TRANSFORM(name, formula) FIELD_##name,
#include "api/members/transforms.def"
};

#define COUNT (sizeof names / sizeof *names)

/* The first of them that is given; FIELD_COUNT: none. */
static enum field first_given(const struct members *members)
{
    for (size_t i = 0; i < COUNT; i++)
        if (members->of[names[i]].value)
            return names[i];
    return FIELD_COUNT;
}

/* A loss of tokens that are not kept is infinite, so it cannot be spread over them. */
static bool check_loss(const struct plan *plan, enum field field, struct error *err)
{
    if (plan->loss.label_smoothing != 0)
        return members_conflict(&plan->path, field, FIELD_label_smoothing, err);
    return plan->loss.z_loss == 0 || members_conflict(&plan->path, field, FIELD_z_loss, err);
}

bool sampling_read(struct plan *plan, const struct members *members, struct error *err)
{
    const enum field field = first_given(members);

    if (field == FIELD_COUNT)
        return true;
    if (!plan_has_rows(plan))
        return member_fail(&plan->path, field, NO_ELEMENT, ERR_NEEDS_LOGITS, err,
                           "needs logits: log-probabilities do not tell the distribution");
    plan->sampling = (struct sampling){(size_t)json_integer_value(members->of[FIELD_top_k].value),
                                       json_number_value(members->of[FIELD_top_p].value),
                                       json_number_value(members->of[FIELD_min_p].value)};
    return check_loss(plan, field, err);
}
