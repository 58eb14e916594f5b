/* same_tokens.h - whether two outputs say something about the same tokens. */
#ifndef API_SCORE_SAME_TOKENS_H
#define API_SCORE_SAME_TOKENS_H

#include "api/plan/plan.h"

/* Check that the tokens of b are those of a, and that both have the same split, if they have one.
 * Tokens of the request are the same.  Those of engines' answers must have the same ids, or texts
 * where ids are not told.  `first` is what a is called in errors, which are about b.  False with
 * *err set: they differ, or that cannot be told. */
bool same_tokens(const struct plan *a, const struct plan *b, const char *first, struct error *err);
bool same_split(const struct plan *a, const struct plan *b, const char *first, struct error *err);

#endif
