/* json_scalar.h - makes a JSON value of a number or a literal. */
#ifndef API_JSON_JSON_SCALAR_H
#define API_JSON_JSON_SCALAR_H

#include "api/json/dom.h"

enum json_scalar {
    SCALAR_GOOD,
    SCALAR_BAD,    /* not JSON */
    SCALAR_BEYOND, /* too large for 64 bits, or for a double */
};

/* Make the value of a token that begins with a digit, a minus or a letter.  The byte after it must
 * not belong to a token.  *value is NULL if memory is used up.
 *
 * With `repairs` (answers of engines), more numbers are accepted: NaN and the infinities become
 * strings, as number_word.h has them, and so do numbers beyond the largest double.  Integers beyond
 * 64 bits become reals. */
enum json_scalar json_scalar_number(struct dom *dom, const char *text, size_t length, bool repairs,
                                    json_t **value);
enum json_scalar json_scalar_word(struct dom *dom, const char *text, size_t length, bool repairs,
                                  json_t **value);

#endif
