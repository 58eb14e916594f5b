/* policies.h - the table of objectives of policies (core/policies.def). */
#ifndef CORE_POLICIES_H
#define CORE_POLICIES_H

#include "core/policy.h"

extern const struct family family_policy;

const struct policy_objective *policy_at(size_t index);

#endif
