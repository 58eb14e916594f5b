/* cpu.c - what this CPU can run. */
#include "core/cpu.h"

unsigned cpu_features(void)
{
#if defined(__x86_64__)
    /* Both ask the operating system, too, whether it saves the wide registers. */
    return __builtin_cpu_supports("fma") && __builtin_cpu_supports("avx") ? CPU_FMA : 0;
#else
    return 0;
#endif
}
