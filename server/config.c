/* config.c - settings from defaults, the environment and the command line. */
#include "server/config.h"

#include "api/base/nearest.h"
#include "server/address.h"
#include "server/setting_value.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { KIND_text, KIND_integer, KIND_bytes, KIND_seconds, KIND_flag, KIND_choice };

struct setting {
    enum kind kind;
    const char *name;
    size_t offset;
    const char *value, *low, *high, *help;
};

static const struct setting settings[] = {
#define SETTING(kind, name, value, low, high, help)                                                \
    {KIND_##kind, #name, offsetof(struct config, name), value, low, high, help},
#include "server/config.def"
};

#define SETTING_COUNT (sizeof settings / sizeof *settings)

/* A group has the place of its first setting: the row behind it goes on from there. */
enum {
#define GROUP(name, title) GROUP_##name, GROUP_BEFORE_##name = GROUP_##name - 1,
#define SETTING(kind, name, value, low, high, help) PLACE_##name,
#include "server/config.def"
};

static const struct {
    size_t place;
    const char *title;
} groups[] = {
#define GROUP(name, title) {GROUP_##name, title},
#define SETTING(kind, name, value, low, high, help)
#include "server/config.def"
};

#define GROUP_COUNT (sizeof groups / sizeof *groups)
#define LEAST_MEMORY ((uint64_t)64 << 10)

/* clang-format off */
static const struct config_command commands[] = {
    {"--help",        "-h", "",       COMMAND_HELP,        "Print this text."},
    {"--version",     NULL, "",       COMMAND_VERSION,     "Print the version."},
    {"--example",     NULL, "[NAME]", COMMAND_EXAMPLE,     "Print the body of a request, to pipe into curl; without a name, list them."},
    {"--docs",        NULL, "",       COMMAND_DOCS,        "Print docs/reference.md."},
    {"--healthcheck", NULL, "",       COMMAND_HEALTHCHECK, "Ask a running server whether it is ready (exit 0 or 1)."},
};
/* clang-format on */

#define COMMAND_COUNT (sizeof commands / sizeof *commands)

static void name_flag(const struct setting *setting, char out[CONFIG_NAME_SIZE])
{
    snprintf(out, CONFIG_NAME_SIZE, "--%s", setting->name);
    for (char *c = out; *c != '\0'; c++)
        *c = *c == '_' ? '-' : *c;
}

static void name_variable(const struct setting *setting, char out[CONFIG_NAME_SIZE])
{
    snprintf(out, CONFIG_NAME_SIZE, "LOGITD_%s", setting->name);
    for (char *c = out; *c != '\0'; c++)
        *c = (char)toupper((unsigned char)*c);
}

/* ---- one value ---- */

static bool read_number(enum kind kind, const char *text, uint64_t *out)
{
    return kind == KIND_bytes     ? setting_bytes(text, out)
           : kind == KIND_seconds ? setting_seconds(text, out)
                                  : setting_integer(text, out);
}

static bool store_number(const struct setting *setting, const char *text, void *field)
{
    uint64_t value = 0, low = 0, high = 0;

    if (!read_number(setting->kind, text, &value) || !read_number(setting->kind, setting->low, &low)
        || !read_number(setting->kind, setting->high, &high) || value < low || value > high)
        return false;
    *(uint64_t *)field = value;
    return true;
}

static bool store_text(const struct setting *setting, const char *text, void *field)
{
    uint64_t low = 0, high = 0;
    const size_t length = strlen(text);

    if (!setting_integer(setting->low, &low) || !setting_integer(setting->high, &high)
        || length < low || length > high)
        return false;
    *(const char **)field = text;
    return true;
}

static bool store(struct config *config, const struct setting *setting, const char *text)
{
    void *field = (char *)config + setting->offset;

    switch (setting->kind) {
    case KIND_text:
        return store_text(setting, text, field);
    case KIND_integer:
    case KIND_bytes:
    case KIND_seconds:
        return store_number(setting, text, field);
    case KIND_flag:
        return setting_flag(text, field);
    case KIND_choice:
        break;
    }
    return setting_choice(text, setting->low, field);
}

/* What a value may be, for errors and documents. */
static void describe(const struct setting *setting, char *out, size_t size)
{
    switch (setting->kind) {
    case KIND_text:
        snprintf(out, size, "a text of %s to %s bytes", setting->low, setting->high);
        break;
    case KIND_integer:
        snprintf(out, size, "a whole number from %s to %s", setting->low, setting->high);
        break;
    case KIND_bytes:
        snprintf(out, size, "a size from %s to %s (plain, KiB, MiB, GiB, TiB)", setting->low,
                 setting->high);
        break;
    case KIND_seconds:
        snprintf(out, size, "a time from %s to %s (ms, s, m, h; plain is s)", setting->low,
                 setting->high);
        break;
    case KIND_flag:
        snprintf(out, size, "true or false");
        break;
    case KIND_choice:
        snprintf(out, size, "one of %s", setting->low);
        break;
    }
}

static bool take(struct config *config, const struct setting *setting, const char *source,
                 const char *text, char error[CONFIG_ERROR_SIZE])
{
    char range[CONFIG_RANGE_SIZE];

    if (store(config, setting, text))
        return true;
    describe(setting, range, sizeof range);
    snprintf(error, CONFIG_ERROR_SIZE, "%s: \"%.100s\" is not %s", source, text, range);
    return false;
}

/* ---- where values come from ---- */

static bool load_defaults(struct config *config, char error[CONFIG_ERROR_SIZE])
{
    bool good = true;

    for (size_t i = 0; i < SETTING_COUNT; i++)
        good = good && take(config, &settings[i], settings[i].name, settings[i].value, error);
    return good;
}

/* Where a Service is named logitd, Kubernetes sets LOGITD_PORT=tcp://10.0.0.1:8080 in every pod.
 * That is the Service's address and no setting of ours. */
static bool is_service_link(const char *text)
{
    return strncmp(text, "tcp://", 6) == 0;
}

static bool load_environment(struct config *config, char error[CONFIG_ERROR_SIZE])
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        char variable[CONFIG_NAME_SIZE];
        const char *text;

        name_variable(&settings[i], variable);
        text = getenv(variable);
        if (text && !is_service_link(text) && !take(config, &settings[i], variable, text, error))
            return false;
    }
    return true;
}

/* The setting whose flag is the first `length` bytes of `argument`. */
static const struct setting *find_flag(const char *argument, size_t length)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        char flag[CONFIG_NAME_SIZE];

        name_flag(&settings[i], flag);
        if (strlen(flag) == length && strncmp(flag, argument, length) == 0)
            return &settings[i];
    }
    return NULL;
}

/* The command whose flag is the first `length` bytes of `argument`, or its letter. */
static const struct config_command *find_command(const char *argument, size_t length)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if ((strlen(commands[i].flag) == length && strncmp(commands[i].flag, argument, length) == 0)
            || (commands[i].letter && strcmp(commands[i].letter, argument) == 0))
            return &commands[i];
    return NULL;
}

/* Returns how many arguments it took, 0 where the first one is no command. */
static int take_command(struct config *config, char *const *argv)
{
    const size_t length = strcspn(argv[0], "=");
    const struct config_command *found = find_command(argv[0], length);
    const bool valued = argv[0][length] == '=';

    if (!found || (valued && *found->argument == '\0'))
        return 0;
    config->command = found->command;
    if (valued)
        config->example = argv[0] + length + 1;
    if (valued || *found->argument == '\0' || !argv[1] || argv[1][0] == '-')
        return 1;
    config->example = argv[1];
    return 2;
}

/* Say so, with the flag that was probably meant. */
static void no_such_flag(const char *argument, char error[CONFIG_ERROR_SIZE])
{
    const char *names[COMMAND_COUNT + SETTING_COUNT + 1] = {NULL}, *near;
    char flags[SETTING_COUNT][CONFIG_NAME_SIZE], given[CONFIG_NAME_SIZE];

    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = commands[i].flag;
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        name_flag(&settings[i], flags[i]);
        names[COMMAND_COUNT + i] = flags[i];
    }
    snprintf(given, sizeof given, "%.*s", (int)strcspn(argument, "="), argument);
    near = nearest_find(names, given);
    snprintf(error, CONFIG_ERROR_SIZE, "%.100s: there is no such flag; %s%s%s--help lists them",
             argument, near ? "did you mean " : "", near ? near : "", near ? "? " : "");
}

/* One flag and its value; returns how many arguments it took, 0 for a mistake. */
static int take_flag(struct config *config, char *const *argv, char error[CONFIG_ERROR_SIZE])
{
    const size_t length = strcspn(argv[0], "=");
    const struct setting *setting = find_flag(argv[0], length);
    char flag[CONFIG_NAME_SIZE];

    if (!setting) {
        no_such_flag(argv[0], error);
        return 0;
    }
    name_flag(setting, flag);
    if (argv[0][length] == '=')
        return take(config, setting, flag, argv[0] + length + 1, error) ? 1 : 0;
    if (setting->kind == KIND_flag)
        return take(config, setting, flag, "true", error) ? 1 : 0;
    if (!argv[1]) {
        snprintf(error, CONFIG_ERROR_SIZE, "%s: a value is missing", flag);
        return 0;
    }
    return take(config, setting, flag, argv[1], error) ? 2 : 0;
}

bool config_load(struct config *config, int argc, char *const *argv, char error[CONFIG_ERROR_SIZE])
{
    *config = (struct config){.command = COMMAND_RUN};
    if (!load_defaults(config, error) || !load_environment(config, error))
        return false;
    for (int i = 1; i < argc;) {
        int taken = take_command(config, argv + i);

        if (taken == 0)
            taken = take_flag(config, argv + i, error);
        if (taken == 0)
            return false;
        i += taken;
    }
    return true;
}

bool config_check(const struct config *config, char error[CONFIG_ERROR_SIZE])
{
    if (config->max_memory > 0 && config->max_memory < LEAST_MEMORY) {
        snprintf(error, CONFIG_ERROR_SIZE, "--max-memory: %llu bytes are less than 64KiB",
                 (unsigned long long)config->max_memory);
        return false;
    }
    if (address_is_loopback(config->address) || *config->api_key_file != '\0'
        || config->insecure_no_auth)
        return true;
    snprintf(error, CONFIG_ERROR_SIZE,
             "--address %.100s can be reached from other machines: give --api-key-file, or "
             "--insecure-no-auth to serve without keys",
             config->address);
    return false;
}

/* ---- what there is ---- */

static const char *group_of(size_t place)
{
    for (size_t i = 0; i < GROUP_COUNT; i++)
        if (groups[i].place == place)
            return groups[i].title;
    return NULL;
}

bool config_row_at(size_t place, struct config_row *row)
{
    static const char *const placeholders[] = {
        [KIND_text] = "TEXT",    [KIND_integer] = "N", [KIND_bytes] = "SIZE",
        [KIND_seconds] = "TIME", [KIND_flag] = "",
    };
    const struct setting *setting;

    if (place >= SETTING_COUNT)
        return false;
    setting = &settings[place];
    *row = (struct config_row){
        .group = group_of(place),
        .placeholder = setting->kind == KIND_choice ? setting->low : placeholders[setting->kind],
        .value = setting->value,
        .help = setting->help};
    name_flag(setting, row->flag);
    name_variable(setting, row->variable);
    describe(setting, row->range, sizeof row->range);
    return true;
}

const struct config_command *config_command_at(size_t place)
{
    return place < COMMAND_COUNT ? &commands[place] : NULL;
}
