/* text_sizes.c - how long the texts of a sequence are. */
#include "api/plan/text_sizes.h"

#include "core/text_count.h"

#include "api/plan/plan.h"

/* The units that texts are counted in. */
static const enum unit units[] = {UNIT_CHARACTERS, UNIT_BYTES, UNIT_WORDS};
enum { UNITS = sizeof units / sizeof *units };

static const struct {
    enum field text, counts;
} forms[SEGMENT_COUNT] = {[SEGMENT_PROMPT] = {FIELD_prompt_text, FIELD_prompt_counts},
                          [SEGMENT_COMPLETION] = {FIELD_completion_text, FIELD_completion_counts},
                          [SEGMENT_WHOLE] = {FIELD_text, FIELD_counts}};

static struct text_sizes sizes_of_text(const json_t *text)
{
    const struct counts counts = counts_of(json_string_value(text), json_string_length(text));
    struct text_sizes sizes = {0};

    sizes.of[UNIT_CHARACTERS] = counts.characters;
    sizes.of[UNIT_BYTES] = counts.bytes;
    sizes.of[UNIT_WORDS] = counts.words;
    for (size_t i = 0; i < UNITS; i++)
        sizes.known |= 1U << units[i];
    return sizes;
}

/* Of the text of a segment, which many plans may share. */
static struct text_sizes sizes_of_shared(const struct plan *plan, enum segment segment,
                                         struct text_sizes_memo *memo)
{
    const struct member *text = &plan->members.of[forms[segment].text];
    const size_t level = member_level(&plan->members, forms[segment].text);

    if (memo->of[segment][level].text != text->value) {
        memo->of[segment][level].text = text->value;
        memo->of[segment][level].sizes = sizes_of_text(text->value);
    }
    return memo->of[segment][level].sizes;
}

static struct text_sizes sizes_of_counts(const json_t *counts)
{
    struct text_sizes sizes = {0};

    for (size_t i = 0; i < UNITS; i++) {
        const json_t *count = json_object_get(counts, unit_name(units[i]));

        sizes.of[units[i]] = (size_t)json_integer_value(count);
        sizes.known |= count ? 1U << units[i] : 0;
    }
    return sizes;
}

static struct text_sizes sizes_plus(const struct text_sizes *a, const struct text_sizes *b)
{
    struct text_sizes sum = {.known = a->known & b->known};

    for (size_t i = 0; i < UNITS; i++)
        if (sum.known >> units[i] & 1)
            sum.of[units[i]] = a->of[units[i]] + b->of[units[i]];
    return sum;
}

/* The member that says how long a segment is, or FIELD_COUNT. */
static enum field given(const struct plan *plan, enum segment segment)
{
    if (plan->members.of[forms[segment].text].value)
        return forms[segment].text;
    return plan->members.of[forms[segment].counts].value ? forms[segment].counts : FIELD_COUNT;
}

/* Characters and bytes of the parts add up to the whole's; words need not, since a split may be
 * inside one. */
static bool check_sum(const struct plan *plan, const struct text_sizes *parts, struct error *err)
{
    const struct text_sizes *whole = &plan->sizes[SEGMENT_WHOLE];

    for (size_t i = 0; i < UNITS; i++)
        if (units[i] != UNIT_WORDS && (parts->known & whole->known) >> units[i] & 1
            && parts->of[units[i]] != whole->of[units[i]])
            return member_fail(&plan->members, given(plan, SEGMENT_WHOLE), NO_ELEMENT,
                               ERR_BAD_COUNT, err,
                               "has %zu %s, and the prompt's and the completion's are %zu together",
                               whole->of[units[i]], unit_name(units[i]), parts->of[units[i]]);
    return true;
}

bool text_sizes_read(struct plan *plan, struct text_sizes_memo *memo, struct error *err)
{
    struct text_sizes parts;

    for (enum segment segment = 0; segment < SEGMENT_COUNT; segment++) {
        const enum field field = given(plan, segment);

        if (field == FIELD_COUNT)
            continue;
        if (segment != SEGMENT_WHOLE && !plan->split)
            return member_fail(
                &plan->members, field, NO_ELEMENT, ERR_CONFLICT, err,
                "needs the split into prompt and completion; without one give %s",
                field_info(field == forms[segment].text ? FIELD_text : FIELD_counts)->name);
        plan->sizes[segment] = field == forms[segment].text
                                   ? sizes_of_shared(plan, segment, memo)
                                   : sizes_of_counts(plan->members.of[field].value);
    }
    parts = sizes_plus(&plan->sizes[SEGMENT_PROMPT], &plan->sizes[SEGMENT_COMPLETION]);
    if (given(plan, SEGMENT_WHOLE) != FIELD_COUNT)
        return check_sum(plan, &parts, err);
    plan->sizes[SEGMENT_WHOLE] = parts;
    return true;
}

const struct text_sizes *text_sizes_of(const struct plan *plan, const struct objective *objective)
{
    if (!objective->selects(SEGMENT_PROMPT))
        return &plan->sizes[SEGMENT_COMPLETION];
    return &plan->sizes[objective->selects(SEGMENT_COMPLETION) ? SEGMENT_WHOLE : SEGMENT_PROMPT];
}
