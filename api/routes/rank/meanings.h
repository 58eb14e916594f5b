/* meanings.h - whether the choices of a question mean different tokens of one distribution. */
#ifndef API_ROUTES_RANK_MEANINGS_H
#define API_ROUTES_RANK_MEANINGS_H

#include "api/score/scored.h"

/* Check the choices of a question, which follow each other.  False with *err set: only some are
 * tokens of one distribution, two mean the same token, or memory is used up. */
bool meanings_check(struct scored *const *choices, size_t count, struct arena *arena,
                    struct error *err);

#endif
