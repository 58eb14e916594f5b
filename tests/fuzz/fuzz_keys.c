/* fuzz_keys.c - any bytes as a file of API keys: its own keys are let in and nothing else is, or
 * the whole file is refused with a reason. */
#include "tests/fuzz/start.h"

#include "server/auth.h"

#include <sys/mman.h>
#include <unistd.h>

/* A file in memory and its name. */
static int make_file(const uint8_t *data, size_t size, char path[64])
{
    const int fd = memfd_create("keys", MFD_CLOEXEC);

    FUZZ_HOLDS(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, 64, "/proc/self/fd/%d", fd);
    return fd;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Whether a text is a key that stands in the file as a line, white space at its ends aside. */
static bool is_listed(const uint8_t *data, size_t size, const char *key)
{
    const size_t length = strlen(key);
    const char *at = (const char *)data, *end = at + size, *stop;

    for (; at < end; at = stop + (stop < end)) {
        const char *first = at, *last;

        stop = memchr(at, '\n', (size_t)(end - at));
        stop = stop ? stop : end;
        while (first < stop && is_space(*first))
            first++;
        for (last = stop; last > first && is_space(last[-1]);)
            last--;
        if ((size_t)(last - first) == length && memcmp(first, key, length) == 0)
            return key[0] != '#';
    }
    return false;
}

/* A key by either header, with one letter changed, and with one more. */
static void check_key(struct auth *auth, const uint8_t *data, size_t size, const struct key *key)
{
    char text[KEY_MAX + 2], bearer[KEY_MAX + 16];

    snprintf(text, sizeof text, "%.*s", (int)key->length, (const char *)key->text);
    FUZZ_HOLDS(is_listed(data, size, text));
    for (size_t i = 0; i < 3; i++) {
        const bool listed = is_listed(data, size, text);

        snprintf(bearer, sizeof bearer, "bearer  %s", text);
        FUZZ_HOLDS(auth_allows(auth, bearer, NULL) == listed);
        FUZZ_HOLDS(auth_allows(auth, "Basic x", text) == listed);
        if (i == 0)
            text[key->length - 1] ^= 1;
        else
            strcat(text, "x");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct auth auth;
    char error[AUTH_ERROR_SIZE] = "", path[64];
    const int fd = make_file(data, size, path);
    const bool good = auth_open(&auth, path, error);

    FUZZ_HOLDS(memchr(error, '\0', sizeof error) && good == (error[0] == '\0'));
    FUZZ_HOLDS(good == (auth.count > 0));
    FUZZ_HOLDS(!auth_allows(&auth, NULL, NULL) && !auth_allows(&auth, "Bearer ", ""));
    for (size_t i = 0; i < auth.count && i < 16; i++)
        check_key(&auth, data, size, &auth.keys[i]);
    auth_close(&auth);
    close(fd);
    return 0;
}
