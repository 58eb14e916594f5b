/* engine_whole.h - whether a response with several answers is whole.
 *
 * An engine counts the tokens of all its answers together.  What one answer lists can only be held
 * against that count together with the others. */
#ifndef API_ENGINES_ENGINE_WHOLE_H
#define API_ENGINES_ENGINE_WHOLE_H

#include "api/engines/engine_answer.h"

/* Check the response of an answer, once for all answers of it.  False with *err set: it has two
 * lists of answers, or these do not list as many tokens as the engine counts. */
bool engine_whole_check(struct engine_answer *answer, struct error *err);

#endif
