/* cgroup.h - what the cgroups of this process allow it.
 *
 * Both versions are read, and every folder from our own up to the root that can be seen: a limit
 * may stand at any of them.  `root` is the folder that /proc and /sys are in: "", but for tests. */
#ifndef SERVER_CGROUP_H
#define SERVER_CGROUP_H

#include <stdint.h>

/* CPUs, rounded up; 0 for no limit. */
unsigned cgroup_cpus(const char *root);

/* Bytes of memory; UINT64_MAX for no limit. */
uint64_t cgroup_memory(const char *root);

#endif
