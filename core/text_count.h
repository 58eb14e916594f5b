/* text_count.h - how long a text is, in the units that scores are divided by. */
#ifndef CORE_TEXT_COUNT_H
#define CORE_TEXT_COUNT_H

#include <stddef.h>

struct counts {
    size_t characters; /* code points */
    size_t bytes;      /* of UTF-8 */
    size_t words;      /* pieces between runs of white space, empty ones at the ends too */
};

/* Count a text, which must be valid UTF-8; it may hold NULs.
 *
 * Words are what evaluation tools divide by: the pieces of Python's re.split(r"\s+", text), so one
 * more than there are runs of white space: "" has 1, " a b" has 3.  White space is what \s matches
 * in a str there: U+0009 to U+000D, U+001C to U+0020, U+0085, U+00A0, U+1680, U+2000 to U+200A,
 * U+2028, U+2029, U+202F, U+205F and U+3000. */
struct counts counts_of(const char *text, size_t length);

#endif
