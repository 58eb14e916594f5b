/* json_hint.h - words for people about text that is no JSON: what is wrong, or was probably
 * meant. */
#ifndef API_JSON_JSON_HINT_H
#define API_JSON_JSON_HINT_H

#include <stdbool.h>
#include <stddef.h>

/* What must come next in a text. */
enum json_state {
    JSON_BEGIN,        /* an object or array */
    JSON_FIRST_VALUE,  /* a value, or ] */
    JSON_NEXT_VALUE,   /* a value, behind a comma */
    JSON_MEMBER_VALUE, /* a value, behind a colon */
    JSON_FIRST_NAME,   /* a name, or } */
    JSON_NEXT_NAME,    /* a name, behind a comma */
    JSON_COLON,
    JSON_AFTER_ELEMENT, /* a comma or ] */
    JSON_AFTER_MEMBER,  /* a comma or } */
    JSON_AFTER_ALL,     /* nothing */
    JSON_EXPECTING,     /* how many these are */

    /* Within a token, or just before one that was announced. */
    JSON_IN_NAME = JSON_EXPECTING,
    JSON_IN_STRING,
    JSON_IN_NUMBER,
    JSON_IN_WORD,
    JSON_AT_ARRAY,
    JSON_AT_STRING,
    JSON_IN_FAULT,
};

/* What was found instead, up to so many bytes of it. */
#define JSON_FOUND_MAX 16

struct json_found {
    enum json_state state; /* what should have come */
    size_t offset;         /* in the body */
    size_t length;
    char text[JSON_FOUND_MAX];
};

/* One sentence, without a full stop. */
void json_hint_write(const struct json_found *found, char *out, size_t size);

#endif
