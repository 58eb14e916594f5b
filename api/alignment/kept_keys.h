/* kept_keys.h - the keys of objectives in lines of requests, and which of the things that are kept
 * of lines each key is about.
 *
 * Things are pairs, examples or sequences, numbered in the order of lines. */
#ifndef API_ALIGNMENT_KEPT_KEYS_H
#define API_ALIGNMENT_KEPT_KEYS_H

#include "core/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* Things that follow one another. */
struct kept_run {
    size_t first, count;
};

struct kept_key {
    const char *key;
    size_t length;
    const void *meaning; /* what the first line means by it */
    bool mixed;          /* another line means something else */
    struct kept_run *runs;
    size_t count, capacity; /* of runs */
};

struct kept_keys {
    struct arena *arena; /* borrowed */
    struct kept_key *of;
    size_t count, capacity;
};

/* What a line means by a key. */
struct kept_meaning {
    const void *value;
    size_t size; /* in bytes */
    bool (*same)(const void *a, const void *b);
};

/* Note that a key is about the things of a line.  False: memory is used up.  Costs a visit of each
 * key. */
bool kept_keys_add(struct kept_keys *keys, const char *key, size_t length,
                   const struct kept_meaning *meaning, struct kept_run run);

/* The things of a key, one behind the other: *count of them, `size` bytes each, of an array of all
 * things.  NULL: memory is used up. */
void *kept_key_pick(const struct kept_key *key, void *all, size_t size, size_t *count,
                    struct arena *arena);

/* Make room for `count` elements of an array.  NULL: memory is used up. */
void *kept_grow(struct arena *arena, void *old, size_t *capacity, size_t count, size_t size);

#endif
