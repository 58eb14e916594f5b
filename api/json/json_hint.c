/* json_hint.c - words for syntax errors. */
#include "api/json/json_hint.h"

#include <stdio.h>
#include <string.h>

/* What was expected. */
static const char *const expected[JSON_EXPECTING] = {
    [JSON_BEGIN] = "where an object must begin",
    [JSON_FIRST_VALUE] = "where a value or ] must stand",
    [JSON_NEXT_VALUE] = "where a value must stand",
    [JSON_MEMBER_VALUE] = "where a value must stand",
    [JSON_FIRST_NAME] = "where a name in double quotes or } must stand",
    [JSON_NEXT_NAME] = "where a name in double quotes must stand",
    [JSON_COLON] = "where a colon must stand",
    [JSON_AFTER_ELEMENT] = "where a comma or ] must stand",
    [JSON_AFTER_MEMBER] = "where a comma or } must stand",
    [JSON_AFTER_ALL] = "behind the end",
    [JSON_NUMBER] = "where a number must stand",
};

/* Sets of states. */
#define ONE(state) (1U << (state))
#define ANY (~0U)
#define TREE_VALUE (ONE(JSON_FIRST_VALUE) | ONE(JSON_NEXT_VALUE) | ONE(JSON_MEMBER_VALUE))
#define VALUE (TREE_VALUE | ONE(JSON_NUMBER))
#define NAME (ONE(JSON_FIRST_NAME) | ONE(JSON_NEXT_NAME))
#define AFTER (ONE(JSON_AFTER_ELEMENT) | ONE(JSON_AFTER_MEMBER))
#define BEGIN ONE(JSON_BEGIN)

/* In a pattern: any digit; any letter. */
#define DIGIT "\1"
#define LETTER "\2"

#define NO_NUMBER                                                                                  \
    "NaN and infinities may stand only among logits and log-probabilities, and in outputs"
#define PRINTED "a tensor as Python prints it: send its numbers (tolist()), or a file of them"
#define COMMENT "JSON has no comments"
#define WORDS "JSON has true, false and null in small letters"

static const struct hint {
    unsigned states;
    const char *begins; /* the beginning of the text that was found */
    const char *words;
} hints[] = {
    {BEGIN, "\"{",
     "the body is a string that holds JSON: send the object itself, not a string of it"},
    {BEGIN, "\"[",
     "the body is a string that holds JSON: send the object itself, not a string of it"},
    {BEGIN, "data:", "an event stream: send its text as outputs, in an object"},
    {BEGIN, "<", "HTML or XML: send JSON"},
    {BEGIN, "@", "the name of a file: curl reads one with --data-binary @NAME"},
    {BEGIN, "\xef\xbb\xbf", "a byte-order mark: send UTF-8 without one"},
    {BEGIN, "\xff\xfe", "UTF-16 or UTF-32: send UTF-8"},
    {BEGIN, "\xfe\xff", "UTF-16: send UTF-8"},
    {BEGIN, "\x1f\x8b", "gzip: say so in Content-Encoding: gzip"},
    {BEGIN, "\x28\xb5\x2f\xfd", "zstd: say so in Content-Encoding: zstd"},
    {BEGIN, "\x78\x9c", "zlib: say so in Content-Encoding: deflate"},
    {BEGIN, "\x78\x01", "zlib: say so in Content-Encoding: deflate"},
    {BEGIN, "\x78\xda", "zlib: say so in Content-Encoding: deflate"},
    {ONE(JSON_NEXT_NAME), "}", "a comma too many before }"},
    {ONE(JSON_NEXT_VALUE) | ONE(JSON_NUMBER), "]", "a comma too many before ]"},
    {ANY, "'", "JSON has double quotes, not single ones"},
    {ANY, "//", COMMENT},
    {ANY, "/*", COMMENT},
    {ANY, "#", COMMENT},
    {VALUE, "(", "JSON has no tuples: arrays stand in [ and ]"},
    {VALUE, "...", "numbers were left out as it was printed: send all of them"},
    {VALUE, "tensor(", PRINTED},
    {VALUE, "array(", PRINTED},
    {VALUE, "None", "Python's None is null in JSON"},
    {VALUE, "True", WORDS},
    {VALUE, "False", WORDS},
    {VALUE, "TRUE", WORDS},
    {VALUE, "FALSE", WORDS},
    {VALUE, "NULL", WORDS},
    {VALUE, "undefined", "JSON has no undefined: it has null"},
    {ONE(JSON_NUMBER), "nan", "not a number is written NaN"},
    {ONE(JSON_NUMBER), "inf", "infinity is written Infinity"},
    {ONE(JSON_NUMBER), "-inf", "infinity is written -Infinity"},
    {TREE_VALUE, "NaN", NO_NUMBER},
    {TREE_VALUE, "nan", NO_NUMBER},
    {TREE_VALUE, "Inf", NO_NUMBER},
    {TREE_VALUE, "inf", NO_NUMBER},
    {TREE_VALUE, "-Inf", NO_NUMBER},
    {TREE_VALUE, "-inf", NO_NUMBER},
    {TREE_VALUE, "-nan", NO_NUMBER},
    {VALUE, "0x", "JSON has no hexadecimal numbers"},
    {VALUE, "0X", "JSON has no hexadecimal numbers"},
    {VALUE, "0" DIGIT, "a number has no leading zeros in JSON"},
    {VALUE, "-0" DIGIT, "a number has no leading zeros in JSON"},
    {VALUE, "+", "a number has no plus sign in JSON"},
    {VALUE, ".", "a number has a digit before its point in JSON"},
    {VALUE, "-.", "a number has a digit before its point in JSON"},
    {VALUE, "-", "a digit must follow the minus sign of a number"},
    {NAME, LETTER, "a name must stand in double quotes"},
    {NAME, DIGIT, "a name must stand in double quotes"},
    {AFTER, "\"", "a comma is missing"},
    {AFTER, "{", "a comma is missing"},
    {AFTER, "[", "a comma is missing"},
    {AFTER, DIGIT, "a comma is missing"},
    {AFTER, "-", "a comma is missing"},
    {ONE(JSON_AFTER_ALL), "{",
     "a second document: send several as application/x-ndjson, a line each"},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

static bool fits(char pattern, char c)
{
    return pattern == *DIGIT ? is_digit(c) : pattern == *LETTER ? is_letter(c) : pattern == c;
}

static bool begins(const struct json_found *found, const char *pattern)
{
    const size_t length = strlen(pattern);
    size_t i = 0;

    while (i < length && i < found->length && fits(pattern[i], found->text[i]))
        i++;
    return i == length;
}

/* A NUL.  In UTF-16 one of the first bytes is a NUL. */
static void write_nul(const struct json_found *found, char *out, size_t size)
{
    snprintf(out, size, "a NUL%s", found->offset < 4 ? ": is it UTF-16? send UTF-8" : "");
}

/* Write the token that was found, or its first byte. */
static void write_found(const struct json_found *found, char *out, size_t size)
{
    const char first = found->text[0];
    size_t length = 0;

    while (length < found->length
           && (is_digit(found->text[length]) || is_letter(found->text[length])))
        length++;
    if (length > 0)
        snprintf(out, size, "'%.*s'", (int)length, found->text);
    else if (first > ' ' && first < 0x7f)
        snprintf(out, size, "'%c'", first);
    else
        snprintf(out, size, "byte 0x%02x", (unsigned char)first);
}

void json_hint_write(const struct json_found *found, char *out, size_t size)
{
    char what[JSON_FOUND_MAX + 8];

    if (found->length == 0) {
        snprintf(out, size, "the text ends early");
        return;
    }
    if (found->text[0] == '\0') {
        write_nul(found, out, size);
        return;
    }
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        if ((hints[i].states >> found->state & 1) && begins(found, hints[i].begins)) {
            snprintf(out, size, "%s", hints[i].words);
            return;
        }
    write_found(found, what, sizeof what);
    snprintf(out, size, "unexpected %s %s", what, expected[found->state]);
}
