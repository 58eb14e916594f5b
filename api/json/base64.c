/* base64.c - decodes base64 as it arrives. */
#include "api/json/base64.h"

static void judge_bad(struct base64 *base64, size_t at)
{
    if (!base64->bad)
        base64->bad_at = at;
    base64->bad = true;
}

static void put(unsigned char *out, uint32_t group)
{
    out[0] = (unsigned char)(group >> 16);
    out[1] = (unsigned char)(group >> 8);
    out[2] = (unsigned char)group;
}

/* Take characters of the alphabet until a group is complete.  Returns the number of bytes written:
 * 3, or 0. */
static size_t complete_group(struct base64 *base64, const char **at, const char *end,
                             unsigned char *out)
{
    for (; *at < end && base64_has(**at) && base64->pending < 4; ++*at, base64->pending++)
        base64->group = base64->group << 6 | base64_bits(**at);
    if (base64->pending < 4)
        return 0;
    if (out)
        put(out, base64->group);
    base64->pending = 0;
    return 3;
}

size_t base64_front(struct base64 *base64, base64_groups_f *decode, const char *text, size_t length,
                    void *out, size_t *taken)
{
    const char *at = text, *end = text + length;
    unsigned char *bytes = out;
    size_t written = 0;

    *taken = 0;
    if (base64->bad || base64->padding > 0)
        return 0;
    if (base64->pending > 0)
        written = complete_group(base64, &at, end, bytes);
    if (base64->pending == 0) {
        const size_t groups = decode(at, (size_t)(end - at) / 4, bytes ? bytes + written : NULL);

        at += 4 * groups;
        written += 3 * groups;
        complete_group(base64, &at, end, NULL); /* there is no whole one */
    }
    *taken = (size_t)(at - text);
    base64->characters += *taken;
    base64->bytes += written;
    return written;
}

/* Take padding.  Only padding may follow it. */
static void take_padding(struct base64 *base64, const char *text, size_t length)
{
    size_t i = 0;

    while (i < length && text[i] == '=')
        i++;
    base64->padding += i;
    base64->characters += length;
    if (i < length)
        judge_bad(base64, base64->characters - length + i - base64->padding);
}

size_t base64_feed(struct base64 *base64, base64_groups_f *decode, const char *text, size_t length,
                   void *out)
{
    size_t taken;
    const size_t written = base64_front(base64, decode, text, length, out, &taken);

    take_padding(base64, text + taken, length - taken);
    return written;
}

/* Whether bits of the last group belong to no byte, and are not 0.  A group of two characters has
 * four such bits, one of three has two.  Other texts would decode to the same bytes. */
static bool has_stray_bits(const struct base64 *base64)
{
    return (base64->pending == 2 && (base64->group & 0xf) != 0)
           || (base64->pending == 3 && (base64->group & 0x3) != 0);
}

size_t base64_end(struct base64 *base64, void *out)
{
    const size_t count = base64->pending > 0 ? base64->pending - 1 : 0;
    unsigned char last[3];

    if (base64->padding > 2)
        judge_bad(base64, base64->characters - base64->padding);
    if (base64->characters % 4 != 0)
        judge_bad(base64, base64->characters);
    if (has_stray_bits(base64))
        judge_bad(base64, base64->characters - base64->padding - 1);
    if (base64->bad)
        return 0;
    put(last, base64->pending == 2 ? base64->group << 12 : base64->group << 6);
    for (size_t i = 0; out && i < count; i++)
        ((unsigned char *)out)[i] = last[i];
    base64->bytes += count;
    return count;
}
