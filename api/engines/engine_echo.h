/* engine_echo.h - where the prompt ends in a list that may begin with it. */
#ifndef API_ENGINES_ENGINE_ECHO_H
#define API_ENGINES_ENGINE_ECHO_H

#include "api/engines/engine_told.h"

/* Find out which entries from `from` on are of the prompt; *prompt is their number, 0 if the list
 * has only generated tokens.  Before `from` stands a list of the prompt, if from > 0: its tokens
 * are then removed from the list, if they are there again.  False with *err set: neither fits the
 * counts. */
bool engine_echo_split(struct engine_answer *answer, const struct engine_told *told, size_t from,
                       size_t *prompt, struct error *err);

#endif
