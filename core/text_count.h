/* text_count.h - the length of a text, in the units by which scores are divided. */
#ifndef CORE_TEXT_COUNT_H
#define CORE_TEXT_COUNT_H

#include <stddef.h>

struct counts {
    size_t characters; /* code points */
    size_t bytes;      /* of UTF-8 */
    size_t words;      /* strings between runs of white space, also empty ones at the ends */
};

/* Count a text.  It must be valid UTF-8; it may contain NULs.
 *
 * Words are those of evaluation tools, the strings that Python's re.split(r"\s+", text) returns:
 * one more than there are runs of white space, so "" has 1 and " a b" has 3.  White space is what
 * \s matches in a Python str: U+0009 to U+000D, U+001C to U+0020, U+0085, U+00A0, U+1680, U+2000 to
 * U+200A, U+2028, U+2029, U+202F, U+205F and U+3000. */
struct counts counts_of(const char *text, size_t length);

#endif
