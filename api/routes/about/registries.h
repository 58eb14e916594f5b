/* registries.h - the tables of names that requests have beside objectives: those of
 * core/registry.h, the details, the measures of detection, the sampling transforms and the
 * statistics of a corpus. */
#ifndef API_ROUTES_ABOUT_REGISTRIES_H
#define API_ROUTES_ABOUT_REGISTRIES_H

#include "core/registry.h"

#include "api/base/strbuf.h"

/* How many there are. */
enum { REGISTRIES = REGISTRY_COUNT + 4 };

/* The name of each, and what its names decide. */
struct registry_title {
    const char *name, *help;
};

struct registry_title registries_title(size_t index);

/* Write each table as a member for GET /v1/objectives: a list of objects of the schema Registered
 * (about.def). */
void registries_put(struct strbuf *text);

/* Write each table as a section of docs/reference.md. */
void registries_reference(struct strbuf *page);

/* Write a JSON Schema of the names of each table that a request chooses from, as members. */
void registries_schemas(struct strbuf *text);

#endif
