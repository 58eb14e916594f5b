/* base64.h - RFC 4648 section 4, the standard alphabet, padded; decoded as it arrives. */
#ifndef API_JSON_BASE64_H
#define API_JSON_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BASE64_SLACK ((size_t)3) /* bytes that may come out beyond 3 for every 4 characters */

/* Zero one before the first piece. */
struct base64 {
    size_t characters; /* so far */
    size_t padding;    /* '=' so far */
    size_t bytes;      /* that came out so far */
    bool bad;          /* not base64 ... */
    size_t bad_at;     /* ... from this character on */
    uint32_t group;    /* of the characters that have not become bytes yet */
    unsigned pending;  /* how many of them */
};

/* Decode a piece into `out` (room for length / 4 * 3 + BASE64_SLACK bytes; NULL: only judge it);
 * returns how many bytes came out.  Nothing comes out once the text was found bad. */
size_t base64_feed(struct base64 *base64, const char *text, size_t length, void *out);

/* The text has ended: the bytes of its last group; now `bad` is final. */
size_t base64_end(struct base64 *base64, void *out);

#endif
