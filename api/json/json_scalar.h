/* json_scalar.h - makes a JSON value of a number or a literal. */
#ifndef API_JSON_JSON_SCALAR_H
#define API_JSON_JSON_SCALAR_H

#include "api/json/dom.h"

enum json_scalar {
    SCALAR_GOOD,
    SCALAR_BAD,    /* not JSON */
    SCALAR_BEYOND, /* too large for 64 bits, or for a double */
};

/* What is accepted beside RFC 8259. */
enum json_repair {
    REPAIR_NOTHING,
    REPAIR_LOG_PROBS, /* -Infinity, as Python writes it, and numbers below the least double become
                         the string "-Infinity"; integers beyond 64 bits become reals */
    REPAIR_ALL        /* answers of engines: so do NaN and all infinities, as number_word.h has
                         them; and strings are repaired (json_string.h) */
};

/* Make the value of a token that begins with a digit, a minus or a letter.  The byte after it must
 * not belong to a token.  *value is NULL if memory is used up.
 */
enum json_scalar json_scalar_number(struct dom *dom, const char *text, size_t length,
                                    enum json_repair repair, json_t **value);
enum json_scalar json_scalar_word(struct dom *dom, const char *text, size_t length,
                                  enum json_repair repair, json_t **value);

#endif
