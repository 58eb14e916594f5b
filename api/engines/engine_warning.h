/* engine_warning.h - warnings about an engine's answer, or about a member of a request, that is
 * accepted nevertheless. */
#ifndef API_ENGINES_ENGINE_WARNING_H
#define API_ENGINES_ENGINE_WARNING_H

#include "api/base/strbuf.h"

enum warning {
#define WARNING(id, slug, detail) WARNING_##id,
#include "api/engines/warnings.def"
    WARNING_COUNT
};

/* The code of a warning in the reply ("all_zero"), and a sentence that explains it. */
const char *warning_slug(enum warning warning);
const char *warning_detail(enum warning warning);

/* Write a warning as it is in the reply: code, detail, pointer and count. */
void warning_write(struct strbuf *text, enum warning warning, const char *pointer, size_t count);

#endif
