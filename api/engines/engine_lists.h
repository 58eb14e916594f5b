/* engine_lists.h - reads an answer by the row of its format: lists of tokens and what is told of
 * them.
 *
 * P is the list about the prompt, G the list about generated tokens.  Some servers put the prompt
 * in front of the generated tokens ("echo"); the engine's counts say where it ends.  Parts that
 * contradict each other are refused: counts against lists, ids against ids, a list that stands
 * twice, sums against terms. */
#ifndef API_ENGINES_ENGINE_LISTS_H
#define API_ENGINES_ENGINE_LISTS_H

#include "api/engines/engine_answer.h"

/* Append the entries of answer->choice, and set what is known of its prompt.  False with *err set:
 * there are no log-probabilities, the answer contradicts itself, or memory or work is used up. */
bool engine_lists_read(struct engine_answer *answer, struct error *err);

#endif
