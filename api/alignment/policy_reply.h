/* policy_reply.h - writes the answer to POST /v1/policy as JSON. */
#ifndef API_ALIGNMENT_POLICY_REPLY_H
#define API_ALIGNMENT_POLICY_REPLY_H

#include "api/alignment/policy_report.h"
#include "api/base/strbuf.h"

void policy_reply_write(struct strbuf *text, const struct policy_report *report);

#endif
