/* climb.h - a seeded search for the worst candidates of a quantity.
 *
 * From each start, and from each vector that was kept, a candidate is changed at random; a change
 * is kept if the error is no smaller.  The number of steps is given, so the same seed finds the
 * same on every machine. */
#ifndef TESTS_WORST_CLIMB_H
#define TESTS_WORST_CLIMB_H

#include "tests/worst/quantity.h"

#define KEPT 4 /* the worst, each from another start */

struct climb {
    uint64_t seed;
    size_t rounds; /* how often each structure is begun */
    size_t steps;  /* of each begin */
};

struct found {
    double error;
    size_t start; /* the number of the structure */
    struct candidate candidate;
};

/* The worst, largest error first. */
struct worst {
    size_t count;
    struct found found[KEPT];
};

/* Vectors of a quantity, as they are kept in tests/worst/vectors/. */
void vectors_read(const struct quantity *quantity, struct worst *worst);
bool vectors_write(const struct quantity *quantity, const struct worst *worst);

/* Search; `worst` may have vectors to begin with, whose errors are measured anew. */
void climb(const struct quantity *quantity, const struct climb *how, struct worst *worst);

#endif
