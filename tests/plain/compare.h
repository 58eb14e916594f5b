/* compare.h - the streaming way to take a body apart against the plain one. */
#ifndef TESTS_PLAIN_COMPARE_H
#define TESTS_PLAIN_COMPARE_H

#include "api/json/reader.h"

#include <stddef.h>
#include <stdint.h>

/* How a body is cut: at every `step` bytes, or at random places (step 0). */
struct cut {
    size_t first; /* the length of the first piece; 0: like the others */
    size_t step;
    uint64_t seed;
};

/* Take a body apart in both ways.  NULL where they agree: on whether it is good, on the first error
 * and its place, on the envelope, and on every number; else what they differ in. */
const char *plain_compare(const char *body, size_t length, const struct reader *reader,
                          struct cut cut);

#endif
