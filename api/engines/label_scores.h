/* label_scores.h - answers of scoring routes: probabilities of labels in place of
 * log-probabilities.
 *
 * SGLang's /v1/score has for each item a list of probabilities, of the labels that were asked for
 * and in their order.  vLLM's /generative_scoring and /score have one for each item.  An entry is
 * the log of one of them, without an id. */
#ifndef API_ENGINES_LABEL_SCORES_H
#define API_ENGINES_LABEL_SCORES_H

#include "api/engines/engine.h"

/* See struct engine.  Each reads one item. */
bool label_scores_read(struct engine_answer *answer, struct error *err);
bool label_score_read(struct engine_answer *answer, struct error *err);

#endif
