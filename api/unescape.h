/* unescape.h - the text of a JSON string of ASCII characters, as it arrives. */
#ifndef API_UNESCAPE_H
#define API_UNESCAPE_H

#include "api/numbers.h"

struct unescape {
    bool escaped;    /* behind a backslash */
    unsigned digits; /* hexadecimal ones that must follow */
    unsigned value;  /* of those so far */
    bool ended;      /* behind the closing quote */
    char character;  /* what an escape sequence stands for */
};

/* Begin behind the opening quote. */
void unescape_init(struct unescape *unescape);

/* The next run of plain text: of the piece itself, or the character that an escape sequence stands
 * for ('?' where it is not ASCII, or none).  piece->at moves behind it; the run may be empty. */
struct piece unescape_next(struct unescape *unescape, struct piece *piece);

#endif
