/* rank_mean.c - writes the mean of a measure over questions. */
#include "api/routes/rank/rank_mean.h"

#include "core/moments.h"

#include "api/base/json_writer.h"

void put_rank_mean(struct strbuf *text, const char *name, const double *values, size_t count)
{
    struct moments moments;
    struct scaled mean = {0}, error = {0};
    double value = 0;
    bool known;

    moments_of(&moments, values, count);
    put_name(text, name);
    strbuf_puts(text, "{");
    known = moments_mean(&moments, &mean);
    put_number_or_null(text, "mean", known, scaled_double(mean));
    known = moments_error(&moments, &error) && scaled_fits(error, &value);
    put_number_or_null(text, "standard_error", known, value);
    put_count(text, "questions", count);
    strbuf_puts(text, "}");
}
