/* policy_stream.h - divergences of outputs whose rows are reduced as they arrive.
 *
 * The exact KL of a ratio needs the rows of both sides.  Those of the side that comes first are
 * kept.  An output streams if all others that it has a ratio with came before it in the sequence:
 * each row is compared with the kept ones, and let go. */
#ifndef API_ALIGNMENT_POLICY_STREAM_H
#define API_ALIGNMENT_POLICY_STREAM_H

#include "api/body/body_scanner.h"
#include "api/score/scored.h"

/* The callback of struct body_use of POST /v1/policy.  `route` is the planner. */
rows_decide_f policy_stream_decide;

/* Whether the rows of an output were compared as they arrived. */
bool policy_stream_took(const struct scored *scored);

/* The divergences of the ratio of two outputs, one of which streamed, of each token.  NULL: they
 * have none. */
double *policy_stream_kl(const struct scored *one, const struct scored *other);

#endif
