/* utf8.h - UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef API_BASE_UTF8_H
#define API_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define UTF8_MAX 4 /* bytes of a character */

/* How many bytes the character at `bytes` has, of which `left` > 0 are there; 0 where they are no
 * UTF-8.  More than `left` where they are the front of a character. */
size_t utf8_length(const char *bytes, size_t left);

/* Write a character, which is no surrogate; returns its length. */
size_t utf8_write(uint32_t character, char *out);

/* The most bytes, up to `length`, that end with a whole character. */
size_t utf8_cut(const char *text, size_t length);

#endif
