/* registries.c - the tables of names that requests have beside objectives. */
#include "api/routes/about/registries.h"

#include "api/base/json_writer.h"

#include <stddef.h>

struct entry {
    const char *name, *formula;
};

#define END                                                                                        \
    {                                                                                              \
        NULL, NULL                                                                                 \
    }

static const struct entry aggregations[] = {
#define AGGREGATION(name, each, over, norm, formula) {#name, formula},
#include "core/aggregations.def"
    END};

static const struct entry kl_estimators[] = {
#define KL_ESTIMATOR(name, formula) {#name, formula},
#include "core/kl_estimators.def"
    END};

static const struct entry ratios[] = {
#define RATIO(p, q) {#p "_" #q, #p " / " #q ", of tokens drawn from " #q},
#include "core/policy_ratios.def"
    END};

static const struct entry levels[] = {
#define RATIO_LEVEL(name, help) {#name, help},
#include "core/ratio_levels.def"
    END};

static const struct entry corrections[] = {
#define CORRECTION(name, help) {#name, help},
#include "core/corrections.def"
    END};

static const struct entry f_divergences[] = {
#define F_DIVERGENCE(name, formula) {#name, formula},
#include "core/f_divergences.def"
    END};

static const struct entry tails[] = {
#define TAIL(name, help) {#name, help},
#include "core/tails.def"
    END};

static const struct {
    const char *name;
    const struct entry *entries;
} registries[] = {
    {"f_divergences", f_divergences},
    {"aggregations", aggregations},
    {"kl_estimators", kl_estimators},
    {"ratios", ratios},
    {"ratio_levels", levels},
    {"corrections", corrections},
    {"tails", tails},
};

void registries_put(struct strbuf *text)
{
    for (size_t i = 0; i < sizeof registries / sizeof *registries; i++) {
        const struct entry *entries = registries[i].entries;

        put_name(text, registries[i].name);
        strbuf_puts(text, "[");
        for (const struct entry *entry = entries; entry->name; entry++) {
            strbuf_puts(text, entry == entries ? "{" : ",{");
            put_string(text, "name", entry->name);
            put_string(text, "formula", entry->formula);
            strbuf_puts(text, "}");
        }
        strbuf_puts(text, "]");
    }
}
