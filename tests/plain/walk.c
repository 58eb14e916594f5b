/* walk.c - a walk over JSON text that always knows its path. */
#include "tests/plain/walk.h"

#include <stdio.h>
#include <string.h>

void plain_walk_init(struct plain_walk *walk, const char *text, size_t length)
{
    *walk = (struct plain_walk){.at = text, .end = text + length, .start = text};
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct plain_walk_level *top(struct plain_walk *walk)
{
    return walk->depth > 0 ? &walk->level[walk->depth - 1] : NULL;
}

/* Past white space, colons and commas, keeping count of what they separate. */
static void plain_walk_separators(struct plain_walk *walk)
{
    for (; walk->at < walk->end; walk->at++) {
        struct plain_walk_level *level = top(walk);

        if (*walk->at == ',' && level) {
            level->index++;
            level->wants_key = level->object;
        } else if (!is_space(*walk->at) && *walk->at != ':') {
            return;
        }
    }
}

/* Past a string; false where it does not end. */
static bool plain_walk_string(struct plain_walk *walk)
{
    const char *c = walk->at + 1;

    while (c < walk->end && *c != '"')
        c += *c == '\\' ? 2 : 1;
    if (c >= walk->end)
        return false;
    walk->at = c + 1;
    return true;
}

static enum plain_walk_token plain_walk_text(struct plain_walk *walk)
{
    struct plain_walk_level *level = top(walk);

    if (!plain_walk_string(walk))
        return PLAIN_WALK_END;
    if (!level || !level->wants_key)
        return PLAIN_WALK_STRING;
    level->wants_key = false;
    level->key = walk->start + 1;
    level->key_length = (size_t)(walk->at - walk->start) - 2;
    return PLAIN_WALK_KEY;
}

static enum plain_walk_token plain_walk_open(struct plain_walk *walk)
{
    const bool object = *walk->at == '{';

    if (walk->depth == PLAIN_WALK_MAX_DEPTH)
        return PLAIN_WALK_DEEP;
    walk->at++;
    walk->level[walk->depth++] = (struct plain_walk_level){.object = object, .wants_key = object};
    return PLAIN_WALK_OPEN;
}

static enum plain_walk_token plain_walk_close(struct plain_walk *walk)
{
    const struct plain_walk_level *level = top(walk);

    if (!level || level->object != (*walk->at == '}'))
        return PLAIN_WALK_END;
    walk->at++;
    walk->depth--;
    return PLAIN_WALK_CLOSE;
}

static enum plain_walk_token plain_walk_scalar(struct plain_walk *walk)
{
    while (walk->at < walk->end && !is_space(*walk->at) && !strchr(",:[]{}\"", *walk->at))
        walk->at++;
    return walk->at > walk->start ? PLAIN_WALK_SCALAR : PLAIN_WALK_END;
}

enum plain_walk_token plain_walk_next(struct plain_walk *walk)
{
    const char *from = walk->at;

    plain_walk_separators(walk);
    walk->touches = walk->at == from && walk->depth > 0 && !strchr("[{", from[-1]);
    walk->start = walk->at;
    if (walk->at == walk->end)
        return PLAIN_WALK_END;
    switch (*walk->at) {
    case '"':
        return plain_walk_text(walk);
    case '{':
    case '[':
        return plain_walk_open(walk);
    case '}':
    case ']':
        return plain_walk_close(walk);
    default:
        return plain_walk_scalar(walk);
    }
}

static int hex_value(char c)
{
    const char *digits = "0123456789abcdef0123456789ABCDEF";
    const char *found = c ? strchr(digits, c) : NULL;

    return found ? (int)(found - digits) % 16 : -1;
}

/* The four digits after \u, as an ASCII character or '?'. */
static char hex_character(const char *in, size_t left)
{
    int value = 0;

    if (left < 4)
        return '?';
    for (int i = 0; i < 4; i++) {
        const int digit = hex_value(in[i]);

        if (digit < 0)
            return '?';
        value = value * 16 + digit;
    }
    return value > 0 && value < 0x80 ? (char)value : '?';
}

size_t plain_walk_unescape(const char *in, size_t length, char *out, size_t size)
{
    const char *plain = "\"\\/bfnrt", *meaning = "\"\\/\b\f\n\r\t";
    size_t written = 0;

    for (size_t i = 0; i < length && written < size; i++) {
        char c = in[i];

        if (c == '\\' && i + 1 < length) {
            const char *found = strchr(plain, in[++i]);

            c = found ? meaning[found - plain] : '?';
            if (in[i] == 'u') {
                c = hex_character(in + i + 1, length - i - 1);
                i += 4;
            }
        }
        out[written++] = c;
    }
    return written;
}

bool plain_walk_at_member(const struct plain_walk *walk, size_t depth, const char *name)
{
    const struct plain_walk_level *level = &walk->level[depth];
    const size_t length = strlen(name);
    char plain[64];
    size_t plain_length;

    if (depth >= walk->depth || !level->object || !level->key)
        return false;
    if (!memchr(level->key, '\\', level->key_length))
        return level->key_length == length && memcmp(level->key, name, length) == 0;
    plain_length = plain_walk_unescape(level->key, level->key_length, plain, sizeof plain);
    return plain_length == length && memcmp(plain, name, length) == 0;
}

/* The code unit behind \u, or -1. */
static int code_unit(const char *in, size_t left)
{
    int value = 0;

    for (size_t i = 0; i < 6; i++) {
        const int digit = i < left ? hex_value(in[i]) : -1;

        if (i < 2 ? i >= left || in[i] != "\\u"[i] : digit < 0)
            return -1;
        value = i < 2 ? 0 : value * 16 + digit;
    }
    return value;
}

/* A character as UTF-8. */
static size_t encode(int character, char *out)
{
    const size_t more = character < 0x80 ? 0 : character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
    const int first[] = {0, 0xc0, 0xe0, 0xf0};

    out[0] = (char)(first[more] | character >> 6 * more);
    for (size_t i = 1; i <= more; i++)
        out[i] = (char)(0x80 | (character >> 6 * (more - i) & 0x3f));
    return more + 1;
}

/* A name, its escapes undone. */
static size_t name_unescape(const char *in, size_t length, char *out, size_t size)
{
    size_t written = 0;

    for (size_t i = 0, used; i < length && written + 4 < size; i += used) {
        int unit = code_unit(in + i, length - i), low = code_unit(in + i + 6, length - i - 6);

        used = unit >= 0 ? 6 : in[i] == '\\' ? 2 : 1;
        if (unit < 0) {
            written += plain_walk_unescape(in + i, used, out + written, 1);
            continue;
        }
        if (unit >> 10 == 0xd800 >> 10 && length - i > 6 && low >> 10 == 0xdc00 >> 10) {
            unit = 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff);
            used = 12;
        }
        written += encode(unit, out + written);
    }
    return written;
}

/* Append one step of the path: a name, escaped as RFC 6901 says, or an index. */
static size_t step_render(const struct plain_walk_level *level, char *out, size_t size)
{
    char name[512];
    size_t length = 0, name_length;

    if (!level->object)
        return (size_t)snprintf(out, size, "/%zu", level->index);
    out[length++] = '/';
    name_length = name_unescape(level->key, level->key_length, name, sizeof name);
    for (size_t i = 0; i < name_length && length + 3 < size; i++) {
        const bool special = name[i] == '~' || name[i] == '/';

        out[length++] = special ? '~' : name[i];
        if (special)
            out[length++] = name[i] == '~' ? '0' : '1';
    }
    out[length] = '\0';
    return length;
}

void plain_walk_pointer(const struct plain_walk *walk, char *out, size_t size)
{
    size_t length = 0;

    out[0] = '\0';
    for (size_t i = 0; i < walk->depth && length + 24 < size; i++) {
        const struct plain_walk_level *level = &walk->level[i];

        if (level->object && (!level->key || level->wants_key))
            return;
        length += step_render(level, out + length, size - length);
    }
}

size_t plain_walk_find(const char *text, size_t length, const char *pointer)
{
    struct plain_walk walk;
    enum plain_walk_token token;
    char path[384];

    plain_walk_init(&walk, text, length);
    while ((token = plain_walk_next(&walk)) > PLAIN_WALK_DEEP) {
        const size_t start = (size_t)(walk.start - text);

        if (token == PLAIN_WALK_KEY || token == PLAIN_WALK_CLOSE)
            continue;
        walk.depth -= token == PLAIN_WALK_OPEN;
        plain_walk_pointer(&walk, path, sizeof path);
        walk.depth += token == PLAIN_WALK_OPEN;
        if (strcmp(path, pointer) == 0)
            return start;
    }
    return length;
}

void plain_walk_locate(const char *text, size_t length, size_t offset, char *out, size_t size)
{
    struct plain_walk walk;

    plain_walk_init(&walk, text, offset < length ? offset : length);
    while (plain_walk_next(&walk) > PLAIN_WALK_DEEP)
        continue;
    plain_walk_pointer(&walk, out, size);
}
