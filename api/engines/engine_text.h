/* engine_text.h - the text of an answer, held against the texts of its tokens. */
#ifndef API_ENGINES_ENGINE_TEXT_H
#define API_ENGINES_ENGINE_TEXT_H

#include "api/engines/engine_answer.h"

/* Warn if the answer's text has all its generated tokens in order, and more between or around them:
 * then some are not listed.  A text in which they are not found says nothing. */
void engine_text_check(struct engine_answer *answer);

#endif
