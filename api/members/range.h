/* range.h - the ranges of numbers that enter computations, from the table ranges.def. */
#ifndef API_MEMBERS_RANGE_H
#define API_MEMBERS_RANGE_H

#include "api/base/error.h"
#include "api/base/strbuf.h"

#include <stdbool.h>

enum range_id {
#define RANGE(name, schema, zero, least, edge, most, beyond) RANGE_##name,
#include "api/members/ranges.def"
    RANGE_COUNT
};

struct range {
    const char *name;
    const char *schema; /* the name of its JSON Schema */
    bool or_zero;       /* 0 is in the range, too */
    double least, most;
    bool below;         /* `most` is not in the range */
    const char *text;   /* such as "0 or 1e-300 to below 1" */
    const char *beyond; /* what to do where it is too narrow */
};

const struct range *range_at(enum range_id id);

/* The range of a member.  NULL: it has none. */
const struct range *range_find(const char *name);

bool range_has(const struct range *range, double value);

/* Word the error for a value that is not in the range. */
#define RANGE_DETAIL 320
void range_explain(const struct range *range, double value, char detail[static RANGE_DETAIL]);

/* Append the JSON Schema of a range. */
void range_schema(const struct range *range, struct strbuf *text);

/* The largest quotient of softcap and temperature for which the bounds hold. */
#define SOFTCAP_MOST 0x1p60

/* Whether a softcap, 0 for none, goes with a temperature; both are in their ranges.  If not,
 * `detail` is the error for the softcap. */
bool range_softcap_fits(double softcap, double temperature, char detail[static RANGE_DETAIL]);

#endif
