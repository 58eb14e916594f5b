/* output_told.h - writes how the answer of an engine was read, for trainers' routes. */
#ifndef API_ALIGNMENT_OUTPUT_TOLD_H
#define API_ALIGNMENT_OUTPUT_TOLD_H

#include "api/base/strbuf.h"
#include "api/score/scored.h"

/* Write the member `name` with `source` and `warnings`, if the output is an engine's answer.
 * `scored` may be NULL: there is no output. */
void output_told_write(struct strbuf *text, const char *name, const struct scored *scored);

#endif
