/* starve.c - malloc, calloc and realloc that fail when they are told to; preloaded into the server.
 *
 * glibc exports the real ones under other names, so nothing has to be looked up. */
#include "tests/starve/starve.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static struct starve *starve;

__attribute__((constructor)) static void attach(void)
{
    const char *path = getenv("STARVE_FILE");
    const int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *shared;

    if (fd < 0)
        return;
    shared = mmap(NULL, sizeof *starve, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    starve = shared == MAP_FAILED ? NULL : shared;
}

static int fails(void)
{
    long left;

    if (!starve || !atomic_load(&starve->armed))
        return 0;
    left = atomic_fetch_sub(&starve->left, 1);
    if (left > 0 || (left < 0 && !atomic_load(&starve->for_good)))
        return 0;
    atomic_fetch_add(&starve->failed, 1);
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails() ? NULL : __libc_realloc(old, size);
}
