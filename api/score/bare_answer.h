/* bare_answer.h - a body that is an engine's answer, without `outputs` around it.
 *
 * Lines of NDJSON may be (body_use.knows).  Such a body has a member that no request has, and the
 * keys of an answer, of a line of a batch, or of an error.  It becomes the request {"outputs":
 * answer}. */
#ifndef API_SCORE_BARE_ANSWER_H
#define API_SCORE_BARE_ANSWER_H

#include "api/body/body_scanner.h"

/* For body_use.knows: whether a request has a member of that name. */
bool bare_answer_knows(const char *name);

/* Take a complete body: as a request, or as an answer.  False with the error set: it is neither, or
 * memory is used up. */
bool bare_answer_take(struct body_scanner *scan);

/* The body is not valid, and the error is set: it becomes that of the first fault in a request.
 * Returns false. */
bool bare_answer_fail(struct body_scanner *scan);

#endif
