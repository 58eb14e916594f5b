/* policies.c - which objectives of policies there are. */
#include "core/policies.h"

#define POLICY(name) extern const struct policy_objective policy_##name;
#include "core/policies.def"

static const struct policy_objective *const policies[] = {
#define POLICY(name) &policy_##name,
#include "core/policies.def"
};

const struct policy_objective *policy_at(size_t index)
{
    return policies[index];
}

static const struct family_objective *head_at(size_t index)
{
    return &policies[index]->head;
}

const struct family family_policy = {.name = "policy",
                                     .title = "objectives of policies",
                                     .count = sizeof policies / sizeof *policies,
                                     .at = head_at};
