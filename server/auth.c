/* auth.c - API keys. */
#include "server/auth.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool key_set(struct key *key, const char *text, size_t length)
{
    *key = (struct key){.length = length};
    if (length < KEY_MIN || length > KEY_MAX)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] <= ' ' || text[i] > '~')
            return false;
    }
    memcpy(key->text, text, length);
    return true;
}

bool key_equal(const struct key *one, const struct key *other)
{
    volatile size_t different = one->length ^ other->length;

    for (size_t i = 0; i < KEY_MAX; i++)
        different = different | (size_t)(one->text[i] ^ other->text[i]);
    return different == 0;
}

/* ---- the file ---- */

struct keys {
    struct key *list;
    size_t count;
};

static void wipe(struct keys *keys)
{
    if (keys->list)
        explicit_bzero(keys->list, keys->count * sizeof *keys->list);
    free(keys->list);
    *keys = (struct keys){0};
}

static bool add(struct keys *keys, const char *text, size_t length)
{
    struct key *grown = calloc(keys->count + 1, sizeof *grown);
    struct keys old = *keys;

    if (!grown || !key_set(&grown[keys->count], text, length)) {
        free(grown);
        return false;
    }
    if (old.list)
        memcpy(grown, old.list, old.count * sizeof *grown);
    *keys = (struct keys){.list = grown, .count = old.count + 1};
    wipe(&old);
    return true;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The line without white space at its ends. */
static const char *trim(const char *line, size_t *length)
{
    while (*length > 0 && is_space(line[*length - 1]))
        --*length;
    while (*length > 0 && is_space(*line)) {
        line++;
        --*length;
    }
    return line;
}

static bool read_lines(struct keys *keys, FILE *file, const char *path, char error[AUTH_ERROR_SIZE])
{
    char *line = NULL;
    size_t capacity = 0, number = 1;
    bool good = true;

    for (ssize_t got; good && (got = getline(&line, &capacity, file)) >= 0; number++) {
        size_t length = (size_t)got;
        const char *text = trim(line, &length);

        good = length == 0 || *text == '#' || add(keys, text, length);
    }
    if (!good)
        snprintf(error, AUTH_ERROR_SIZE,
                 "%.200s line %zu: a key is %d to %d visible characters without spaces", path,
                 number - 1, KEY_MIN, KEY_MAX);
    if (line)
        explicit_bzero(line, capacity);
    free(line);
    return good;
}

static bool read_file(struct keys *keys, const char *path, char error[AUTH_ERROR_SIZE])
{
    FILE *file = fopen(path, "re");
    bool good;

    if (!file) {
        snprintf(error, AUTH_ERROR_SIZE, "%.200s: %s", path, strerror(errno));
        return false;
    }
    setvbuf(file, NULL, _IONBF, 0); /* no copy of the keys in a buffer that we cannot wipe */
    good = read_lines(keys, file, path, error);
    fclose(file);
    if (good && keys->count == 0) {
        snprintf(error, AUTH_ERROR_SIZE, "%.200s: there is no key in it", path);
        good = false;
    }
    if (!good)
        wipe(keys);
    return good;
}

bool auth_reload(struct auth *auth, char error[AUTH_ERROR_SIZE])
{
    struct keys fresh = {0}, old;

    if (!auth->path)
        return true;
    if (!read_file(&fresh, auth->path, error))
        return false;
    pthread_rwlock_wrlock(&auth->lock);
    old = (struct keys){.list = auth->keys, .count = auth->count};
    auth->keys = fresh.list;
    auth->count = fresh.count;
    pthread_rwlock_unlock(&auth->lock);
    wipe(&old);
    return true;
}

bool auth_open(struct auth *auth, const char *path, char error[AUTH_ERROR_SIZE])
{
    *auth = (struct auth){.path = *path == '\0' ? NULL : path};
    pthread_rwlock_init(&auth->lock, NULL);
    return auth_reload(auth, error);
}

void auth_close(struct auth *auth)
{
    wipe(&(struct keys){.list = auth->keys, .count = auth->count});
    pthread_rwlock_destroy(&auth->lock);
}

/* ---- keys of a request ---- */

/* The key of "Bearer KEY"; NULL for another scheme. */
static const char *bearer(const char *authorization)
{
    if (!authorization || strncasecmp(authorization, "Bearer ", 7) != 0)
        return NULL;
    return authorization + 7 + strspn(authorization + 7, " ");
}

/* Compare with all keys, even after a match and even where no key was offered: the time must not
 * tell. */
static bool matches(const struct auth *auth, const char *text)
{
    struct key offered;
    const bool well_formed = key_set(&offered, text ? text : "", text ? strlen(text) : 0);
    unsigned found = 0;

    for (size_t i = 0; i < auth->count; i++)
        found |= (unsigned)key_equal(&auth->keys[i], &offered);
    explicit_bzero(&offered, sizeof offered);
    return well_formed && found != 0;
}

bool auth_allows(struct auth *auth, const char *authorization, const char *x_api_key)
{
    bool first, second;

    if (!auth->path)
        return true;
    pthread_rwlock_rdlock(&auth->lock);
    first = matches(auth, bearer(authorization));
    second = matches(auth, x_api_key);
    pthread_rwlock_unlock(&auth->lock);
    return first || second;
}
