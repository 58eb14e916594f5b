/* fuzz_config.c - any texts as arguments, cut at newlines, and as values: settings within their
 * bounds, or a reason. */
#include "tests/fuzz/start.h"

#include "server/clock.h"
#include "server/config.h"
#include "server/setting_value.h"

#include <math.h>

#define MOST 16

/* The number and the unit of a text, read in another way; NAN where it is none. */
static double number_of(const char *text, const char *units, double first, const double *factors)
{
    char *rest;
    const double number = strtod(text, &rest);
    unsigned place;

    if (text[0] < '0' || text[0] > '9' || strspn(text, "0123456789") != (size_t)(rest - text))
        return NAN;
    if (*rest == '\0')
        return number * first;
    return setting_choice(rest, units, &place) ? number * factors[place] : NAN;
}

/* A value as each kind: the same as the other way, or too large for its type. */
static void check_number(bool good, uint64_t value, double expected)
{
    FUZZ_HOLDS(good == (expected < 0x1p64));
    FUZZ_HOLDS(!good || fabs((double)value - expected) <= expected * 0x1p-50);
}

static void check_value(const char *text)
{
    static const double sizes[] = {0x1p10, 0x1p20, 0x1p30, 0x1p40},
                        times[] = {1e6, 1e9, 6e10, 36e11};
    uint64_t value = 7;
    bool flag;

    if (strspn(text, "0123456789") > 18) /* strtod() cannot tell about the edge */
        return;
    check_number(setting_integer(text, &value), value, number_of(text, "", 1, NULL));
    check_number(setting_bytes(text, &value), value, number_of(text, "KiB|MiB|GiB|TiB", 1, sizes));
    check_number(setting_seconds(text, &value), value, number_of(text, "ms|s|m|h", 1e9, times));
    (void)setting_flag(text, &flag);
}

static void check_config(const struct config *c)
{
    char error[CONFIG_ERROR_SIZE] = "";

    FUZZ_HOLDS(c->port <= 65535 && c->threads <= 1024 && c->max_connections >= 1);
    FUZZ_HOLDS(c->max_memory == 0 || c->max_memory >= 65536 || !config_check(c, error));
    FUZZ_HOLDS(c->drain_time <= 3600 * SECOND && c->log_level <= 3);
    FUZZ_HOLDS(strlen(c->address) >= 1 && strlen(c->address) <= 255 && strlen(c->kernel) <= 32);
    FUZZ_HOLDS(config_check(c, error) == (error[0] == '\0'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size), *rest = text, program[] = "logitd",
         *argv[MOST + 2] = {program};
    char error[CONFIG_ERROR_SIZE] = "";
    struct config config;
    int argc = 1;

    while (rest && argc <= MOST)
        argv[argc++] = strsep(&rest, "\n");
    for (int i = 1; i < argc; i++)
        check_value(argv[i]);
    argv[argc] = NULL;
    if (config_load(&config, argc, argv, error))
        check_config(&config);
    else
        FUZZ_HOLDS(error[0] != '\0' && memchr(error, '\0', sizeof error));
    free(text);
    return 0;
}
