/* fuzz_ids.c - any bytes as X-Request-Id and as traceparent: what is taken is as it was sent and of
 * characters that no log or header can be broken with; what is not taken is replaced or left out.
 */
#include "tests/fuzz/start.h"

#include "server/request_id.h"

#include <ctype.h>

#define HEX "0123456789abcdef"

static void check_request_id(const char *offered)
{
    char id[129];

    memset(id, 'x', sizeof id);
    request_id_take(id, offered);
    FUZZ_HOLDS(memchr(id, '\0', sizeof id) && id[0] != '\0');
    for (const char *c = id; *c != '\0'; c++)
        FUZZ_HOLDS(isascii(*c) && (isalnum(*c) || strchr("._:-", *c)));
    if (strcmp(id, offered) == 0)
        return;
    FUZZ_HOLDS(strlen(id) == 36 && id[14] == '7' && strchr("89ab", id[19]));
    FUZZ_HOLDS(strspn(id, HEX "-") == 36);
}

static void check_trace_id(const char *offered)
{
    char id[33];

    memset(id, 'x', sizeof id);
    trace_id_take(id, offered);
    FUZZ_HOLDS(memchr(id, '\0', sizeof id));
    if (id[0] == '\0')
        return;
    FUZZ_HOLDS(strlen(id) == 32 && strspn(id, HEX) == 32 && strspn(id, "0") < 32);
    FUZZ_HOLDS(strncmp(offered + 3, id, 32) == 0 && strncmp(offered, "ff", 2) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);

    check_request_id(text);
    check_trace_id(text);
    free(text);
    return 0;
}
