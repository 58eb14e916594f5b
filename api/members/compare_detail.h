/* compare_detail.h - the details that POST /v1/compare takes. */
#ifndef API_MEMBERS_COMPARE_DETAIL_H
#define API_MEMBERS_COMPARE_DETAIL_H

#include <stddef.h>

#define DRAFTS_MAX 64 /* G of the detail speculative:G is at most this */

enum compare_detail { COMPARE_CROSS_ENTROPY = 1 << 0, COMPARE_SPECULATIVE = 1 << 1 };

/* Parse "cross_entropy" or "speculative:G" (then *drafts is set).  0: not a detail. */
enum compare_detail compare_detail_find(const char *text, size_t *drafts);

#endif
