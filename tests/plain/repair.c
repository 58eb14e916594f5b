/* repair.c - numbers and texts in an engine's answer that jansson does not read, rewritten in
 * place. */
#include "tests/plain/repair.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHORTEST 3 /* letters of a word that is cut: "Inf", "-In" */

static const struct word {
    const char *text;
} words[] = {{"NaN"}, {"Infinity"}, {"-Infinity"}};

#define WORDS (sizeof words / sizeof *words)

/* A string of the same length as the scalar. */
static void write_word(char *text, size_t length, const struct word *word)
{
    size_t letters = strlen(word->text);

    letters = letters < length - 2 ? letters : length - 2;
    memset(text, ' ', length);
    memcpy(text + 1, word->text, letters);
    text[0] = text[length - 1] = '"';
}

static size_t digits(const char *text, size_t length, size_t at)
{
    const size_t start = at;

    while (at < length && text[at] >= '0' && text[at] <= '9')
        at++;
    return at - start;
}

/* RFC 8259: whether all of the text is a number; *whole is the end of its integer part. */
static bool is_number(const char *text, size_t length, size_t *whole)
{
    size_t at = length > 0 && text[0] == '-', count = digits(text, length, at);

    if (count == 0 || (count > 1 && text[at] == '0'))
        return false;
    *whole = at += count;
    if (at < length && text[at] == '.') {
        count = digits(text, length, at + 1);
        at += 1 + count;
    }
    if (count > 0 && at < length && (text[at] == 'e' || text[at] == 'E')) {
        at++;
        at += at < length && (text[at] == '+' || text[at] == '-');
        count = digits(text, length, at);
        at += count;
    }
    return count > 0 && at == length;
}

/* strtod() wants an end to the number, which in a body need not be there: a short number of the
 * same size tells as much.  The digits of its mantissa count, and its exponent. */
static bool is_infinite(const char *text, size_t length)
{
    char copy[512];
    const char *exponent = memchr(text, 'e', length);
    size_t head;

    exponent = exponent ? exponent : memchr(text, 'E', length);
    if (length < sizeof copy) {
        memcpy(copy, text, length);
        copy[length] = '\0';
        return isinf(strtod(copy, NULL));
    }
    /* Hundreds of digits: infinite where the integer part alone is. */
    head = digits(text, length, text[0] == '-');
    return !exponent && head > 309;
}

/* Whether an integer does not fit 64 bits. */
static bool is_long(const char *text, size_t length)
{
    char copy[512];

    if (length >= sizeof copy)
        return true;
    memcpy(copy, text, length);
    copy[length] = '\0';
    errno = 0;
    (void)strtoll(copy, NULL, 10);
    return errno == ERANGE;
}

/* Its 17 digits, which are enough for a double, and how many more there were. */
static void write_real(char *text, size_t length)
{
    char copy[512], real[40], digits[20] = "";
    int exponent = 0;

    if (length >= sizeof copy)
        return;
    memcpy(copy, text, length);
    copy[length] = '\0';
    snprintf(real, sizeof real, "%.16e", fabs(strtod(copy, NULL)));
    sscanf(real, "%1[0-9].%16[0-9]e%d", digits, digits + 1, &exponent);
    snprintf(real, sizeof real, "%s%se%d", text[0] == '-' ? "-" : "", digits, exponent - 16);
    memset(text, ' ', length);
    memcpy(text, real, strlen(real));
}

void plain_repair_scalar(char *text, size_t length)
{
    size_t whole;

    for (size_t i = 0; i < WORDS; i++)
        if (strlen(words[i].text) == length && memcmp(text, words[i].text, length) == 0)
            write_word(text, length, &words[i]);
    if (length <= SHORTEST || !is_number(text, length, &whole))
        return;
    if (is_infinite(text, length))
        write_word(text, length, &words[text[0] == '-' ? 2 : 1]);
    else if (whole == length && is_long(text, length))
        write_real(text, length);
}

#define ESCAPE ((size_t)6) /* characters: \uXXXX */

static int hex_digit(char c)
{
    const char letter = (char)(c | 0x20);

    return c >= '0' && c <= '9' ? c - '0' : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/* What the escape \uXXXX stands for; -1 where the text begins with none. */
static int code_unit(const char *text, size_t length)
{
    int unit = 0;

    if (length < ESCAPE || text[0] != '\\' || text[1] != 'u')
        return -1;
    for (size_t i = 2; i < ESCAPE; i++) {
        const int digit = hex_digit(text[i]);

        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/* The text begins with an escape: returns the length of it, or of the pair. */
static size_t mend_escape(char *text, size_t length)
{
    const int unit = code_unit(text, length);
    const int next = unit < 0 ? -1 : code_unit(text + ESCAPE, length - ESCAPE);

    if (unit < 0)
        return 2; /* of another kind */
    if (unit >= 0xd800 && unit <= 0xdbff && next >= 0xdc00 && next <= 0xdfff)
        return 2 * ESCAPE;
    if (unit == 0) {
        memcpy(text, "\\ue800", ESCAPE);
    } else if (unit >= 0xd800 && unit <= 0xdfff) { /* 0x800 further on */
        text[2] = 'e';
        text[3] = (char)('0' + (hex_digit(text[3]) - 8));
    }
    return ESCAPE;
}

void plain_repair_string(char *text, size_t length)
{
    const char *end = text + length;

    while (text < end && (text = memchr(text, '\\', (size_t)(end - text))) != NULL)
        text += mend_escape(text, (size_t)(end - text));
}
