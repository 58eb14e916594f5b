/* test_number_word.c - the words that stand for numbers which JSON does not have. */
#include "tests/unit/suite.h"

#include "api/json/number_word.h"

#include <math.h>
#include <string.h>

/* A text, and the number it stands for: read as it is, or guessed from a string of an engine's. */
static const struct {
    const char *text;
    double read, guessed; /* 0: none */
} words[] = {
    {"Infinity", HUGE_VAL, HUGE_VAL},
    {"-Infinity", -HUGE_VAL, -HUGE_VAL},
    {"-Inf", 0, -HUGE_VAL},
    {"Inf", 0, HUGE_VAL},
    {"-Infinity  ", 0, -HUGE_VAL},
    {"", 0, 0},
    {"-", 0, 0},
    {"In", 0, 0},
    {"Infinityx", 0, 0},
    {"0", 0, 0},
    {"nan", 0, 0},
    {"inf", 0, 0},
    {" Infinity", 0, 0},
};

START_TEST(words_are_numbers)
{
    for (size_t i = 0; i < COUNT(words); i++) {
        const char *text = words[i].text;
        double value = 0;

        ck_assert_msg(number_word_read(text, strlen(text), &value) == (words[i].read != 0)
                          && value == words[i].read,
                      "\"%s\" is read as %g", text, value);
        value = 0;
        ck_assert_msg(number_word_guess(text, &value) == (words[i].guessed != 0)
                          && value == words[i].guessed,
                      "\"%s\" is guessed as %g", text, value);
    }
}
END_TEST

START_TEST(nan_is_a_word)
{
    double value = 0;

    ck_assert(number_word_read("NaN", 3, &value) && isnan(value));
    ck_assert(!number_word_read("NaN", 2, &value));
    value = 0;
    ck_assert(number_word_guess("N", &value) && isnan(value));
}
END_TEST

START_TEST(infinities_have_words)
{
    ck_assert_str_eq(number_word_of(HUGE_VAL), "Infinity");
    ck_assert_str_eq(number_word_of(-HUGE_VAL), "-Infinity");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {words_are_numbers, nan_is_a_word, infinities_have_words, NULL};

    return suite_main("number_word", tests);
}
