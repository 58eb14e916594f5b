/* compare_detail.c - the details that POST /v1/compare takes. */
#include "api/members/compare_detail.h"

#include <string.h>

enum compare_detail compare_detail_find(const char *text, size_t *drafts)
{
    static const char speculative[] = "speculative:";
    const char *digits = text + sizeof speculative - 1;
    size_t value = 0;

    if (strcmp(text, "cross_entropy") == 0)
        return COMPARE_CROSS_ENTROPY;
    if (strncmp(text, speculative, sizeof speculative - 1) != 0 || *digits == '0' || !*digits)
        return 0;
    for (; *digits; digits++) {
        if (*digits < '0' || *digits > '9')
            return 0;
        value = value * 10 + (size_t)(*digits - '0');
        if (value > DRAFTS_MAX)
            return 0;
    }
    *drafts = value;
    return COMPARE_SPECULATIVE;
}
