/* field_checks.h - the check functions that the tables of members name.
 *
 * They are in fields_score.c (POST /v1/score), fields_output.c (model outputs), fields_corpus.c
 * (corpora), fields_detection.c, fields_details.c (details, on all routes), fields_rank.c,
 * fields_compare.c, fields_policy.c and fields_preference.c (these routes). */
#ifndef API_MEMBERS_FIELD_CHECKS_H
#define API_MEMBERS_FIELD_CHECKS_H

#include "api/members/check_context.h"

#define FIELD(name, scope, effect, check, schema, help) check_f check;
#include "api/members/fields.def"
#define RANK_TAKES(name, scope)
#define RANK_MEMBER(name, scope, effect, check, schema, help) check_f check;
#include "api/members/rank.def"
#define COMPARE_TAKES(name, scope)
#define COMPARE_OWN(name, scope, effect, check, schema, help) check_f check;
#define COMPARE_MEMBER(name, scope, effect, check, schema, help) check_f check;
#include "api/members/compare.def"
#define POLICY_TAKES(name, scope)
#define POLICY_READS(name, scope, effect, check, schema, help) check_f check;
#define POLICY_MEMBER(name, scope, effect, check, schema, help) check_f check;
#include "api/members/policy.def"
#define PREFERENCE_TAKES(name, scope)
#define PREFERENCE_RETAKES(name, scope, effect, check, schema, help) check_f check;
#define PREFERENCE_MEMBER(name, scope, effect, check, schema, help) check_f check;
#include "api/members/preference.def"

/* Whether a temperature is in its range, or each of a list of some. */
check_f check_temperatures;

/* Whether a number is in its range. */
#define RANGE(name, schema, zero, least, edge, most, beyond) check_f check_in_##name;
#include "api/members/ranges.def"

/* Whether `gold` names choices of a question whose members are valid. */
check_f check_question;

/* Whether a request of POST /v1/policy has no outputs beside its list of sequences. */
check_f check_sources;

#endif
