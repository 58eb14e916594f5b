/* kept_keys.c - the keys of objectives in lines of requests. */
#include "api/alignment/kept_keys.h"

#include <string.h>

void *kept_grow(struct arena *arena, void *old, size_t *capacity, size_t count, size_t size)
{
    size_t more = *capacity > 0 ? *capacity : 1;
    void *room;

    if (count <= *capacity)
        return old;
    while (more < count)
        more *= 2;
    room = arena_grow(arena, old, *capacity * size, more * size);
    if (room)
        *capacity = more;
    return room;
}

static void *copy_of(struct arena *arena, const void *value, size_t size)
{
    void *copy = arena_alloc(arena, size, 1);

    if (copy)
        memcpy(copy, value, size);
    return copy;
}

static struct kept_key *add_key(struct kept_keys *keys, const char *key, size_t length,
                                const struct kept_meaning *meaning)
{
    const void *name = copy_of(keys->arena, key, length);
    const void *value = copy_of(keys->arena, meaning->value, meaning->size);
    struct kept_key *of =
        kept_grow(keys->arena, keys->of, &keys->capacity, keys->count + 1, sizeof *of);

    if (of)
        keys->of = of;
    if (!name || !value || !of)
        return NULL;
    of[keys->count] = (struct kept_key){.key = name, .length = length, .meaning = value};
    return &of[keys->count++];
}

static struct kept_key *find(struct kept_keys *keys, const char *key, size_t length)
{
    for (size_t i = 0; i < keys->count; i++)
        if (keys->of[i].length == length && memcmp(keys->of[i].key, key, length) == 0)
            return &keys->of[i];
    return NULL;
}

static bool add_run(struct kept_key *key, struct kept_run run, struct arena *arena)
{
    struct kept_run *last = key->count > 0 ? &key->runs[key->count - 1] : NULL, *runs;

    if (last && last->first + last->count == run.first) {
        last->count += run.count;
        return true;
    }
    runs = kept_grow(arena, key->runs, &key->capacity, key->count + 1, sizeof *runs);
    if (!runs)
        return false;
    key->runs = runs;
    runs[key->count++] = run;
    return true;
}

bool kept_keys_add(struct kept_keys *keys, const char *key, size_t length,
                   const struct kept_meaning *meaning, struct kept_run run)
{
    struct kept_key *found = find(keys, key, length);

    if (found)
        found->mixed |= !meaning->same(found->meaning, meaning->value);
    else
        found = add_key(keys, key, length, meaning);
    return found && add_run(found, run, keys->arena);
}

void *kept_key_pick(const struct kept_key *key, void *all, size_t size, size_t *count,
                    struct arena *arena)
{
    char *picked, *out;

    *count = 0;
    for (size_t i = 0; i < key->count; i++)
        *count += key->runs[i].count;
    if (key->count == 1)
        return (char *)all + key->runs[0].first * size;
    out = picked = arena_alloc(arena, *count, size);
    for (size_t i = 0; picked && i < key->count; i++) {
        memcpy(out, (char *)all + key->runs[i].first * size, key->runs[i].count * size);
        out += key->runs[i].count * size;
    }
    return picked;
}
