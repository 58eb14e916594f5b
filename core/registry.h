/* registry.h - the tables of names that requests choose from: each name with what it is.
 *
 * A registry is made from the table that declares the enum of its names, and an index of it is a
 * value of that enum.  Checks, errors, schemas, GET /v1/objectives and documents are made from
 * it. */
#ifndef CORE_REGISTRY_H
#define CORE_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>

enum registry_id {
#define REGISTRY(name, type, help) REGISTRY_##name,
#include "core/registries.def"
    REGISTRY_COUNT
};

struct registry_entry {
    const char *name, *help;
    const char *formula; /* NULL: it has none */
};

struct registry {
    const char *name; /* in GET /v1/objectives */
    const char *type; /* what documents call a name of it */
    const char *help; /* what its names decide, a sentence */
    const struct registry_entry *entries;
    size_t count;
};

const struct registry *registry_at(enum registry_id id);

/* The name of a value. */
const char *registry_name(enum registry_id id, size_t value);

/* The value of a name, which may be NULL.  False: there is none; *value is then unchanged. */
bool registry_find(enum registry_id id, const char *name, size_t *value);

#endif
