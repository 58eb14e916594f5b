/* requests.h - the plain way to cut a stream into requests: only what every reader of RFC 9112
 * reads in the same way is one. */
#ifndef TESTS_PLAIN_REQUESTS_H
#define TESTS_PLAIN_REQUESTS_H

#include <stdbool.h>
#include <stddef.h>

#define REQUESTS_MOST 512

struct requests {
    size_t whole; /* well-formed ones with all of their body */
    bool rest; /* behind them is something else: one that is cut off, or that is not well-formed */
    bool is_head[REQUESTS_MOST]; /* those that are answered without a body */
};

/* A line may end with LF alone, and empty lines may stand before a request: both may be taken by
 * RFC 9112, and nobody reads them in another way. */
void requests_read(struct requests *requests, const char *stream, size_t length);

#endif
