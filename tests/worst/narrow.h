/* narrow.h - a double as a logit of any dtype, cut towards zero. */
#ifndef TESTS_WORST_NARROW_H
#define TESTS_WORST_NARROW_H

#include "core/dtype.h"

/* A finite number beyond the dtype becomes its largest.  `out` has room for 8 bytes. */
void narrow(enum dtype dtype, double value, char *out);

#endif
