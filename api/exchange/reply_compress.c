/* reply_compress.c - compresses replies. */
#include "api/exchange/reply_compress.h"

#include "api/exchange/zlib.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

#define LEVEL 1 /* the fastest of 9: replies are digits, and speed counts */
#define MEMORY_LEVEL 8

static const struct {
    const char *name, *alias;
    int bits; /* zlib's window bits and format */
} codings[] = {
    [REPLY_PLAIN] = {"identity", NULL, 0},
    [REPLY_GZIP] = {"gzip", "x-gzip", MAX_WBITS + 16},
    [REPLY_DEFLATE] = {"deflate", NULL, MAX_WBITS},
};

#define CODINGS (sizeof codings / sizeof *codings)

/* ---- Accept-Encoding ---- */

/* An element of the list: a coding and its weight in thousandths. */
struct wish {
    const char *name;
    size_t length;
    int weight;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* "0.5" is 500.  -1: not a weight. */
static int read_weight(const char *text, const char *end)
{
    int weight, unit = 100;

    if (text == end || (*text != '0' && *text != '1'))
        return -1;
    weight = (*text++ - '0') * 1000;
    if (text < end && *text++ != '.')
        return -1;
    for (; text < end && unit > 0 && *text >= '0' && *text <= '9'; unit /= 10)
        weight += unit * (*text++ - '0');
    return text == end && weight <= 1000 ? weight : -1;
}

/* Parse an element between two commas.  The weight is -1 if it is not valid. */
static struct wish read_wish(const char *text, const char *end)
{
    struct wish wish = {.weight = 1000};
    const char *semicolon;

    while (text < end && is_space(*text))
        text++;
    while (end > text && is_space(end[-1]))
        end--;
    semicolon = memchr(text, ';', (size_t)(end - text));
    wish.name = text;
    wish.length = (size_t)((semicolon ? semicolon : end) - text);
    while (wish.length > 0 && is_space(text[wish.length - 1]))
        wish.length--;
    if (!semicolon)
        return wish;
    for (text = semicolon + 1; text < end && is_space(*text);)
        text++;
    wish.weight = end - text > 2 && (*text == 'q' || *text == 'Q') && text[1] == '='
                      ? read_weight(text + 2, end)
                      : -1;
    return wish;
}

static bool is_wish(const struct wish *wish, const char *name)
{
    return name && wish->length == strlen(name) && strncasecmp(wish->name, name, wish->length) == 0;
}

/* Store the weight of an element: "*" applies to all codings that are not named. */
static void note_wish(const struct wish *wish, int named[CODINGS], int *others)
{
    if (wish->weight < 0)
        return;
    if (is_wish(wish, "*"))
        *others = wish->weight;
    for (size_t i = 0; i < CODINGS; i++)
        if (is_wish(wish, codings[i].name) || is_wish(wish, codings[i].alias))
            named[i] = wish->weight;
}

enum reply_coding reply_compress_choose(const char *accept_encoding)
{
    int named[CODINGS] = {-1, -1, -1}, others = -1, best = 0;
    enum reply_coding choice = REPLY_PLAIN;

    for (const char *c = accept_encoding; c && *c;) {
        const char *end = c + strcspn(c, ",");
        const struct wish wish = read_wish(c, end);

        note_wish(&wish, named, &others);
        c = *end ? end + 1 : end;
    }
    best = named[REPLY_PLAIN] > 0 ? named[REPLY_PLAIN] - 1 : 0; /* identity loses a tie */
    for (enum reply_coding i = REPLY_GZIP; i < CODINGS; i++) {
        const int weight = named[i] >= 0 ? named[i] : others;

        if (weight > best) {
            best = weight;
            choice = i;
        }
    }
    return choice;
}

/* ---- compression ---- */

/* Compress into a buffer smaller than the reply.  Returns the length; 0: it does not fit. */
static size_t pack(const struct exchange *x, z_stream *stream, char *out)
{
    const unsigned room = (unsigned)x->reply.length - 1;

    stream->next_in = (unsigned char *)(uintptr_t)x->reply.body;
    stream->avail_in = (unsigned)x->reply.length;
    stream->next_out = (unsigned char *)out;
    stream->avail_out = room;
    return deflate(stream, Z_FINISH) == Z_STREAM_END ? room - stream->avail_out : 0;
}

void reply_compress(struct exchange *x)
{
    const enum reply_coding coding = reply_compress_choose(x->request.accept_encoding);
    z_stream stream = {0};
    size_t length = 0;
    char *out;

    if (coding == REPLY_PLAIN || x->reply.status != 200 || x->reply.length < REPLY_COMPRESS_FLOOR
        || x->reply.length > UINT_MAX)
        return;
    zlib_memory(&stream, &x->arena);
    if (deflateInit2(&stream, LEVEL, Z_DEFLATED, codings[coding].bits, MEMORY_LEVEL,
                     Z_DEFAULT_STRATEGY)
        != Z_OK)
        return;
    out = arena_grow(&x->arena, NULL, 0, x->reply.length);
    if (out)
        length = pack(x, &stream, out);
    deflateEnd(&stream);
    if (length == 0)
        return;
    x->reply.body = out;
    x->reply.length = length;
    x->reply.encoding = codings[coding].name;
}
