/* json_string.c - parses a JSON string as it arrives. */
#include "api/json/json_string.h"

#include "api/base/utf8.h"

#include <stdio.h>
#include <string.h>

#define IS_HIGH(unit) ((unit) >> 10 == 0xd800 >> 10)
#define IS_LOW(unit) ((unit) >> 10 == 0xdc00 >> 10)
#define PRIVATE_USE 0x800 /* for repairs: U+D800 becomes U+E000 */
#define PRIVATE_NUL 0xe800

/* ---- plain text ---- */

static bool is_plain(char c)
{
    return (unsigned char)c >= 0x20 && (unsigned char)c < 0x80 && c != '"' && c != '\\';
}

#define EACH_BYTE(c) (UINT64_C(0x0101010101010101) * (c))

/* Whether eight bytes are all plain.  It may be wrong for bytes after one that is not plain. */
static bool are_plain(const char *bytes)
{
    uint64_t word, control, quote, backslash;

    memcpy(&word, bytes, sizeof word);
    control = word - EACH_BYTE(0x20);
    quote = (word ^ EACH_BYTE('"')) - EACH_BYTE(1);
    backslash = (word ^ EACH_BYTE('\\')) - EACH_BYTE(1);
    return !((word | control | quote | backslash) & EACH_BYTE(0x80));
}

static const char *skip_plain(const char *at, const char *end)
{
    while (end - at >= 8 && are_plain(at))
        at += 8;
    while (at < end && is_plain(*at))
        at++;
    return at;
}

bool json_string_plain(struct chunk *chunk, const char **text, size_t *length)
{
    const char *stop = skip_plain(chunk->at, chunk->end);

    if (stop == chunk->end || *stop != '"')
        return false;
    *text = chunk->at;
    *length = (size_t)(stop - chunk->at);
    chunk->at = stop + 1;
    return true;
}

/* ---- faults ---- */

static enum json_string_event fail(struct json_string *string, size_t offset, const char *fault)
{
    string->fault_offset = offset;
    snprintf(string->fault, sizeof string->fault, "%s", fault);
    return STRING_FAULT;
}

static enum json_string_event fail_control(struct json_string *string, size_t offset, char c)
{
    string->fault_offset = offset;
    string->is_nul = c == '\0';
    snprintf(string->fault, sizeof string->fault,
             string->is_nul ? "a NUL" : "control character 0x%02x in a string: write \\u%04x", c,
             c);
    return STRING_FAULT;
}

/* ---- escapes and characters beyond ASCII ---- */

static enum json_string_event give(struct json_string *string, size_t length)
{
    string->run = string->out;
    string->length = length;
    return STRING_RUN;
}

/* The first half of a pair has no second half: report it, or repair it.  Then *length bytes of
 * `out` are written. */
static bool end_high(struct json_string *string, size_t *length)
{
    *length = 0;
    if (!string->high)
        return true;
    if (!string->repairs)
        return false;
    *length = utf8_write(string->high + PRIVATE_USE, string->out);
    string->high = 0;
    return true;
}

static enum json_string_event fail_half(struct json_string *string, size_t offset)
{
    return fail(string, offset, "half of a surrogate pair");
}

/* Write a character, after a first half that is still open. */
static enum json_string_event put(struct json_string *string, uint32_t character)
{
    size_t length;

    if (!end_high(string, &length))
        return fail_half(string, string->high_offset);
    return give(string, length + utf8_write(character, string->out + length));
}

static enum json_string_event put_high(struct json_string *string, uint32_t unit)
{
    size_t length;

    if (!end_high(string, &length))
        return fail_half(string, string->high_offset);
    string->high = unit;
    string->high_offset = string->offset;
    return give(string, length);
}

static enum json_string_event put_low(struct json_string *string, uint32_t unit)
{
    const uint32_t high = string->high;

    if (!high)
        return string->repairs ? put(string, unit + PRIVATE_USE)
                               : fail_half(string, string->offset);
    string->high = 0;
    return put(string, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
}

static int hex_digit(char c)
{
    const char letter = (char)(c | 0x20);

    return c >= '0' && c <= '9' ? c - '0' : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

static enum json_string_event fail_digits(struct json_string *string)
{
    return fail(string, string->offset, "\\u without four hexadecimal digits");
}

static enum json_string_event put_unit(struct json_string *string, const char *digits)
{
    uint32_t unit = 0;

    for (size_t i = 0; i < 4; i++) {
        const int digit = hex_digit(digits[i]);

        if (digit < 0)
            return fail_digits(string);
        unit = unit * 16 + (uint32_t)digit;
    }
    if (unit == 0 && !string->repairs)
        return fail(string, string->offset, "\\u0000, which no text here may hold");
    if (IS_HIGH(unit))
        return put_high(string, unit);
    return IS_LOW(unit) ? put_low(string, unit) : put(string, unit == 0 ? PRIVATE_NUL : unit);
}

static enum json_string_event put_escape(struct json_string *string, const char *text)
{
    static const char escapes[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    const char *found = text[1] ? strchr(escapes, text[1]) : NULL;

    if (text[1] == 'u')
        return put_unit(string, text + 2);
    if (!found)
        return fail(string, string->offset, "an escape that JSON does not have");
    return put(string, (unsigned char)meanings[found - escapes]);
}

/* Write a character beyond ASCII as it is. */
static enum json_string_event put_bytes(struct json_string *string, const char *text, size_t length)
{
    size_t written;

    if (!end_high(string, &written))
        return fail_half(string, string->high_offset);
    memcpy(string->out + written, text, length);
    string->wide += length - 1;
    return give(string, written + length);
}

/* The length of the escape or character at `text`, which has `left` bytes.  0: not UTF-8. */
static size_t length_of(const char *text, size_t left)
{
    if (*text != '\\')
        return utf8_length(text, left);
    return left > 1 && text[1] == 'u' ? ESCAPE_MAX : 2;
}

static enum json_string_event put_whole(struct json_string *string, const char *text, size_t length)
{
    return *text == '\\' ? put_escape(string, text) : put_bytes(string, text, length);
}

/* Complete the escape or character that the last chunk cut off. */
static enum json_string_event next_cut(struct json_string *string, struct chunk *chunk)
{
    while (chunk->at < chunk->end) {
        size_t length;

        string->cut[string->cut_length++] = *chunk->at++;
        length = length_of(string->cut, string->cut_length);
        if (length == 0)
            return fail(string, string->offset, "bytes that are no UTF-8");
        if (length == ESCAPE_MAX && string->cut_length > 2
            && hex_digit(string->cut[string->cut_length - 1]) < 0)
            return fail_digits(string);
        if (length == string->cut_length) {
            string->cut_length = 0;
            return put_whole(string, string->cut, length);
        }
    }
    return STRING_MORE;
}

static enum json_string_event next_character(struct json_string *string, struct chunk *chunk)
{
    const size_t left = (size_t)(chunk->end - chunk->at), length = length_of(chunk->at, left);
    const char *text = chunk->at;

    string->offset = chunk_offset(chunk);
    if (length == 0)
        return fail(string, string->offset, "bytes that are no UTF-8");
    if (length > left)
        return next_cut(string, chunk);
    chunk->at += length;
    return put_whole(string, text, length);
}

enum json_string_event json_string_next(struct json_string *string, struct chunk *chunk)
{
    const char *start = chunk->at;
    size_t length;

    if (string->cut_length > 0)
        return next_cut(string, chunk);
    if (start == chunk->end)
        return STRING_MORE;
    if ((unsigned char)*start >= 0x80 || *start == '\\')
        return next_character(string, chunk);
    if (string->high)
        return end_high(string, &length) ? give(string, length)
                                         : fail_half(string, string->high_offset);
    if ((unsigned char)*start < 0x20)
        return fail_control(string, chunk_offset(chunk), *start);
    chunk->at = skip_plain(start, chunk->end);
    string->run = start;
    string->length = (size_t)(chunk->at - start);
    if (string->length > 0)
        return STRING_RUN;
    chunk->at++;
    return STRING_END;
}
