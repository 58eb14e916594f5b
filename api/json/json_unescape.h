/* json_unescape.h - the text of a JSON string of ASCII characters, as it arrives. */
#ifndef API_JSON_JSON_UNESCAPE_H
#define API_JSON_JSON_UNESCAPE_H

#include "api/json/row_numbers.h"

struct json_unescape {
    bool escaped;    /* behind a backslash */
    unsigned digits; /* hexadecimal ones that must follow */
    unsigned value;  /* of those so far */
    bool ended;      /* behind the closing quote */
    char character;  /* what an escape sequence stands for */
};

/* Begin behind the opening quote. */
void json_unescape_init(struct json_unescape *unescape);

/* The next run of plain text: of the piece itself, or the character that an escape sequence stands
 * for ('?' where it is not ASCII, or none).  piece->at moves behind it; the run may be empty. */
struct chunk json_unescape_next(struct json_unescape *unescape, struct chunk *chunk);

#endif
