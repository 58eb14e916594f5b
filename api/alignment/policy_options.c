/* policy_options.c - what a request to POST /v1/policy asks of its sequences. */
#include "api/alignment/policy_options.h"

#include "core/policies.h"

#include "api/base/arena_error.h"
#include "api/base/json_place.h"
#include "api/members/registered.h"
#include "api/members/schemas.h"

#include <string.h>

/* ---- objectives ---- */

static struct policy_setting setting_of(const struct asked_objective *asked)
{
    const struct parameters *parameters = &asked->parameters;
    const struct parameter_value *dual = &parameters->of[PARAMETER_dual_clip];

    return (struct policy_setting){
        .objective = policy_at(asked->index),
        .bounds = policy_bounds_of(parameter_number(parameters, PARAMETER_clip_low),
                                   parameter_number(parameters, PARAMETER_clip_high),
                                   dual->given ? dual->number : HUGE_VAL),
        .kl_coef = parameter_number(parameters, PARAMETER_kl_coef),
        .estimator = (enum kl_estimator)parameter_index(parameters, PARAMETER_kl_estimator),
        .aggregation = (enum aggregation)parameter_index(parameters, PARAMETER_aggregation),
        .norm = parameters->of[PARAMETER_norm].number};
}

static bool read_objectives(struct policy_options *options, json_t *request, struct exchange *x)
{
    struct asked_objectives *asked = &options->asked;

    if (!asked_objectives_read(asked, &family_policy, request, NULL, 0, &x->arena, &x->error))
        return false;
    options->setting = arena_new(&x->arena, struct policy_setting, asked->count + 1);
    if (!options->setting)
        return arena_fail(&x->arena, &x->error);
    for (size_t i = 0; i < asked->count; i++)
        options->setting[i] = setting_of(&asked->of[i]);
    return true;
}

/* The first sequences that lack something.  NULL: none does. */
struct lacking {
    const struct batch_sequence *source[SOURCE_COUNT], *advantages;
};

static void keep_first(const struct batch_sequence **first, const struct batch_sequence *sequence,
                       bool lacks)
{
    if (lacks && !*first)
        *first = sequence;
}

static struct lacking lacking_of(const struct policy_batch *batch)
{
    struct lacking lacking = {{NULL}, NULL};

    for (size_t i = 0; i < batch->count; i++) {
        const struct batch_sequence *sequence = &batch->of[i];

        for (enum policy_source source = 0; source < SOURCE_COUNT; source++)
            keep_first(&lacking.source[source], sequence, !sequence->log_prob[source]);
        keep_first(&lacking.advantages, sequence, !sequence->has_advantages);
    }
    return lacking;
}

/* Whether sequences have what an objective needs of them. */
static bool check_sources(const struct policy_options *options, size_t index,
                          const struct lacking *lacking, struct error *err)
{
    const struct policy_setting *setting = &options->setting[index];
    const bool needs_old = setting->objective->needs_old;
    const struct batch_sequence *without = lacking->source[SOURCE_current] || !needs_old
                                               ? lacking->source[SOURCE_current]
                                               : lacking->source[SOURCE_old];
    const struct batch_sequence *reference = lacking->source[SOURCE_reference];

    if (without)
        return member_fail(&without->path, FIELD_objectives, index, ERR_NO_OBJECTIVE, err,
                           "%s needs current%s of each sequence", setting->objective->head.name,
                           needs_old ? " and old" : "");
    if (setting->kl_coef > 0 && reference)
        return member_fail(&reference->path, FIELD_reference, NO_ELEMENT, ERR_MISSING_MEMBER, err,
                           "is missing: kl_coef of %s is above 0", setting->objective->head.name);
    return !lacking->advantages
           || member_fail(&lacking->advantages->path, FIELD_advantages, NO_ELEMENT,
                          ERR_MISSING_MEMBER, err, "are missing: an objective needs them");
}

static bool check_objective(const struct policy_options *options, size_t index,
                            const struct lacking *lacking, struct error *err)
{
    const enum aggregation aggregation = options->setting[index].aggregation;
    const struct parameters *parameters = &options->asked.of[index].parameters;

    if (aggregation_needs_norm(aggregation) && !parameters->of[PARAMETER_norm].given)
        return fail_at(err, ERR_MISSING_MEMBER, &MEMBER(&ROOT, "norm"),
                       "is missing: %s divides by it",
                       registry_name(REGISTRY_aggregations, aggregation));
    return check_sources(options, index, lacking, err);
}

/* ---- correction and rejection ---- */

static double number_of(const json_t *object, const char *name, double absent)
{
    const json_t *value = json_object_get(object, name);

    return value ? json_number_value(value) : absent;
}

/* The default: what the policy says now to what the engine said. */
static enum policy_ratio ratio_of(const struct policy_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        if (batch->of[i].log_prob[SOURCE_old])
            return RATIO_old_rollout;
    return RATIO_current_rollout;
}

static bool read_bounds(struct ratio_bounds *bounds, enum field field,
                        const struct policy_batch *batch, const json_t *object, struct error *err)
{
    const json_t *ratio = json_object_get(object, "ratio"),
                 *level = json_object_get(object, "level");

    *bounds = (struct ratio_bounds){
        .ratio = (enum policy_ratio)registered(REGISTRY_ratios, ratio, ratio_of(batch)),
        .level = (enum ratio_level)registered(REGISTRY_ratio_levels, level, RATIO_LEVEL_token),
        .low = number_of(object, "low", RATIO_LOW),
        .high = number_of(object, "high", RATIO_HIGH)};
    for (size_t i = 0; i < batch->count; i++)
        if (!batch->of[i].has[bounds->ratio])
            return member_fail_in(&batch->of[i].path, field, "ratio", ERR_MISSING_MEMBER, err,
                                  "a side of %s is missing in sequence %zu",
                                  policy_ratio_info(bounds->ratio)->name, i);
    return true;
}

static bool read_correction(struct policy_options *options, const struct policy_batch *batch,
                            const json_t *request, struct error *err)
{
    const json_t *correction = field_value(request, FIELD_correction);
    const json_t *rejection = field_value(request, FIELD_rejection);

    options->terms.corrects = correction != NULL;
    options->terms.rejects = rejection != NULL;
    options->terms.correction.normalize = json_is_true(json_object_get(correction, "normalize"));
    options->terms.correction.mode = (enum correction_mode)registered(
        REGISTRY_corrections, json_object_get(correction, "mode"), CORRECTION_truncate);
    return (!correction
            || read_bounds(&options->terms.correction.bounds, FIELD_correction, batch, correction,
                           err))
           && (!rejection
               || read_bounds(&options->terms.rejection, FIELD_rejection, batch, rejection, err));
}

/* ---- details ---- */

static void read_details(struct policy_options *options, const json_t *details)
{
    for (size_t i = json_array_size(details); i > 0; i--) {
        const char *name = json_string_value(json_array_get(details, i - 1));
        size_t k;
        const bool entropy = detail_find(ON_POLICY, name, &k) == DETAIL_ENTROPY;

        *(entropy ? &options->entropy : &options->kl) = true;
        *(entropy ? &options->entropy_at : &options->kl_at) = i - 1;
    }
}

static bool has_rows(const struct batch_sequence *sequence, enum policy_source source)
{
    return sequence->scored[source] && plan_has_rows(&sequence->scored[source]->plan);
}

static bool has_ratio_of_rows(const struct batch_sequence *sequence)
{
    for (enum policy_ratio ratio = 0; ratio < RATIO_COUNT; ratio++)
        if (has_rows(sequence, policy_ratio_info(ratio)->p)
            && has_rows(sequence, policy_ratio_info(ratio)->q))
            return true;
    return false;
}

/* Details need the logits of some sequence. */
static bool check_details(const struct policy_options *options, const struct policy_batch *batch,
                          struct error *err)
{
    const struct sequence_path *path = &batch->of[0].path;
    bool entropy = !options->entropy, kl = !options->kl;

    for (size_t i = 0; i < batch->count; i++) {
        entropy |= has_rows(&batch->of[i], SOURCE_current);
        kl |= has_ratio_of_rows(&batch->of[i]);
    }
    return (entropy
            || member_fail(path, FIELD_details, options->entropy_at, ERR_NEEDS_LOGITS, err,
                           "needs logits of current"))
           && (kl
               || member_fail(path, FIELD_details, options->kl_at, ERR_NEEDS_LOGITS, err,
                              "needs logits of both sides of a ratio"));
}

bool policy_options_read(struct policy_options *options, const struct policy_batch *batch,
                         json_t *request, struct exchange *x)
{
    const json_t *model = field_value(request, FIELD_model);
    const bool per_token = json_is_true(field_value(request, FIELD_per_token));
    const struct lacking lacking = lacking_of(batch);

    *options = (struct policy_options){.model = json_string_value(model),
                                       .model_length = json_string_length(model),
                                       .per_token = per_token,
                                       .token_losses = per_token};
    read_details(options, field_value(request, FIELD_details));
    if (!read_objectives(options, request, x))
        return false;
    for (size_t i = 0; i < options->asked.count; i++)
        if (!check_objective(options, i, &lacking, &x->error))
            return false;
    return read_correction(options, batch, request, &x->error)
           && check_details(options, batch, &x->error);
}
