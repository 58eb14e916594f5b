/* lines.h - application/x-ndjson: one request on each line, one answer on each line, then the
 * totals.
 *
 * Each line is an exchange of its own, driven as if the body were that line alone.  So its answer
 * has the same bytes.  Its memory is charged to the whole request and freed before the next line;
 * only the answers and the totals grow.  A bad line is answered with its error, and the next lines
 * are answered, too.  If memory or work is used up, the whole request is refused, and the error has
 * the number of the line. */
#ifndef API_SCORE_LINES_H
#define API_SCORE_LINES_H

#include "api/base/strbuf.h"
#include "api/exchange/endpoint.h"
#include "api/exchange/request_stats.h"

#define LINES_MEDIA_TYPE "application/x-ndjson"

/* Other names of the media type; ends with NULL. */
extern const char *const lines_aliases[];

/* How a route takes lines. */
struct line_route {
    endpoint_begin_f *begin; /* of one line, as of a body of JSON */
    endpoint_feed_f *feed;
    endpoint_finish_f *finish;

    /* Make the totals, which lines get as x->totals and add to.  NULL with x->error set: memory is
     * used up. */
    void *(*totals_make)(struct exchange *x);
    /* Write the members of the last line's `totals`, without braces. */
    void (*totals_write)(struct strbuf *reply, void *totals, const struct request_stats *stats);
};

/* Whether a Content-Type (NULL: absent) says that the body is lines. */
bool lines_are_in(const char *content_type);

/* The three steps of an endpoint whose body is lines.  `route` is borrowed. */
bool lines_begin(struct exchange *x, const struct line_route *route);
bool lines_feed(struct exchange *x, const char *chunk, size_t length);
void lines_finish(struct exchange *x);

#endif
