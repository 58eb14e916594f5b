/* text_sizes.c - lengths of the texts of a sequence. */
#include "api/plan/text_sizes.h"

#include "core/text_count.h"

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

/* Count the text of a segment, or take the remembered sizes if it is the same text. */
static struct text_sizes sizes_of_shared(const struct members *members, enum segment segment,
                                         struct text_sizes_memo *memo)
{
    const struct member *text = &members->of[forms[segment].text];
    const size_t level = text->level;

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

/* The member that gives the size of a segment.  FIELD_COUNT: none. */
static enum field given(const struct members *members, enum segment segment)
{
    if (members->of[forms[segment].text].value)
        return forms[segment].text;
    return members->of[forms[segment].counts].value ? forms[segment].counts : FIELD_COUNT;
}

/* Characters and bytes of prompt and completion must add up to those of the whole.  Words need not,
 * since a split may be inside a word. */
static bool check_sum(const struct text_sizes *whole, const struct text_sizes *parts,
                      const struct members *members, struct error *err)
{

    for (size_t i = 0; i < UNITS; i++)
        if (units[i] != UNIT_WORDS && (parts->known & whole->known) >> units[i] & 1
            && parts->of[units[i]] != whole->of[units[i]])
            return member_fail(members->path, given(members, SEGMENT_WHOLE), NO_ELEMENT,
                               ERR_BAD_COUNT, err,
                               "has %zu %s, and the prompt's and the completion's are %zu together",
                               whole->of[units[i]], unit_name(units[i]), parts->of[units[i]]);
    return true;
}

bool text_sizes_read(struct text_sizes sizes[SEGMENT_COUNT], const struct members *members,
                     bool split, struct text_sizes_memo *memo, struct error *err)
{
    struct text_sizes parts;

    for (enum segment segment = 0; segment < SEGMENT_COUNT; segment++) {
        const enum field field = given(members, segment);

        if (field == FIELD_COUNT)
            continue;
        if (segment != SEGMENT_WHOLE && !split)
            return member_fail(
                members->path, field, NO_ELEMENT, ERR_CONFLICT, err,
                "needs the split into prompt and completion; without one give %s",
                field_info(field == forms[segment].text ? FIELD_text : FIELD_counts)->name);
        sizes[segment] = field == forms[segment].text ? sizes_of_shared(members, segment, memo)
                                                      : sizes_of_counts(members->of[field].value);
    }
    parts = sizes_plus(&sizes[SEGMENT_PROMPT], &sizes[SEGMENT_COMPLETION]);
    if (given(members, SEGMENT_WHOLE) != FIELD_COUNT)
        return check_sum(&sizes[SEGMENT_WHOLE], &parts, members, err);
    sizes[SEGMENT_WHOLE] = parts;
    return true;
}

const struct text_sizes *text_sizes_of(const struct text_sizes sizes[SEGMENT_COUNT],
                                       const struct objective *objective)
{
    if (!objective->selects(SEGMENT_PROMPT))
        return &sizes[SEGMENT_COMPLETION];
    return &sizes[objective->selects(SEGMENT_COMPLETION) ? SEGMENT_WHOLE : SEGMENT_PROMPT];
}
