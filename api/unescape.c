/* unescape.c - the text of a JSON string, as it arrives. */
#include "api/unescape.h"

#include <string.h>

void unescape_init(struct unescape *unescape)
{
    *unescape = (struct unescape){0};
}

static struct piece run_of(const char *start, const char *end)
{
    return (struct piece){.start = start, .at = start, .end = end};
}

static struct piece character(struct unescape *unescape, char c)
{
    unescape->character = c;
    return run_of(&unescape->character, &unescape->character + 1);
}

/* The character behind a backslash. */
static struct piece escape(struct unescape *unescape, char c)
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
static struct piece digit(struct unescape *unescape, unsigned value)
{
    unescape->value = unescape->value * 16 + value;
    if (--unescape->digits > 0)
        return run_of(&unescape->character, &unescape->character);
    return character(unescape,
                     unescape->value > 0 && unescape->value < 0x80 ? (char)unescape->value : '?');
}

static struct piece plain_run(struct unescape *unescape, struct piece *piece)
{
    const char *start = piece->at;
    const char *quote = memchr(start, '"', (size_t)(piece->end - start));
    const char *stop = quote ? quote : piece->end;
    const char *backslash = memchr(start, '\\', (size_t)(stop - start));

    piece->at = backslash ? backslash + 1 : quote ? quote + 1 : stop;
    unescape->escaped = backslash != NULL;
    unescape->ended = !backslash && quote;
    return run_of(start, backslash ? backslash : stop);
}

struct piece unescape_next(struct unescape *unescape, struct piece *piece)
{
    static const char hex[] = "0123456789abcdef0123456789ABCDEF";
    const char c = *piece->at, *found = c ? strchr(hex, c) : NULL;

    if (unescape->escaped) {
        piece->at++;
        return escape(unescape, c);
    }
    if (unescape->digits > 0 && found) {
        piece->at++;
        return digit(unescape, (unsigned)(found - hex) % 16);
    }
    if (unescape->digits > 0) { /* too few */
        unescape->digits = 0;
        return character(unescape, '?');
    }
    return plain_run(unescape, piece);
}
