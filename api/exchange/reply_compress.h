/* reply_compress.h - compresses replies.
 *
 * A reply is compressed if its endpoint allows it (reply.compressible), the client accepts it
 * (Accept-Encoding, RFC 9110 section 12.5.3), it is long, and compression makes it shorter. */
#ifndef API_EXCHANGE_REPLY_COMPRESS_H
#define API_EXCHANGE_REPLY_COMPRESS_H

#include "api/exchange/api.h"

#define REPLY_COMPRESS_FLOOR ((size_t)16 << 10) /* shorter replies are not compressed, in bytes */

enum reply_coding { REPLY_PLAIN, REPLY_GZIP, REPLY_DEFLATE };

/* The coding that an Accept-Encoding (NULL: absent) prefers. */
enum reply_coding reply_compress_choose(const char *accept_encoding);

/* Compress x->reply if the conditions hold, and set its encoding.  If memory is used up, the reply
 * stays as it is. */
void reply_compress(struct exchange *x);

#endif
