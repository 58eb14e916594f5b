/* error.h - an error as a value.
 *
 * A function that can fail returns bool (or a pointer, NULL on failure) and takes a `struct error
 * *err` last.  The function that finds the fault writes the text.  The first error is kept and
 * later ones are ignored, so calls can be chained with && and err is checked once.  Zero a struct
 * error before its first use. */
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

/* Sizes of the texts of an error, and of the buffers that they are made in. */
#define POINTER_SIZE 384
#define DETAIL_SIZE 384

struct error {
    enum error_code code;       /* ERR_NONE: no error yet */
    char pointer[POINTER_SIZE]; /* JSON pointer (RFC 6901) into the request; "": all of it */
    size_t place; /* offset in the body, to find out which error comes first; 0: not known */
    char detail[DETAIL_SIZE]; /* a sentence for the client: the member, its value, the limit */
};

/* Record an error, unless there is one.  Texts that do not fit are truncated.  Always returns
 * false, so a caller can write `return error_set(err, ...)`. */
PRINTF(4, 5)
bool error_set(struct error *err, enum error_code code, const char *pointer, const char *format,
               ...);

/* Whether an error means that memory, work or time was used up.  It is reported before other
 * faults, since the rest of the request was not checked. */
bool error_is_spent(enum error_code code);

/* The name of a code in replies ("out_of_range"), and its title. */
const char *error_slug(enum error_code code);
const char *error_title(enum error_code code);

#endif
