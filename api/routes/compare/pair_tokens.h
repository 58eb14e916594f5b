/* pair_tokens.h - whether two models say something about the same tokens. */
#ifndef API_ROUTES_COMPARE_PAIR_TOKENS_H
#define API_ROUTES_COMPARE_PAIR_TOKENS_H

#include "api/routes/compare/pair.h"

/* Check that the tokens of both models are the same, and so is their split.  Tokens of the request
 * are.  Those of engines' answers must have the same ids, or texts where ids are not told.  False
 * with *err set: they differ or cannot be told, or no objective is left to compare. */
bool pair_check_tokens(const struct pair *pair, struct error *err);

#endif
