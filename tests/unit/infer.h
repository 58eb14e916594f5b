/* infer.h - requests to /v2/models/NAME/infer without a server. */
#ifndef TESTS_UNIT_INFER_H
#define TESTS_UNIT_INFER_H

#include "tests/unit/post.h"

/* One request, fed in a piece of `first` bytes (if not 0) and then pieces of `step`.  `header` is
 * the value of Inference-Header-Content-Length, or NULL. */
static inline void post_infer(struct exchange *x, const struct api *api, const char *path,
                              const char *header, const char *body, size_t length, size_t first,
                              size_t step)
{
    static const struct route route = {
        "POST", "/v2/models/{name}/infer", STYLE_OIP, &endpoint_infer, false, false, ""};

    exchange_init(x, api);
    x->request.id = "test";
    x->request.route = &route;
    x->request.style = STYLE_OIP;
    x->request.path = path;
    x->request.inference_header = header;
    post_body(x, &endpoint_infer, body, length, first, step);
}

#endif
