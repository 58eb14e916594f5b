/* infer_check.h - requests to /v2/models/NAME/infer in tests: what they are made of, whether the
 * answer depends on how they are cut or what is kept, and what is refused. */
#ifndef TESTS_UNIT_INFER_CHECK_H
#define TESTS_UNIT_INFER_CHECK_H

#include "tests/unit/infer.h"
#include "tests/unit/suite.h"

#include "core/cpu.h"

#include "api/json/readers.h"

#include <stdio.h>
#include <string.h>

/* ---- requests ---- */

/* Pieces of requests: inputs that are good. */
#define TARGETS "{'name':'targets','shape':[1,2],'datatype':'INT64','data':[1,0]}"
#define LOGITS "{'name':'logits','shape':[1,2,3],'datatype':'FP32','data':[1,2,3,4,5,6]}"
#define TOKENS "{'name':'tokens','shape':[1,2],'datatype':'INT64','data':[1,0]}"
#define LENGTH "{'name':'prompt_length','shape':[1],'datatype':'INT64','data':[1]}"
#define REQUEST(inputs) "{'inputs':[" inputs "]}"
#define ASKING(members) "{'inputs':[" TARGETS "," LOGITS "]," members "}"

/* ' for ", and the answer's \" read back. */
static inline size_t requote(const char *text, char *out)
{
    size_t length = strlen(text);

    for (size_t i = 0; i <= length; i++)
        out[i] = text[i] == '\'' ? '"' : text[i];
    return length;
}

/* ---- answers ---- */

static inline void check_same(const struct exchange *a, const struct exchange *b, const char *name)
{
    ck_assert_msg(a->reply.status == b->reply.status && a->reply.length == b->reply.length
                      && a->reply.inference_length == b->reply.inference_length
                      && memcmp(a->reply.body, b->reply.body, a->reply.length) == 0,
                  "%s\n%u %.*s\n%u %.*s", name, a->reply.status, (int)a->reply.length,
                  a->reply.body, b->reply.status, (int)b->reply.length, b->reply.body);
}

/* Every two pieces and every byte alone, with few rows kept; with `all` also every reader, and none
 * or all rows kept. */
static inline void check_cuts(const char *name, const char *path, const char *header,
                              const char *body, size_t length, bool all)
{
    static const size_t kept[] = {20, 0, PLENTY};
    struct api api = plain_api(PLENTY);
    struct exchange whole, x;
    const struct reader *reader;

    post_infer(&whole, &api, path, header, body, length, 0, PLENTY);
    for (size_t r = 0; (reader = reader_at(cpu_features(), r)) != NULL && (all || r == 0); r++) {
        api.reader = reader;
        for (size_t k = r == 0 ? 0 : COUNT(kept) - 1; k < (all ? COUNT(kept) : 1); k++) {
            struct exchange base;

            api.kept_rows = kept[k];
            post_infer(&base, &api, path, header, body, length, 0, PLENTY);
            if (!reply_has(&base, "--max-kept-rows"))
                check_same(&base, &whole, name);
            for (size_t first = 0; first < length; first++) {
                post_infer(&x, &api, path, header, body, length, first, first == 0 ? 1 : PLENTY);
                check_same(&x, &base, name);
                exchange_release(&x);
            }
            exchange_release(&base);
        }
    }
    exchange_release(&whole);
}

static inline void check_refused(const struct exchange *x, const char *body, unsigned status,
                                 const char *error)
{
    char plain[1024];
    size_t length = 0;

    for (size_t i = 0; i < x->reply.length && length < sizeof plain - 1; i++)
        if (x->reply.body[i] != '\\')
            plain[length++] = x->reply.body[i];
    plain[length] = '\0';
    ck_assert_msg(x->reply.status == status && strcmp(x->reply.type, "application/json") == 0
                      && strncmp(plain, "{\"error\":\"", 10) == 0 && strstr(plain, error)
                      && x->reply.inference_length == 0,
                  "%s\n%u %s\nnot %s", body, x->reply.status, plain, error);
}

#endif
