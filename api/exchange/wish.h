/* wish.h - lists of what a client would take, each with a weight: Accept and Accept-Encoding
 * (RFC 9110 section 12.5). */
#ifndef API_EXCHANGE_WISH_H
#define API_EXCHANGE_WISH_H

#include <stdbool.h>
#include <stddef.h>

/* An element of the list: a name, which has no NUL at its end, and its weight in thousandths; -1
 * where the element is not valid. */
struct wish {
    const char *name;
    size_t length;
    int weight;
};

/* Take the next element of a list (NULL: absent).  False: there is none. */
bool wish_next(const char **list, struct wish *wish);

/* Whether an element has that name; case does not matter. */
bool wish_is(const struct wish *wish, const char *name);

/* The weight of a media type in an Accept field (NULL: absent, which takes all): that of the most
 * specific range that has the type.  0: the client would not take it. */
int wish_of_type(const char *accept, const char *type);

/* Whether an Accept field likes a media type better than another: by weight; where that is equal,
 * the one that it names more closely. */
bool wish_prefers(const char *accept, const char *type, const char *other);

#endif
