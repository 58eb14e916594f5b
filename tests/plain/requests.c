/* requests.c - requests as RFC 9112 defines them, and nothing else. */
#include "tests/plain/requests.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

struct stream {
    const char *at, *end;
};

struct line {
    const char *text;
    size_t length;
};

struct request {
    bool old; /* HTTP/1.0 */
    bool chunked, sized;
    uint64_t length;
};

/* The next line without its end, CRLF or LF; false where there is none. */
static bool next_line(struct stream *s, struct line *line)
{
    const char *stop = memchr(s->at, '\n', (size_t)(s->end - s->at));

    if (!stop)
        return false;
    *line = (struct line){s->at, (size_t)(stop - s->at)};
    s->at = stop + 1;
    if (line->length > 0 && stop[-1] == '\r')
        line->length--;
    return true;
}

static size_t token_length(const char *text, size_t length)
{
    static const char set[] = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "abcdefghijklmnopqrstuvwxyz";
    size_t i = 0;

    while (i < length && memchr(set, text[i], sizeof set - 1))
        i++;
    return i;
}

/* Bytes of a field's value; where `space` is false, of a target. */
static bool is_text(const char *text, size_t length, bool space)
{
    for (size_t i = 0; i < length; i++) {
        const unsigned char c = (unsigned char)text[i];

        if (c == 0x7f || (c < 0x20 && !(space && c == '\t')) || (c == ' ' && !space))
            return false;
    }
    return true;
}

/* method SP target SP HTTP/1.x */
static bool read_start(const struct line *line, struct request *r)
{
    const size_t method = token_length(line->text, line->length);
    const char *version;

    if (method == 0 || line->length < method + 11 || line->text[method] != ' ')
        return false;
    version = line->text + line->length - 9;
    if (memcmp(version, " HTTP/1.1", 9) != 0 && memcmp(version, " HTTP/1.0", 9) != 0)
        return false;
    r->old = version[8] == '0';
    return is_text(line->text + method + 1, line->length - method - 10, false);
}

static bool read_size(const char *text, size_t length, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9' || *out > UINT64_MAX / 16)
            return false;
        *out = *out * 10 + (uint64_t)(text[i] - '0');
    }
    return length > 0;
}

static bool is_named(const struct line *line, size_t length, const char *name)
{
    return length == strlen(name) && strncasecmp(line->text, name, length) == 0;
}

static bool read_field(const struct line *line, struct request *r)
{
    const size_t name = token_length(line->text, line->length);
    const char *value = line->text + name + 1, *end = line->text + line->length;

    if (name == 0 || name == line->length || line->text[name] != ':'
        || !is_text(value, (size_t)(end - value), true))
        return false;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (value < end && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    if (is_named(line, name, "Content-Length")) {
        if (r->sized || !read_size(value, (size_t)(end - value), &r->length))
            return false;
        r->sized = true;
    } else if (is_named(line, name, "Transfer-Encoding")) {
        if (r->chunked || end - value != 7 || strncasecmp(value, "chunked", 7) != 0)
            return false;
        r->chunked = true;
    }
    return true;
}

/* Fields up to the empty line. */
static bool read_fields(struct stream *s, struct request *r)
{
    struct line line;

    while (next_line(s, &line)) {
        if (line.length == 0)
            return true;
        if (!read_field(&line, r))
            return false;
    }
    return false;
}

static bool skip(struct stream *s, uint64_t length)
{
    if ((uint64_t)(s->end - s->at) < length)
        return false;
    s->at += length;
    return true;
}

/* The size of a chunk, behind which an extension may stand. */
static bool read_chunk_size(const struct line *line, uint64_t *size)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *place;
    size_t i = 0;

    *size = 0;
    for (; i < line->length && i < 8; i++) {
        place = memchr(digits, line->text[i], sizeof digits - 1);
        if (!place)
            break;
        *size = *size * 16 + (uint64_t)((place - digits) % 16);
    }
    return i > 0
           && (i == line->length
               || (line->text[i] == ';' && is_text(line->text + i, line->length - i, true)));
}

static bool read_chunks(struct stream *s)
{
    struct request trailer = {0};
    struct line line;
    uint64_t size;

    while (next_line(s, &line) && read_chunk_size(&line, &size)) {
        if (size == 0)
            return read_fields(s, &trailer);
        if (!skip(s, size) || !next_line(s, &line) || line.length > 0)
            return false;
    }
    return false;
}

/* Past empty lines; false where nothing else follows. */
static bool skip_empty(struct stream *s)
{
    while (s->at < s->end) {
        if (*s->at == '\r' && s->end - s->at > 1 && s->at[1] == '\n')
            s->at++;
        if (*s->at != '\n')
            return true;
        s->at++;
    }
    return false;
}

static bool read_request(struct stream *s, bool *is_head)
{
    struct request r = {0};
    struct line line;

    if (!next_line(s, &line))
        return false;
    *is_head = line.length > 5 && memcmp(line.text, "HEAD ", 5) == 0;
    if (!read_start(&line, &r) || !read_fields(s, &r) || (r.chunked && (r.sized || r.old)))
        return false;
    return r.chunked ? read_chunks(s) : skip(s, r.length);
}

void requests_read(struct requests *requests, const char *stream, size_t length)
{
    struct stream s = {stream, stream + length};

    memset(requests, 0, sizeof *requests);
    while (skip_empty(&s) && requests->whole < REQUESTS_MOST - 1) {
        if (!read_request(&s, &requests->is_head[requests->whole])) {
            requests->rest = true;
            return;
        }
        requests->whole++;
    }
}
