/* process.h - what the system knows of this process, and what it allows. */
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

/* Make sure that `count` file descriptors can be open: raise the soft limit if the hard limit
 * allows.  False, with the hard limit in *most, where it does not. */
bool process_allow_files(size_t count, size_t *most);

/* Bytes of memory that this process may use: the machine's, or the limit of its cgroup. */
uint64_t process_memory(void);

/* Call this before any thread: malloc then maps each large block by itself, so that free() gives it
 * back to the system, and keeps little of the memory of small ones. */
void process_shape_memory(void);

/* Give back what malloc keeps of small blocks. */
void process_trim_memory(void);

#endif
