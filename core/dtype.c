/* dtype.c - the number formats of logits. */
#include "core/dtype.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static const struct {
    const char *name;
    size_t size;
} dtypes[] = {
#define DTYPE(id, name, bytes) {name, bytes},
#include "core/dtypes.def"
};

const char *dtype_name(enum dtype dtype)
{
    return dtypes[dtype].name;
}

size_t dtype_size(enum dtype dtype)
{
    return dtypes[dtype].size;
}

static const struct {
    const char *name;
    enum dtype dtype;
} names[] = {
#define DTYPE(id, name, bytes) {name, DTYPE_##id},
#include "core/dtypes.def"
#define DTYPE_NAME(id, name) {name, DTYPE_##id},
#define DTYPE_UNREAD(prefix, reason)
#include "core/dtype_names.def"
};

static const struct {
    const char *prefix, *reason;
} unread[] = {
#define DTYPE_NAME(id, name)
#define DTYPE_UNREAD(prefix, reason) {prefix, reason},
#include "core/dtype_names.def"
};

bool dtype_find(const char *name, enum dtype *dtype)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i].name, name) == 0) {
            *dtype = names[i].dtype;
            return true;
        }
    }
    return false;
}

static bool begins(const char *name, const char *prefix)
{
    while (*prefix && *prefix == *name) {
        prefix++;
        name++;
    }
    return *prefix == '\0';
}

const char *dtype_unread(const char *name)
{
    for (size_t i = 0; i < sizeof unread / sizeof *unread; i++)
        if (begins(name, unread[i].prefix))
            return unread[i].reason;
    return "";
}

enum dtype dtype_of_decimals(const char *name)
{
    enum dtype dtype;

    return name && dtype_find(name, &dtype) && dtype == DTYPE_F64 ? DTYPE_F64 : DTYPE_F32;
}

static double from_bits(uint64_t bits)
{
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

/* IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
static double widen_f16(uint16_t half)
{
    const uint64_t sign = (uint64_t)(half >> 15) << 63, fraction = half & 0x3ff;
    const unsigned exponent = half >> 10 & 0x1f;

    if (exponent == 0x1f) /* infinity, NaN */
        return from_bits(sign | (uint64_t)0x7ff << 52 | fraction << 42);
    if (exponent == 0) /* subnormal: fraction * 2^-24 */
        return from_bits(sign) + (sign ? -0x1p-24 : 0x1p-24) * (double)fraction;
    return from_bits(sign | (uint64_t)(exponent + 1023 - 15) << 52 | fraction << 42);
}

/* bfloat16: the upper half of a binary32. */
static double widen_bf16(uint16_t half)
{
    const uint32_t bits = (uint32_t)half << 16;
    float value;

    memcpy(&value, &bits, sizeof value);
    return (double)value;
}

static void widen_singles(const char *data, size_t count, double *out)
{
    for (size_t i = 0; i < count; i++) {
        float value;

        memcpy(&value, data + i * sizeof value, sizeof value);
        out[i] = (double)value;
    }
}

static void widen_halves(const char *data, size_t count, double (*widen)(uint16_t), double *out)
{
    for (size_t i = 0; i < count; i++) {
        uint16_t half;

        memcpy(&half, data + i * sizeof half, sizeof half);
        out[i] = widen(half);
    }
}

void dtype_widen(enum dtype dtype, const void *data, size_t count, double *out)
{
    switch (dtype) {
    case DTYPE_F64:
        memcpy(out, data, count * sizeof *out);
        break;
    case DTYPE_F32:
        widen_singles(data, count, out);
        break;
    case DTYPE_F16:
        widen_halves(data, count, widen_f16, out);
        break;
    case DTYPE_BF16:
        widen_halves(data, count, widen_bf16, out);
        break;
    case DTYPE_COUNT:
        break;
    }
}
