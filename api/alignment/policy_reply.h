/* policy_reply.h - writes the answer to POST /v1/policy as JSON. */
#ifndef API_ALIGNMENT_POLICY_REPLY_H
#define API_ALIGNMENT_POLICY_REPLY_H

#include "api/alignment/policy_report.h"
#include "api/base/strbuf.h"

void policy_reply_write(struct strbuf *text, const struct policy_report *report);

/* Write members of `totals`: counts and ratios; the object of one objective; and correction,
 * rejection and details. */
void policy_reply_ratios(struct strbuf *text, const struct policy_report *report);
void policy_reply_loss(struct strbuf *text, const struct policy_setting *setting,
                       const struct policy_loss *loss);
void policy_reply_terms(struct strbuf *text, const struct policy_report *report);

#endif
