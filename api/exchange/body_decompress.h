/* body_decompress.h - bodies that come compressed.
 *
 * A body is decompressed as it arrives and given on in chunks, so that endpoints see plain bytes
 * and memory stays constant.  Two limits hold for what comes out: --max-body, and --max-inflation
 * times what went in. */
#ifndef API_EXCHANGE_BODY_DECOMPRESS_H
#define API_EXCHANGE_BODY_DECOMPRESS_H

#include "api/exchange/api.h"
#include "api/exchange/content_coding.h"

#define DECOMPRESS_TRUSTED (UINT64_C(4) << 20) /* bytes that may come out of any body */

struct body_decompress {
    const struct content_coding *coding;
    struct exchange *x;
    struct coded_stream stream; /* the one at hand, or to come */
    uint64_t taken;             /* bytes that went in */
    uint64_t made;              /* bytes that came out */
};

/* Look at the Content-Encoding of the exchange's request; false where no coding has that name
 * (ERR_MEDIA_TYPE).  x->decompress stays NULL where the body comes as it is. */
bool body_decompress_begin(struct exchange *x);

/* Decompress a chunk and feed what comes out. */
bool body_decompress_feed(struct body_decompress *body, const char *chunk, size_t length,
                          endpoint_feed_f *feed);

/* The body is in: whether it was whole. */
bool body_decompress_end(struct body_decompress *body);

#endif
