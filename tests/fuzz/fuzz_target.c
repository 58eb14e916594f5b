/* fuzz_target.c - any bytes as the target of a request line: a path that is part of it, or a
 * reason; the query and the origin change nothing, and a path is its own path. */
#include "tests/fuzz/start.h"

#include "server/request_target.h"
#include "server/router.h"
#include "server/routes.h"

/* What every path is that is routed. */
static void check_path(const char *path)
{
    FUZZ_HOLDS(path[0] == '/' && !strpbrk(path, "?#") && !strstr(path, "%00"));
    for (const char *c = path; *c != '\0'; c++)
        FUZZ_HOLDS(*c > ' ' && *c < 0x7f);
}

/* The same target with something before and behind it. */
static void check_same(const char *path, const char *before, const char *behind)
{
    char text[TARGET_MAX + 32];
    struct error err = {0};
    const char *again;

    snprintf(text, sizeof text, "%s%s%s", before, path, behind);
    again = request_target_path(text, &err);
    FUZZ_HOLDS(strlen(before) + strlen(path) + strlen(behind) > TARGET_MAX
               || (again && strcmp(again, path) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size), *target = strdup(text);
    struct error err = {0};
    const char *path = request_target_path(text, &err);
    char allow[ALLOW_SIZE];

    FUZZ_HOLDS((path != NULL) == (err.code == ERR_NONE));
    FUZZ_HOLDS(path
               || err.code == (strlen(target) > TARGET_MAX ? ERR_URI_TOO_LONG : ERR_BAD_REQUEST));
    if (path) {
        check_path(path);
        FUZZ_HOLDS(strstr(target, path));
        check_same(path, "", "");
        check_same(path, "http://host:1", "?query%20%41");
        router_allow(routes, path, allow);
        FUZZ_HOLDS(memchr(allow, '\0', sizeof allow));
        FUZZ_HOLDS(router_find(routes, "GET", path, &err) || err.code == ERR_NOT_FOUND
                   || err.code == ERR_BAD_METHOD);
    }
    free(target);
    free(text);
    return 0;
}
