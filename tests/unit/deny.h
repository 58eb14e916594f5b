/* deny.h - calls that are denied memory when a test says so: of the arena, or of malloc() and
 * realloc() by what is linked statically.
 *
 * For one file of a program, which tests.mk links with --wrap: then a call of `arena_alloc` is one
 * of __wrap_arena_alloc(), and the real one is called __real_arena_alloc(). */
#ifndef TESTS_UNIT_DENY_H
#define TESTS_UNIT_DENY_H

#include "core/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum source { SOURCE_ARENA, SOURCE_SYSTEM };

static struct deny {
    bool armed, for_good;
    enum source source;
    enum arena_fault fault;
    long left;     /* calls that still succeed */
    size_t denied; /* so far */
} deny;

static inline bool denies(enum source source)
{
    if (!deny.armed || deny.source != source)
        return false;
    deny.left--;
    if (deny.left >= 0 || (deny.left < -1 && !deny.for_good))
        return false;
    deny.denied++;
    return true;
}

static inline bool denies_arena(struct arena *arena)
{
    if (!denies(SOURCE_ARENA))
        return false;
    arena->fault = deny.fault;
    return true;
}

void *__real_arena_alloc(struct arena *arena, size_t count, size_t size);
void *__wrap_arena_alloc(struct arena *arena, size_t count, size_t size);
void *__real_arena_grow(struct arena *arena, void *old, size_t old_size, size_t size);
void *__wrap_arena_grow(struct arena *arena, void *old, size_t old_size, size_t size);
char *__real_arena_copy(struct arena *arena, const char *text, size_t length);
char *__wrap_arena_copy(struct arena *arena, const char *text, size_t length);
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_arena_alloc(struct arena *arena, size_t count, size_t size)
{
    return denies_arena(arena) ? NULL : __real_arena_alloc(arena, count, size);
}

void *__wrap_arena_grow(struct arena *arena, void *old, size_t old_size, size_t size)
{
    return denies_arena(arena) ? NULL : __real_arena_grow(arena, old, old_size, size);
}

char *__wrap_arena_copy(struct arena *arena, const char *text, size_t length)
{
    return denies_arena(arena) ? NULL : __real_arena_copy(arena, text, length);
}

void *__wrap_malloc(size_t size)
{
    return denies(SOURCE_SYSTEM) ? NULL : __real_malloc(size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return denies(SOURCE_SYSTEM) ? NULL : __real_realloc(old, size);
}

#endif
