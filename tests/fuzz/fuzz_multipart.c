/* fuzz_multipart.c - any bytes as a multipart body: the same events however it is cut, runs that
 * add up to the parts, and an answer or an error that is the same for every cut.
 *
 * The first byte of the input chooses the cuts; the rest is the body. */
#include "tests/fuzz/fuzz.h"

#include "api/body/multipart.h"

#define TYPE "multipart/form-data; boundary=logitd-test-boundary"

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    abort();
}

/* What a body was taken apart to: parts and their bytes, in one text. */
struct events {
    char text[1 << 14];
    size_t length;
};

static void note(struct events *events, const char *bytes, size_t length)
{
    if (length > sizeof events->text - events->length)
        fail("more bytes come out than went in");
    memcpy(events->text + events->length, bytes, length);
    events->length += length;
}

static void take_apart(struct events *events, const char *body, size_t size, size_t step)
{
    static struct multipart multipart;
    struct error err = {0};
    enum multipart_event event = MULTIPART_MORE;
    char end[64];

    events->length = 0;
    if (!multipart_init(&multipart, TYPE, &err))
        fail(err.detail);
    for (size_t at = 0; at < size && event != MULTIPART_FAULT; at += step) {
        const size_t length = step < size - at ? step : size - at;
        char *copy = malloc(length); /* so that a sanitizer sees its ends */
        struct chunk chunk = {.start = copy, .at = copy, .end = copy + length, .offset = at};

        memcpy(copy, body + at, length);
        while (chunk.at < chunk.end && event != MULTIPART_FAULT) {
            event = multipart_next(&multipart, &chunk);
            if (event == MULTIPART_PART)
                note(events, multipart.name, strlen(multipart.name) + 1);
            else if (event == MULTIPART_RUN)
                note(events, multipart.run, multipart.run_length);
            else if (event == MULTIPART_END)
                note(events, "\0END", 4);
        }
        free(copy);
    }
    note(events, end,
         (size_t)snprintf(end, sizeof end, "%d %zu %d", event == MULTIPART_FAULT,
                          event == MULTIPART_FAULT ? multipart.offset : 0,
                          multipart_is_complete(&multipart)));
}

static void check_answers(const char *body, size_t size, size_t step)
{
    struct api api = plain_api(PLENTY);
    static struct exchange a, b;

    post_as(&a, &api, TYPE, body, size, 0, PLENTY);
    api.kept_rows = 0;
    post_as(&b, &api, TYPE, body, size, 0, step);
    fuzz_check(&a, "{\"type\":");
    fuzz_same(&a, &b);
    exchange_release(&a);
    exchange_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct events whole, cut;
    const char *body = (const char *)data + 1;

    if (size < 2)
        return 0;
    take_apart(&whole, body, size - 1, size);
    take_apart(&cut, body, size - 1, data[0] + 1U);
    if (whole.length != cut.length || memcmp(whole.text, cut.text, cut.length) != 0)
        fail("other events");
    check_answers(body, size - 1, data[0] + 1U);
    return 0;
}
