/* cpu.h - what this CPU can run. */
#ifndef CORE_CPU_H
#define CORE_CPU_H

enum cpu_feature { CPU_FMA = 1 << 0 };

/* A mask of enum cpu_feature. */
unsigned cpu_features(void);

#endif
