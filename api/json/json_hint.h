/* json_hint.h - words for syntax errors: what is wrong, and what was probably meant. */
#ifndef API_JSON_JSON_HINT_H
#define API_JSON_JSON_HINT_H

#include <stdbool.h>
#include <stddef.h>

/* The state of the parser: what must come next. */
enum json_state {
    JSON_BEGIN,        /* an object or array */
    JSON_FIRST_VALUE,  /* a value, or ] */
    JSON_NEXT_VALUE,   /* a value, after a comma */
    JSON_MEMBER_VALUE, /* a value, after a colon */
    JSON_FIRST_NAME,   /* a name, or } */
    JSON_NEXT_NAME,    /* a name, after a comma */
    JSON_COLON,
    JSON_AFTER_ELEMENT, /* a comma or ] */
    JSON_AFTER_MEMBER,  /* a comma or } */
    JSON_AFTER_ALL,     /* nothing: the document is complete */
    JSON_NUMBER,        /* a number, in a row of them */
    JSON_EXPECTING,     /* number of these states */

    /* Inside a token, or before an announced one. */
    JSON_IN_NAME = JSON_EXPECTING,
    JSON_IN_STRING,
    JSON_IN_NUMBER,
    JSON_IN_WORD,
    JSON_AT_ARRAY,
    JSON_AT_STRING,
    JSON_IN_FAULT,
};

/* At most this many bytes of the text at an error are looked at. */
#define JSON_FOUND_MAX 16

struct json_found {        /* The text at an error. */
    enum json_state state; /* what was expected */
    size_t offset;         /* in the body, in bytes */
    size_t length;
    char text[JSON_FOUND_MAX];
};

/* Write one sentence, without a full stop, to `out`. */
void json_hint_write(const struct json_found *found, char *out, size_t size);

#endif
