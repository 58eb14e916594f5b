/* base64.h - RFC 4648 section 4: the standard alphabet, padded. */
#ifndef API_BASE64_H
#define API_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* How many bytes the text holds; false, with *bad the index of the first wrong character (or
 * `length` where it ends too early), when it is not base64. */
bool base64_size(const char *text, size_t length, size_t *bytes, size_t *bad);

/* Decode `count` bytes from byte `offset` of what the text holds, which must be there. */
void base64_decode(const char *text, size_t offset, size_t count, unsigned char *out);

#endif
