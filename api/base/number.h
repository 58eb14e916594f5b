/* number.h - doubles as decimal text.
 *
 * Format: ECMA-262, Number::toString(x, 10). */
#ifndef API_BASE_NUMBER_H
#define API_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#define NUMBER_MAX 32 /* bytes that number_print may write */

/* Write the shortest text that reads back to the same double; returns its length, no NUL is added.
 * `value` is finite; -0 is written as 0. */
size_t number_print(double value, char *out);

/* The same, plainly: its specification. */
size_t number_print_plain(double value, char *out);

#endif
