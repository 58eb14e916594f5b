/* change.h - a random change of a candidate, and the bounds within which it stays. */
#ifndef TESTS_WORST_CHANGE_H
#define TESTS_WORST_CHANGE_H

#include "tests/worst/starts.h"

/* Knobs as a search begins with them: usual, or anywhere in their ranges. */
void change_begin(struct candidate *candidate, const struct shape *shape, struct draws *draws);

/* One to three random changes. */
void change(struct candidate *candidate, const struct shape *shape, struct draws *draws);

/* Make all numbers such as the shape allows: logits become numbers of the dtype. */
void change_fit(struct candidate *candidate, const struct shape *shape);

#endif
