/* body_decompress.c - decompresses the body of a request as it arrives. */
#include "api/exchange/body_decompress.h"

#include "api/base/arena_error.h"
#include "api/exchange/content_codings.h"

#include <string.h>
#include <strings.h>

/* ---- faults ---- */

static bool fail_unknown(const char *name, struct error *err)
{
    char known[128];

    coding_list(known, sizeof known);
    return error_set(err, ERR_MEDIA_TYPE, "",
                     "Content-Encoding %.64s is not supported: send the body as it is, or in one "
                     "of %s",
                     name, known);
}

static bool fail(const struct body_decompress *body, const char *why)
{
    return error_set(&body->x->error, ERR_BAD_ENCODING, "",
                     "the body is not what Content-Encoding %s says: %s", body->coding->name, why);
}

static bool judge(const struct body_decompress *body, enum coding_result result)
{
    switch (result) {
    case CODING_BAD:
        return fail(body, body->stream.why);
    case CODING_SPENT:
        return arena_fail(&body->x->arena, &body->x->error);
    case CODING_GOOD:
        break;
    }
    return true;
}

/* ---- limits ---- */

static bool check_size(const struct body_decompress *body)
{
    struct exchange *x = body->x;
    const uint64_t most = x->api->max_body, ratio = x->api->max_inflation;

    if (most > 0 && body->made > most)
        return error_set(&x->error, ERR_TOO_LARGE, "",
                         "the body is longer than %llu bytes when decompressed; --max-body limits "
                         "that, too",
                         (unsigned long long)most);
    if (ratio > 0 && body->made > DECOMPRESS_TRUSTED && body->made / ratio > body->taken)
        return error_set(&x->error, ERR_TOO_LARGE, "",
                         "the body is more than %llu times as long when decompressed, the limit "
                         "set by --max-inflation for what is above %llu MiB",
                         (unsigned long long)ratio, (unsigned long long)DECOMPRESS_TRUSTED >> 20);
    return true;
}

/* ---- streams ---- */

static bool make_room(struct body_decompress *body)
{
    struct coded_stream *stream = &body->stream;

    if (!stream->out)
        stream->out = arena_grow(stream->arena, NULL, 0, CODING_OUT);
    return stream->out || arena_fail(stream->arena, &body->x->error);
}

/* Feed the output to the endpoint. */
static bool give(struct body_decompress *body, size_t count, endpoint_feed_f *feed)
{
    body->made += count;
    return check_size(body) && (count == 0 || feed(body->x, (const char *)body->stream.out, count));
}

/* Decompress until the input is used up or the stream ends.  Output before a fault is fed first. */
static bool run(struct body_decompress *body, endpoint_feed_f *feed)
{
    struct coded_stream *stream = &body->stream;
    size_t count;

    do {
        const size_t before = stream->left;
        enum coding_result result;

        count = 0;
        result = body->coding->step(stream, &count);
        body->taken += before - stream->left;
        if (!give(body, count, feed) || !judge(body, result))
            return false;
    } while (stream->open && (stream->left > 0 || count == CODING_OUT));
    return true;
}

/* Open a stream whose head is complete. */
static bool open_stream(struct body_decompress *body, endpoint_feed_f *feed)
{
    struct coded_stream *stream = &body->stream;
    const unsigned char *in = stream->in;
    const size_t left = stream->left;

    if (stream->count > 0 && !body->coding->many)
        return fail(body, CODING_FOLLOWED);
    if (!make_room(body) || !judge(body, body->coding->open(stream)))
        return false;
    stream->open = true;
    stream->count++;
    stream->in = stream->head;
    stream->left = stream->held;
    stream->held = 0;
    if (!run(body, feed))
        return false;
    stream->in = in;
    stream->left = left;
    return true;
}

/* Take one byte of a head. */
static bool take_head(struct body_decompress *body, endpoint_feed_f *feed)
{
    struct coded_stream *stream = &body->stream;

    stream->head[stream->held++] = *stream->in++;
    stream->left--;
    return stream->held < body->coding->head || open_stream(body, feed);
}

/* ---- bodies ---- */

bool body_decompress_begin(struct exchange *x)
{
    static const char identity[] = "identity";
    const char *name = x->request.content_encoding ? x->request.content_encoding : "";
    const struct content_coding *coding;
    size_t length;

    name += strspn(name, " \t");
    length = strlen(name);
    while (length > 0 && (name[length - 1] == ' ' || name[length - 1] == '\t'))
        length--;
    if (length == 0 || (length == strlen(identity) && strncasecmp(name, identity, length) == 0))
        return true;
    coding = coding_find(name, length);
    if (!coding)
        return fail_unknown(name, &x->error);
    x->decompress = arena_new(&x->arena, struct body_decompress, 1);
    if (!x->decompress)
        return arena_fail(&x->arena, &x->error);
    *x->decompress = (struct body_decompress){.coding = coding, .x = x, .stream.arena = &x->arena};
    return true;
}

bool body_decompress_feed(struct body_decompress *body, const char *chunk, size_t length,
                          endpoint_feed_f *feed)
{
    struct coded_stream *stream = &body->stream;

    stream->in = (const unsigned char *)chunk;
    stream->left = length;
    while (stream->left > 0)
        if (!(stream->open ? run(body, feed) : take_head(body, feed)))
            return false;
    return true;
}

bool body_decompress_end(struct body_decompress *body)
{
    const struct coded_stream *stream = &body->stream;

    if (stream->count > 0 && stream->held > 0)
        return fail(body, CODING_FOLLOWED);
    if (stream->open || stream->count == 0)
        return fail(body, "it ends early");
    return true;
}
