/* stream_twice.h - log-probabilities that a stream tells twice: in its pieces, and at its end in
 * the whole answer (OpenAI's Responses). */
#ifndef API_ENGINES_STREAM_TWICE_H
#define API_ENGINES_STREAM_TWICE_H

#include "api/engines/stream_run.h"

/* Hold the log-probabilities of the pieces against those of the whole answer; where both have some,
 * they must be the same.  *pieces: only the pieces have them.  Work is charged.  False with the
 * joiner's error set. */
bool stream_twice_check(const struct run *run, bool *pieces);

#endif
