/* fuzz_batches.c - any bytes as lines of a batch, or as bare answers of engines: each line is
 * answered as if it were alone, for every cut.
 *
 * The first byte of the input cuts; the second one chooses what is put around each line of the
 * rest: nothing, a line of a batch, one that failed, one with an error. */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/lines.h"

#include "api/base/strbuf.h"

static const struct {
    const char *before, *after;
} shapes[] = {
    {"", ""},
    {"{\"custom_id\":\"c\",\"response\":{\"status_code\":200,\"body\":", "},\"error\":null}"},
    {"{\"custom_id\":\"c\",\"response\":{\"status_code\":429,\"body\":", "}}"},
    {"{\"custom_id\":\"c\",\"response\":null,\"error\":", "}"},
};

static void put_lines(struct strbuf *body, size_t shape, const char *text, const char *end)
{
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *stop = newline ? newline : end;

        strbuf_puts(body, shapes[shape].before);
        strbuf_add(body, text, (size_t)(stop - text));
        strbuf_puts(body, shapes[shape].after);
        strbuf_puts(body, "\n");
        text = newline ? newline + 1 : end;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct api api = plain_api(PLENTY);
    struct exchange x;
    struct lines lines;
    struct arena arena;
    struct strbuf body;

    if (size < 3)
        return 0;
    arena_init(&arena, PLENTY, NULL);
    body = (struct strbuf){.arena = &arena};
    put_lines(&body, data[1] % (sizeof shapes / sizeof *shapes), (const char *)data + 2,
              (const char *)data + size);
    lines = lines_each(&api, body.data, body.length, true);
    lines_post(&x, &api, body.data, body.length, 0, data[0] + 1U);
    if (!lines_hold(&x, &lines)) {
        fprintf(stderr, "%u %.*s\nmust be\n%s\n", x.reply.status, (int)x.reply.length, x.reply.body,
                lines.text);
        abort();
    }
    exchange_release(&x);
    free(lines.text);
    arena_release(&arena);
    return 0;
}
