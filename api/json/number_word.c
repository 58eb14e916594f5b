/* number_word.c - words for numbers that JSON lacks. */
#include "api/json/number_word.h"

#include <math.h>
#include <string.h>

#define SHORTEST ((size_t)3) /* length of the shortest prefix of a word: "Inf", "-In" */

static const struct word {
    const char *text;
    double value;
    size_t least; /* letters that are enough */
} words[] = {
    {"NaN", (double)NAN, 1}, {"Infinity", HUGE_VAL, SHORTEST}, {"-Infinity", -HUGE_VAL, SHORTEST}};

#define WORDS (sizeof words / sizeof *words)

bool number_word_read(const char *text, size_t length, double *value)
{
    for (size_t i = 0; i < WORDS; i++)
        if (strlen(words[i].text) == length && memcmp(words[i].text, text, length) == 0) {
            *value = words[i].value;
            return true;
        }
    return false;
}

bool number_word_guess(const char *text, double *value)
{
    size_t length = strlen(text);

    while (length > 0 && text[length - 1] == ' ')
        length--;
    for (size_t i = 0; i < WORDS; i++) {
        if (length < words[i].least || length > strlen(words[i].text)
            || memcmp(text, words[i].text, length) != 0)
            continue;
        *value = words[i].value;
        return true;
    }
    return false;
}

const char *number_word_of(double infinity)
{
    return words[infinity > 0 ? 1 : 2].text;
}
