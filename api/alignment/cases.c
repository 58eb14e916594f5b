/* cases.c - the completions of a request, and the pairs or examples that are made of them. */
#include "api/alignment/cases.h"

#include "api/alignment/output_sum.h"
#include "api/base/arena_error.h"

#include <string.h>

/* A completion, and what is known of its outputs. */
struct completion {
    struct preference_completion is;
    size_t policy_tokens;
    struct case_outputs outputs;
    size_t reference_tokens;
};

/* The completions of a pair, or of an example: itself and its mismatched one. */
struct group {
    json_t *object;
    struct completion *first;
    size_t chosen, rejected; /* how many; of an example 1, and 0 or 1 */
};

struct reading {
    json_t *request, *list;
    bool of_examples;
    struct group *groups;
    size_t count; /* of groups */
    struct exchange *x;
    struct arena *arena; /* of x, and so is the error */
    struct error *err;
};

/* ---- the groups ---- */

/* How many objects a part has. */
static size_t part_size(const json_t *value)
{
    return json_is_array(value) ? json_array_size(value) : value != NULL;
}

static void measure(const struct reading *reading, struct group *group, json_t *object)
{
    const enum field first = FIELD_chosen;
    const enum field second = reading->of_examples ? FIELD_mismatched : FIELD_rejected;

    group->object = object;
    group->chosen = reading->of_examples ? 1 : part_size(field_value(object, first));
    group->rejected = part_size(field_value(object, second));
}

static bool make_groups(struct reading *reading)
{
    size_t count = 0, at = 0;
    struct completion *completions;

    reading->count = json_array_size(reading->list);
    reading->groups = arena_new(reading->arena, struct group, reading->count);
    if (!reading->groups)
        return arena_fail(reading->arena, reading->err);
    for (size_t i = 0; i < reading->count; i++) {
        measure(reading, &reading->groups[i], json_array_get(reading->list, i));
        count += reading->groups[i].chosen + reading->groups[i].rejected;
    }
    completions = arena_new(reading->arena, struct completion, count);
    if (!completions)
        return arena_fail(reading->arena, reading->err);
    for (size_t i = 0; i < reading->count; i++) {
        reading->groups[i].first = completions + at;
        at += reading->groups[i].chosen + reading->groups[i].rejected;
    }
    return true;
}

/* ---- the completions ---- */

/* The name of the part that an object on the path is in. */
static const char *part_of(const struct sequence_path *path, size_t level)
{
    return path->schema->layout->part[path->holder[level].part].name;
}

/* The level of a sequence's completion: of an output the object around it, or itself. */
static size_t completion_level(const struct sequence_path *path)
{
    const char *part = part_of(path, path->count - 1);
    const bool is_output = strcmp(part, field_info(FIELD_policy)->name) == 0
                           || strcmp(part, field_info(FIELD_reference)->name) == 0;

    return path->count - 1 - is_output;
}

/* The completion that a sequence is an output of. */
static struct completion *completion_of(const struct reading *reading,
                                        const struct sequence_path *path, size_t level)
{
    const struct group *group = &reading->groups[path->holder[1].index];

    if (level == 1)
        return group->first;
    return group->first + path->holder[level].index
           + (strcmp(part_of(path, level), field_info(FIELD_chosen)->name) == 0 ? 0
                                                                                : group->chosen);
}

static void take_policy(struct completion *completion, const struct output_sum *sum,
                        const struct scored *scored)
{
    completion->outputs.policy = scored;
    completion->is.has_policy = true;
    completion->is.policy = sum->log_prob;
    completion->is.has_joint = sum->has_joint;
    completion->is.joint = sum->joint;
    completion->is.joint_tokens = sum->joint_tokens;
    completion->policy_tokens = sum->tokens;
}

static void take_reference(struct completion *completion, const struct output_sum *sum,
                           const struct scored *scored)
{
    completion->is.has_reference = true;
    completion->is.reference = sum->log_prob;
    completion->outputs.reference = scored;
    completion->reference_tokens = sum->tokens;
}

static void take_reward(struct completion *completion, const json_t *object)
{
    const json_t *reward = field_value(object, FIELD_reward);

    completion->is.has_reward = reward != NULL;
    completion->is.reward = json_number_value(reward);
}

static bool take_sequence(const struct reading *reading, const struct scored *scored)
{
    const struct sequence_path *path = &scored->plan.path;
    const size_t level = completion_level(path);
    struct completion *completion = completion_of(reading, path, level);
    struct output_sum sum;

    take_reward(completion, path->holder[level].object);
    if (level + 1 == path->count)
        return true;
    if (!output_sum_make(&sum, scored, reading->x))
        return false;
    if (strcmp(part_of(path, level + 1), field_info(FIELD_policy)->name) == 0)
        take_policy(completion, &sum, scored);
    else
        take_reference(completion, &sum, scored);
    return true;
}

/* Policy and reference must tell the same number of tokens, if both tell one. */
static bool settle_tokens(struct completion *completion, struct error *err)
{
    const size_t policy = completion->policy_tokens, reference = completion->reference_tokens;

    completion->is.tokens = policy > 0 ? policy : reference;
    return policy == 0 || reference == 0 || policy == reference
           || output_sum_fail_count(completion->outputs.reference, reference, policy, err);
}

static bool read_completions(const struct reading *reading, const struct scores *scores)
{
    for (size_t i = 0; i < scores->count; i++)
        if (!take_sequence(reading, scores->sequences[i]))
            return false;
    for (size_t i = 0; i < reading->count; i++) {
        const struct group *group = &reading->groups[i];

        for (size_t c = 0; c < group->chosen + group->rejected; c++)
            if (!settle_tokens(&group->first[c], reading->err))
                return false;
    }
    return true;
}

/* ---- the cases ---- */

/* A member of a pair or example, or its default from the request. */
static json_t *member_or_default(const struct reading *reading, const struct group *group,
                                 enum field field)
{
    json_t *own = field_value(group->object, field);

    return own ? own : field_value(reading->request, field);
}

static double number_or(const json_t *value, double absent)
{
    return value ? json_number_value(value) : absent;
}

/* What all cases of a group have alike. */
static struct preference_case common_of(const struct reading *reading, const struct group *group)
{
    return (struct preference_case){
        .desirable = json_is_true(member_or_default(reading, group, FIELD_label)),
        .margin = number_or(member_or_default(reading, group, FIELD_margin), 0),
        .weight = number_or(member_or_default(reading, group, FIELD_weight), 1)};
}

static void add_example(struct cases *cases, const struct group *group,
                        const struct preference_case *common, struct case_source source)
{
    struct preference_case *one = &cases->of[cases->count];

    *one = *common;
    one->chosen = &group->first->is;
    one->mismatched = group->rejected > 0 ? &group->first[1].is : NULL;
    source.chosen_outputs = group->first->outputs;
    cases->source[cases->count++] = source;
}

static void add_pairs(struct cases *cases, const struct group *group,
                      const struct preference_case *common, struct case_source source)
{
    for (source.chosen = 0; source.chosen < group->chosen; source.chosen++) {
        for (source.rejected = 0; source.rejected < group->rejected; source.rejected++) {
            const struct completion *chosen = &group->first[source.chosen];
            const struct completion *rejected = &group->first[group->chosen + source.rejected];
            struct preference_case *one = &cases->of[cases->count];

            *one = *common;
            one->chosen = &chosen->is;
            one->rejected = &rejected->is;
            source.chosen_outputs = chosen->outputs;
            source.rejected_outputs = rejected->outputs;
            cases->source[cases->count++] = source;
        }
    }
}

static bool make_cases(struct cases *cases, const struct reading *reading)
{
    size_t count = 0;

    for (size_t i = 0; i < reading->count; i++)
        count += reading->of_examples ? 1 : reading->groups[i].chosen * reading->groups[i].rejected;
    cases->of = arena_new(reading->arena, struct preference_case, count);
    cases->source = arena_new(reading->arena, struct case_source, count);
    if (!cases->of || !cases->source)
        return arena_fail(reading->arena, reading->err);
    for (size_t i = 0; i < reading->count; i++) {
        const struct group *group = &reading->groups[i];
        const struct preference_case common = common_of(reading, group);
        const struct case_source source = {.id = member_or_default(reading, group, FIELD_id),
                                           .index = i};

        (reading->of_examples ? add_example : add_pairs)(cases, group, &common, source);
    }
    return true;
}

bool cases_make(struct cases *cases, const struct scores *scores, json_t *request,
                struct exchange *x)
{
    json_t *examples = field_value(request, FIELD_examples);
    struct reading reading = {.request = request,
                              .list = examples ? examples : field_value(request, FIELD_pairs),
                              .of_examples = examples != NULL,
                              .x = x,
                              .arena = &x->arena,
                              .err = &x->error};

    *cases = (struct cases){.of_examples = reading.of_examples};
    return make_groups(&reading) && read_completions(&reading, scores)
           && make_cases(cases, &reading);
}
