/* schemas.h - the routes that take model outputs: a schema of members for each, made from the
 * tables fields.def, rank.def, compare.def, policy.def and preference.def. */
#ifndef API_MEMBERS_SCHEMAS_H
#define API_MEMBERS_SCHEMAS_H

#include "api/members/schema.h"

extern const struct route_schema schema_score, schema_rank, schema_compare, schema_policy,
    schema_preference;

#endif
