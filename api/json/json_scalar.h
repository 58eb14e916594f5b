/* json_scalar.h - one number or literal of JSON, as a value. */
#ifndef API_JSON_JSON_SCALAR_H
#define API_JSON_JSON_SCALAR_H

#include "api/json/dom.h"

enum json_scalar {
    SCALAR_GOOD,
    SCALAR_BAD,    /* it is no JSON */
    SCALAR_BEYOND, /* it fits neither 64 bits nor a double */
};

/* The value of a token that begins with a digit or a minus, or with a letter; behind it stands a
 * byte that belongs to neither.  *value is NULL where memory is missing.
 *
 * With `repairs`, in answers of engines, numbers are taken that jansson has none for: NaN and the
 * infinities become strings, as number_word.h reads them, and so do numbers beyond doubles;
 * integers beyond 64 bits become reals. */
enum json_scalar json_scalar_number(struct dom *dom, const char *text, size_t length, bool repairs,
                                    json_t **value);
enum json_scalar json_scalar_word(struct dom *dom, const char *text, size_t length, bool repairs,
                                  json_t **value);

#endif
