/* pack.c - several documents end to end in one object. */
#include "api/plan/pack.h"

#include <string.h>

bool pack_check(const struct members *members, bool *later, struct error *err)
{
    static const enum field others[] = {FIELD_prompt, FIELD_completion,    FIELD_outputs,
                                        FIELD_text,   FIELD_prompt_text,   FIELD_completion_text,
                                        FIELD_counts, FIELD_prompt_counts, FIELD_completion_counts};

    if (!members->of[FIELD_cu_seqlens].value) {
        if (!json_is_array(members->of[FIELD_prompt_length].value))
            return true;
        *later = true;
        return member_fail(members->path, FIELD_prompt_length, NO_ELEMENT, ERR_BAD_SHAPE, err,
                           "must be an integer, not an array (only with cu_seqlens)");
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (members->of[others[i]].value)
            return members_conflict(members->path, FIELD_cu_seqlens, others[i], err);
    return true;
}

size_t pack_documents(const struct plan *plan)
{
    return plan->pack ? json_array_size(plan->pack) - 1 : 1;
}

size_t pack_start(const struct plan *plan, size_t document)
{
    if (!plan->pack)
        return document == 0 ? 0 : plan->length;
    return (size_t)json_integer_value(json_array_get(plan->pack, document));
}

bool pack_find(struct plan *plan, const struct members *members, struct error *err)
{
    const json_t *lengths = members->of[FIELD_prompt_length].value;
    json_int_t end;

    plan->pack = members->of[FIELD_cu_seqlens].value;
    if (!plan->pack)
        return true;
    end = json_integer_value(json_array_get(plan->pack, json_array_size(plan->pack) - 1));
    if ((uint64_t)end != plan->length)
        return member_fail(&plan->path, FIELD_cu_seqlens, NO_ELEMENT, ERR_BAD_COUNT, err,
                           "the last document ends at %lld, and there are %zu tokens",
                           (long long)end, plan->length);
    if (json_is_array(lengths) && json_array_size(lengths) != pack_documents(plan))
        return member_fail(&plan->path, FIELD_prompt_length, NO_ELEMENT, ERR_BAD_COUNT, err,
                           "%zu entries for %zu documents", json_array_size(lengths),
                           pack_documents(plan));
    return true;
}

bool pack_begins(const struct plan *plan, size_t token)
{
    size_t first = 0, end = pack_documents(plan);

    while (plan->pack && first < end) {
        const size_t middle = first + (end - first) / 2;

        if (pack_start(plan, middle) < token)
            first = middle + 1;
        else
            end = middle;
    }
    return pack_start(plan, first) == token;
}

bool pack_split(struct plan *plan, const json_t *prompt_length, size_t absent, struct error *err)
{
    const bool is_list = json_is_array(prompt_length);

    for (size_t i = 0; i < pack_documents(plan); i++) {
        const json_t *given = is_list ? json_array_get(prompt_length, i) : prompt_length;
        const size_t start = pack_start(plan, i), count = pack_start(plan, i + 1) - start;
        const uint64_t prompt = given ? (uint64_t)json_integer_value(given) : absent;

        if (prompt > count)
            return member_fail(&plan->path, FIELD_prompt_length, is_list ? i : NO_ELEMENT,
                               ERR_OUT_OF_RANGE, err, "%llu is more than the %zu tokens%s%s",
                               (unsigned long long)prompt, count,
                               plan->pack ? " of a document" : "",
                               plan_entries(plan) > plan->length ? " (padding is none)" : "");
        memset(plan->segment + start + prompt, SEGMENT_COMPLETION, count - prompt);
    }
    return true;
}
