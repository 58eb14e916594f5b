/* body_decompress.c - bodies that come compressed. */
#include "api/exchange/body_decompress.h"

#include "api/base/arena_error.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct coding *const codings[] = {&coding_gzip, &coding_deflate, &coding_zstd, NULL};

const struct coding *coding_at(size_t index)
{
    return index < sizeof codings / sizeof *codings ? codings[index] : NULL;
}

void coding_list(char *out, size_t size)
{
    size_t length = 0;

    out[0] = '\0';
    for (const struct coding *const *coding = codings; *coding && length < size; coding++)
        length += (size_t)snprintf(out + length, size - length, "%s%s", length > 0 ? ", " : "",
                                   (*coding)->name);
}

static bool is_word(const char *text, size_t length, const char *word)
{
    return word && strlen(word) == length && strncasecmp(text, word, length) == 0;
}

bool inflation_begin(struct exchange *x)
{
    const char *name = x->request.content_encoding ? x->request.content_encoding : "";
    const struct coding *const *coding = codings;
    char known[128];
    size_t length;

    name += strspn(name, " \t");
    length = strlen(name);
    while (length > 0 && (name[length - 1] == ' ' || name[length - 1] == '\t'))
        length--;
    if (length == 0 || is_word(name, length, "identity"))
        return true;
    while (*coding && !is_word(name, length, (*coding)->name)
           && !is_word(name, length, (*coding)->alias))
        coding++;
    if (!*coding) {
        coding_list(known, sizeof known);
        return error_set(&x->error, ERR_MEDIA_TYPE, "",
                         "Content-Encoding %.64s is not supported: send the body as it is, or in "
                         "one of %s",
                         name, known);
    }
    x->inflation = arena_new(&x->arena, struct inflation, 1);
    if (!x->inflation)
        return arena_fail(&x->arena, &x->error);
    *x->inflation = (struct inflation){.coding = *coding, .x = x};
    return true;
}

/* ---- faults ---- */

enum coding_result coding_bad(struct inflation *inflation, const char *why)
{
    inflation->why = why;
    return CODING_BAD;
}

static bool fail(struct inflation *inflation, const char *why)
{
    return error_set(&inflation->x->error, ERR_BAD_ENCODING, "",
                     "the body is not what Content-Encoding %s says: %s", inflation->coding->name,
                     why);
}

static bool judge(struct inflation *inflation, enum coding_result result)
{
    switch (result) {
    case CODING_BAD:
        return fail(inflation, inflation->why);
    case CODING_SPENT:
        return arena_fail(&inflation->x->arena, &inflation->x->error);
    case CODING_GOOD:
        break;
    }
    return true;
}

/* ---- limits ---- */

static bool check_size(const struct inflation *inflation)
{
    struct exchange *x = inflation->x;
    const uint64_t most = x->api->max_body, ratio = x->api->max_inflation;

    if (most > 0 && inflation->made > most)
        return error_set(&x->error, ERR_TOO_LARGE, "",
                         "the body is longer than %llu bytes when decompressed; --max-body limits "
                         "that, too",
                         (unsigned long long)most);
    if (ratio > 0 && inflation->made > CODING_TRUSTED && inflation->made / ratio > inflation->taken)
        return error_set(&x->error, ERR_TOO_LARGE, "",
                         "the body is more than %llu times as long when decompressed, the limit "
                         "set by --max-inflation for what is above %llu MiB",
                         (unsigned long long)ratio, (unsigned long long)CODING_TRUSTED >> 20);
    return true;
}

/* ---- streams ---- */

static bool make_room(struct inflation *inflation)
{
    struct arena *arena = &inflation->x->arena;

    if (!inflation->out)
        inflation->out = arena_grow(arena, NULL, 0, CODING_OUT);
    return inflation->out || arena_fail(arena, &inflation->x->error);
}

/* Give on what came out. */
static bool give(struct inflation *inflation, size_t count, endpoint_feed_f *feed)
{
    inflation->made += count;
    return check_size(inflation)
           && (count == 0 || feed(inflation->x, (const char *)inflation->out, count));
}

/* Take in bytes until they are used up, or the stream ends.  What came out before something was
 * wrong comes first. */
static bool run(struct inflation *inflation, endpoint_feed_f *feed)
{
    size_t count;

    do {
        const size_t before = inflation->left;
        enum coding_result result;

        count = 0;
        result = inflation->coding->step(inflation, &count);
        inflation->taken += before - inflation->left;
        if (!give(inflation, count, feed) || !judge(inflation, result))
            return false;
    } while (inflation->open && (inflation->left > 0 || count == CODING_OUT));
    return true;
}

/* The head of a stream is in. */
static bool open_stream(struct inflation *inflation, endpoint_feed_f *feed)
{
    const unsigned char *in = inflation->in;
    const size_t left = inflation->left;

    if (inflation->streams > 0 && !inflation->coding->many)
        return fail(inflation, CODING_FOLLOWED);
    if (!make_room(inflation) || !judge(inflation, inflation->coding->open(inflation)))
        return false;
    inflation->open = true;
    inflation->streams++;
    inflation->in = inflation->head;
    inflation->left = inflation->held;
    inflation->held = 0;
    if (!run(inflation, feed))
        return false;
    inflation->in = in;
    inflation->left = left;
    return true;
}

/* Take in a byte of a head. */
static bool take_head(struct inflation *inflation, endpoint_feed_f *feed)
{
    inflation->head[inflation->held++] = *inflation->in++;
    inflation->left--;
    return inflation->held < inflation->coding->head || open_stream(inflation, feed);
}

bool inflation_feed(struct inflation *inflation, const char *chunk, size_t length,
                    endpoint_feed_f *feed)
{
    inflation->in = (const unsigned char *)chunk;
    inflation->left = length;
    while (inflation->left > 0)
        if (!(inflation->open ? run(inflation, feed) : take_head(inflation, feed)))
            return false;
    return true;
}

bool inflation_end(struct inflation *inflation)
{
    if (inflation->streams > 0 && inflation->held > 0)
        return fail(inflation, CODING_FOLLOWED);
    if (inflation->open || inflation->streams == 0)
        return fail(inflation, "it ends early");
    return true;
}
