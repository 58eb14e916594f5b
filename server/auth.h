/* auth.h - API keys, from a file: who may send requests.
 *
 * One key a line, 8 to 256 visible characters; blank lines and lines that begin with # are skipped.
 * Keys are never logged, and a comparison takes the same time for every key that is offered. */
#ifndef SERVER_AUTH_H
#define SERVER_AUTH_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#define KEY_MIN 8
#define KEY_MAX 256
#define AUTH_ERROR_SIZE 320

struct key {
    size_t length;
    unsigned char text[KEY_MAX]; /* padded with zeros */
};

struct auth {
    const char *path; /* NULL: no key is needed */
    pthread_rwlock_t lock;
    struct key *keys;
    size_t count;
};

/* Read the file at `path` ("" for none).  False, with a reason that names the line, where it cannot
 * be read or holds no key. */
bool auth_open(struct auth *auth, const char *path, char error[AUTH_ERROR_SIZE]);
void auth_close(struct auth *auth);

/* Read the file again; on failure the old keys stay. */
bool auth_reload(struct auth *auth, char error[AUTH_ERROR_SIZE]);

/* Whether a request with these two headers (NULL: absent) may pass. */
bool auth_allows(struct auth *auth, const char *authorization, const char *x_api_key);

/* Equal, in a time that does not depend on the contents. */
bool key_equal(const struct key *one, const struct key *other);

/* A key from text; false where it is too short, too long or has other than visible characters. */
bool key_set(struct key *key, const char *text, size_t length);

#endif
