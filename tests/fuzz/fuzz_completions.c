/* fuzz_completions.c - any bytes as a request to POST /v1/completions: an answer or an error, never
 * both and never neither, and the same one for every cut, reader, kernel and number of kept rows
 * (but that rows which are gone can make an error of an answer).
 *
 * The first four bytes of the input choose these; the rest is the body. */
#include "tests/unit/post.h"

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
        || good != reply_has(x, "\"object\":\"text_completion\"")
        || (!good && !reply_has(x, "{\"error\":{\"message\":")))
        fail(x, x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct api plain = plain_api(PLENTY), api = plain;
    static struct exchange a, b;
    const char *body = (const char *)data + 4;

    if (size < 4)
        return 0;
    if (reader_at(cpu_features(), data[0] % 4))
        api.reader = reader_at(cpu_features(), data[0] % 4);
    if (kernel_at(cpu_features(), data[1] % 4))
        api.kernel = kernel_at(cpu_features(), data[1] % 4);
    api.kept_rows = data[2];
    post_to(&a, &plain, &endpoint_completions, body, size - 4, 0, PLENTY);
    post_to(&b, &api, &endpoint_completions, body, size - 4, 0, data[3] + 1U);
    check_reply(&a);
    check_reply(&b);
    if (!reply_has(&b, "member_after_logits") && !reply_has(&b, "read twice")
        && (a.reply_length != b.reply_length || memcmp(a.reply, b.reply, a.reply_length) != 0))
        fail(&a, &b);
    exchange_release(&a);
    exchange_release(&b);
    return 0;
}
