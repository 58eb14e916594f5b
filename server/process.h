/* process.h - what the system knows of this process. */
#ifndef SERVER_PROCESS_H
#define SERVER_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the system counts of this process; 0 where it does not tell. */
struct process_usage {
    double cpu_seconds; /* user and system */
    double open_files, most_files;
    double threads;
    double start_time; /* in seconds since 1970 */
    double virtual_bytes, resident_bytes;
};

struct process_usage process_measure(void);

/* CPUs that this process may use: its affinity, and its cgroup's quota rounded up; at least 1. */
unsigned process_cpus(void);

/* Make sure that `count` file descriptors can be open, raising the soft limit where the hard one
 * allows; false, with the hard limit in *most, where it does not. */
bool process_allow_files(size_t count, size_t *most);

/* Bytes of memory that this process may use: the machine's, or fewer where its cgroup says so. */
uint64_t process_memory(void);

/* Before any thread: let malloc give every large block a mapping of its own, so that what is freed
 * is gone, and keep little of what small ones leave. */
void process_shape_memory(void);

/* Give back what malloc has left of small blocks. */
void process_trim_memory(void);

#endif
