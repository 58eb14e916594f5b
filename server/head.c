/* head.c - the audit of a request's head. */
#include "server/head.h"

#include <string.h>
#include <strings.h>

/* Fields that may be sent only once. */
static const char *const single[] = {
    "Host",         "Content-Length", "Transfer-Encoding",
    "Content-Type", "Authorization",  "Content-Encoding",
    "X-API-Key",    "Expect",         "Inference-Header-Content-Length",
};

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_token_character(char c)
{
    return is_alnum(c) || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_token(const char *text, size_t length)
{
    size_t i = 0;

    while (i < length && is_token_character(text[i]))
        i++;
    return length > 0 && i == length;
}

/* Visible, space, tab, or a byte of some old or new encoding. */
static bool is_value(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const unsigned char c = (unsigned char)text[i];

        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

static bool is_host(const char *text)
{
    for (; *text != '\0'; text++) {
        if (!is_alnum(*text) && !strchr("-._~%!$&'()*+,;=:[]", *text))
            return false;
    }
    return true;
}

static bool is_named(const struct field *field, const char *name)
{
    return strlen(name) == field->name_length
           && strncasecmp(field->name, name, field->name_length) == 0;
}

const char *head_find(const struct head *head, const char *name)
{
    for (size_t i = 0; i < head->count; i++) {
        if (is_named(&head->field[i], name))
            return head->field[i].value;
    }
    return NULL;
}

size_t head_count(const struct head *head, const char *name)
{
    size_t count = 0;

    for (size_t i = 0; i < head->count; i++)
        count += is_named(&head->field[i], name);
    return count;
}

#define EOL_SIZE 2

bool head_is_whole(const struct head *head)
{
    const char *next = head->method + strlen(head->method) + 1 + head->target_length + 1;

    if (head->skipped > EOL_SIZE || head->version != next)
        return false;
    next += strlen(head->version) + EOL_SIZE;
    for (size_t i = 0; i < head->count; i++) {
        const struct field *f = &head->field[i];

        if (f->name != next || f->value <= f->name + f->name_length) /* spaces may come between */
            return false;
        next = f->value + f->value_length + EOL_SIZE;
    }
    return head->size == (size_t)(next - head->method) + EOL_SIZE;
}

static bool refuse(struct error *err, const char *why)
{
    return error_set(err, ERR_BAD_REQUEST, "", "%s", why);
}

static bool audit_fields(const struct head *head, struct error *err)
{
    if (head->size > HEAD_MAX)
        return error_set(err, ERR_HEAD_TOO_LARGE, "", "the head is longer than %d bytes", HEAD_MAX);
    if (head->overflow)
        return error_set(err, ERR_BAD_REQUEST, "", "there are more than %d header fields",
                         HEAD_FIELDS);
    for (size_t i = 0; i < head->count; i++) {
        const struct field *f = &head->field[i];

        if (!is_token(f->name, f->name_length))
            return refuse(err, "a header field has a name that is not a token");
        if (!is_value(f->value, f->value_length) || strlen(f->value) != f->value_length)
            return refuse(err, "a header field has a control character in its value");
    }
    for (size_t i = 0; i < sizeof single / sizeof *single; i++) {
        if (head_count(head, single[i]) > 1)
            return error_set(err, ERR_BAD_REQUEST, "", "there are two %s header fields", single[i]);
    }
    return true;
}

static bool audit_line(const struct head *head, struct error *err)
{
    if (!is_token(head->method, strlen(head->method)))
        return refuse(err, "the method is not a token");
    if (strcmp(head->version, "HTTP/1.1") != 0 && strcmp(head->version, "HTTP/1.0") != 0)
        return refuse(err, "the version is not HTTP/1.1 or HTTP/1.0");
    return true;
}

static bool audit_host(const struct head *head, struct error *err)
{
    const char *host = head_find(head, "Host");

    if (!host && strcmp(head->version, "HTTP/1.0") != 0)
        return refuse(err, "an HTTP/1.1 request needs a Host header field");
    if (host && !is_host(host))
        return refuse(err, "the Host header field is not a host");
    return true;
}

/* libmicrohttpd uses UINT64_MAX for "not known", so that length is refused. */
static bool read_length(const char *text, uint64_t *out)
{
    *out = 0;
    if (*text == '\0')
        return false;
    for (; *text >= '0' && *text <= '9'; text++) {
        if (__builtin_mul_overflow(*out, 10U, out)
            || __builtin_add_overflow(*out, (uint64_t)(*text - '0'), out))
            return false;
    }
    return *text == '\0' && *out != UINT64_MAX;
}

static bool audit_framing(const struct head *head, struct framing *framing, struct error *err)
{
    const char *length = head_find(head, "Content-Length");
    const char *coding = head_find(head, "Transfer-Encoding");

    *framing = (struct framing){.length = coding ? UINT64_MAX : 0, .chunked = coding};
    if (coding && length)
        return refuse(err, "Content-Length and Transfer-Encoding exclude each other");
    if (coding && strcmp(head->version, "HTTP/1.0") == 0)
        return refuse(err, "HTTP/1.0 has no Transfer-Encoding");
    if (coding && strcasecmp(coding, "chunked") != 0)
        return refuse(err, "the Transfer-Encoding is not \"chunked\"");
    if (length && !read_length(length, &framing->length))
        return refuse(err, "the Content-Length is not a length");
    return true;
}

static bool audit_expect(const struct head *head, struct error *err)
{
    const char *expect = head_find(head, "Expect");

    if (!expect || strcasecmp(expect, "100-continue") == 0)
        return true;
    return error_set(err, ERR_EXPECTATION, "", "the only expectation that is met is 100-continue");
}

bool head_audit(const struct head *head, struct framing *framing, struct error *err)
{
    *framing = (struct framing){0};
    return audit_line(head, err) && audit_fields(head, err) && audit_host(head, err)
           && audit_framing(head, framing, err) && audit_expect(head, err);
}
