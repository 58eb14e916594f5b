/* fuzz_infer.c - any bytes as a request to /v2/models/NAME/infer: an answer or an error, and the
 * same one for every cut, reader and number of kept rows (but that rows which are gone can make an
 * error of an answer).
 *
 * The first four bytes of the input choose the model and these; the rest is the body, whose JSON
 * ends behind its first newline, where there is one. */
#include "tests/unit/infer.h"

#include "core/cpu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    api_start();
    return 0;
}

static void fail(const struct exchange *a, const struct exchange *b)
{
    fprintf(stderr, "%u %.*s\n%u %.*s\n", a->status, (int)a->reply_length, a->reply, b->status,
            (int)b->reply_length, b->reply);
    abort();
}

static void check_reply(const struct exchange *x)
{
    const bool good = x->status == 200;

    if (!x->reply || x->reply_length == 0 || good != (x->error.code == ERR_NONE)
        || x->inference_length > x->reply_length
        || (!good && strncmp(x->reply, "{\"error\":\"", 10) != 0))
        fail(x, x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct api plain = plain_api(PLENTY), api = plain;
    static struct exchange a, b;
    const char *body = (const char *)data + 4, *end, *path;
    char text[24], *header = NULL;

    if (size < 4)
        return 0;
    path = data[0] & 1 ? "/v2/models/score/infer" : "/v2/models/logprobs/infer";
    if (reader_at(cpu_features(), data[1] % 4))
        api.reader = reader_at(cpu_features(), data[1] % 4);
    api.kept_rows = data[2];
    end = memchr(body, '\n', size - 4);
    if (end) {
        snprintf(text, sizeof text, "%zu", (size_t)(end + 1 - body));
        header = text;
    }
    post_infer(&a, &plain, path, header, body, size - 4, 0, PLENTY);
    post_infer(&b, &api, path, header, body, size - 4, 0, data[3] + 1U);
    check_reply(&a);
    check_reply(&b);
    if (!reply_has(&b, "--max-kept-rows")
        && (a.reply_length != b.reply_length || memcmp(a.reply, b.reply, a.reply_length) != 0))
        fail(&a, &b);
    exchange_release(&a);
    exchange_release(&b);
    return 0;
}
