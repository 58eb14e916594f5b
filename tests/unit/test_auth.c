/* test_auth.c - API keys: their file, their comparison, and the headers that bring them. */
#include "tests/unit/suite.h"

#include "server/auth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/logitd-test-keys-XXXXXX";

/* A `~` of the text is written as a NUL. */
static void write_keys(const char *text)
{
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    for (; *text != '\0'; text++)
        ck_assert(fputc(*text == '~' ? '\0' : *text, file) != EOF);
    ck_assert_int_eq(fclose(file), 0);
}

#define K256                                                                                       \
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"                             \
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"                             \
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"                             \
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
    const char *text;
    size_t keys;      /* 0: refused */
    const char *says; /* part of the reason */
} files[] = {
    {"12345678\n", 1, NULL},
    {"12345678", 1, NULL},
    {"# comment\n\n  \t\n12345678\r\n abcdefgh \n", 2, NULL},
    {K256 "\n", 1, NULL},
    {"", 0, "no key"},
    {"# only\n", 0, "no key"},
    {"1234567\n", 0, "line 1"},
    {"~12345678\n", 0, "line 1"},
    {"abcdefgh\n12345678~\n", 0, "line 2"},
    {"12345678\n\nshort\n", 0, "line 3"},
    {K256 "x\n", 0, "line 1"},
    {"two words\n", 0, "line 1"},
    {"caf\xc3\xa9-caf\xc3\xa9\n", 0, "line 1"},
};

START_TEST(files_are_read)
{
    for (size_t i = 0; i < COUNT(files); i++) {
        struct auth auth;
        char error[AUTH_ERROR_SIZE] = "";

        write_keys(files[i].text);
        ck_assert_msg(auth_open(&auth, path, error) == (files[i].keys > 0), "row %zu: %s", i,
                      error);
        ck_assert_uint_eq(auth.count, files[i].keys);
        if (files[i].says)
            ck_assert_msg(strstr(error, files[i].says) != NULL, "row %zu: %s", i, error);
        auth_close(&auth);
    }
}
END_TEST

START_TEST(a_file_that_is_not_there_is_named)
{
    struct auth auth;
    char error[AUTH_ERROR_SIZE] = "";

    ck_assert(!auth_open(&auth, "/nowhere/keys", error));
    ck_assert_str_eq(error, "/nowhere/keys: No such file or directory");
    auth_close(&auth);
}
END_TEST

static const struct {
    const char *authorization, *x_api_key;
    bool good;
} offers[] = {
    {"Bearer 12345678", NULL, true},
    {"bearer 12345678", NULL, true},
    {"Bearer   abcdefgh", NULL, true},
    {NULL, "12345678", true},
    {"Basic eDp5", "abcdefgh", true},
    {NULL, NULL, false},
    {"", "", false},
    {"Bearer ", NULL, false},
    {"Bearer", NULL, false},
    {"Bearer 1234567", NULL, false},
    {"Bearer 123456789", NULL, false},
    {"Bearer 12345679", NULL, false},
    {"Bearer 02345678", NULL, false},
    {"Bearer 12345678 ", NULL, false},
    {"Basic 12345678", NULL, false},
    {"12345678", NULL, false},
    {NULL, "Bearer 12345678", false},
    {NULL, K256, false},
    {NULL, K256 "x", false},
};

START_TEST(offers_are_judged)
{
    struct auth auth;
    char error[AUTH_ERROR_SIZE] = "";

    write_keys("12345678\nabcdefgh\n");
    ck_assert_msg(auth_open(&auth, path, error), "%s", error);
    for (size_t i = 0; i < COUNT(offers); i++)
        ck_assert_msg(auth_allows(&auth, offers[i].authorization, offers[i].x_api_key)
                          == offers[i].good,
                      "row %zu", i);
    auth_close(&auth);
}
END_TEST

START_TEST(every_byte_counts)
{
    struct key one, other;

    ck_assert(key_set(&one, K256, 256) && key_set(&other, K256, 256));
    ck_assert(key_equal(&one, &other));
    for (size_t i = 0; i < KEY_MAX; i++) {
        other.text[i] ^= 1;
        ck_assert_msg(!key_equal(&one, &other), "byte %zu", i);
        other.text[i] ^= 1;
    }
    other.length--;
    ck_assert(!key_equal(&one, &other));
}
END_TEST

START_TEST(reloading_swaps_or_keeps)
{
    struct auth auth;
    char error[AUTH_ERROR_SIZE] = "";

    write_keys("12345678\n");
    ck_assert(auth_open(&auth, path, error));
    write_keys("abcdefgh\n");
    ck_assert(auth_reload(&auth, error));
    ck_assert(auth_allows(&auth, NULL, "abcdefgh") && !auth_allows(&auth, NULL, "12345678"));
    write_keys("bad\n");
    ck_assert(!auth_reload(&auth, error));
    ck_assert(auth_allows(&auth, NULL, "abcdefgh"));
    auth_close(&auth);
}
END_TEST

START_TEST(without_a_file_everybody_may)
{
    struct auth auth;
    char error[AUTH_ERROR_SIZE] = "";

    ck_assert(auth_open(&auth, "", error));
    ck_assert(auth_allows(&auth, NULL, NULL));
    auth_close(&auth);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {files_are_read,
                                  a_file_that_is_not_there_is_named,
                                  offers_are_judged,
                                  every_byte_counts,
                                  reloading_swaps_or_keeps,
                                  without_a_file_everybody_may,
                                  NULL};
    const int fd = mkstemp(path);
    int status;

    if (fd < 0)
        return 1;
    close(fd);
    status = suite_main("auth", tests);
    unlink(path);
    return status;
}
