/* window.h - a stretch of a sequence's tokens that the model was shown alone: the member `windows`.
 *
 * A sequence with `windows` has a plan without an output.  Each window has a plan of its own: the
 * tokens from `start` to `end`, with the output, alignment and transform of the window.  The plans
 * share the arrays of the sequence, but for `needed`: a token is scored by the first window in the
 * list with a row (or a number) about it.  score/windows.h makes these plans in order. */
#ifndef API_PLAN_WINDOW_H
#define API_PLAN_WINDOW_H

#include "api/plan/plan.h"

/* Whether the last object of a path is a window. */
bool window_is(const struct sequence_path *path);

/* Whether nothing stands beside `windows` that says of all tokens what the model said, and no
 * `offset` in them.  False with *err set. */
bool window_check(const struct members *members, struct error *err);

/* Cut a window out of a plan, which is a copy of the sequence's: `start` and `end` are of the
 * members.  False with *err set; *later is set too if one of them may still arrive. */
bool window_cut(struct plan *plan, const struct members *members, bool *later, struct error *err);

/* Whether the window's output has a row about a token of the window. */
bool window_has_row(const struct plan *plan, size_t token);

/* Give a window an array `needed` of its own: of the sequence's those tokens that no window before
 * it has taken, and that have a row, if it has rows.  False with *err set: memory is used up. */
bool window_take(struct plan *plan, struct arena *arena, struct error *err);

/* Whether a window has as many rows as it has tokens with one, or one more.  False with *err set.
 */
bool window_check_rows(const struct plan *plan, struct error *err);

#endif
