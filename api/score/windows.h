/* windows.h - the windows of a sequence (plan/window.h): their plans, in order, and what they make
 * together.
 *
 * A token is scored by the first window in the list with a row (or a number) about it.  So windows
 * are planned in the order of the list, whichever of them streams first, and a plan is made once.
 * The columns of a window are parts of those of its sequence. */
#ifndef API_SCORE_WINDOWS_H
#define API_SCORE_WINDOWS_H

#include "api/base/strbuf.h"
#include "api/plan/plan_make.h"
#include "api/score/scores.h"

/* Make the plan of what is at a path, a sequence or a window, as plan_make() does;
 * log-probabilities of a window are read, too.  *scored is borrowed from the planner if it is a
 * window. */
enum plan_outcome windows_plan(struct scored **scored, const struct sequence_path *path,
                               struct planner *planner, bool complete, struct error *err);

/* Before the rows of a window are scored, when the request is complete: finish its plan, and at the
 * first window that of the sequence.  False with *err set. */
bool windows_begin(const struct scored *window, struct planner *planner, struct error *err);

/* Behind the rows of a window: at the last one of a sequence, each token that an objective needs
 * must be scored.  False with *err set. */
bool windows_end(const struct scored *window, struct error *err);

/* Put each sequence in the place of its windows. */
void windows_join(struct scores *scores);

/* Write the member `windows` of a sequence that has some, with a comma in front. */
void windows_write(struct strbuf *text, const struct scored *scored);

#endif
