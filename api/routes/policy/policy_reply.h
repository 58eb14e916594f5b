/* policy_reply.h - writes the answer to POST /v1/policy as JSON. */
#ifndef API_ROUTES_POLICY_POLICY_REPLY_H
#define API_ROUTES_POLICY_POLICY_REPLY_H

#include "api/base/strbuf.h"
#include "api/routes/policy/policy_report.h"

void policy_reply_write(struct strbuf *text, const struct policy_report *report);

#endif
