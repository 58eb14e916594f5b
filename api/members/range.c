/* range.c - the ranges of numbers that enter computations. */
#include "api/members/range.h"

#include <math.h>
#include <string.h>

#define NO_ZERO false
#define OR_ZERO true
#define TEXT_NO_ZERO ""
#define TEXT_OR_ZERO "0 or "
#define TO false
#define TO_BELOW true
#define TEXT_TO " to "
#define TEXT_TO_BELOW " to below "

static const struct range ranges[] = {
#define RANGE(name, schema, zero, least, edge, most, beyond)                                       \
    {#name, #schema, zero, least, most, edge, TEXT_##zero #least TEXT_##edge #most, beyond},
#include "api/members/ranges.def"
};

const struct range *range_at(enum range_id id)
{
    return &ranges[id];
}

const struct range *range_find(const char *name)
{
    for (size_t i = 0; i < RANGE_COUNT; i++)
        if (strcmp(ranges[i].name, name) == 0)
            return &ranges[i];
    return NULL;
}

bool range_has(const struct range *range, double value)
{
    return (range->or_zero && value == 0)
           || (value >= range->least && value <= range->most
               && !(range->below && value == range->most));
}

/* A number in an error. */
static void put_value(struct strbuf *text, double value)
{
    if (isfinite(value))
        strbuf_number(text, value);
    else
        strbuf_printf(text, "%g", value);
}

void range_explain(const struct range *range, double value, char detail[static RANGE_DETAIL])
{
    struct strbuf text = {.data = detail, .capacity = RANGE_DETAIL - 1};

    put_value(&text, value);
    strbuf_printf(&text, " is out of its range, %s: %s", range->text, range->beyond);
    detail[text.length] = '\0';
}

static void put_bound(struct strbuf *text, const char *name, double value)
{
    strbuf_printf(text, "\"%s\":", name);
    strbuf_number(text, value);
}

void range_schema(const struct range *range, struct strbuf *text)
{
    strbuf_puts(text, "{\"type\":\"number\",");
    if (range->or_zero)
        strbuf_puts(text, "\"anyOf\":[{\"const\":0},{");
    put_bound(text, "minimum", range->least);
    strbuf_puts(text, ",");
    put_bound(text, range->below ? "exclusiveMaximum" : "maximum", range->most);
    strbuf_puts(text, range->or_zero ? "}]}" : "}");
}

bool range_softcap_fits(double softcap, double temperature, char detail[static RANGE_DETAIL])
{
    struct strbuf text = {.data = detail, .capacity = RANGE_DETAIL - 1};

    if (softcap / temperature <= SOFTCAP_MOST)
        return true;
    strbuf_number(&text, softcap);
    strbuf_puts(&text, " is more than 2^60 (about 1.15e18) times the temperature ");
    strbuf_number(&text, temperature);
    strbuf_puts(&text, ": give a smaller softcap, or none");
    detail[text.length] = '\0';
    return false;
}
