/* policy_rows.h - the divergence of two policies over the vocabulary, from their rows. */
#ifndef API_ALIGNMENT_POLICY_ROWS_H
#define API_ALIGNMENT_POLICY_ROWS_H

#include "api/alignment/policy_batch.h"

/* Set sequence->kl of each ratio whose two sides have rows: KL(q || p) of each token of y.  False
 * with x->error set: the vocabularies differ, or memory or work is used up. */
bool policy_rows_compare(struct policy_batch *batch, struct exchange *x);

#endif
