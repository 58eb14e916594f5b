/* body_decompress.h - decompresses the body of a request as it arrives.
 *
 * Endpoints get plain bytes, in chunks of bounded size, so memory is bounded too.  The output is
 * limited by --max-body, and by --max-inflation times the input. */
#ifndef API_EXCHANGE_BODY_DECOMPRESS_H
#define API_EXCHANGE_BODY_DECOMPRESS_H

#include "api/exchange/api.h"
#include "api/exchange/content_coding.h"

#define DECOMPRESS_TRUSTED                                                                         \
    (UINT64_C(4) << 20) /* output that is allowed for any input, in bytes                          \
                         */

struct body_decompress {
    const struct content_coding *coding;
    struct exchange *x;
    struct coded_stream stream; /* the current or next stream of the body */
    uint64_t taken;             /* bytes of input */
    uint64_t made;              /* bytes of output */
};

/* Select the coding that Content-Encoding names, and set x->decompress; it stays NULL for a body
 * that is not compressed.  False with x->error set: the coding is not known (ERR_MEDIA_TYPE), or
 * memory is used up. */
bool body_decompress_begin(struct exchange *x);

/* Decompress a chunk, and feed the output to `feed`.  False with x->error set. */
bool body_decompress_feed(struct body_decompress *body, const char *chunk, size_t length,
                          endpoint_feed_f *feed);

/* Check that the body is complete.  False with x->error set. */
bool body_decompress_end(struct body_decompress *body);

#endif
