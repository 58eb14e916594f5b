/* utf8.h - UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef API_BASE_UTF8_H
#define API_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define UTF8_MAX 4 /* most bytes of a character */

/* The length of the character at `bytes`, in bytes.  `left` > 0 bytes are available; the result is
 * more than that if they are only its beginning.  0: not UTF-8. */
size_t utf8_length(const char *bytes, size_t left);

/* Write a character, which must not be a surrogate.  Returns its length in bytes. */
size_t utf8_write(uint32_t character, char *out);

/* The largest length, up to `length`, at which the text can be cut without splitting a
 * character. */
size_t utf8_cut(const char *text, size_t length);

#endif
