/* detail.c - what may be asked in `details`. */
#include "api/members/detail.h"

#include <string.h>

static const struct detail_info infos[] = {
#define NUMBER(name, wants, routes, formula, help)                                                 \
    {#name, DETAIL_NUMBER(NUMBER_##name), 0, routes, formula, help},
#define DETAIL(name, bits, most, routes, formula, help) {#name, bits, most, routes, formula, help},
#include "api/members/details.def"
    {NULL, 0, 0, 0, NULL, NULL}};

const struct detail_info *detail_at(size_t index)
{
    return infos[index].name ? &infos[index] : NULL;
}

const char *number_name(enum number number)
{
    static const char *const names[] = {
#define NUMBER(name, wants, routes, formula, help) #name,
#include "api/members/details.def"
    };

    return names[number];
}

/* Parse a whole number from 1 to `most`.  False: it is none. */
static bool read_k(const char *digits, size_t most, size_t *k)
{
    size_t value = 0;

    for (; *digits >= '0' && *digits <= '9' && value <= most; digits++)
        value = value * 10 + (size_t)(*digits - '0');
    if (*digits || value < 1 || value > most)
        return false;
    *k = value;
    return true;
}

/* Whether a text is `name`, or name:K. */
static bool is_detail(const struct detail_info *info, const char *text, size_t *k)
{
    const size_t length = strlen(info->name);

    if (strncmp(text, info->name, length) != 0)
        return false;
    if (info->most == 0)
        return text[length] == '\0';
    return text[length] == ':' && text[length + 1] != '0'
           && read_k(text + length + 1, info->most, k);
}

unsigned detail_find(enum hint_route route, const char *text, size_t *k)
{
    for (const struct detail_info *info = infos; info->name; info++)
        if ((info->routes & route) && is_detail(info, text, k))
            return info->bits;
    return 0;
}
