/* field_checks.h - the checks that the tables of members name.
 *
 * fields_score.c has those of POST /v1/score, fields_output.c those of what a model said,
 * fields_corpus.c those of corpora, fields_rank.c and fields_compare.c those of these routes. */
#ifndef API_MEMBERS_FIELD_CHECKS_H
#define API_MEMBERS_FIELD_CHECKS_H

#include "api/members/check_context.h"

#define FIELD(name, scope, effect, check, schema, help) check_f check;
#include "api/members/fields.def"
#define RANK_TAKES(name, scope)
#define RANK_MEMBER(name, scope, effect, check, schema, help) check_f check;
#include "api/members/rank.def"
#define COMPARE_TAKES(name, scope)
#define COMPARE_MEMBER(name, scope, effect, check, schema, help) check_f check;
#include "api/members/compare.def"

/* A question whose members are good: whether its right choices are among its choices. */
check_f check_question;

#endif
