/* engine_warning.h - what may be noticed in an engine's answer that is taken nevertheless. */
#ifndef API_ENGINES_ENGINE_WARNING_H
#define API_ENGINES_ENGINE_WARNING_H

enum warning {
#define WARNING(id, slug, detail) WARNING_##id,
#include "api/engines/warnings.def"
    WARNING_COUNT
};

/* Its name on the wire ("all_zero"), and a sentence about it. */
const char *warning_slug(enum warning warning);
const char *warning_detail(enum warning warning);

#endif
