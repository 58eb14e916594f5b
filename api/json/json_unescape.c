/* json_unescape.c - the text of a JSON string, as it arrives. */
#include "api/json/json_unescape.h"

#include <string.h>

void json_unescape_init(struct json_unescape *unescape)
{
    *unescape = (struct json_unescape){0};
}

static struct chunk run_of(const char *start, const char *end)
{
    return (struct chunk){.start = start, .at = start, .end = end};
}

static struct chunk character(struct json_unescape *unescape, char c)
{
    unescape->character = c;
    return run_of(&unescape->character, &unescape->character + 1);
}

/* The character behind a backslash. */
static struct chunk escape(struct json_unescape *unescape, char c)
{
    static const char plain[] = "\"\\/bfnrt", meaning[] = "\"\\/\b\f\n\r\t";
    const char *found = c ? strchr(plain, c) : NULL;

    unescape->escaped = false;
    if (c == 'u') {
        unescape->digits = 4;
        unescape->value = 0;
        return run_of(&unescape->character, &unescape->character);
    }
    return character(unescape, found ? meaning[found - plain] : '?');
}

/* A digit of \uXXXX, the last of which gives the character. */
static struct chunk digit(struct json_unescape *unescape, unsigned value)
{
    unescape->value = unescape->value * 16 + value;
    if (--unescape->digits > 0)
        return run_of(&unescape->character, &unescape->character);
    return character(unescape,
                     unescape->value > 0 && unescape->value < 0x80 ? (char)unescape->value : '?');
}

static struct chunk plain_run(struct json_unescape *unescape, struct chunk *chunk)
{
    const char *start = chunk->at;
    const char *quote = memchr(start, '"', (size_t)(chunk->end - start));
    const char *stop = quote ? quote : chunk->end;
    const char *backslash = memchr(start, '\\', (size_t)(stop - start));

    chunk->at = backslash ? backslash + 1 : quote ? quote + 1 : stop;
    unescape->escaped = backslash != NULL;
    unescape->ended = !backslash && quote;
    return run_of(start, backslash ? backslash : stop);
}

struct chunk json_unescape_next(struct json_unescape *unescape, struct chunk *chunk)
{
    static const char hex[] = "0123456789abcdef0123456789ABCDEF";
    const char c = *chunk->at, *found = c ? strchr(hex, c) : NULL;

    if (unescape->escaped) {
        chunk->at++;
        return escape(unescape, c);
    }
    if (unescape->digits > 0 && found) {
        chunk->at++;
        return digit(unescape, (unsigned)(found - hex) % 16);
    }
    if (unescape->digits > 0) { /* too few */
        unescape->digits = 0;
        return character(unescape, '?');
    }
    return plain_run(unescape, chunk);
}
