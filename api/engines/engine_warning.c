/* engine_warning.c - warnings about an engine's answer, or about a member of a request. */
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

void warning_write(struct strbuf *text, enum warning warning, const char *pointer, size_t count)
{
    strbuf_snippet(text, "{'code':");
    strbuf_quote(text, warning_slug(warning));
    strbuf_snippet(text, ",'detail':");
    strbuf_quote(text, warning_detail(warning));
    strbuf_snippet(text, ",'pointer':");
    strbuf_quote(text, pointer);
    strbuf_snippet(text, ",'count':");
    strbuf_count(text, count);
    strbuf_puts(text, "}");
}
