/* engine_read.h - selects and parses the answer for a sequence from the member `outputs`.
 *
 * It is a response of an engine, or a list of responses (outputs.h); a response may hold several
 * answers.  A single answer applies to each sequence beside it.  Several answers are assigned to as
 * many objects, by `index` or by order. */
#ifndef API_ENGINES_ENGINE_READ_H
#define API_ENGINES_ENGINE_READ_H

#include "api/engines/engine_answers.h"
#include "api/members/members.h"

/* Parse the answer for a sequence, in the format that `format` names or that the keys show.  The
 * caller has set the members asked, asked_count, offset, dtype, arena, work and answers.  False
 * with *err set: no such format or answer, a wrong answer, or memory or work is used up. */
bool engine_read(struct engine_answer *answer, const struct members *members, struct error *err);

/* The number of answers in `outputs`.  1: it cannot be determined.  0 with *err set: memory or work
 * is used up.  `scratch` has the members arena, work and answers. */
size_t engine_count_answers(const struct members *members, const struct engine_answer *scratch,
                            struct error *err);

#endif
