/* output_error.h - an error of a server, which stands in place of an answer. */
#ifndef API_ENGINES_OUTPUT_ERROR_H
#define API_ENGINES_OUTPUT_ERROR_H

#include "api/json/dom.h"

#include <stdbool.h>

/* The error that a value has in place of an answer, or beside it.  NULL: none. */
const json_t *output_error_of(const json_t *value);

/* Whether a member named `error` tells of one. */
bool output_error_is_told(const json_t *error);

/* Write what an error says: its code or type, and its message. */
void output_error_write(const json_t *error, char *out, size_t size);

#endif
