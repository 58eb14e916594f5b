/* preference_reply.h - writes the answer to POST /v1/preference as JSON (docs/preference.md). */
#ifndef API_ALIGNMENT_PREFERENCE_REPLY_H
#define API_ALIGNMENT_PREFERENCE_REPLY_H

#include "api/alignment/verdicts.h"
#include "api/base/strbuf.h"

/* Write the whole answer. */
void preference_reply_write(struct strbuf *text, const struct verdicts *verdicts);

/* Write the members of `totals` that count cases. */
void preference_reply_counts(struct strbuf *text, const struct cases *cases);

/* Write the totals of an objective, an object. */
void preference_reply_total(struct strbuf *text, const struct verdict *verdict, bool of_examples);

#endif
