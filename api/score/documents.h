/* documents.h - cuts the documents of packs (plan/pack.h) out of them. */
#ifndef API_SCORE_DOCUMENTS_H
#define API_SCORE_DOCUMENTS_H

#include "api/score/scores.h"

/* Put the documents of each pack in its place, so that each of them is a sequence of the request.
 * Their columns are parts of those of the pack, which are filled.  False with *err set: memory is
 * used up. */
bool documents_cut(struct scores *scores, struct arena *arena, struct error *err);

#endif
