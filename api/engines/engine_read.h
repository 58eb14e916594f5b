/* engine_read.h - the answer about a sequence, out of what its request says in `outputs`.
 *
 * `outputs` is one response of an engine, or a list of them, and a response may hold several
 * answers; those are dealt to the sequences that the member stands beside. */
#ifndef API_ENGINES_ENGINE_READ_H
#define API_ENGINES_ENGINE_READ_H

#include "api/engines/engine_answers.h"
#include "api/members/members.h"

/* Read the answer about a sequence, in the format that the members name or the keys tell.  What the
 * request knows (asked, offset, dtype) and what the reading needs (arena, work, shared answers) is
 * filled in. */
bool engine_read(struct engine_answer *answer, const struct members *members, struct error *err);

/* How many answers there are; 1 where that cannot be told. */
size_t engine_count_answers(const struct members *members);

#endif
