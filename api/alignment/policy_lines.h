/* policy_lines.h - the totals of lines of requests to POST /v1/policy: those of one request with
 * the sequences of all.
 *
 * Objectives are told apart by their keys.  All that enters a total is kept until the last line is
 * written: for each token of y a double of each policy, of its advantage and of each detail, in the
 * memory of the whole request. */
#ifndef API_ALIGNMENT_POLICY_LINES_H
#define API_ALIGNMENT_POLICY_LINES_H

#include "api/alignment/policy_report.h"
#include "api/base/strbuf.h"

struct policy_lines;

/* The totals of no line, in the memory of a request.  NULL with x->error set. */
struct policy_lines *policy_lines_make(struct exchange *x);

/* Add what a line asks.  False with x->error set, x is the line: memory or work is used up. */
bool policy_lines_add(struct policy_lines *lines, const struct policy_report *report,
                      struct exchange *x);

/* Compute over all, and write the members of `totals`, without braces.  An objective is null where
 * lines mean different things by its key, its correction and its rejection among them; so are
 * `correction` and `rejection` where lines ask for different ones.  If memory or work is used up,
 * the error of the request is set. */
void policy_lines_write(struct strbuf *text, struct policy_lines *lines);

#endif
