/* walk.c - a walk over JSON text that always knows its path. */
#include "api/json/walk.h"

#include <stdio.h>
#include <string.h>

void walk_init(struct walk *walk, const char *text, size_t length, bool ended)
{
    walk->text = text; /* levels are made when they are opened */
    walk->length = length;
    walk->ended = ended;
    walk->at = walk->start = walk->seen = walk->depth = 0;
    walk->quoted = false;
}

void walk_grow(struct walk *walk, const char *text, size_t length)
{
    walk->text = text;
    walk->length = length;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct walk_level *top(struct walk *walk)
{
    return walk->depth > 0 ? &walk->level[walk->depth - 1] : NULL;
}

/* Past white space, colons and commas, keeping count of what they separate. */
static void walk_separators(struct walk *walk)
{
    for (; walk->at < walk->length; walk->at++) {
        struct walk_level *level = top(walk);
        const char c = walk->text[walk->at];

        if (c == ',' && level) {
            level->index++;
            level->wants_key = level->object;
        } else if (!is_space(c) && c != ':') {
            return;
        }
    }
}

/* What a token is that ends with the text. */
static enum walk_token walk_cut(struct walk *walk, size_t seen)
{
    walk->seen = seen;
    return walk->ended ? WALK_END : WALK_MORE;
}

/* Past a string; WALK_STRING where it ends in the text. */
static enum walk_token walk_string(struct walk *walk)
{
    size_t c = walk->seen > walk->at ? walk->seen : walk->at + 1;

    while (c < walk->length && walk->text[c] != '"') {
        if (walk->text[c] == '\\' && c + 1 == walk->length)
            break;
        c += walk->text[c] == '\\' ? 2 : 1;
    }
    if (c >= walk->length || walk->text[c] != '"')
        return walk_cut(walk, c);
    walk->at = c + 1;
    walk->quoted = false;
    return WALK_STRING;
}

static enum walk_token walk_text(struct walk *walk)
{
    struct walk_level *level = top(walk);
    const bool is_key = level && level->wants_key;
    enum walk_token token;

    if (!is_key && !walk->quoted) {
        walk->quoted = true;
        return WALK_QUOTE;
    }
    token = walk_string(walk);
    if (token != WALK_STRING || !is_key)
        return token;
    level->wants_key = false;
    level->named = true;
    level->key = walk->start + 1;
    level->key_length = walk->at - walk->start - 2;
    return WALK_KEY;
}

static enum walk_token walk_open(struct walk *walk)
{
    const bool object = walk->text[walk->at] == '{';

    if (walk->depth == WALK_MAX_DEPTH)
        return WALK_DEEP;
    walk->level[walk->depth++] =
        (struct walk_level){.start = walk->at++, .object = object, .wants_key = object};
    return WALK_OPEN;
}

static enum walk_token walk_close(struct walk *walk)
{
    const struct walk_level *level = top(walk);

    if (!level || level->object != (walk->text[walk->at] == '}'))
        return WALK_END;
    walk->at++;
    walk->depth--;
    return WALK_CLOSE;
}

static enum walk_token walk_scalar(struct walk *walk)
{
    size_t c = walk->seen > walk->at ? walk->seen : walk->at;

    while (c < walk->length && !is_space(walk->text[c]) && !strchr(",:[]{}\"", walk->text[c]))
        c++;
    if (c == walk->length && !walk->ended)
        return walk_cut(walk, c);
    walk->at = c;
    return c > walk->start ? WALK_SCALAR : WALK_END;
}

enum walk_token walk_next(struct walk *walk)
{
    walk_separators(walk);
    walk->start = walk->at;
    if (walk->at == walk->length)
        return walk_cut(walk, 0);
    switch (walk->text[walk->at]) {
    case '"':
        return walk_text(walk);
    case '{':
    case '[':
        return walk_open(walk);
    case '}':
    case ']':
        return walk_close(walk);
    default:
        return walk_scalar(walk);
    }
}

bool walk_touches(const struct walk *walk)
{
    return walk->start > 0 && !strchr(" \t\n\r,:[{", walk->text[walk->start - 1]);
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

size_t walk_unescape(const char *in, size_t length, char *out, size_t size)
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

bool walk_is_name(const char *key, size_t key_length, const char *name)
{
    const size_t length = strlen(name);
    char plain[64];
    size_t plain_length;

    if (!memchr(key, '\\', key_length))
        return key_length == length && memcmp(key, name, length) == 0;
    plain_length = walk_unescape(key, key_length, plain, sizeof plain);
    return plain_length == length && memcmp(plain, name, length) == 0;
}

bool walk_at_member(const struct walk *walk, size_t depth, const char *name)
{
    const struct walk_level *level = depth < walk->depth ? &walk->level[depth] : NULL;

    return level && level->object && level->named
           && walk_is_name(walk->text + level->key, level->key_length, name);
}

/* Append one step of the path: a name, escaped as RFC 6901 says, or an index. */
static size_t step_render(const struct walk *walk, const struct walk_level *level, char *out,
                          size_t size)
{
    char name[128];
    size_t length = 0, name_length;

    if (!level->object)
        return (size_t)snprintf(out, size, "/%zu", level->index);
    out[length++] = '/';
    name_length = walk_unescape(walk->text + level->key, level->key_length, name, sizeof name);
    for (size_t i = 0; i < name_length && length + 3 < size; i++) {
        const bool special = name[i] == '~' || name[i] == '/';

        out[length++] = special ? '~' : name[i];
        if (special)
            out[length++] = name[i] == '~' ? '0' : '1';
    }
    out[length] = '\0';
    return length;
}

void walk_pointer(const struct walk *walk, char *out, size_t size)
{
    size_t length = 0;

    out[0] = '\0';
    for (size_t i = 0; i < walk->depth && length + 24 < size; i++) {
        const struct walk_level *level = &walk->level[i];

        if (level->object && (!level->named || level->wants_key))
            return;
        length += step_render(walk, level, out + length, size - length);
    }
}

void walk_locate(const char *text, size_t length, size_t offset, char *out, size_t size)
{
    struct walk walk;

    walk_init(&walk, text, offset < length ? offset : length, true);
    while (walk_next(&walk) > WALK_MORE)
        continue;
    walk_pointer(&walk, out, size);
}
