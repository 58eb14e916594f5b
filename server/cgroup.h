/* cgroup.h - what the cgroups of this process allow it.
 *
 * Both versions are read, and each folder from our own up to the root that we can see: any of them
 * may have a limit.  `root` is the folder that holds /proc and /sys: "", except in tests. */
#ifndef SERVER_CGROUP_H
#define SERVER_CGROUP_H

#include <stdint.h>

/* CPUs, rounded up; 0 for no limit. */
unsigned cgroup_cpus(const char *root);

/* Bytes of memory; UINT64_MAX for no limit. */
uint64_t cgroup_memory(const char *root);

#endif
