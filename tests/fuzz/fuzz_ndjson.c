/* fuzz_ndjson.c - any bytes as lines of requests: each is answered as if it were alone, for every
 * cut and number of kept rows.
 *
 * The first two bytes of the input choose these; the rest is the body. */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct budget budget = {.limit = 2 * PLENTY};
    struct api api = plain_api(PLENTY);
    const char *body = (const char *)data + 2;
    struct exchange x;
    struct lines lines;

    if (size < 2)
        return 0;
    api.kept_rows = data[0];
    api.budget = &budget;
    lines = lines_each(&api, body, size - 2, true);
    lines_post(&x, &api, body, size - 2, 0, data[1] + 1U);
    if (!lines_hold(&x, &lines)) {
        fprintf(stderr, "%u %.*s\nmust be\n%s\n", x.reply.status, (int)x.reply.length, x.reply.body,
                lines.text);
        abort();
    }
    exchange_release(&x);
    free(lines.text);
    if (atomic_load(&budget.used) != 0)
        abort();
    return 0;
}
