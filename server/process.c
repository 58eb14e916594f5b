/* process.c - /proc, cgroups and resource limits. */
#include "server/process.h"

#include "core/budget.h"
#include "server/cgroup.h"

#include <dirent.h>
#include <limits.h>
#include <malloc.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* The first bytes of a file; "" where it cannot be read. */
static void read_text(const char *path, char *out, size_t size)
{
    FILE *file = fopen(path, "re");
    size_t length = 0;

    if (file) {
        length = fread(out, 1, size - 1, file);
        fclose(file);
    }
    out[length] = '\0';
}

/* ---- CPUs ---- */

unsigned process_cpus(void)
{
    cpu_set_t set;
    unsigned count = 1, allowed;

    if (sched_getaffinity(0, sizeof set, &set) == 0)
        count = (unsigned)CPU_COUNT(&set);
    else if (sysconf(_SC_NPROCESSORS_ONLN) > 0) /* more CPUs than a cpu_set_t has */
        count = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
    allowed = cgroup_cpus("");
    if (allowed > 0 && allowed < count)
        count = allowed;
    return count > 0 ? count : 1;
}

/* ---- limits ---- */

bool process_allow_files(size_t count, size_t *most)
{
    struct rlimit limit;

    *most = 0;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return false;
    *most = (size_t)limit.rlim_max;
    if (limit.rlim_cur >= count)
        return true;
    limit.rlim_cur = count;
    return limit.rlim_max >= count && setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

/* ---- usage ---- */

static double count_files(void)
{
    DIR *folder = opendir("/proc/self/fd");
    double count = -1; /* the folder itself is one of them */

    if (!folder)
        return 0;
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

/* Fields of /proc/self/stat, counted from the state, which is the third. */
enum { STAT_THREADS = 17, STAT_START = 19, STAT_VIRTUAL = 20, STAT_RESIDENT = 21, STAT_COUNT };

static bool read_stat(double field[STAT_COUNT])
{
    char text[1024], *place, *next;

    read_text("/proc/self/stat", text, sizeof text);
    place = strrchr(text, ')'); /* the name before it may hold anything */
    if (!place)
        return false;
    place += 2;
    for (int i = 0; i < STAT_COUNT; i++) {
        field[i] = strtod(place, &next);
        place = next + strcspn(next, " "); /* past the letter of the state */
    }
    return true;
}

/* The moment of the start, from its distance to now: both count from the start of the machine. */
static double start_time(double ticks)
{
    struct timespec wall, up;

    clock_gettime(CLOCK_REALTIME, &wall);
    clock_gettime(CLOCK_BOOTTIME, &up);
    return (double)(wall.tv_sec - up.tv_sec) + (double)(wall.tv_nsec - up.tv_nsec) * 1e-9
           + ticks / (double)sysconf(_SC_CLK_TCK);
}

static double cpu_seconds(void)
{
    struct timespec spent;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return (double)spent.tv_sec + (double)spent.tv_nsec * 1e-9;
}

struct process_usage process_measure(void)
{
    struct process_usage usage = {.cpu_seconds = cpu_seconds(), .open_files = count_files()};
    struct rlimit files;
    double stat[STAT_COUNT];

    if (getrlimit(RLIMIT_NOFILE, &files) == 0)
        usage.most_files = (double)files.rlim_cur;
    if (!read_stat(stat))
        return usage;
    usage.threads = stat[STAT_THREADS];
    usage.start_time = start_time(stat[STAT_START]);
    usage.virtual_bytes = stat[STAT_VIRTUAL];
    usage.resident_bytes = stat[STAT_RESIDENT] * (double)sysconf(_SC_PAGESIZE);
    return usage;
}

/* ---- memory ---- */

#define KEPT_MEMORY (1 << 20)

uint64_t process_memory(void)
{
    const uint64_t machine = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
    const uint64_t allowed = cgroup_memory("");

    return allowed < machine ? allowed : machine;
}

void process_shape_memory(void)
{
#ifdef M_MMAP_THRESHOLD
    mallopt(M_MMAP_THRESHOLD, (int)(BUDGET_LARGE - BUDGET_OVERHEAD));
    mallopt(M_MMAP_MAX, INT_MAX);
    mallopt(M_TRIM_THRESHOLD, KEPT_MEMORY);
    /* Threads that come and go would spread over ever more heaps. */
    mallopt(M_ARENA_MAX, (int)process_cpus());
#endif
}

void process_trim_memory(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
