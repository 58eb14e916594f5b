/* spread_reply.c - writes how a quantity is spread. */
#include "api/score/spread_reply.h"

#include <math.h>

void put_figure(struct strbuf *text, const char *name, const struct figure *figure)
{
    put_number_or_null(text, name, figure->known, figure->value);
}

void put_spread(struct strbuf *text, const char *name, const struct spread *spread, bool full)
{
    const bool known = spread->count > 0;

    put_name(text, name);
    strbuf_puts(text, "{");
    put_number_or_null(text, "mean", known && !isnan(spread->mean), spread->mean);
    put_figure(text, "error", &spread->error);
    put_figure(text, "root_mean_square", &spread->root_mean_square);
    put_number_or_null(text, "max", known, spread->max);
    for (enum percentile i = 0; full && i < PERCENTILE_COUNT; i++)
        put_number_or_null(text, percentile_name(i), known, spread->percentile[i]);
    put_number_or_null(text, "min", known, spread->min);
    strbuf_puts(text, "}");
}
