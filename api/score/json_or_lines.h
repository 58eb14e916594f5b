/* json_or_lines.h - an endpoint that takes one JSON document, or lines of them (lines.h), as the
 * Content-Type says. */
#ifndef API_SCORE_JSON_OR_LINES_H
#define API_SCORE_JSON_OR_LINES_H

#include "api/score/lines.h"

/* The three steps of the endpoint.  `route` is borrowed. */
bool json_or_lines_begin(struct exchange *x, const struct line_route *route);
bool json_or_lines_feed(struct exchange *x, const char *chunk, size_t length,
                        const struct line_route *route);
void json_or_lines_finish(struct exchange *x, const struct line_route *route);

#endif
