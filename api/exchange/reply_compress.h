/* reply_compress.h - answers that go out compressed.
 *
 * An endpoint that sets x->compressible lets its answer be compressed where the client asks for it
 * (Accept-Encoding, RFC 9110 section 12.5.3), the answer is long enough to be worth it, and it
 * got shorter. */
#ifndef API_EXCHANGE_REPLY_COMPRESS_H
#define API_EXCHANGE_REPLY_COMPRESS_H

#include "api/exchange/api.h"

#define PACKING_FLOOR ((size_t)16 << 10) /* a shorter answer goes as it is */

enum packing { PACKING_NONE, PACKING_GZIP, PACKING_DEFLATE };

/* What an Accept-Encoding (NULL: absent) likes best. */
enum packing reply_compress_choose(const char *accept_encoding);

/* Compress the reply if that is asked for and worth it: sets x->encoding.  Without memory for it
 * the reply stays as it is. */
void reply_compress(struct exchange *x);

#endif
