/* fuzz_engines.c - arbitrary trees as answers of engines: a score or an error, the same however the
 * body is cut.
 *
 * The first four bytes of the input choose how the rest is used: as a body as it stands, or as
 * choices of a tree made of the names and values that engines use. */
#include "tests/fuzz/fuzz.h"

#include "api/base/strbuf.h"
#include "api/engines/engines.h"

/* ---- trees ---- */

static const char *const names[] = {"choices",
                                    "logprobs",
                                    "token_logprobs",
                                    "tokens",
                                    "top_logprobs",
                                    "content",
                                    "token",
                                    "logprob",
                                    "bytes",
                                    "id",
                                    "index",
                                    "prompt_logprobs",
                                    "token_ids",
                                    "prompt_token_ids",
                                    "rank",
                                    "0",
                                    "1",
                                    "meta_info",
                                    "input_token_logprobs",
                                    "output_token_logprobs",
                                    "prompt_tokens",
                                    "usage",
                                    "input_top_logprobs",
                                    "details",
                                    "prefill",
                                    "text",
                                    "top_tokens",
                                    "completion_probabilities",
                                    "prob",
                                    "context_logits",
                                    "generation_logits",
                                    "output_log_probs",
                                    "outputs",
                                    "generations",
                                    "token_likelihoods",
                                    "likelihood",
                                    "candidates",
                                    "logprobsResult",
                                    "chosenCandidates",
                                    "topCandidates",
                                    "tokenId",
                                    "logProbability",
                                    "completion_tokens",
                                    "\xc3\xa9"};

static const char *const values[] = {"null",
                                     "-0.5",
                                     "-1",
                                     "0",
                                     "1",
                                     "2",
                                     "0.001",
                                     "\"t\"",
                                     "-9999",
                                     "-3.5e38",
                                     "NaN",
                                     "1e400",
                                     "-1e400",
                                     "-Infinity",
                                     "Infinity",
                                     "true",
                                     "-7",
                                     "\"token_id:1\"",
                                     "\"X2xvZ2l0c18DAAAA\"",
                                     "18446744073709551615",
                                     "{}",
                                     "[]",
                                     "3",
                                     "\"-Inf\""};

struct source {
    const uint8_t *at, *end;
    struct strbuf *text;
    unsigned left; /* values that may still be written */
};

static unsigned choose(struct source *source, size_t count)
{
    return source->at < source->end ? *source->at++ % (unsigned)count : 0;
}

static void put_tree(struct source *source, unsigned depth);

static void put_object(struct source *source, unsigned depth)
{
    const unsigned count = choose(source, 5);
    unsigned name = choose(source, sizeof names / sizeof *names);

    strbuf_puts(source->text, "{");
    for (unsigned i = 0; i < count && source->left > 0; i++) {
        strbuf_puts(source->text, i ? ",\"" : "\"");
        strbuf_puts(source->text, names[name]);
        strbuf_puts(source->text, "\":");
        put_tree(source, depth - 1);
        name = (name + 1 + choose(source, 4)) % (sizeof names / sizeof *names);
    }
    strbuf_puts(source->text, "}");
}

static void put_array(struct source *source, unsigned depth)
{
    const unsigned count = choose(source, 5);

    strbuf_puts(source->text, "[");
    for (unsigned i = 0; i < count && source->left > 0; i++) {
        strbuf_puts(source->text, i ? "," : "");
        put_tree(source, depth - 1);
    }
    strbuf_puts(source->text, "]");
}

static void put_tree(struct source *source, unsigned depth)
{
    const unsigned kind = choose(source, 4);

    source->left--;
    if (source->left == 0 || depth == 0 || kind < 2)
        strbuf_puts(source->text, values[choose(source, sizeof values / sizeof *values)]);
    else if (kind == 2)
        put_object(source, depth);
    else
        put_array(source, depth);
}

static void put_body(struct source *source, unsigned head, unsigned format)
{
    static const char *const heads[] = {"",
                                        "\"tokens\":[0,1,2],",
                                        "\"prompt_length\":1,",
                                        "\"prompt\":[0],\"completion\":[1,1],",
                                        "\"objectives\":[\"joint\"],",
                                        "\"offset\":1,\"tokens\":[0,1],",
                                        "\"mask\":[0,1],",
                                        "\"sequences\":[{},{}],"};
    const struct engine *engine = engine_at(format % 16);

    strbuf_puts(source->text, "{");
    strbuf_puts(source->text, heads[head % (sizeof heads / sizeof *heads)]);
    if (engine) {
        strbuf_puts(source->text, "\"format\":\"");
        strbuf_puts(source->text, engine->name);
        strbuf_puts(source->text, "\",");
    }
    strbuf_puts(source->text, "\"outputs\":");
    put_tree(source, 12);
    strbuf_puts(source->text, "}");
}

/* ---- answers ---- */

static void fail(const struct exchange *a, const struct exchange *b, const struct strbuf *body)
{
    fprintf(stderr, "%.*s\n%u %.*s\n%u %.*s\n", (int)body->length, body->data, a->reply.status,
            (int)a->reply.length, a->reply.body, b->reply.status, (int)b->reply.length,
            b->reply.body);
    abort();
}

static void check(const struct strbuf *body, size_t step)
{
    const struct api api = plain_api(PLENTY);
    static struct exchange a, b;

    post(&a, &api, body->data, body->length, 0, PLENTY);
    post(&b, &api, body->data, body->length, 0, step);
    if ((a.reply.status == 200) != (a.error.code == ERR_NONE) || a.reply.status == 500
        || (a.reply.status == 200 && reply_has(&a, ":NaN")) || a.reply.length != b.reply.length
        || memcmp(a.reply.body, b.reply.body, a.reply.length) != 0)
        fail(&a, &b, body);
    exchange_release(&a);
    exchange_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct strbuf body;
    struct source source;

    if (size < 4)
        return 0;
    arena_init(&arena, PLENTY, NULL);
    body = (struct strbuf){.arena = &arena};
    source = (struct source){data + 4, data + size, &body, 200};
    if (data[0] % 2 == 1)
        strbuf_add(&body, (const char *)data + 4, size - 4);
    else
        put_body(&source, data[1], data[2]);
    if (body.length > 0)
        check(&body, data[3] + 1U);
    arena_release(&arena);
    return 0;
}
