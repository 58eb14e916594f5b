/* post.h - requests without a server: to POST /v1/score, or to another endpoint. */
#ifndef TESTS_UNIT_POST_H
#define TESTS_UNIT_POST_H

#include "api/exchange/api.h"
#include "api/json/readers.h"
#include "api/routes/about/about_endpoints.h"
#include "api/routes/compare/compare_endpoint.h"
#include "api/routes/completions/completions_endpoints.h"
#include "api/routes/infer/infer_endpoints.h"
#include "api/routes/policy/policy_endpoint.h"
#include "api/routes/preference/preference_endpoint.h"
#include "api/routes/rank/rank_endpoint.h"
#include "api/routes/score/score_endpoint.h"

#include "core/kernels.h"

#include <string.h>

#define PLENTY ((size_t)16 << 20)

static inline struct api plain_api(size_t memory)
{
    return (struct api){.kernel = kernel_find(0, "auto"),
                        .reader = reader_find(0, "auto"),
                        .request_memory = memory,
                        .kept_rows = memory};
}

/* The body of a request, fed in a piece of `first` bytes (if not 0) and then pieces of `step`. */
static inline void post_body(struct exchange *x, const struct endpoint *endpoint, const char *body,
                             size_t length, size_t first, size_t step)
{
    bool good = endpoint->begin(x);
    size_t chunk;

    for (size_t at = 0; good && at < length; at += chunk) {
        chunk = at == 0 && first > 0 ? first : step;
        chunk = chunk < length - at ? chunk : length - at;
        good = endpoint->feed(x, body + at, chunk);
    }
    if (good)
        endpoint->finish(x);
    else
        exchange_fail(x);
}

/* One request, so fed. */
static inline void post_with(struct exchange *x, const struct api *api,
                             const struct endpoint *endpoint, const char *type, const char *body,
                             size_t length, size_t first, size_t step)
{
    exchange_init(x, api);
    x->request.id = "test";
    x->request.style = endpoint == &endpoint_completions ? STYLE_OPENAI : STYLE_NATIVE;
    x->request.content_type = type;
    post_body(x, endpoint, body, length, first, step);
}

static inline void post_to(struct exchange *x, const struct api *api,
                           const struct endpoint *endpoint, const char *body, size_t length,
                           size_t first, size_t step)
{
    post_with(x, api, endpoint, NULL, body, length, first, step);
}

static inline void post_as(struct exchange *x, const struct api *api, const char *type,
                           const char *body, size_t length, size_t first, size_t step)
{
    post_with(x, api, &endpoint_score, type, body, length, first, step);
}

static inline void post(struct exchange *x, const struct api *api, const char *body, size_t length,
                        size_t first, size_t step)
{
    post_to(x, api, &endpoint_score, body, length, first, step);
}

static inline bool reply_has(const struct exchange *x, const char *text)
{
    return memmem(x->reply.body, x->reply.length, text, strlen(text)) != NULL;
}

#endif
