/* fuzz_infer.c - any bytes as a request to /v2/models/NAME/infer: an answer or an error, and the
 * same one for every cut, reader, kernel and number of kept rows (but that rows which are gone can
 * make an error of an answer).
 *
 * The first four bytes of the input choose the model and these; the rest is the body, whose JSON
 * ends behind its first newline, where there is one. */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/infer.h"

#define ERROR "{\"error\":\""

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct exchange a, b;
    const struct api plain = plain_api(PLENTY);
    const char *body = (const char *)data + FUZZ_CHOICES, *end, *path;
    char header[24];
    struct api api;

    if (size < FUZZ_CHOICES)
        return 0;
    size -= FUZZ_CHOICES;
    path = data[0] & 1 ? "/v2/models/score/infer" : "/v2/models/logprobs/infer";
    api = fuzz_api((const uint8_t[]){data[1], data[0] >> 1, data[2]});
    end = memchr(body, '\n', size);
    snprintf(header, sizeof header, "%zu", end ? (size_t)(end + 1 - body) : 0);
    post_infer(&a, &plain, path, end ? header : NULL, body, size, 0, PLENTY);
    post_infer(&b, &api, path, end ? header : NULL, body, size, 0, data[3] + 1U);
    fuzz_check(&a, ERROR);
    fuzz_check(&b, ERROR);
    if (a.reply.inference_length > a.reply.length)
        fuzz_fail(&a, &a);
    if (!reply_has(&b, "--max-kept-rows"))
        fuzz_same(&a, &b);
    exchange_release(&a);
    exchange_release(&b);
    return 0;
}
