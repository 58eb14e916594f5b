/* json_or_lines.c - an endpoint that takes one JSON document, or lines of them. */
#include "api/score/json_or_lines.h"

#include "api/exchange/media_type.h"

bool json_or_lines_begin(struct exchange *x, const struct line_route *route)
{
    const char *type = x->request.content_type;

    if (lines_are_in(type))
        return lines_begin(x, route);
    if (!type || media_type_is(type, MEDIA_TYPE_JSON))
        return route->begin(x);
    return error_set(&x->error, ERR_MEDIA_TYPE, "",
                     "Content-Type %.64s is not supported; these are: " MEDIA_TYPE_JSON
                     ", " LINES_MEDIA_TYPE,
                     type);
}

bool json_or_lines_feed(struct exchange *x, const char *chunk, size_t length,
                        const struct line_route *route)
{
    return (lines_are_in(x->request.content_type) ? lines_feed : route->feed)(x, chunk, length);
}

void json_or_lines_finish(struct exchange *x, const struct line_route *route)
{
    (lines_are_in(x->request.content_type) ? lines_finish : route->finish)(x);
}
