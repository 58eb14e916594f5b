/* plan_forms.h - which members of a sequence go together. */
#ifndef API_PLAN_PLAN_FORMS_H
#define API_PLAN_PLAN_FORMS_H

#include "api/members/members.h"

/* Whether the members that have arrived go together: of those that say the same thing at most one
 * is given, and none lacks what belongs beside it.  False with *err set; *later is set too if what
 * is missing may still arrive. */
bool plan_check_forms(const struct members *members, bool *later, struct error *err);

#endif
