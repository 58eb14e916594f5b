/* fuzz_streams.c - any bytes as the chunks of a stream: a score or an error, the same however the
 * body is cut.
 *
 * The first byte of the input chooses what the rest is: the text of a stream, as a string; the
 * elements of a list of chunks, a line each; such a list as the only answer of a list; the whole
 * body.  The second one cuts. */
#include "tests/fuzz/fuzz.h"

#include "api/base/strbuf.h"

/* The lines of a text, with commas between. */
static void put_lines(struct strbuf *body, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        strbuf_add(body, text[i] == '\n' && i + 1 < length ? "," : &text[i], 1);
}

static void put_body(struct strbuf *body, unsigned kind, const char *text, size_t length)
{
    if (kind == 3) {
        strbuf_add(body, text, length);
        return;
    }
    strbuf_puts(body, "{\"outputs\":");
    if (kind == 0) {
        strbuf_string(body, text, length);
    } else {
        strbuf_puts(body, kind == 1 ? "[" : "[[");
        put_lines(body, text, length);
        strbuf_puts(body, kind == 1 ? "]" : "]]");
    }
    strbuf_puts(body, "}");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct exchange a, b;
    const struct api api = plain_api(PLENTY);
    struct arena arena;
    struct strbuf body;

    if (size < 2)
        return 0;
    arena_init(&arena, PLENTY, NULL);
    body = (struct strbuf){.arena = &arena};
    put_body(&body, data[0] % 4, (const char *)data + 2, size - 2);
    post(&a, &api, body.length > 0 ? body.data : "", body.length, 0, PLENTY);
    post(&b, &api, body.length > 0 ? body.data : "", body.length, 0, data[1] + 1U);
    fuzz_check(&a, "{\"type\":");
    fuzz_same(&a, &b);
    if (a.reply.status >= 500)
        fuzz_fail(&a, &b);
    exchange_release(&a);
    exchange_release(&b);
    arena_release(&arena);
    return 0;
}
