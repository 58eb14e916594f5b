/* families.h - the table of families of objectives (core/families.def). */
#ifndef CORE_FAMILIES_H
#define CORE_FAMILIES_H

#include "core/family.h"

/* The family at an index.  NULL: there are no more. */
const struct family *family_at(size_t index);

#endif
