/* plan_make.c - makes the plan of a sequence from its members. */
#include "api/plan/plan_make.h"

#include "api/base/arena_error.h"
#include "api/members/range.h"
#include "api/members/registered.h"
#include "api/plan/engine_output.h"
#include "api/plan/labels.h"
#include "api/plan/model_output.h"
#include "api/plan/pack.h"
#include "api/plan/plan_candidates.h"
#include "api/plan/plan_forms.h"
#include "api/plan/plan_measures.h"
#include "api/plan/plan_notice.h"
#include "api/plan/plan_padding.h"
#include "api/plan/plan_split.h"
#include "api/plan/plan_temperatures.h"
#include "api/plan/plan_tokens.h"
#include "api/plan/sampling_read.h"
#include "api/plan/window.h"

#include <string.h>

/* The arguments of plan_make(), for the functions below. */
struct making {
    struct plan *plan;
    struct members members;
    struct planner *planner;
    struct arena *arena;
    bool *later; /* set if a member is missing that may still arrive */
    struct error *err;
};

static json_t *given(const struct making *making, enum field field)
{
    return making->members.of[field].value;
}

static bool fail(const struct making *making, enum field field, enum error_code code,
                 const char *detail)
{
    return member_fail(&making->plan->path, field, NO_ELEMENT, code, making->err, "%s", detail);
}

/* Record that a member is missing. */
static bool lacks(const struct making *making, enum field field, const char *detail)
{
    *making->later = true;
    return fail(making, field, ERR_MISSING_MEMBER, detail);
}

static void *allocate(const struct making *making, size_t count, size_t size)
{
    void *memory = arena_alloc(making->arena, count, size);

    if (!memory)
        arena_fail(making->arena, making->err);
    return memory;
}

static bool check_presence(const struct making *making)
{
    const bool ids = given(making, FIELD_tokens) || given(making, FIELD_prompt);
    const bool outputs = given(making, FIELD_outputs);
    const bool windows = given(making, FIELD_windows) && !window_is(&making->plan->path);

    if (!windows && !given(making, FIELD_logits) && !given(making, FIELD_logprobs) && !outputs)
        return lacks(making, FIELD_logits,
                     making->planner->body->has_parts
                         ? "what the model said is missing: a part logits, or logprobs or outputs"
                         : "what the model said is missing: logits, logprobs or outputs");
    if (!ids && !outputs
        && (windows || given(making, FIELD_logits) || given(making, FIELD_labels)
            || (given(making, FIELD_mask) && !making->planner->schema->masks_numbers)))
        return lacks(making, FIELD_tokens,
                     "which tokens is missing: tokens, or prompt and completion");
    return true;
}

static bool read_weights(const struct making *making)
{
    struct plan *plan = making->plan;
    const json_t *weights = given(making, FIELD_weights);

    if (!weights)
        return true;
    if (!plan_check_entries(plan, &making->members, FIELD_weights, making->err))
        return false;
    plan->weight = allocate(making, plan->length, sizeof *plan->weight);
    if (!plan->weight)
        return false;
    for (size_t i = 0; i < plan->length; i++)
        plan->weight[i] = json_number_value(json_array_get(weights, plan->pad_before + i));
    return true;
}

static void read_choices(const struct making *making)
{
    struct plan *plan = making->plan;
    const json_t *alignment = given(making, FIELD_alignment);

    if (plan->output.kind == OUTPUT_MATRIX || plan->labels)
        return; /* the format of the answer gives both, or the form of the choice */
    plan->alignment =
        alignment && strcmp(json_string_value(alignment), "same") == 0 ? ALIGN_SAME : ALIGN_NEXT;
    plan->offset = (size_t)json_integer_value(given(making, FIELD_offset));
}

static void read_details(const struct making *making)
{
    const struct member *details = &making->members.of[FIELD_details];
    unsigned (*own)(const struct sequence_path *) = making->planner->schema->details;
    const struct name_list *named;

    if (own && plan_has_rows(making->plan))
        making->plan->details = own(&making->plan->path);
    if (own || !details->value)
        return;
    named = name_lists_details(&making->planner->names, details->level, details->value);
    making->plan->details = named->details;
    making->plan->top = named->top;
}

static double number_or(const struct making *making, enum field field, double absent)
{
    const json_t *value = given(making, field);

    return value ? json_number_value(value) : absent;
}

static void read_options(const struct making *making)
{
    struct plan *plan = making->plan;
    const json_t *smoothing = given(making, FIELD_smoothing);
    const double temperature = plan->temperatures ? plan->temperatures->different[0]
                                                  : number_or(making, FIELD_temperature, 1);

    plan->transform = transform_make(temperature, number_or(making, FIELD_softcap, 0));
    plan->loss.label_smoothing = number_or(making, FIELD_label_smoothing, 0);
    plan->loss.z_loss = number_or(making, FIELD_z_loss, 0);
    plan->loss.smoothing =
        (enum smoothing)registered(REGISTRY_smoothings, smoothing, SMOOTHING_ALL);
}

/* Log-probabilities do not hold the whole distribution.  Refuse each option that needs it, unless
 * its value is the default. */
static bool refuse_options(const struct making *making)
{
    static const char reason[] = "needs logits: log-probabilities do not tell the distribution";
    const struct plan *plan = making->plan;

    if (plan->transform.temperature != 1 || temperature_list_further(plan->temperatures) > 0)
        return fail(making, FIELD_temperature, ERR_NEEDS_LOGITS, reason);
    if (given(making, FIELD_softcap))
        return fail(making, FIELD_softcap, ERR_NEEDS_LOGITS, reason);
    if (plan->loss.label_smoothing != 0)
        return fail(making, FIELD_label_smoothing, ERR_NEEDS_LOGITS, reason);
    if (plan->loss.z_loss != 0)
        return fail(making, FIELD_z_loss, ERR_NEEDS_LOGITS, reason);
    if (!making->planner->schema->details && json_array_size(given(making, FIELD_details)) > 0)
        return member_fail(&making->plan->path, FIELD_details, 0, ERR_NEEDS_LOGITS, making->err,
                           "%s", reason);
    if (plan->alignment != ALIGN_NEXT)
        return fail(making, FIELD_alignment, ERR_NEEDS_LOGITS, "is about rows: it needs logits");
    if (plan->offset != 0)
        return fail(making, FIELD_offset, ERR_NEEDS_LOGITS, "is about rows: it needs logits");
    return true;
}

/* The softcap and each temperature must go together.  Either may be a default of the request. */
static bool check_softcap(const struct making *making)
{
    const struct plan *plan = making->plan;
    const struct transform *transform = &plan->transform;
    char detail[RANGE_DETAIL];
    bool fits = range_softcap_fits(transform->softcap, transform->temperature, detail);

    for (size_t i = 1; fits && i <= temperature_list_further(plan->temperatures); i++)
        fits = range_softcap_fits(transform->softcap, plan->temperatures->different[i], detail);
    if (fits)
        return true;
    *making->later |= !given(making, FIELD_temperature);
    return fail(making, FIELD_softcap, ERR_OUT_OF_RANGE, detail);
}

/* `logprobs` must have T entries, or as many as y has tokens. */
static bool check_logprobs_count(const struct making *making)
{
    struct plan *plan = making->plan;

    if (plan->output.rows == plan_entries(plan))
        return true;
    plan->completion_only =
        plan->split && !plan->pack && !plan->taken && plan->output.rows == plan->completion;
    if (plan->completion_only)
        return true;
    return member_fail(&making->plan->path, FIELD_logprobs, NO_ELEMENT, ERR_BAD_COUNT, making->err,
                       "%zu log-probabilities for %zu tokens (%zu of them in the completion)",
                       plan->output.rows, plan_entries(plan), plan->completion);
}

/* The index of the first token of y.  T if y is empty. */
static size_t first_of_completion(const struct plan *plan)
{
    size_t token = 0;

    while (token < plan->length && plan->segment[token] != SEGMENT_COMPLETION)
        token++;
    return token;
}

static unsigned default_objectives(const struct plan *plan)
{
    const bool from_completion =
        plan->offset > 0 && plan_row_of(plan, first_of_completion(plan)) == 0;

    if (!plan->split)
        return 1U << OBJECTIVE_joint;
    if (plan->completion_only || from_completion || plan->output.narrow)
        return 1U << OBJECTIVE_conditional;
    return (1U << OBJECTIVE_COUNT) - 1;
}

/* For routes that score all of y: y must be known, not empty unless the route takes that, and its
 * first token must have a row. */
static bool check_completion(const struct making *making)
{
    const struct plan *plan = making->plan;
    const bool has_first = !plan_has_rows(plan) || plan->alignment == ALIGN_SAME;

    if (!plan->split)
        return lacks(making, FIELD_prompt_length,
                     "which tokens are the completion is missing: prompt_length, mask, labels, or "
                     "prompt and completion in place of tokens");
    if (plan->completion == 0 && !making->planner->schema->may_be_empty)
        return fail(making, plan_split_field(&making->members), ERR_OUT_OF_RANGE,
                    "the completion is empty: there is nothing to rank");
    return has_first || plan->segment[0] != SEGMENT_COMPLETION
           || plan_fail_token(plan, 0, ERR_OUT_OF_RANGE, making->err,
                              "the completion begins with token 0, which has no row: begin with a "
                              "prompt, if only the beginning-of-sequence token");
}

/* Why a named objective is not defined for the sequence.  NULL: it is defined. */
static const char *objective_lacks(const struct plan *plan, enum objective_id id)
{
    if (objective_at(id)->needs_split && !plan->split)
        return "needs the split into prompt and completion: give prompt_length, mask, labels, or "
               "prompt and completion";
    if (plan->completion_only && objective_at(id)->selects(SEGMENT_PROMPT))
        return "needs the log-probabilities of the prompt, and only those of the completion were "
               "given";
    return NULL;
}

/* Read the named objectives.  The error points at the first name in the list that is not
 * defined. */
static bool read_named(const struct making *making)
{
    struct plan *plan = making->plan;
    const struct member *names = &making->members.of[FIELD_objectives];
    const struct name_list *named =
        name_lists_objectives(&making->planner->names, names->level, names->value);
    const char *reason = NULL;
    size_t first = NOT_NAMED;

    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        if (named->objective[id] == NOT_NAMED)
            continue;
        plan->objectives |= 1U << id;
        if (named->objective[id] < first && objective_lacks(plan, id)) {
            first = named->objective[id];
            reason = objective_lacks(plan, id);
        }
    }
    if (!reason)
        return true;
    *making->later = true; /* the member that gives the split may still arrive */
    return member_fail(&plan->path, FIELD_objectives, first, ERR_NO_OBJECTIVE, making->err,
                       "%s%s%s", reason, plan->completion_only && plan->output.answer ? ": " : "",
                       plan->completion_only ? engine_output_ask(&plan->output) : "");
}

static bool read_objectives(const struct making *making)
{
    struct plan *plan = making->plan;

    if (making->planner->schema->objectives != 0) {
        plan->objectives = making->planner->schema->objectives;
        if (making->planner->schema->asks_joint && plan_has_rows(plan)
            && name_lists_joint(&making->planner->names, plan->path.holder[0].object))
            plan->objectives |= default_objectives(plan);
        plan->scores_all = true;
        return check_completion(making);
    }
    if (given(making, FIELD_objectives))
        return read_named(making);
    plan->objectives = default_objectives(plan);
    return true;
}

/* Mark the tokens that some requested objective scores.  With alignment `next`, the first token of
 * a document has no row. */
static bool find_needed(const struct making *making)
{
    struct plan *plan = making->plan;
    const bool next = plan_has_rows(plan) && plan->alignment == ALIGN_NEXT;

    plan->needed = allocate(making, plan->length, sizeof *plan->needed);
    if (!plan->needed)
        return false;
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++)
        for (size_t i = 0; (plan->objectives >> id & 1) && i < plan->length; i++)
            plan->needed[i] |= objective_at(id)->selects(plan->segment[i]);
    for (size_t i = 0; next && i < pack_documents(plan); i++)
        plan->needed[pack_start(plan, i)] = false;
    return true;
}

/* Read the tokens, the model's output and the split. */
static bool read_what(const struct making *making)
{
    struct plan *plan = making->plan;

    if (labels_given(&making->members))
        return plan_check_forms(&making->members, making->later, making->err)
               && labels_plan(plan, &making->members, making->planner, making->later, making->err);
    return plan_check_forms(&making->members, making->later, making->err) && check_presence(making)
           && model_output_find(&plan->output, &making->members, making->planner->body,
                                making->later, making->err)
           && plan_tokens_count(plan, &making->members, making->err)
           && plan_padding_read(plan, &making->members, making->arena, making->err)
           && pack_find(plan, &making->members, making->err)
           && plan_tokens_read(plan, &making->members, making->arena, making->err)
           && (plan->output.kind != OUTPUT_ENGINE
               || engine_output_read(plan, &making->members, making->planner, making->err))
           && plan_tokens_charge(plan, making->planner->x, making->err)
           && plan_split(plan, &making->members, making->arena, making->err);
}

/* Read how to read the output. */
static bool read_reading(const struct making *making)
{
    struct plan *plan = making->plan;

    read_choices(making);
    if (!plan_padding_read_rows(plan, &making->members, making->arena, making->err))
        return false;
    read_details(making);
    if (!plan_temperatures_read(plan, &making->members, making->planner, making->err))
        return false;
    read_options(making);
    if (!plan_candidates_read(plan, &making->members, making->err)
        || !plan_measures_read(plan, &making->members, making->err))
        return false;
    if (plan->output.kind == OUTPUT_WINDOWS)
        return true;
    if (!(plan_has_rows(plan) ? check_softcap(making) : refuse_options(making))
        || !sampling_read(plan, &making->members, making->err))
        return false;
    return plan->output.kind != OUTPUT_LOGPROBS || check_logprobs_count(making);
}

/* Read what to compute. */
static bool read_how(const struct making *making)
{
    struct plan *plan = making->plan;

    return read_reading(making) && read_objectives(making) && find_needed(making)
           && (plan->pack || plan_notice_empty(plan, &making->members, making->arena, making->err));
}

enum plan_outcome plan_make(struct plan *plan, const struct sequence_path *path,
                            struct planner *planner, bool complete, struct error *err)
{
    bool later = false;
    struct making making = {
        .plan = plan, .planner = planner, .arena = &planner->x->arena, .later = &later, .err = err};

    *plan = (struct plan){.path = *path};
    members_merge(&making.members, &plan->path);
    if (read_what(&making) && read_how(&making))
        return PLAN_READY;
    return later && !complete ? PLAN_LATER : PLAN_NEVER;
}

enum plan_outcome plan_make_window(struct plan *plan, const struct plan *whole,
                                   const struct sequence_path *path, struct planner *planner,
                                   bool complete, struct error *err)
{
    bool later = false;
    struct making making = {
        .plan = plan, .planner = planner, .arena = &planner->x->arena, .later = &later, .err = err};

    *plan = *whole;
    plan->path = *path;
    members_merge(&making.members, &plan->path);
    making.members.of[FIELD_prompt_length].value = NULL; /* it is of the sequence */
    if (plan_check_forms(&making.members, &later, err) && check_presence(&making)
        && window_cut(plan, &making.members, &later, err)
        && model_output_find(&plan->output, &making.members, planner->body, &later, err)
        && plan_tokens_charge(plan, planner->x, err)
        && (plan->output.kind != OUTPUT_ENGINE
            || engine_output_read(plan, &making.members, planner, err))
        && read_reading(&making) && window_take(plan, making.arena, err))
        return PLAN_READY;
    return later && !complete ? PLAN_LATER : PLAN_NEVER;
}

bool plan_finish(struct plan *plan, struct planner *planner, struct error *err)
{
    bool missing = false;
    struct making making = {.plan = plan,
                            .planner = planner,
                            .arena = &planner->x->arena,
                            .later = &missing,
                            .err = err};
    const json_t *per_token;

    members_merge(&making.members, &plan->path);
    per_token = given(&making, FIELD_per_token);
    plan->per_token = !per_token || json_is_true(per_token);
    return plan_check_forms(&making.members, &missing, err) && read_weights(&making)
           && text_sizes_read(plan->sizes, &making.members, plan->split, &planner->sizes, err)
           && plan_measures_check(plan, &making.members, err);
}
