/* repair.h - numbers and texts in an engine's answer that jansson does not read, rewritten where
 * they stand, to the same length, so that no place in the body moves.
 *
 * Words and infinite numbers become strings (the word, cut or with blanks behind it), integers
 * beyond 64 bits reals.  The escape \u0000 becomes \ue800, and \ud800 to \udfff that are no pair
 * become \ue000 to \ue7ff. */
#ifndef TESTS_PLAIN_REPAIR_H
#define TESTS_PLAIN_REPAIR_H

#include <stddef.h>

/* A scalar; others, and what is no JSON, are left alone. */
void plain_repair_scalar(char *text, size_t length);

/* A string or a name, with its quotes. */
void plain_repair_string(char *text, size_t length);

#endif
