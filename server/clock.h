/* clock.h - time that only goes forward, in nanoseconds. */
#ifndef SERVER_CLOCK_H
#define SERVER_CLOCK_H

#include <stdint.h>
#include <time.h>

#define SECOND UINT64_C(1000000000)
#define MILLISECOND UINT64_C(1000000)

static inline uint64_t clock_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec;
}

static inline double clock_seconds(uint64_t nanoseconds)
{
    return (double)nanoseconds / (double)SECOND;
}

static inline struct timespec clock_span(uint64_t nanoseconds)
{
    return (struct timespec){.tv_sec = (time_t)(nanoseconds / SECOND),
                             .tv_nsec = (long)(nanoseconds % SECOND)};
}

static inline void clock_sleep(uint64_t nanoseconds)
{
    const struct timespec span = clock_span(nanoseconds);

    nanosleep(&span, NULL);
}

#endif
