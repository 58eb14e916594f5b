/* engine_warning.c - warnings about an engine's answer. */
#include "api/engines/engine_warning.h"

static const struct {
    const char *slug, *detail;
} warnings[] = {
#define WARNING(id, slug, detail) {slug, detail},
#include "api/engines/warnings.def"
};

const char *warning_slug(enum warning warning)
{
    return warnings[warning].slug;
}

const char *warning_detail(enum warning warning)
{
    return warnings[warning].detail;
}
