/* preference_reply.h - writes the answer to POST /v1/preference as JSON (docs/preference.md). */
#ifndef API_ROUTES_PREFERENCE_PREFERENCE_REPLY_H
#define API_ROUTES_PREFERENCE_PREFERENCE_REPLY_H

#include "api/base/strbuf.h"
#include "api/routes/preference/verdicts.h"

/* Write the whole answer. */
void preference_reply_write(struct strbuf *text, const struct verdicts *verdicts);

#endif
