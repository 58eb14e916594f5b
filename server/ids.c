/* ids.c - names of requests. */
#include "server/ids.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

static bool is_good(const char *id)
{
    const size_t length = strlen(id);

    return length >= 1 && length <= 128
           && strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-")
                  == length;
}

/* RFC 9562: 48 bits of milliseconds, so that ids sort by time, then random bits. */
static void make(char out[129])
{
    unsigned char b[16] = {0};
    struct timespec now;
    uint64_t milliseconds;

    if (getrandom(b, sizeof b, GRND_NONBLOCK) < 0)
        memset(b, 0, sizeof b); /* before the system has randomness: the time alone */
    clock_gettime(CLOCK_REALTIME, &now);
    milliseconds = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    for (int i = 0; i < 6; i++)
        b[i] = (unsigned char)(milliseconds >> (40 - 8 * i));
    b[6] = (unsigned char)(0x70 | (b[6] & 0x0f));
    b[8] = (unsigned char)(0x80 | (b[8] & 0x3f));
    snprintf(out, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
             b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
             b[14], b[15]);
}

void request_id_take(char out[129], const char *offered)
{
    if (offered && is_good(offered))
        snprintf(out, 129, "%s", offered);
    else
        make(out);
}

static bool is_hex(const char *text, size_t length)
{
    return strspn(text, "0123456789abcdef") >= length;
}

static bool is_zero(const char *text, size_t length)
{
    return strspn(text, "0") >= length;
}

/* 00-<32 hex>-<16 hex>-<2 hex>; later versions may go on after another dash. */
void trace_id_take(char out[33], const char *traceparent)
{
    const char *t = traceparent;
    const size_t length = t ? strlen(t) : 0;

    out[0] = '\0';
    if (length < 55 || !is_hex(t, 2) || strncmp(t, "ff", 2) == 0 || t[2] != '-'
        || !is_hex(t + 3, 32) || is_zero(t + 3, 32) || t[35] != '-' || !is_hex(t + 36, 16)
        || is_zero(t + 36, 16) || t[52] != '-' || !is_hex(t + 53, 2))
        return;
    if (length > 55 && (strncmp(t, "00", 2) == 0 || t[55] != '-'))
        return;
    memcpy(out, t + 3, 32);
    out[32] = '\0';
}
