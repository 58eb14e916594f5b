/* starve.h - the switch between a test and the library that is preloaded into the server. */
#ifndef TESTS_STARVE_STARVE_H
#define TESTS_STARVE_STARVE_H

#include <stdatomic.h>

/* In the file that $STARVE_FILE names, mapped by both. */
struct starve {
    atomic_int armed;
    atomic_int for_good; /* every allocation after the first that fails does, too */
    atomic_long left;    /* allocations that still succeed */
    atomic_long failed;  /* so far */
};

#endif
