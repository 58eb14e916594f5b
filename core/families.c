/* families.c - which families of objectives there are. */
#include "core/families.h"

#define FAMILY(name) extern const struct family family_##name;
#include "core/families.def"

static const struct family *const families[] = {
#define FAMILY(name) &family_##name,
#include "core/families.def"
    NULL};

const struct family *family_at(size_t index)
{
    return families[index];
}
