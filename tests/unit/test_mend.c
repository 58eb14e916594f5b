/* test_mend.c - numbers and texts that jansson does not read, rewritten in place. */
#include "tests/unit/suite.h"

#include "api/json/json_repair.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text, *mended;
} scalars[] = {
    {"NaN", "\"N\""},
    {"Infinity", "\"Infini\""},
    {"-Infinity", "\"-Infini\""},
    {"1e400", "\"Inf\""},
    {"-1e400", "\"-Inf\""},
    {"-12.5E+3000", "\"-Infinity\""},
    {"-12.5E+300000", "\"-Infinity  \""},
    {"18446744073709551615", "184467440737095516e2"},
    {"9223372036854775807", "92233720368547758e2"},
    {"-340282346638528859811704183484516925440", "-3402823466385288598117041834845169254e2"},
    /* Good, or bad in a way that is told elsewhere. */
    {"0", "0"},
    {"-0.5e-3", "-0.5e-3"},
    {"1e308", "1e308"},
    {"999999999999999999", "999999999999999999"},
    {"1e400e", "1e400e"},
    {"01e400", "01e400"},
    {"1.e400", "1.e400"},
    {"+1e400", "+1e400"},
    {"1e", "1e"},
    {"nan", "nan"},
    {"Infinit", "Infinit"},
    {"-NaN", "-NaN"},
    {"null", "null"},
};

START_TEST(numbers_are_mended_in_place)
{
    for (size_t i = 0; i < COUNT(scalars); i++) {
        char text[64];

        snprintf(text, sizeof text, "%s", scalars[i].text);
        json_repair_scalar(text, strlen(text));
        ck_assert_str_eq(text, scalars[i].mended);
        ck_assert(json_repair_is_needed(scalars[i].text, strlen(scalars[i].text))
                  || strcmp(scalars[i].text, text) == 0);
    }
}
END_TEST

/* `digits` nines before a point and zeros behind it, `length` characters in all. */
static const struct {
    size_t digits, length;
    bool infinite; /* where it can be told: long numbers only if they have more than 309 digits */
} numbers[] = {
    {308, 400, false}, {309, 400, true},  {309, 511, true},  {309, 512, false},
    {310, 511, true},  {310, 512, true},  {310, 513, true},  {308, 511, false},
    {308, 512, false}, {308, 513, false}, {400, 2000, true},
};

START_TEST(long_numbers_are_mended_in_place)
{
    for (size_t i = 0; i < COUNT(numbers); i++) {
        const size_t length = numbers[i].length;
        char *text = malloc(length), *before = malloc(length);

        memset(text, '9', numbers[i].digits);
        memset(text + numbers[i].digits, '0', length - numbers[i].digits);
        text[numbers[i].digits] = '.';
        memcpy(before, text, length);
        json_repair_scalar(text, length);
        ck_assert_msg(numbers[i].infinite ? memcmp(text, "\"Infinity ", 10) == 0
                                          : memcmp(text, before, length) == 0,
                      "%zu of %zu: %.12s", numbers[i].digits, length, text);
        free(text);
        free(before);
    }
}
END_TEST

/* Each stands between quotes. */
static const struct {
    const char *text, *mended;
} strings[] = {
    {"\\u0000", "\\ue800"},
    {"a\\u0000\\u0000b", "a\\ue800\\ue800b"},
    {"\\ud800", "\\ue000"},
    {"\\ud83d", "\\ue03d"},
    {"\\udBfF", "\\ue3fF"},
    {"\\uDC00", "\\ue400"},
    {"\\uDFFF", "\\ue7FF"},
    {"\\uD800x\\uDC00", "\\ue000x\\ue400"},
    {"\\ude00\\ud83d", "\\ue600\\ue03d"},
    {"\\ud83d\\ud83d\\ude00", "\\ue03d\\ud83d\\ude00"},
    {"\\udbff\\u0000", "\\ue3ff\\ue800"},
    {"\\udc00\\udc00", "\\ue400\\ue400"},
    {"\\n\\udc00\\\"", "\\n\\ue400\\\""},
    /* Good, or bad in a way that is told elsewhere. */
    {"", ""},
    {"\\uD83D\\uDE00", "\\uD83D\\uDE00"},
    {"\\ud800\\udc00\\udbff\\udfff", "\\ud800\\udc00\\udbff\\udfff"},
    {"\\\\u0000", "\\\\u0000"},
    {"\\u0001\\ud7ff\\ue000", "\\u0001\\ud7ff\\ue000"},
    {"u0000", "u0000"},
    {"\\u000", "\\u000"},
    {"\\u00g0", "\\u00g0"},
    {"\\U0000", "\\U0000"},
};

START_TEST(texts_are_mended_in_place)
{
    for (size_t i = 0; i < COUNT(strings); i++) {
        char text[64], mended[64];

        snprintf(text, sizeof text, "\"%s\"", strings[i].text);
        snprintf(mended, sizeof mended, "\"%s\"", strings[i].mended);
        json_repair_string(text, strlen(text));
        ck_assert_str_eq(text, mended);
    }
}
END_TEST

START_TEST(words_are_numbers)
{
    static const struct {
        const char *word;
        double value;
    } words[] = {{"Infinity", INFINITY},
                 {"-Infinity", -INFINITY},
                 {"-Inf", -INFINITY},
                 {"Inf", INFINITY},
                 {"-Infinity  ", -INFINITY}};
    static const char *const others[] = {"",  "-",   "In",  "Infinityx",
                                         "0", "nan", "inf", " Infinity"};
    double value = 0;

    for (size_t i = 0; i < COUNT(words); i++)
        ck_assert(json_repair_word(words[i].word, &value) && value == words[i].value);
    ck_assert(json_repair_word("NaN", &value) && isnan(value));
    ck_assert(json_repair_word("N", &value) && isnan(value));
    for (size_t i = 0; i < COUNT(others); i++)
        ck_assert_msg(!json_repair_word(others[i], &value), "%s", others[i]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {numbers_are_mended_in_place, long_numbers_are_mended_in_place,
                                  texts_are_mended_in_place, words_are_numbers, NULL};

    return suite_main("mend", tests);
}
