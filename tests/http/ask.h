/* ask.h - POST with header fields of one's own, by libcurl; the answer with its head. */
#ifndef TESTS_HTTP_ASK_H
#define TESTS_HTTP_ASK_H

#include "tests/http/service.h"

/* Header fields, "Name: value"; the first NULL ends them.  (libcurl sends Expect and a Content-Type
 * of its own unless told otherwise: ask_post() tells it not to expect anything.) */
#define ASK_FIELDS 6

struct answer {
    long status; /* 0: no answer */
    char *text;  /* head and body, NUL-terminated */
    size_t length;
    const char *body; /* in the text */
};

/* The caller frees answer->text. */
void ask_post(const struct service *service, const char *path, const char *const fields[ASK_FIELDS],
              const void *body, size_t length, struct answer *answer);

#endif
