/* test_process.c - what the system allows the process, and what memory is set aside for. */
#include "tests/unit/suite.h"

#include "server/cgroup.h"
#include "server/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MIB (UINT64_C(1) << 20)

/* ---- cgroups, in a folder of our own ---- */

struct file {
    const char *path, *text;
};

static const struct {
    struct file files[6];
    uint64_t memory;
    unsigned cpus;
} trees[] = {
    {{{"proc/self/cgroup", "0::/\n"}}, UINT64_MAX, 0},
    {{{"none", ""}}, UINT64_MAX, 0},
    /* a container of version 2 sees its own folder as the root */
    {{{"proc/self/cgroup", "0::/\n"},
      {"sys/fs/cgroup/memory.max", "1073741824\n"},
      {"sys/fs/cgroup/cpu.max", "150000 100000\n"}},
     1024 * MIB,
     2},
    {{{"proc/self/cgroup", "0::/\n"},
      {"sys/fs/cgroup/memory.max", "max\n"},
      {"sys/fs/cgroup/cpu.max", "max 100000\n"}},
     UINT64_MAX,
     0},
    /* a service of version 2: the tightest folder on the way up counts */
    {{{"proc/self/cgroup", "0::/a/b/c\n"},
      {"sys/fs/cgroup/a/b/c/memory.max", "max\n"},
      {"sys/fs/cgroup/a/b/memory.max", "268435456\n"},
      {"sys/fs/cgroup/a/memory.max", "536870912\n"},
      {"sys/fs/cgroup/a/cpu.max", "400000 100000\n"},
      {"sys/fs/cgroup/a/b/cpu.max", "300000 100000\n"}},
     256 * MIB,
     3},
    {{{"proc/self/cgroup", "0::/a\n"},
      {"sys/fs/cgroup/a/memory.max", "536870912\n"},
      {"sys/fs/cgroup/a/memory.high", "134217728\n"}},
     128 * MIB,
     0},
    /* version 1, seen from outside and from inside a container */
    {{{"proc/self/cgroup", "3:memory:/x/y\n1:cpu,cpuacct:/x/y\n0::/\n"},
      {"sys/fs/cgroup/memory/x/memory.limit_in_bytes", "1610612736\n"},
      {"sys/fs/cgroup/memory/x/y/memory.limit_in_bytes", "9223372036854771712\n"},
      {"sys/fs/cgroup/cpu/x/y/cpu.cfs_quota_us", "50000\n"},
      {"sys/fs/cgroup/cpu/x/y/cpu.cfs_period_us", "100000\n"}},
     1536 * MIB,
     1},
    {{{"proc/self/cgroup", "3:memory:/docker/0123\n"},
      {"sys/fs/cgroup/memory/memory.limit_in_bytes", "33554432\n"}},
     32 * MIB,
     0},
};

static void make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
}

static void write_tree(const char *root, const struct file *files, size_t count)
{
    for (size_t i = 0; i < count && files[i].path; i++) {
        char path[256];
        FILE *file;

        snprintf(path, sizeof path, "%s/%s", root, files[i].path);
        make_folders(path);
        file = fopen(path, "w");
        ck_assert_ptr_nonnull(file);
        fputs(files[i].text, file);
        fclose(file);
    }
}

START_TEST(the_tightest_cgroup_counts)
{
    for (size_t i = 0; i < COUNT(trees); i++) {
        char root[] = "/tmp/logitd-cgroup-XXXXXX", remove[64];

        ck_assert_ptr_nonnull(mkdtemp(root));
        write_tree(root, trees[i].files, COUNT(trees[i].files));
        ck_assert_msg(cgroup_memory(root) == trees[i].memory, "%zu: %llu", i,
                      (unsigned long long)cgroup_memory(root));
        ck_assert_msg(cgroup_cpus(root) == trees[i].cpus, "%zu: %u", i, cgroup_cpus(root));
        snprintf(remove, sizeof remove, "rm -r %s", root);
        ck_assert_int_eq(system(remove), 0);
    }
}
END_TEST

/* ---- memory ---- */

START_TEST(the_default_leaves_room)
{
    ck_assert_uint_eq(memory_default(UINT64_MAX), 1024 * MIB);
    ck_assert_uint_eq(memory_default(1536 * MIB), 768 * MIB);
    ck_assert_uint_eq(memory_default(256 * MIB), 128 * MIB);
    ck_assert_uint_eq(memory_default(MIB), 16 * MIB);
}
END_TEST

static const struct {
    size_t limit, most, reserved;
} shares[] = {
    {1024 * MIB, 1000, 1000}, /* all of them */
    {64 * MIB, 1000, 151},    /* a quarter of the memory */
    {64 << 10, 1000, 16},     /* a few, come what may */
};

/* Connections have memory of their own; those beyond it take from what requests may hold. */
START_TEST(connections_are_charged)
{
    for (size_t i = 0; i < COUNT(shares); i++) {
        static struct memory memory;
        size_t open = 0;

        memory_init(&memory, shares[i].limit, shares[i].most);
        ck_assert_uint_le(memory.requests.limit, shares[i].limit);
        while (open < 2000 && memory_has_room(&memory)) {
            memory_connect(&memory);
            open++;
            ck_assert_int_eq(atomic_load(&memory.requests.used) > 0, open > shares[i].reserved);
            ck_assert_uint_eq(memory_used(&memory), open * MEMORY_CONNECTION);
        }
        ck_assert_int_eq(
            open<2000, (2000 - shares[i].reserved) * MEMORY_CONNECTION> memory.requests.limit);
        while (open-- > 0)
            memory_disconnect(&memory);
        ck_assert_uint_eq(memory_used(&memory), 0);
        memory_release(&memory);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_tightest_cgroup_counts, the_default_leaves_room,
                                  connections_are_charged, NULL};

    return suite_main("process", tests);
}
