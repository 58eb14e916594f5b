/* cgroup.c - limits from /sys/fs/cgroup. */
#include "server/cgroup.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_SIZE 1280
#define NO_LIMIT UINT64_MAX

/* The first bytes of a file; false where it cannot be read. */
static bool read_text(const char *path, char *out, size_t size)
{
    FILE *file = fopen(path, "re");
    size_t length;

    if (!file)
        return false;
    length = fread(out, 1, size - 1, file);
    fclose(file);
    out[length] = '\0';
    return true;
}

/* A kind of limit, and where it is found. */
struct hierarchy {
    const char *mount;               /* its folder */
    const char *line;                /* what comes before our own folder in /proc/self/cgroup */
    uint64_t (*limit)(const char *); /* of one folder */
};

static uint64_t smaller(uint64_t one, uint64_t other)
{
    return one < other ? one : other;
}

/* Our own folder in a hierarchy, from /proc/self/cgroup; "" where it names none. */
static void own_folder(const char *root, const struct hierarchy *hierarchy, char out[PATH_SIZE])
{
    char path[PATH_SIZE], text[4096];
    const char *found = NULL;

    out[0] = '\0';
    snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
    if (read_text(path, text, sizeof text))
        found = strstr(text, hierarchy->line);
    if (found)
        snprintf(out, PATH_SIZE, "%.*s", (int)strcspn(found + strlen(hierarchy->line), "\n"),
                 found + strlen(hierarchy->line));
}

/* The tightest limit from our own folder up to the root that we can see. */
static uint64_t walk(const char *root, const struct hierarchy *hierarchy)
{
    char folder[PATH_SIZE], path[2 * PATH_SIZE];
    uint64_t least;

    snprintf(path, sizeof path, "%s%s", root, hierarchy->mount);
    least = hierarchy->limit(path);
    own_folder(root, hierarchy, folder);
    for (char *end = strrchr(folder, '/'); end; end = strrchr(folder, '/')) {
        snprintf(path, sizeof path, "%s%s%s", root, hierarchy->mount, folder);
        least = smaller(least, hierarchy->limit(path));
        *end = '\0';
    }
    return least;
}

/* ---- CPUs ---- */

static uint64_t quota(const char *limit, const char *period)
{
    const double q = strtod(limit, NULL), p = strtod(period, NULL);

    if (!(q > 0) || !(p > 0) || q / p > 1e6)
        return NO_LIMIT;
    return (uint64_t)(q / p) + ((double)(uint64_t)(q / p) < q / p);
}

static bool read_in(const char *folder, const char *file, char *out, size_t size)
{
    char path[3 * PATH_SIZE];

    snprintf(path, sizeof path, "%s/%s", folder, file);
    return read_text(path, out, size);
}

/* "max 100000" or "150000 100000". */
static uint64_t cpus_v2(const char *folder)
{
    char text[64];
    const char *space;

    if (!read_in(folder, "cpu.max", text, sizeof text))
        return NO_LIMIT;
    space = strchr(text, ' ');
    return space ? quota(text, space + 1) : NO_LIMIT;
}

static uint64_t cpus_v1(const char *folder)
{
    char limit[32], period[32];

    return read_in(folder, "cpu.cfs_quota_us", limit, sizeof limit)
                   && read_in(folder, "cpu.cfs_period_us", period, sizeof period)
               ? quota(limit, period)
               : NO_LIMIT;
}

unsigned cgroup_cpus(const char *root)
{
    static const struct hierarchy hierarchies[] = {
        {"/sys/fs/cgroup", "0::", cpus_v2},
        {"/sys/fs/cgroup/cpu", ":cpu:", cpus_v1},
        {"/sys/fs/cgroup/cpu", ":cpu,cpuacct:", cpus_v1}};
    uint64_t least = NO_LIMIT;

    for (size_t i = 0; i < sizeof hierarchies / sizeof *hierarchies; i++)
        least = smaller(least, walk(root, &hierarchies[i]));
    return least == NO_LIMIT ? 0 : (unsigned)least;
}

/* ---- memory ---- */

/* A number of bytes, or "max". */
static uint64_t bytes_in(const char *folder, const char *file)
{
    char text[32];

    if (!read_in(folder, file, text, sizeof text) || text[0] < '0' || text[0] > '9')
        return NO_LIMIT;
    return strtoull(text, NULL, 10);
}

static uint64_t memory_v2(const char *folder)
{
    return smaller(bytes_in(folder, "memory.max"), bytes_in(folder, "memory.high"));
}

static uint64_t memory_v1(const char *folder)
{
    return bytes_in(folder, "memory.limit_in_bytes");
}

uint64_t cgroup_memory(const char *root)
{
    static const struct hierarchy hierarchies[] = {
        {"/sys/fs/cgroup", "0::", memory_v2}, {"/sys/fs/cgroup/memory", ":memory:", memory_v1}};

    return smaller(walk(root, &hierarchies[0]), walk(root, &hierarchies[1]));
}
