/* cpu.c - the instruction sets of this CPU. */
#include "core/cpu.h"

#include <stdbool.h>

#if defined(__x86_64__)

/* The compiler's checks also ask whether the operating system saves the wide registers. */
static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
           && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

static bool has_avx512_bytes(void)
{
    return __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2")
           && __builtin_cpu_supports("avx512bitalg") && __builtin_cpu_supports("avx512vpopcntdq");
}

static bool has_bmi2(void)
{
    return __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2")
           && __builtin_cpu_supports("popcnt");
}

unsigned cpu_features(void)
{
    const bool fma = __builtin_cpu_supports("fma") && __builtin_cpu_supports("avx");

    return (fma ? (unsigned)CPU_FMA : 0U)
           | (__builtin_cpu_supports("avx2") ? (unsigned)CPU_AVX2 : 0U)
           | (has_avx512() ? (unsigned)CPU_AVX512 : 0U) | (has_bmi2() ? (unsigned)CPU_BMI2 : 0U)
           | (has_avx512_bytes() ? (unsigned)CPU_AVX512_BYTES : 0U);
}

#elif defined(__aarch64__)

unsigned cpu_features(void)
{
    return CPU_NEON; /* every AArch64 CPU has it */
}

#else

unsigned cpu_features(void)
{
    return 0;
}

#endif
