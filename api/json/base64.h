/* base64.h - decodes base64 as it arrives: RFC 4648 section 4, the standard alphabet, padded.
 *
 * Bytes have one text (section 3.5): bits of the last character that belong to no byte are 0. */
#ifndef API_JSON_BASE64_H
#define API_JSON_BASE64_H

#include "api/json/base64_groups.h"

#define BASE64_SLACK ((size_t)3) /* bytes of output beyond 3 for every 4 characters */

/* The state of decoding a text.  Zero it before the first chunk. */
struct base64 {
    size_t characters; /* so far */
    size_t padding;    /* '=' so far */
    size_t bytes;      /* of output so far */
    bool bad;          /* the text is not base64 ... */
    size_t bad_at;     /* ... from this character on */
    uint32_t group;    /* characters that are not decoded yet */
    unsigned pending;  /* their number */
};

/* Decode the characters of the alphabet at the front of a chunk, whole groups with `decode`.  `out`
 * must have room for length / 4 * 3 + BASE64_SLACK bytes (NULL: the chunk is only checked).
 * Returns the number of bytes written; *taken is that of characters.  Both are 0 once the text has
 * padding or is bad. */
size_t base64_front(struct base64 *base64, base64_groups_f *decode, const char *text, size_t length,
                    void *out, size_t *taken);

/* Decode a chunk, all of it: the same, but what is not in the alphabet is padding, or bad. */
size_t base64_feed(struct base64 *base64, base64_groups_f *decode, const char *text, size_t length,
                   void *out);

/* Decode the last group at the end of the text.  Returns the number of bytes written.  Now `bad` is
 * final. */
size_t base64_end(struct base64 *base64, void *out);

#endif
