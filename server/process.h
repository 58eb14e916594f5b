/* process.h - what the system knows of this process. */
#ifndef SERVER_PROCESS_H
#define SERVER_PROCESS_H

#include "server/metrics.h"

/* Set the process_* gauges. */
void process_measure(struct metrics *metrics);

/* CPUs that this process may use: its affinity, and its cgroup's quota rounded up; at least 1. */
unsigned process_cpus(void);

/* Make sure that `count` file descriptors can be open, raising the soft limit where the hard one
 * allows; false, with the hard limit in *most, where it does not. */
bool process_allow_files(size_t count, size_t *most);

/* Before any thread: let the allocator keep memory that requests give back, up to a bound for each
 * thread, so that the next one need not get its pages from the system again. */
void process_keep_memory(void);

#endif
