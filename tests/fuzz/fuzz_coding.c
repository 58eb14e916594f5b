/* fuzz_coding.c - any bytes as a compressed body: plain bytes or an error, never both, within the
 * limits, and the same for every cut (but that zstd may tell another of several faults).
 *
 * The first byte of the input chooses the coding, the second the cuts; the rest is the body. */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/echo.h"

#define MOST ((size_t)6 << 20)

static void check(const struct exchange *x, const struct budget *budget)
{
    const bool good = x->reply.status == 200;

    if (good != (x->error.code == ERR_NONE) || x->reply.status / 100 == 5 || echo.length > MOST
        || echo.memory > PLENTY || atomic_load(&budget->used) != x->arena.used)
        fuzz_fail(x, x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"gzip", "deflate", "zstd"};
    static char first[ECHO_ROOM];
    struct budget budget = {.limit = PLENTY};
    struct api api = plain_api(PLENTY);
    struct exchange a, b;
    size_t length;

    if (size < 2)
        return 0;
    api.budget = &budget;
    api.max_body = MOST;
    api.max_inflation = 50;
    echo_post(&a, &api, names[data[0] % 3], data + 2, size - 2, 0, PLENTY);
    check(&a, &budget);
    length = echo.length;
    memcpy(first, echo.data, length < ECHO_ROOM ? length : ECHO_ROOM);
    exchange_release(&a);
    echo_post(&b, &api, names[data[0] % 3], data + 2, size - 2, 0, data[1] + 1U);
    check(&b, &budget);
    if (a.reply.status != b.reply.status
        || (a.reply.status == 200
            && (length != echo.length
                || memcmp(first, echo.data, length < ECHO_ROOM ? length : ECHO_ROOM) != 0)))
        fuzz_fail(&a, &b);
    exchange_release(&b);
    return 0;
}
