/* recv_filter.h - a recv() for libmicrohttpd that makes NUL and empty field names visible.
 *
 * libmicrohttpd 0.9.75 takes a NUL for the end of a field's value, and a line that begins with a
 * NUL or a colon for the end of the head.  What it hands on afterwards does not show either.  So
 * recv_filter.c defines recv(), which the library calls: in the bytes of a head it replaces both by
 * a control character, and the audit of heads (head.h) refuses that.
 *
 * Connections are named by descriptor, because recv() knows nothing else.  One thread at a time
 * uses a descriptor. */
#ifndef SERVER_RECV_FILTER_H
#define SERVER_RECV_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False where memory is missing for as many descriptors as the process may have. */
bool recv_filter_init(void);
void recv_filter_release(void);

/* A connection begins with its first head.  False where the descriptor cannot be watched: then the
 * connection must not be served. */
bool recv_filter_open(int fd);
void recv_filter_close(int fd);

/* The head was read.  Its body ends at offset `size` of the connection's bytes (UINT64_MAX: not
 * known). */
void recv_filter_body(int fd, uint64_t size);

/* The requests so far, `size` bytes, are over.  The next head begins. */
void recv_filter_head(int fd, uint64_t size);

/* Whether more than the `size` bytes of the requests so far was received, and it may hold such a
 * byte.  Then it must not be read as a request. */
bool recv_filter_is_unsound(int fd, uint64_t size);

#endif
