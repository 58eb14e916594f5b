/* policy_stream.c - divergences of outputs whose rows are reduced as they arrive. */
#include "api/alignment/policy_stream.h"

#include "core/policy_ratio.h"

#include "api/alignment/policy_kl.h"
#include "api/base/arena_error.h"
#include "api/plan/model_output.h"
#include "api/score/early_rows.h"
#include "api/score/row_source.h"
#include "api/score/windows.h"

#include <string.h>

/* An output whose rows are kept. */
struct partner {
    const struct plan *plan; /* NULL: it has no rows */
    bool first;              /* it is the p of the ratio */
    struct row_source source;
    double *kl; /* of each token; NULL: not compared */
};

struct policy_stream {
    struct row_watch watch; /* must be first: the rows point to it */
    struct partner with[SOURCE_COUNT];
    struct exchange *x;
    bool begun;
};

/* ---- which outputs ---- */

/* The output that is open, and those beside it. */
struct search {
    struct policy_stream *stream;
    struct planner *planner;
    struct holder path[LAYOUT_LEVELS];
    size_t depth; /* to the output */
};

/* SOURCE_COUNT: it is no output. */
static enum policy_source source_at(const struct body_layout *layout, const struct holder *holder)
{
    enum policy_source source = 0;

    if (holder->part == LAYOUT_REQUEST)
        return SOURCE_COUNT;
    while (source < SOURCE_COUNT
           && strcmp(policy_source_name(source), layout->part[holder->part].name) != 0)
        source++;
    return source;
}

/* The path to another output beside the open one.  False: there is none, as members that are not
 * judged yet may be anything. */
static bool path_to(const struct search *search, enum policy_source source,
                    struct sequence_path *path)
{
    const struct body_layout *layout = search->planner->schema->layout;
    struct sequence_iterator at;

    sequence_iterator_init(&at, layout, search->path, search->depth - 1);
    while (sequence_iterator_next(&at))
        if (source_at(layout, &at.path[at.depth - 1]) == source) {
            *path = sequence_path_of(&at, search->planner->schema, search->planner->body);
            return true;
        }
    return false;
}

/* Whether the rows of a plan are kept as they are compared. */
static bool is_kept(const struct plan *plan)
{
    const struct model_output *output = &plan->output;
    struct error err = {0};

    return output->kind != OUTPUT_MATRIX && output->span->intake.mode != INTAKE_REDUCES
           && output->span->intake.mode != INTAKE_SKIPS
           && (output->kind != OUTPUT_ROWS || output->dtype == output->span->intake.dtype)
           && model_output_check_rows(plan, &err);
}

/* Plan an output that came before.  False: it cannot be compared yet, or memory is used up. */
static bool add_partner(struct search *search, enum policy_source source, bool first)
{
    struct planner *planner = search->planner;
    struct sequence_path path;
    struct partner *partner = &search->stream->with[source];
    struct error err = {0};
    struct scored *scored;

    if (!path_to(search, source, &path))
        return false;
    if (!early_rows_check(planner, path.holder, path.count, &err)
        || windows_plan(&scored, &path, planner, false, &err) != PLAN_READY) {
        if (error_is_spent(err.code))
            planner->x->error = err;
        return false;
    }
    model_output_measure(&scored->plan.output);
    if (!plan_has_rows(&scored->plan))
        return true;
    *partner = (struct partner){.plan = &scored->plan, .first = first};
    return is_kept(&scored->plan);
}

/* Whether the other side of a ratio is there, and can be compared. */
static bool find_partner(struct search *search, enum policy_source source, bool first)
{
    const json_t *output =
        json_object_get(search->path[search->depth - 2].object, policy_source_name(source));

    if (!output || json_is_string(output))
        return output != NULL;
    return field_value(output, FIELD_logprobs) || add_partner(search, source, first);
}

/* What a sampler keeps is only known of a plan. */
static bool has_sampler(const struct search *search)
{
    for (size_t i = 0; i < search->depth; i++) {
        const json_t *object = search->path[i].object;

        if (field_value(object, FIELD_top_k) || field_value(object, FIELD_top_p)
            || field_value(object, FIELD_min_p))
            return true;
    }
    return false;
}

static bool find_partners(struct search *search)
{
    const enum policy_source own =
        source_at(search->planner->schema->layout, &search->path[search->depth - 1]);

    for (enum policy_ratio ratio = 0; ratio < RATIO_COUNT; ratio++) {
        const struct policy_ratio_info *info = policy_ratio_info(ratio);

        if ((info->p == own && !find_partner(search, info->q, false))
            || (info->q == own && !find_partner(search, info->p, true)))
            return false;
    }
    return true;
}

/* ---- rows ---- */

static bool begin(struct policy_stream *stream, const struct plan *plan, size_t width)
{
    struct exchange *x = stream->x;

    stream->begun = true;
    for (size_t i = 0; i < SOURCE_COUNT; i++) {
        struct partner *with = &stream->with[i];

        if (!with->plan || with->plan->output.width != width
            || with->plan->length != plan->length) /* it is refused later */
            continue;
        with->kl = arena_new(&x->arena, double, plan->length);
        if (!with->kl)
            return arena_fail(&x->arena, &x->error);
        if (!policy_kl_charge(x, plan->completion, with->plan, plan)
            || !row_source_open(&with->source, with->plan, x))
            return false;
    }
    return true;
}

static void compare(const struct policy_stream *stream, struct partner *with, size_t token,
                    const struct policy_row *own)
{
    const size_t index = plan_row_of(with->plan, token);
    struct policy_row other = {.plan = with->plan};

    if (index >= with->plan->output.rows)
        return;
    other.row = row_source_row(&with->source, index);
    with->kl[token] =
        policy_kl(stream->x->api->kernel, with->first ? &other : own, with->first ? own : &other);
}

static bool watch_row(struct row_watch *watch, const struct plan *plan, size_t index,
                      const struct row *row)
{
    struct policy_stream *stream = (struct policy_stream *)watch;
    const struct policy_row own = {*row, plan};
    const size_t token = index + plan_shift(plan) - plan->rows_before;

    if (!stream->begun && !begin(stream, plan, row->width))
        return false;
    if (token >= plan->length || !plan->needed[token])
        return true;
    for (size_t i = 0; i < SOURCE_COUNT; i++)
        if (stream->with[i].kl)
            compare(stream, &stream->with[i], token, &own);
    return true;
}

/* ---- deciding ---- */

/* Whether the members so far ask for divergences of rows. */
static bool asks_kl(const json_t *request)
{
    const json_t *details = field_value(request, FIELD_details);

    for (size_t i = 0; i < json_array_size(details); i++) {
        const char *name = json_string_value(json_array_get(details, i));

        if (name && strcmp(name, "kl") == 0)
            return true;
    }
    return false;
}

bool policy_stream_decide(struct body_scanner *scan, void *route)
{
    struct planner *planner = route;
    struct exchange *x = planner->x;
    struct search search = {.planner = planner};

    if (!asks_kl(planner->body->tree))
        return early_rows_decide(scan, route);
    search.stream = arena_new(&x->arena, struct policy_stream, 1);
    if (!search.stream)
        return arena_fail(&x->arena, &x->error);
    search.stream->watch.row = watch_row;
    search.stream->x = x;
    search.depth = early_rows_path(scan, search.path);
    if (search.depth < 2 || search.path[search.depth - 1].kind != 2 || has_sampler(&search)
        || !find_partners(&search)) {
        row_intake_hold(&scan->open->intake);
        return x->error.code == ERR_NONE;
    }
    return early_rows_decide_watched(scan, planner, &search.stream->watch);
}

/* ---- when the request is complete ---- */

static struct policy_stream *stream_of(const struct scored *scored)
{
    const struct span *span = scored->plan.output.span;
    const struct early_rows *early = span ? early_rows_of(span) : NULL;

    return early ? (struct policy_stream *)early->watch : NULL;
}

bool policy_stream_took(const struct scored *scored)
{
    return stream_of(scored) != NULL;
}

static double *kl_with(const struct scored *streamed, const struct scored *other)
{
    const struct policy_stream *stream = stream_of(streamed);
    const struct sequence_path *path = &other->plan.path;

    return stream ? stream->with[source_at(path->schema->layout, &path->holder[path->count - 1])].kl
                  : NULL;
}

double *policy_stream_kl(const struct scored *one, const struct scored *other)
{
    double *kl = kl_with(one, other);

    return kl ? kl : kl_with(other, one);
}
