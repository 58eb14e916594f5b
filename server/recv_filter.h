/* recv_filter.h - what libmicrohttpd receives, looked at before it does.
 *
 * libmicrohttpd 0.9.75 takes a NUL for the end of a header's value, and a line that begins with one
 * or with a colon for the end of the head; afterwards neither can be told from a carriage return
 * before a line feed.  So recv_filter.c stands in for recv(), which the library calls: in the bytes
 * of a head it puts a control character in the place of both, and the audit of heads refuses that.
 *
 * All is by descriptor, because recv() knows nothing else; one thread at a time deals with one. */
#ifndef SERVER_RECV_FILTER_H
#define SERVER_RECV_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False where memory is missing for as many descriptors as the process may have. */
bool recv_filter_init(void);
void recv_filter_release(void);

/* A connection begins, and its first head.  False where the descriptor cannot be watched: then the
 * connection must not be served. */
bool recv_filter_open(int fd);
void recv_filter_close(int fd);

/* The head at hand was read, and its body ends behind `size` bytes of the connection (UINT64_MAX:
 * nobody knows). */
void recv_filter_body(int fd, uint64_t size);

/* The requests so far, of `size` bytes, are over, and the next head begins. */
void recv_filter_head(int fd, uint64_t size);

/* Whether there is more than the `size` bytes of the requests so far, and it may hold such a byte:
 * then it must not be read as a request. */
bool recv_filter_is_unsound(int fd, uint64_t size);

#endif
