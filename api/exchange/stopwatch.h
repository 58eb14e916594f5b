/* stopwatch.h - measures the time of the steps of an exchange. */
#ifndef API_EXCHANGE_STOPWATCH_H
#define API_EXCHANGE_STOPWATCH_H

#include <time.h>

static inline struct timespec stopwatch_start(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now;
}

/* The seconds since the start or the previous call; restarts the watch. */
static inline double stopwatch_lap(struct timespec *last)
{
    const struct timespec now = stopwatch_start(), then = *last;

    *last = now;
    return (double)(now.tv_sec - then.tv_sec) + 1e-9 * (double)(now.tv_nsec - then.tv_nsec);
}

#endif
