/* answer_lists.c - lists of names in answers that come from other tables. */
#include "api/routes/about/answer_lists.h"

#include "core/choice.h"
#include "core/comparison.h"
#include "core/measure.h"
#include "core/objectives.h"
#include "core/policy_ratio.h"

#include "api/routes/about/registries.h"

#include <string.h>

static struct answer_name objective_name(size_t index)
{
    const struct objective *objective = objective_at((enum objective_id)index);

    return (struct answer_name){objective->name, objective->summary};
}

static struct answer_name text_unit(size_t index)
{
    return (struct answer_name){unit_name((enum unit)(UNIT_CHARACTERS + index)), ""};
}

static struct answer_name measure(size_t index)
{
    return (struct answer_name){measure_info((enum measure)index)->name, ""};
}

/* Measures of a text come last in the table. */
static struct answer_name text_measure(size_t index)
{
    return measure(MEASURE_word_perplexity + index);
}

static struct answer_name percentile(size_t index)
{
    return (struct answer_name){percentile_name((enum percentile)index), ""};
}

static struct answer_name norm(size_t index)
{
    return (struct answer_name){registry_name(REGISTRY_normalisations, index), ""};
}

static struct answer_name norm_value(size_t index)
{
    return (struct answer_name){norm_info((enum norm)index)->value,
                                registry_at(REGISTRY_normalisations)->entries[index].formula};
}

static struct answer_name norm_accuracy(size_t index)
{
    return (struct answer_name){norm_info((enum norm)index)->accuracy, ""};
}

static struct answer_name policy_ratio(size_t index)
{
    return (struct answer_name){policy_ratio_info((enum policy_ratio)index)->name, ""};
}

static struct answer_name policy_source(size_t index)
{
    static const char *const helps[] = {
#define SOURCE(name, help) help,
#include "core/policy_sources.def"
    };

    return (struct answer_name){policy_source_name((enum policy_source)index), helps[index]};
}

static struct answer_name token_spread(size_t index)
{
    static const char *const helps[] = {
#define TOKEN_SPREAD(name, help) help,
#include "core/policy_spreads.def"
    };

    return (struct answer_name){token_spread_name((enum token_spread)index), helps[index]};
}

static struct answer_name sequence_spread(size_t index)
{
    static const char *const helps[] = {
#define SEQUENCE_SPREAD(name, help) help,
#include "core/policy_spreads.def"
    };

    return (struct answer_name){sequence_spread_name((enum sequence_spread)index), helps[index]};
}

static struct answer_name registry(size_t index)
{
    const struct registry_title title = registries_title(index);

    return (struct answer_name){title.name, title.help};
}

static const struct {
    const char *name;
    size_t count;
    struct answer_name (*at)(size_t index);
} lists[] = {
    {"objectives", OBJECTIVE_COUNT, objective_name},
    {"text_units", UNIT_COUNT - UNIT_CHARACTERS, text_unit},
    {"measures", MEASURE_COUNT, measure},
    {"text_measures", MEASURE_COUNT - MEASURE_word_perplexity, text_measure},
    {"percentiles", PERCENTILE_COUNT, percentile},
    {"policy_ratios", RATIO_COUNT, policy_ratio},
    {"policy_sources", SOURCE_COUNT, policy_source},
    {"token_spreads", TOKEN_SPREAD_COUNT, token_spread},
    {"sequence_spreads", SEQUENCE_SPREAD_COUNT, sequence_spread},
    {"norms", NORM_COUNT, norm},
    {"norm_values", NORM_COUNT, norm_value},
    {"norm_accuracies", NORM_COUNT, norm_accuracy},
    {"registries", REGISTRIES, registry},
};

bool answer_list_at(const char *list, size_t index, struct answer_name *name)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (strcmp(lists[i].name, list) != 0 || index >= lists[i].count)
            continue;
        *name = lists[i].at(index);
        return true;
    }
    return false;
}
