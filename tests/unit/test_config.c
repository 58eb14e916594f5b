/* test_config.c - settings: every kind, at its bounds, and who wins. */
#include "tests/unit/suite.h"

#include "server/address.h"
#include "server/config.h"
#include "server/help.h"
#include "server/setting_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define S UINT64_C(1000000000)

static const struct {
    const char *text;
    bool good;
    uint64_t value;
} integers[] =
    {
        {"0", true, 0},
        {"42", true, 42},
        {"18446744073709551615", true, UINT64_MAX},
        {"18446744073709551616", false, 0},
        {"", false, 0},
        {"-1", false, 0},
        {"+1", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"1.0", false, 0},
        {"0x10", false, 0},
},
  bytes[] =
      {
          {"1", true, 1},
          {"1KiB", true, 1024},
          {"3MiB", true, 3145728},
          {"8GiB", true, UINT64_C(8589934592)},
          {"2TiB", true, UINT64_C(2199023255552)},
          {"16777216TiB", false, 0}, /* 2^64 */
          {"1KB", false, 0},
          {"1kib", false, 0},
          {"1 KiB", false, 0},
          {"KiB", false, 0},
          {"1KiBs", false, 0},
},
  seconds[] = {
      {"30", true, 30 * S},  {"30s", true, 30 * S},  {"500ms", true, S / 2},
      {"2m", true, 120 * S}, {"1h", true, 3600 * S}, {"0", true, 0},
      {"1.5s", false, 0},    {"1d", false, 0},       {"99999999999h", false, 0},
      {"s", false, 0},
};

START_TEST(values_are_read)
{
    uint64_t value;

    for (size_t i = 0; i < COUNT(integers); i++) {
        value = 0;
        ck_assert_msg(setting_integer(integers[i].text, &value) == integers[i].good, "%s",
                      integers[i].text);
        ck_assert_uint_eq(value, integers[i].value);
    }
    for (size_t i = 0; i < COUNT(bytes); i++) {
        value = 0;
        ck_assert_msg(setting_bytes(bytes[i].text, &value) == bytes[i].good, "%s", bytes[i].text);
        ck_assert_uint_eq(value, bytes[i].value);
    }
    for (size_t i = 0; i < COUNT(seconds); i++) {
        value = 0;
        ck_assert_msg(setting_seconds(seconds[i].text, &value) == seconds[i].good, "%s",
                      seconds[i].text);
        ck_assert_uint_eq(value, seconds[i].value);
    }
}
END_TEST

START_TEST(words_are_read)
{
    bool flag = false;
    unsigned place = 9;

    ck_assert(setting_flag("yes", &flag) && flag);
    ck_assert(setting_flag("0", &flag) && !flag);
    ck_assert(!setting_flag("2", &flag) && !setting_flag("", &flag)
              && !setting_flag("TRUE", &flag));
    ck_assert(setting_choice("debug", "debug|info", &place) && place == 0);
    ck_assert(setting_choice("info", "debug|info", &place) && place == 1);
    ck_assert(!setting_choice("inf", "debug|info", &place));
    ck_assert(!setting_choice("infos", "debug|info", &place));
    ck_assert(!setting_choice("", "debug|info", &place));
    ck_assert(!setting_choice("debug|info", "debug|info", &place));
}
END_TEST

static bool load(struct config *config, const char *flag, const char *value,
                 char error[CONFIG_ERROR_SIZE])
{
    char *argv[] = {(char *)(uintptr_t) "logitd", (char *)(uintptr_t)flag, (char *)(uintptr_t)value,
                    NULL};

    error[0] = '\0';
    return config_load(config, value ? 3 : flag ? 2 : 1, argv, error);
}

START_TEST(defaults_are_as_documented)
{
    struct config c;
    char error[CONFIG_ERROR_SIZE];

    ck_assert(load(&c, NULL, NULL, error));
    ck_assert_str_eq(c.address, "127.0.0.1");
    ck_assert_uint_eq(c.port, 8080);
    ck_assert_uint_eq(c.threads, 0);
    ck_assert_uint_eq(c.max_body, UINT64_C(8) << 30);
    ck_assert_uint_eq(c.max_memory, 0);
    ck_assert_uint_eq(c.max_request_memory, UINT64_C(256) << 20);
    ck_assert_str_eq(c.kernel, "auto");
    ck_assert_str_eq(c.api_key_file, "");
    ck_assert(!c.insecure_no_auth);
    ck_assert_uint_eq(c.drain_time, 30 * S);
    ck_assert_uint_eq(c.log_level, 1);
    ck_assert_int_eq(c.command, COMMAND_RUN);
    ck_assert(config_check(&c, error));
}
END_TEST

/* Each kind at its lowest and highest, and one past them. */
static const struct {
    const char *flag, *value;
    bool good;
} flags[] = {
    {"--port", "0", true},
    {"--port", "65535", true},
    {"--port", "65536", false},
    {"--port", "-1", false},
    {"--threads", "1024", true},
    {"--threads", "1025", false},
    {"--max-connections", "0", false},
    {"--max-connections", "1", true},
    {"--max-memory", "0", true},
    {"--max-memory", "1025TiB", false},
    {"--max-body", "1024TiB", true},
    {"--max-body", "1025TiB", false},
    {"--drain-time", "0", true},
    {"--drain-time", "3600", true},
    {"--drain-time", "3600001ms", false},
    {"--head-timeout", "99ms", false},
    {"--head-timeout", "100ms", true},
    {"--log-level", "warning", true},
    {"--log-level", "warn", false},
    {"--address", "", false},
    {"--address", "::1", true},
    {"--kernel", "12345678901234567890123456789012", true},
    {"--kernel", "123456789012345678901234567890123", false},
    {"--no-such-flag", "1", false},
    {"--por", "1", false},
    {"--ports", "1", false},
    {"port", "1", false},
    {"--port", NULL, false},
    {"--port=", NULL, false},
    {"--port=81", NULL, true},
    {"--max_body=81", NULL, false},
    {"--insecure-no-auth", NULL, true},
    {"--insecure-no-auth=false", NULL, true},
    {"--insecure-no-auth=maybe", NULL, false},
};

START_TEST(ranges_are_checked)
{
    for (size_t i = 0; i < COUNT(flags); i++) {
        struct config c;
        char error[CONFIG_ERROR_SIZE];
        const bool good = load(&c, flags[i].flag, flags[i].value, error);

        ck_assert_msg(good == flags[i].good, "%s %s: %s", flags[i].flag,
                      flags[i].value ? flags[i].value : "", error);
        ck_assert_msg(good || error[0] != '\0', "%s", flags[i].flag);
    }
}
END_TEST

START_TEST(errors_name_source_value_and_range)
{
    struct config c;
    char error[CONFIG_ERROR_SIZE];

    ck_assert(!load(&c, "--port", "x", error));
    ck_assert_str_eq(error, "--port: \"x\" is not a whole number from 0 to 65535");
    setenv("LOGITD_THREADS", "many", 1);
    ck_assert(!load(&c, NULL, NULL, error));
    ck_assert_str_eq(error, "LOGITD_THREADS: \"many\" is not a whole number from 0 to 1024");
    unsetenv("LOGITD_THREADS");
}
END_TEST

START_TEST(flags_win_over_variables_over_defaults)
{
    struct config c;
    char error[CONFIG_ERROR_SIZE];

    setenv("LOGITD_PORT", "81", 1);
    ck_assert(load(&c, NULL, NULL, error) && c.port == 81);
    ck_assert(load(&c, "--port", "82", error) && c.port == 82);
    setenv("LOGITD_PORT", "tcp://10.0.0.1:8080", 1); /* from Kubernetes, not from a user */
    ck_assert(load(&c, NULL, NULL, error) && c.port == 8080);
    unsetenv("LOGITD_PORT");
    ck_assert(load(&c, "--help", NULL, error) && c.command == COMMAND_HELP);
}
END_TEST

static const struct {
    const char *address;
    bool loopback;
} addresses[] = {
    {"127.0.0.1", true},   {"127.255.0.9", true},  {"::1", true},  {"localhost", true},
    {"unix:/tmp/x", true}, {"/tmp/x", true},       {"::", false},  {"0.0.0.0", false},
    {"128.0.0.1", false},  {"example.org", false}, {"::2", false}, {"localhost.example", false},
};

START_TEST(open_addresses_need_keys)
{
    for (size_t i = 0; i < COUNT(addresses); i++) {
        struct config c;
        char error[CONFIG_ERROR_SIZE];

        ck_assert(load(&c, "--address", addresses[i].address, error));
        ck_assert_msg(config_check(&c, error) == addresses[i].loopback, "%s", addresses[i].address);
        c.insecure_no_auth = true;
        ck_assert(config_check(&c, error));
    }
}
END_TEST

/* 0 is a word of its own; what is too little to serve is a mistake. */
START_TEST(memory_has_a_least)
{
    static const struct {
        const char *value;
        bool good;
    } rows[] = {{"0", true}, {"1", false}, {"65535", false}, {"64KiB", true}};

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct config c;
        char error[CONFIG_ERROR_SIZE];

        ck_assert(load(&c, "--max-memory", rows[i].value, error));
        ck_assert_msg(config_check(&c, error) == rows[i].good, "%s", rows[i].value);
    }
}
END_TEST

START_TEST(examples_have_a_name_or_none)
{
    struct config c;
    char error[CONFIG_ERROR_SIZE];

    ck_assert(load(&c, "-h", NULL, error) && c.command == COMMAND_HELP);
    ck_assert(load(&c, "--example", NULL, error) && c.command == COMMAND_EXAMPLE && !c.example);
    ck_assert(load(&c, "--example", "rank", error) && c.command == COMMAND_EXAMPLE);
    ck_assert_str_eq(c.example, "rank");
    ck_assert(load(&c, "--example=rank", "--port=81", error) && c.port == 81);
    ck_assert_str_eq(c.example, "rank");
    ck_assert(!load(&c, "--help=rank", NULL, error));
    ck_assert(load(&c, "--example", "--port=81", error) && !c.example && c.port == 81);
    ck_assert(!load(&c, "--help", "rank", error) && !load(&c, "-example", NULL, error));
}
END_TEST

/* Leave a space of each run of white space. */
static void squeeze(char *text)
{
    char *end = text;

    for (const char *c = text; *c != '\0'; c++) {
        const bool white = *c == ' ' || *c == '\n';

        if (!white || end == text || end[-1] != ' ')
            *end++ = white ? ' ' : *c;
    }
    *end = '\0';
}

/* Whether a squeezed text has the words. */
static bool says(const char *text, const char *words)
{
    char copy[1024];

    snprintf(copy, sizeof copy, "%s", words);
    squeeze(copy);
    return strstr(text, copy) != NULL;
}

START_TEST(help_has_groups_and_every_setting)
{
    static char help[1 << 16];
    struct strbuf text = {.data = help, .capacity = sizeof help - 1};
    const char *place = help;

    help_write(&text, false);
    ck_assert(!text.failed && !strchr(help, '\033'));
#define GROUP(name, title)                                                                         \
    place = strstr(place, "\n\n" title "\n");                                                      \
    ck_assert_msg(place != NULL, title);
#define SETTING(kind, name, value, low, high, help_text)
#include "server/config.def"
    squeeze(help);
#define SETTING(kind, name, value, low, high, help_text) ck_assert(says(help, help_text));
#include "server/config.def"
    ck_assert(says(help, " --port N [8080] LOGITD_PORT TCP port") && says(help, "[none]"));
    ck_assert(says(help, " -h, --help ") && says(help, " --example [NAME] "));
}
END_TEST

START_TEST(help_has_colours_on_demand)
{
    static char help[1 << 16];
    struct strbuf text = {.data = help, .capacity = sizeof help - 1};

    help_write(&text, true);
    ck_assert(!text.failed && strstr(help, "\033[1mWhere it listens"));
    ck_assert(strstr(help, "--port\033[0m N"));
}
END_TEST

/* Every setting in its group, with its variable, its default and what it may be. */
START_TEST(settings_are_listed)
{
    static const char *const parts[] = {
        "### Where it listens, and who may ask\n\n| flag |",
        "| `--address` | `LOGITD_ADDRESS` | 127.0.0.1 | a text of 1 to 255 bytes | ",
        "| `--port` | `LOGITD_PORT` | 8080 | a whole number from 0 to 65535 | ",
        "| `--insecure-no-auth` | `LOGITD_INSECURE_NO_AUTH` | false | true or false | ",
        "| `--max-body` | `LOGITD_MAX_BODY` | 8GiB | a size from 1 to 1024TiB (plain, KiB, MiB, "
        "GiB, TiB) | ",
        "| `--drain-time` | `LOGITD_DRAIN_TIME` | 30s | a time from 0s to 1h (ms, s, m, h; plain "
        "is s) | ",
        "| `--log-level` | `LOGITD_LOG_LEVEL` | info | one of debug\\|info\\|warning\\|error | ",
        "| `-h`, `--help` | ",
        "| `--example [NAME]` | ",
        "| `--healthcheck` | ",
    };
    static char reference[1 << 16];
    struct strbuf page = {.data = reference, .capacity = sizeof reference - 1};
    const char *place = reference;

    help_reference(&page);
    ck_assert(!page.failed);
    for (size_t i = 0; i < COUNT(parts); i++) {
        place = strstr(place, parts[i]);
        ck_assert_msg(place != NULL, "%s\n%s", parts[i], reference);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {values_are_read,
                                  words_are_read,
                                  defaults_are_as_documented,
                                  ranges_are_checked,
                                  errors_name_source_value_and_range,
                                  flags_win_over_variables_over_defaults,
                                  open_addresses_need_keys,
                                  examples_have_a_name_or_none,
                                  help_has_groups_and_every_setting,
                                  help_has_colours_on_demand,
                                  settings_are_listed,
                                  memory_has_a_least,
                                  NULL};

    return suite_main("config", tests);
}
