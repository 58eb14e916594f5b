/* platform.h - what logitd requires of a machine and its compiler: 64 bits, little-endian, IEEE
 * 754.
 *
 * Sizes of bodies are products in size_t.  Numbers in a body are read as they are in memory.  The
 * same bits on every machine require IEEE 754 without excess precision. */
#ifndef CORE_PLATFORM_H
#define CORE_PLATFORM_H

#include <float.h>
#include <stddef.h>

_Static_assert(sizeof(size_t) == 8 && sizeof(void *) == 8, "logitd needs a 64-bit system");
_Static_assert(sizeof(float) == 4 && FLT_MANT_DIG == 24 && FLT_MAX_EXP == 128,
               "float must be IEEE 754 binary32");
_Static_assert(sizeof(double) == 8 && DBL_MANT_DIG == 53 && DBL_MAX_EXP == 1024,
               "double must be IEEE 754 binary64");
_Static_assert(FLT_EVAL_METHOD == 0, "arithmetic must not have excess precision");

#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "logitd needs a little-endian machine"
#endif

#endif
