/* registered.h - members whose value is a name of a registry (core/registry.h). */
#ifndef API_MEMBERS_REGISTERED_H
#define API_MEMBERS_REGISTERED_H

#include "core/registry.h"

#include "api/members/check_context.h"

/* Whether the value is a name of the registry.  Otherwise the error lists its names. */
bool check_registered(const struct check_context *context, enum registry_id registry);

/* The value of a valid name; `absent`, if it is NULL. */
size_t registered(enum registry_id registry, const json_t *name, size_t absent);

#endif
