/* registries.c - the tables of names that requests have beside objectives. */
#include "api/routes/about/registries.h"

#include "core/measure.h"
#include "core/registry.h"

#include "api/base/json_writer.h"
#include "api/members/detail.h"
#include "api/members/field.h"
#include "api/members/range.h"
#include "api/members/schemas.h"

#define TEXT 128

/* A name of a table. */
struct registered {
    char name[TEXT], formula[TEXT], range[TEXT]; /* empty: it has none */
    const char *help;
    unsigned routes; /* mask of enum hint_route: which take it; 0: the table tells */
};

/* A table.  at() fills a zeroed entry; false: there are no more. */
struct table {
    const char *name, *help;
    bool (*at)(size_t index, struct registered *entry);
};

static const struct {
    const struct route_schema *schema;
    const char *path;
} routes[] = {
    {&schema_score, "/v1/score"},           {&schema_rank, "/v1/rank"},
    {&schema_compare, "/v1/compare"},       {&schema_policy, "/v1/policy"},
    {&schema_preference, "/v1/preference"},
};

#define ROUTES (sizeof routes / sizeof *routes)

/* The routes that take a member. */
static unsigned routes_of(enum field field)
{
    unsigned mask = 0;

    for (size_t i = 0; i < ROUTES; i++)
        if (routes[i].schema->member[field].scope != SCOPE_NOWHERE)
            mask |= routes[i].schema->hints;
    return mask;
}

static void print(char text[TEXT], const char *value)
{
    snprintf(text, TEXT, "%s", value);
}

/* ---- the tables ---- */

static bool detail(size_t index, struct registered *entry)
{
    const struct detail_info *info = detail_at(index);

    if (!info)
        return false;
    snprintf(entry->name, TEXT, "%s%s", info->name, info->most > 0 ? ":K" : "");
    if (info->most > 0)
        snprintf(entry->range, TEXT, "K from 1 to %zu", info->most);
    print(entry->formula, info->formula);
    entry->help = info->help;
    entry->routes = info->routes;
    return true;
}

static bool detection(size_t index, struct registered *entry)
{
#define RANGE_SHARES "shares k, above 0 and at most 1"
#define RANGE_FLAG "true or false"
    static const struct {
        const char *name, *formula, *range, *help;
    } rows[] = {
#define DETECTION(name, form, formula, help) {#name, formula, RANGE_##form, help},
#include "api/members/detections.def"
    };

    if (index >= sizeof rows / sizeof *rows)
        return false;
    print(entry->name, rows[index].name);
    print(entry->formula, rows[index].formula);
    print(entry->range, rows[index].range);
    entry->help = rows[index].help;
    entry->routes = routes_of(FIELD_measures);
    return true;
}

static bool transform(size_t index, struct registered *entry)
{
    static const struct {
        enum field field;
        const char *formula;
    } rows[] = {
#define TRANSFORM(name, formula) {FIELD_##name, formula},
#include "api/members/transforms.def"
    };
    const struct range *range;

    if (index >= sizeof rows / sizeof *rows)
        return false;
    print(entry->name, field_info(rows[index].field)->name);
    print(entry->formula, rows[index].formula);
    range = range_find(entry->name);
    print(entry->range, range ? range->text : "an integer from 1 on");
    entry->help = field_info(rows[index].field)->help;
    entry->routes = routes_of(rows[index].field);
    return true;
}

static bool statistic(size_t index, struct registered *entry)
{
    static const struct {
        const char *before, *after; /* text around the unit's name */
        const char *help;
    } scales[] = {
        [SCALE_MEAN] = {"log_prob / ", "", "The mean log-probability, in nats."},
        [SCALE_PERPLEXITY] = {"exp(-log_prob / ", ")", "The perplexity."},
        [SCALE_BITS] = {"-log_prob / (", " ln 2)", "The cross-entropy, in bits."},
    };
    const struct measure_info *info;

    if (index >= MEASURE_COUNT)
        return false;
    info = measure_info((enum measure)index);
    print(entry->name, info->name);
    snprintf(entry->formula, TEXT, "%s%s%s", scales[info->scale].before, unit_name(info->unit),
             scales[info->scale].after);
    entry->help = scales[info->scale].help;
    entry->routes = routes_of(FIELD_statistics);
    return true;
}

static const struct table tables[] = {
    {"details", "More about each token, or pair of rows.", detail},
    {"measures", "How well the model knows a text.", detection},
    {"transforms", "Which tokens of a row a sampler keeps, in the order in which they are applied.",
     transform},
    {"statistics", "What statistics adds to the totals of a corpus.", statistic},
};

_Static_assert(REGISTRY_COUNT + sizeof tables / sizeof *tables == REGISTRIES, "registries.h");

/* ---- all of them ---- */

struct registry_title registries_title(size_t index)
{
    if (index >= REGISTRY_COUNT)
        return (struct registry_title){tables[index - REGISTRY_COUNT].name,
                                       tables[index - REGISTRY_COUNT].help};
    return (struct registry_title){registry_at((enum registry_id)index)->name,
                                   registry_at((enum registry_id)index)->help};
}

/* An entry of a table, those of core/ first.  False: there are no more. */
static bool entry_at(size_t table, size_t index, struct registered *entry)
{
    const struct registry *registry;

    *entry = (struct registered){.help = ""};
    if (table >= REGISTRY_COUNT)
        return tables[table - REGISTRY_COUNT].at(index, entry);
    registry = registry_at((enum registry_id)table);
    if (index >= registry->count)
        return false;
    print(entry->name, registry->entries[index].name);
    print(entry->formula, registry->entries[index].formula ? registry->entries[index].formula : "");
    entry->help = registry->entries[index].help;
    return true;
}

/* ---- GET /v1/objectives ---- */

static void put_routes(struct strbuf *text, unsigned mask)
{
    const char *between = "";

    put_name(text, "routes");
    strbuf_puts(text, "[");
    for (size_t i = 0; i < ROUTES; i++) {
        if (!(mask & routes[i].schema->hints))
            continue;
        strbuf_puts(text, between);
        strbuf_quote(text, routes[i].path);
        between = ",";
    }
    strbuf_puts(text, "]");
}

static void put_entry(struct strbuf *text, const struct registered *entry)
{
    strbuf_puts(text, "{");
    put_string(text, "name", entry->name);
    put_string(text, "help", entry->help);
    if (entry->formula[0])
        put_string(text, "formula", entry->formula);
    if (entry->range[0])
        put_string(text, "range", entry->range);
    if (entry->routes)
        put_routes(text, entry->routes);
    strbuf_puts(text, "}");
}

void registries_put(struct strbuf *text)
{
    struct registered entry;

    for (size_t table = 0; table < REGISTRIES; table++) {
        put_name(text, registries_title(table).name);
        strbuf_puts(text, "[");
        for (size_t i = 0; entry_at(table, i, &entry); i++) {
            strbuf_puts(text, i == 0 ? "" : ",");
            put_entry(text, &entry);
        }
        strbuf_puts(text, "]");
    }
}

/* ---- docs/reference.md ---- */

void registries_reference(struct strbuf *page)
{
    struct registered entry;

    strbuf_puts(page, "\n## Names that requests choose from\n\nGET /v1/objectives lists them.\n");
    for (size_t table = 0; table < REGISTRIES; table++) {
        const struct registry_title title = registries_title(table);

        strbuf_printf(
            page, "\n### The %s\n\n%s\n\n| name | formula | range | what |\n|---|---|---|---|\n",
            title.name, title.help);
        for (size_t i = 0; entry_at(table, i, &entry); i++)
            strbuf_printf(page, "| `%s` | %s%s%s | %s | %s |\n", entry.name,
                          entry.formula[0] ? "`" : "", entry.formula, entry.formula[0] ? "`" : "",
                          entry.range, entry.help);
    }
}

/* ---- /openapi.json ---- */

static void put_registry_schema(struct strbuf *text, const struct registry *registry)
{
    strbuf_printf(text, ",\"%s\":{\"enum\":[", registry->type);
    for (size_t i = 0; i < registry->count; i++) {
        strbuf_puts(text, i == 0 ? "" : ",");
        strbuf_quote(text, registry->entries[i].name);
    }
    strbuf_puts(text, "]}");
}

/* The schema of a detail of a route: its names, and patterns of those with a K. */
static void put_detail_schema(struct strbuf *text, const char *name, unsigned route)
{
    const struct detail_info *info;
    const char *between = "";

    strbuf_printf(text, ",\"%s\":{\"type\":\"string\",\"pattern\":\"^(", name);
    for (size_t i = 0; (info = detail_at(i)) != NULL; i++) {
        if (!(info->routes & route))
            continue;
        strbuf_printf(text, "%s%s%s", between, info->name, info->most > 0 ? ":[1-9][0-9]*" : "");
        between = "|";
    }
    strbuf_puts(text, ")$\"}");
}

void registries_schemas(struct strbuf *text)
{
    for (enum registry_id id = 0; id < REGISTRY_COUNT; id++)
        put_registry_schema(text, registry_at(id));
    put_detail_schema(text, "Detail", ON_SCORE);
    put_detail_schema(text, "CompareDetail", ON_COMPARE);
    put_detail_schema(text, "PolicyDetail", ON_POLICY);
}
