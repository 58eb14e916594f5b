/* same.h - whether two answers are the same. */
#ifndef TESTS_HTTP_SAME_H
#define TESTS_HTTP_SAME_H

#include <jansson.h>
#include <stdbool.h>

/* The same members in the same order, the same strings, integers and nulls, and numbers within
 * 1e-13 of the right ones (relative). */
bool json_same(const json_t *got, const json_t *right);

#endif
