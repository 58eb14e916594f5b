/* registry.c - the tables of names that requests choose from. */
#include "core/registry.h"

#include <string.h>

static const struct registry_entry f_divergences[] = {
#define F_DIVERGENCE(name, formula, help) {#name, help, formula},
#include "core/f_divergences.def"
};

static const struct registry_entry nlls[] = {
#define NLL(name, formula, help) {#name, help, formula},
#include "core/nlls.def"
};

static const struct registry_entry aggregations[] = {
#define AGGREGATION(name, each, over, norm, formula, help) {#name, help, formula},
#include "core/aggregations.def"
};

static const struct registry_entry kl_estimators[] = {
#define KL_ESTIMATOR(name, formula, help) {#name, help, formula},
#include "core/kl_estimators.def"
};

static const struct registry_entry ratios[] = {
#define RATIO(p, q, help) {#p "_" #q, help, #p " / " #q ", of tokens drawn from " #q},
#include "core/policy_ratios.def"
};

static const struct registry_entry ratio_levels[] = {
#define RATIO_LEVEL(name, formula, help) {#name, help, formula},
#include "core/ratio_levels.def"
};

static const struct registry_entry corrections[] = {
#define CORRECTION(name, formula, help) {#name, help, formula},
#include "core/corrections.def"
};

static const struct registry_entry supports[] = {
#define SUPPORT(name, help) {#name, help, NULL},
#include "core/supports.def"
};

static const struct registry_entry tails[] = {
#define TAIL(name, formula, help) {#name, help, formula},
#include "core/tails.def"
};

static const struct registry_entry schemes[] = {
#define BINNING(name, formula, help) {#name, help, formula},
#include "core/binnings.def"
};

static const struct registry_entry normalisations[] = {
#define NORM(id, value, accuracy, formula, help) {#id, help, formula},
#include "core/norms.def"
};

static const struct registry_entry smoothings[] = {
#define SMOOTHING(id, name, formula, help) {name, help, formula},
#include "core/smoothings.def"
};

static const struct registry registries[] = {
#define REGISTRY(name, type, help) {#name, type, help, name, sizeof name / sizeof *name},
#include "core/registries.def"
};

const struct registry *registry_at(enum registry_id id)
{
    return &registries[id];
}

const char *registry_name(enum registry_id id, size_t value)
{
    return registries[id].entries[value].name;
}

bool registry_find(enum registry_id id, const char *name, size_t *value)
{
    for (size_t i = 0; name && i < registries[id].count; i++) {
        if (strcmp(registries[id].entries[i].name, name) == 0) {
            *value = i;
            return true;
        }
    }
    return false;
}
