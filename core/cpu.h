/* cpu.h - the instruction sets of this CPU. */
#ifndef CORE_CPU_H
#define CORE_CPU_H

enum cpu_feature {
    CPU_FMA = 1 << 0,
    CPU_AVX2 = 1 << 1,
    CPU_AVX512 = 1 << 2,       /* F, BW, DQ, VL */
    CPU_AVX512_BYTES = 1 << 3, /* VBMI, VBMI2, BITALG */
    CPU_BMI2 = 1 << 4,         /* with BMI and POPCNT */
    CPU_NEON = 1 << 5,
};

/* A mask of enum cpu_feature. */
unsigned cpu_features(void);

#endif
