/* setting_value.c - numbers, units and words. */
#include "server/setting_value.h"

#include "server/clock.h"

#include <stddef.h>
#include <string.h>

struct unit {
    const char *name;
    uint64_t factor;
};

/* clang-format off */
static const struct unit bytes[] = {
    {"", 1}, {"KiB", UINT64_C(1) << 10}, {"MiB", UINT64_C(1) << 20}, {"GiB", UINT64_C(1) << 30},
    {"TiB", UINT64_C(1) << 40}, {NULL, 0},
};

static const struct unit seconds[] = {
    {"", SECOND}, {"ms", MILLISECOND}, {"s", SECOND}, {"m", 60 * SECOND}, {"h", 3600 * SECOND},
    {NULL, 0},
};

static const struct {
    const char *name;
    bool value;
} flags[] = {
    {"true", true}, {"1", true}, {"yes", true}, {"on", true},
    {"false", false}, {"0", false}, {"no", false}, {"off", false},
};
/* clang-format on */

/* Digits only: strtoull() would also take a sign and spaces. */
static const char *read_digits(const char *text, uint64_t *out)
{
    uint64_t value = 0;

    if (*text < '0' || *text > '9')
        return NULL;
    for (; *text >= '0' && *text <= '9'; text++) {
        if (__builtin_mul_overflow(value, 10U, &value)
            || __builtin_add_overflow(value, (uint64_t)(*text - '0'), &value))
            return NULL;
    }
    *out = value;
    return text;
}

static bool read_unit(const char *text, const struct unit *unit, uint64_t *out)
{
    uint64_t number = 0;
    const char *rest = read_digits(text, &number);

    while (rest && unit->name && strcmp(unit->name, rest) != 0)
        unit++;
    return rest && unit->name && !__builtin_mul_overflow(number, unit->factor, out);
}

bool setting_integer(const char *text, uint64_t *out)
{
    uint64_t number = 0;
    const char *rest = read_digits(text, &number);

    if (!rest || *rest != '\0')
        return false;
    *out = number;
    return true;
}

bool setting_bytes(const char *text, uint64_t *out)
{
    uint64_t number = 0;

    if (!read_unit(text, bytes, &number))
        return false;
    *out = number;
    return true;
}

bool setting_seconds(const char *text, uint64_t *out)
{
    uint64_t number = 0;

    if (!read_unit(text, seconds, &number))
        return false;
    *out = number;
    return true;
}

bool setting_flag(const char *text, bool *out)
{
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (strcmp(flags[i].name, text) == 0) {
            *out = flags[i].value;
            return true;
        }
    }
    return false;
}

bool setting_choice(const char *text, const char *words, unsigned *out)
{
    const size_t length = strlen(text);

    for (unsigned place = 0; *words != '\0'; place++) {
        const size_t word = strcspn(words, "|");

        if (word == length && strncmp(words, text, word) == 0) {
            *out = place;
            return true;
        }
        words += word + (words[word] == '|');
    }
    return false;
}
