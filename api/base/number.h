/* number.h - writes doubles as decimal text.
 *
 * The format is that of ECMAScript: ECMA-262, Number::toString(x, 10). */
#ifndef API_BASE_NUMBER_H
#define API_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#define NUMBER_MAX 32 /* most bytes that number_print() writes */

/* Write the shortest text that reads back to the same double.  `value` must be finite; -0 is
 * written as 0.  Returns the length; no NUL is added. */
size_t number_print(double value, char *out);

/* The same by means of printf and strtod: slow, and the specification of number_print(). */
size_t number_print_plain(double value, char *out);

#endif
