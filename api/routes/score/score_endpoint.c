/* score_endpoint.c - POST /v1/score. */
#include "api/routes/score/score_endpoint.h"

#include "api/exchange/api.h"
#include "api/routes/score/decoders.h"

/* The decoder depends on the head alone, so it is looked up again instead of stored. */
static const struct decoder *chosen(const struct exchange *x)
{
    return decoder_find(x->request.content_type);
}

static bool begin_score(struct exchange *x)
{
    char known[256];

    if (chosen(x))
        return chosen(x)->begin(x);
    decoder_list(known, sizeof known);
    return error_set(&x->error, ERR_MEDIA_TYPE, "",
                     "Content-Type %.64s is not supported; these are: %s", x->request.content_type,
                     known);
}

static bool feed_score(struct exchange *x, const char *chunk, size_t length)
{
    return chosen(x)->feed(x, chunk, length);
}

static void finish_score(struct exchange *x)
{
    chosen(x)->finish(x);
}

const struct endpoint endpoint_score = {begin_score, feed_score, finish_score};
