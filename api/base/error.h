/* error.h - one failure, as a value.
 *
 * A function that can fail returns bool (or a pointer that is NULL on failure) and takes a
 * `struct error *err` last.  Whoever finds the fault words it; the first failure wins, so calls
 * can be chained with && and nobody has to look at err in between.  Zero it before first use. */
#ifndef API_BASE_ERROR_H
#define API_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#define PRINTF(text, first) __attribute__((format(printf, text, first)))

enum error_code {
    ERR_NONE,
#define ERROR(id, slug, title) ERR_##id,
#include "api/base/errors.def"
    ERR_COUNT
};

struct error {
    enum error_code code; /* ERR_NONE until the first failure */
    char
        pointer[384]; /* JSON pointer (RFC 6901) into the request as it was sent; "" is all of it */
    size_t place; /* where in the request it lies, as a number that grows with it; 0: not told */
    char detail[384]; /* one sentence for the client: the field, the value, the limit */
};

/* Record a failure, unless one is recorded already.  Always returns false, so that a caller can
 * write `return error_set(err, ...)`.  Texts that do not fit are cut. */
PRINTF(4, 5)
bool error_set(struct error *err, enum error_code code, const char *pointer, const char *format,
               ...);

/* Whether memory, work or time was up: that says nothing of the rest of the request, so it is told
 * before whatever else seems wrong with it. */
bool error_is_spent(enum error_code code);

/* The name of a code on the wire ("out_of_range"), and its one-line title. */
const char *error_slug(enum error_code code);
const char *error_title(enum error_code code);

#endif
