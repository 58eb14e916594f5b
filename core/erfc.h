/* erfc.h - the complementary error function, with the same bits on every machine. */
#ifndef CORE_ERFC_H
#define CORE_ERFC_H

#include "core/dd.h"

/* erfc(sqrt(z)), z >= 0: the chance that a chi-square of one degree of freedom is above 2 z.  It
 * takes z, because erfc of a rounded square root is off by 2 z u.  Within 6 u of the exact value
 * plus 2^-1074, u = 2^-53; 0 where that is less. */
double erfc_root(struct dd z);

#endif
