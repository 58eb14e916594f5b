/* nearest.c - finds the name that a client probably meant. */
#include "api/base/nearest.h"

#include <stddef.h>
#include <string.h>

#define LONGEST 32 /* of a longer name, only so many bytes are compared */

bool nearest_known(const char *const *names, const char *name)
{
    for (; *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

static size_t least(size_t a, size_t b, size_t c)
{
    const size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

/* The Levenshtein distance, computed one row of the table at a time. */
static size_t distance(const char *a, const char *b)
{
    const size_t length = strnlen(b, LONGEST);
    size_t row[LONGEST + 1];

    for (size_t j = 0; j <= length; j++)
        row[j] = j;
    for (size_t i = 0; i < LONGEST && a[i]; i++) {
        size_t diagonal = row[0];

        row[0] = i + 1;
        for (size_t j = 0; j < length; j++) {
            const size_t replaced = diagonal + (a[i] != b[j]);

            diagonal = row[j + 1];
            row[j + 1] = least(replaced, row[j] + 1, row[j + 1] + 1);
        }
    }
    return row[length];
}

/* A third of the letters may be wrong. */
static bool is_near(size_t distance, const char *a, const char *b)
{
    const size_t of_a = strnlen(a, LONGEST), of_b = strnlen(b, LONGEST);

    return 3 * distance <= (of_a > of_b ? of_a : of_b);
}

const char *nearest_find(const char *const *names, const char *name)
{
    const char *best = names[0];
    size_t least_far = distance(best, name);

    for (; *names; names++) {
        const size_t far = distance(*names, name);

        if (far >= least_far)
            continue;
        least_far = far;
        best = *names;
    }
    return is_near(least_far, best, name) ? best : NULL;
}
