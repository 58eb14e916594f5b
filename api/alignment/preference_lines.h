/* preference_lines.h - the totals of lines of requests to POST /v1/preference: those of one request
 * with the pairs and examples of all.
 *
 * Objectives are told apart by their keys.  All that enters a total is kept until the last line is
 * written: a few hundred bytes a pair, in the memory of the whole request. */
#ifndef API_ALIGNMENT_PREFERENCE_LINES_H
#define API_ALIGNMENT_PREFERENCE_LINES_H

#include "api/alignment/verdicts.h"
#include "api/base/strbuf.h"

struct preference_lines;

/* The totals of no line, in the memory of a request.  NULL with x->error set. */
struct preference_lines *preference_lines_make(struct exchange *x);

/* Add what a line asks.  False with x->error set, x is the line: memory is used up. */
bool preference_lines_add(struct preference_lines *lines, const struct verdicts *verdicts,
                          struct exchange *x);

/* Evaluate the objectives over all, and write the members of `totals`, without braces.  An
 * objective is null where lines mean different things by its key.  If memory or work is used up,
 * the error of the request is set. */
void preference_lines_write(struct strbuf *text, struct preference_lines *lines);

#endif
