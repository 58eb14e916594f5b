/* detail.c - what may be asked about each token in `details`. */
#include "api/members/detail.h"

#include <string.h>

static const char *const names[] = {
#define NUMBER(name, wants) #name,
#include "api/members/details.def"
};

const char *number_name(enum number number)
{
    return names[number];
}

static unsigned top_find(const char *text, size_t *k)
{
    size_t value = 0;

    if (strncmp(text, "top:", 4) != 0 || text[4] == '\0' || text[4] == '0')
        return 0;
    for (const char *c = text + 4; *c; c++) {
        if (*c < '0' || *c > '9')
            return 0;
        value = value * 10 + (size_t)(*c - '0');
        if (value > TOP_MAX)
            return 0;
    }
    *k = value;
    return DETAIL_TOP;
}

unsigned detail_find(const char *text, size_t *k)
{
    if (strcmp(text, "rank") == 0)
        return DETAIL_RANK;
    if (strcmp(text, "kept") == 0)
        return DETAIL_KEPT;
    for (enum number number = 0; number < sizeof names / sizeof *names; number++)
        if (strcmp(text, names[number]) == 0)
            return DETAIL_NUMBER(number);
    return top_find(text, k);
}
