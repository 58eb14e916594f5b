/* windows.c - the windows of a sequence. */
#include "api/score/windows.h"

#include "api/base/arena_error.h"
#include "api/base/json_writer.h"
#include "api/plan/plan_forms.h"
#include "api/plan/plan_notice.h"
#include "api/plan/temperature_list.h"
#include "api/plan/window.h"
#include "api/score/log_probs.h"

#include <string.h>

struct windows {
    size_t owner; /* the number of the sequence's object */
    struct scored whole;
    bool *known;            /* tokens whose log-probability the windows tell */
    struct scored **window; /* `count` of them, in the order of the list; NULL: no plan is made */
    size_t count, room;

    /* Rows may arrive before the request is complete. */
    enum plan_outcome outcome; /* of the last window that was planned then */
    struct error err;          /* of that window */
    bool frozen;               /* rows are reduced by these plans */
    bool settled;              /* all plans are made of the complete request, or frozen */
    struct windows *next;      /* a sequence that is later in the body */
};

/* The arguments of windows_plan(), for the functions below. */
struct making {
    struct windows *windows;
    const struct sequence_path *path; /* of a window */
    struct planner *planner;
    bool complete;
    struct error *err;
};

static bool fail_memory(const struct making *making)
{
    return arena_fail(&making->planner->x->arena, making->err);
}

/* ---- the sequences ---- */

static const struct holder *sequence_of(const struct sequence_path *path)
{
    return &path->holder[path->count - 2];
}

/* The windows of a sequence, new ones if there are none.  Sequences come in body order, once while
 * the body arrives and once when it is complete, so the latest one is near.  NULL with the error
 * set. */
static struct windows *find(const struct making *making)
{
    const size_t owner = sequence_of(making->path)->owner;
    struct planner *planner = making->planner;
    struct windows **at = planner->windows && planner->windows_at
                                  && owner_index(planner->windows_at->owner) <= owner_index(owner)
                              ? &planner->windows_at
                              : &planner->windows;
    struct windows *new, *before = NULL;

    for (struct windows *other = *at; other && owner_index(other->owner) <= owner_index(owner);
         other = other->next)
        before = other;
    if (!before || before->owner != owner) {
        new = arena_new(&planner->x->arena, struct windows, 1);
        if (!new) {
            fail_memory(making);
            return NULL;
        }
        new->owner = owner;
        new->next = before ? before->next : planner->windows;
        *(before ? &before->next : &planner->windows) = new;
        before = new;
    }
    planner->windows_at = before;
    return before;
}

/* The list that a window is in. */
static const json_t *list_of(const struct sequence_path *path)
{
    return field_value(sequence_of(path)->object, FIELD_windows);
}

/* The path to window `index` of the sequence. */
static struct sequence_path path_to(const struct making *making, size_t index)
{
    struct sequence_path path = *making->path;
    struct holder *last = &path.holder[path.count - 1];

    last->object = json_array_get(list_of(&path), index);
    last->owner = sequence_of(&path)->owner + 1 + index; /* TOP_LEVEL + 1 is 0 */
    last->index = index;
    return path;
}

/* ---- plans ---- */

/* Make the plan of the sequence. */
static enum plan_outcome begin(const struct making *making)
{
    struct arena *arena = &making->planner->x->arena;
    struct windows *windows = making->windows;
    struct plan *plan = &windows->whole.plan;
    struct sequence_path path = *making->path;
    enum plan_outcome outcome;

    path.count--;
    outcome = plan_make(plan, &path, making->planner, making->complete, making->err);
    if (outcome != PLAN_READY)
        return outcome;
    windows->whole.windows = windows;
    windows->room = json_array_size(list_of(making->path));
    windows->window = arena_new(arena, struct scored *, windows->room);
    windows->known = arena_new(arena, bool, plan->length);
    plan->taken = arena_new(arena, bool, plan->length);
    if (windows->window && windows->known && plan->taken)
        return PLAN_READY;
    fail_memory(making);
    return PLAN_NEVER;
}

/* Take the tokens that a window has a row or a number about. */
static void take(struct scored *window, bool *known)
{
    struct plan *plan = &window->plan;
    const bool has_rows = plan_has_rows(plan);

    for (size_t i = 0; i < plan->length; i++) {
        known[i] |= has_rows ? plan->needed[i] : window->result.known[i];
        plan->taken[i] |= has_rows ? window_has_row(plan, i) : window->result.known[i];
    }
}

/* Make room for a window: the list may have grown. */
static bool grow(const struct making *making)
{
    struct windows *windows = making->windows;
    struct scored **window;

    if (windows->count < windows->room)
        return true;
    window = arena_new(&making->planner->x->arena, struct scored *, 2 * windows->room);
    if (!window)
        return fail_memory(making);
    memcpy(window, windows->window, windows->count * sizeof *window);
    windows->window = window;
    windows->room *= 2;
    return true;
}

/* Whether the members of a window that came before the one at the path are valid.  When the request
 * is complete, all are. */
static bool is_valid(const struct making *making, const struct sequence_path *path)
{
    const struct holder *last = &path->holder[path->count - 1];

    return making->complete || last->owner == making->path->holder[path->count - 1].owner
           || (json_is_object(last->object)
               && fields_check_early(path->schema, last, true, making->planner->body, making->err));
}

/* The list of temperatures of the sequence is that of all windows; if they differ there is none. */
static void share_temperatures(struct windows *windows, struct plan *window)
{
    struct plan *whole = &windows->whole.plan;

    if (windows->count == 0)
        whole->temperatures = window->temperatures;
    if (!temperature_list_is_same(whole->temperatures, window->temperatures))
        whole->temperatures = window->temperatures = NULL;
}

/* Plan the next window. */
static enum plan_outcome add(const struct making *making)
{
    struct windows *windows = making->windows;
    const struct sequence_path path = path_to(making, windows->count);
    struct exchange *x = making->planner->x;
    struct scored *window;
    enum plan_outcome outcome;

    if (!grow(making) || !is_valid(making, &path))
        return PLAN_NEVER;
    window = arena_new(&x->arena, struct scored, 1);
    if (!window) {
        fail_memory(making);
        return PLAN_NEVER;
    }
    window->whole = &windows->whole;
    outcome = plan_make_window(&window->plan, &windows->whole.plan, &path, making->planner,
                               making->complete, making->err);
    if (outcome != PLAN_READY)
        return outcome;
    share_temperatures(windows, &window->plan);
    if (!plan_has_rows(&window->plan) && !log_probs_score(window, x, making->err))
        return PLAN_NEVER;
    take(window, windows->known + scored_first(window));
    windows->window[windows->count++] = window;
    return PLAN_READY;
}

/* Plan the windows up to the one at the path. */
static enum plan_outcome plan_windows(const struct making *making)
{
    const size_t index = making->path->holder[making->path->count - 1].index;
    enum plan_outcome outcome = making->windows->window ? PLAN_READY : begin(making);

    while (outcome == PLAN_READY && making->windows->count <= index)
        outcome = add(making);
    return outcome;
}

/* The same while the body arrives.  A window that cannot be planned yet is one that those behind it
 * wait for. */
static enum plan_outcome plan_early(const struct making *making)
{
    struct windows *windows = making->windows;

    if (windows->outcome == PLAN_READY) {
        windows->outcome = plan_windows(making);
        windows->err = *making->err;
    }
    windows->frozen |= windows->outcome == PLAN_READY;
    *making->err = windows->err;
    return windows->outcome;
}

/* The same when the request is complete.  Plans that nothing was reduced by are made anew, since
 * more members may have arrived. */
static enum plan_outcome plan_complete(const struct making *making)
{
    struct windows *windows = making->windows;

    if (!windows->settled && !windows->frozen)
        *windows = (struct windows){.owner = windows->owner, .next = windows->next};
    windows->settled = true;
    return plan_windows(making);
}

enum plan_outcome windows_plan(struct scored **scored, const struct sequence_path *path,
                               struct planner *planner, bool complete, struct error *err)
{
    struct making making = {NULL, path, planner, complete, err};
    enum plan_outcome outcome;

    if (!window_is(path)) {
        *scored = arena_new(&planner->x->arena, struct scored, 1);
        if (*scored)
            return plan_make(&(*scored)->plan, path, planner, complete, err);
        fail_memory(&making);
        return PLAN_NEVER;
    }
    making.windows = find(&making);
    if (!making.windows)
        return PLAN_NEVER;
    outcome = complete ? plan_complete(&making) : plan_early(&making);
    if (outcome == PLAN_READY)
        *scored = making.windows->window[path->holder[path->count - 1].index];
    return outcome;
}

/* ---- when the request is complete ---- */

static size_t index_of(const struct scored *window)
{
    return window->plan.path.holder[window->plan.path.count - 1].index;
}

bool windows_begin(const struct scored *window, struct planner *planner, struct error *err)
{
    struct members members;
    bool missing;

    if (index_of(window) == 0 && !plan_finish(&window->whole->plan, planner, err))
        return false;
    members_merge(&members, &window->plan.path);
    return plan_check_forms(&members, &missing, err); /* more may have arrived */
}

/* Nothing needs to predict token 0, but a row of its own. */
static bool check_scored(struct windows *windows, struct error *err)
{
    struct plan *plan = &windows->whole.plan;

    if (!plan->taken[0] && plan->alignment == ALIGN_NEXT)
        plan->needed[0] = false;
    for (size_t i = 0; i < plan->length; i++)
        if (plan->needed[i] && !plan->taken[i])
            return member_fail(&plan->path, FIELD_windows, NO_ELEMENT, ERR_BAD_COUNT, err,
                               "no window has a row or a number about token %zu, which a requested "
                               "objective scores: windows overlap by one token",
                               i);
    return true;
}

bool windows_end(const struct scored *window, struct error *err)
{
    struct windows *windows = window->whole->windows;

    if (index_of(window) + 1 < json_array_size(list_of(&window->plan.path)))
        return true;
    windows->whole.result.known = windows->known;
    return check_scored(windows, err);
}

void windows_join(struct scores *scores)
{
    size_t count = 0;

    for (size_t i = 0; i < scores->count; i++) {
        struct scored *scored = scores->sequences[i];

        if (!scored->whole)
            scores->sequences[count++] = scored;
        else if (index_of(scored) == 0)
            scores->sequences[count++] = scored->whole;
    }
    scores->count = count;
}

static size_t count_scored(const struct plan *plan)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->length; i++)
        count += plan->needed[i];
    return count;
}

void windows_write(struct strbuf *text, const struct scored *scored)
{
    const struct windows *windows = scored->windows;

    put_name(text, "windows");
    for (size_t i = 0; i < windows->count; i++) {
        const struct scored *window = windows->window[i];
        const size_t start = scored_first(window);

        strbuf_puts(text, i == 0 ? "[{" : ",{");
        put_count(text, "start", start);
        put_count(text, "end", start + window->plan.length);
        put_count(text, "scored", count_scored(&window->plan));
        plan_notices_write(text, &window->plan);
        strbuf_puts(text, "}");
    }
    strbuf_puts(text, "]");
}
