/* output_told.c - writes how the answer of an engine was read. */
#include "api/alignment/output_told.h"

#include "api/base/json_writer.h"
#include "api/plan/plan_notice.h"

void output_told_write(struct strbuf *text, const char *name, const struct scored *scored)
{
    if (!scored || !scored->plan.output.answer)
        return;
    put_name(text, name);
    strbuf_puts(text, "{");
    plan_notices_write(text, &scored->plan);
    strbuf_puts(text, "}");
}
