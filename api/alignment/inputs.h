/* inputs.h - whether the cases of a request have what its objectives need. */
#ifndef API_ALIGNMENT_INPUTS_H
#define API_ALIGNMENT_INPUTS_H

#include "core/preference_result.h"

#include "api/alignment/cases.h"
#include "api/members/asked_objectives.h"

/* Whether an objective is defined for all cases.  Otherwise *err is ERR_NO_OBJECTIVE at its
 * element, or the fault of a member that it needs. */
bool inputs_check(const struct preference_question *question, const struct asked_objective *asked,
                  const struct cases *cases, json_t *request, struct error *err);

#endif
