/* request_id.c - UUIDs and W3C trace contexts. */
#include "server/request_id.h"

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

#define ID_BYTES 16
#define STORE_BYTES (64 * ID_BYTES)

/* Each thread fetches random bytes for many ids at once. */
static void take_random(unsigned char out[ID_BYTES])
{
    static _Thread_local unsigned char store[STORE_BYTES];
    static _Thread_local size_t left;

    if (left == 0) {
        if (getrandom(store, sizeof store, GRND_NONBLOCK) < (ssize_t)sizeof store)
            memset(store, 0, sizeof store); /* the system has none yet: the time alone */
        left = sizeof store;
    }
    left -= ID_BYTES;
    memcpy(out, store + left, ID_BYTES);
}

/* 8-4-4-4-12 hexadecimal digits. */
static void write_uuid(const unsigned char bytes[ID_BYTES], char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < ID_BYTES; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *out++ = '-';
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    *out = '\0';
}

/* RFC 9562: 48 bits of milliseconds, so that ids sort by time, then random bits. */
static void make(char out[129])
{
    unsigned char b[ID_BYTES];
    struct timespec now;
    uint64_t milliseconds;

    take_random(b);
    clock_gettime(CLOCK_REALTIME, &now);
    milliseconds = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    for (int i = 0; i < 6; i++)
        b[i] = (unsigned char)(milliseconds >> (40 - 8 * i));
    b[6] = (unsigned char)(0x70 | (b[6] & 0x0f));
    b[8] = (unsigned char)(0x80 | (b[8] & 0x3f));
    write_uuid(b, out);
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
