/* models.h - two models over the same questions: the member `models` of POST /v1/rank. */
#ifndef API_MEMBERS_MODELS_H
#define API_MEMBERS_MODELS_H

#include "api/members/check_context.h"

/* Check where a request has `models`: for each choice once, in it or around it, or for none.  An
 * output of a question or choice that has them around it belongs to no model, and `bootstrap` needs
 * them. */
check_f models_check;

#endif
