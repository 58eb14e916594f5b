/* documents.c - cuts the documents of packs out of them. */
#include "api/score/documents.h"

#include "api/base/arena_error.h"
#include "api/plan/pack.h"
#include "api/plan/plan_notice.h"
#include "api/score/log_probs.h"

/* Note what is odd about a document.  What is about all of its pack is told once. */
static bool notice(struct scored *document, struct arena *arena, struct error *err)
{
    struct plan *plan = &document->plan;
    struct members members;

    members_merge(&members, &plan->path);
    if (plan->document > 0)
        plan->notices = NULL;
    return plan_notice_empty(plan, &members, arena, err)
           && (plan->output.kind != OUTPUT_LOGPROBS || log_probs_notice(document, arena, err));
}

static bool cut(struct scored *document, const struct scored *pack, size_t index,
                struct arena *arena, struct error *err)
{
    const size_t start = pack_start(&pack->plan, index);

    scored_slice(document, pack, start, pack_start(&pack->plan, index + 1) - start);
    document->plan.document = index;
    return notice(document, arena, err);
}

static size_t count_documents(const struct scores *scores)
{
    size_t count = 0;

    for (size_t i = 0; i < scores->count; i++)
        count += pack_documents(&scores->sequences[i]->plan);
    return count;
}

/* Write the sequences that a sequence is to *out, and move it behind them. */
static bool put(struct scored ***out, struct scored *scored, struct arena *arena, struct error *err)
{
    const size_t count = pack_documents(&scored->plan);
    struct scored *documents;

    if (!scored->plan.pack) {
        *(*out)++ = scored;
        return true;
    }
    documents = arena_new(arena, struct scored, count);
    if (!documents)
        return arena_fail(arena, err);
    for (size_t i = 0; i < count; i++) {
        if (!cut(&documents[i], scored, i, arena, err))
            return false;
        *(*out)++ = &documents[i];
    }
    return true;
}

bool documents_cut(struct scores *scores, struct arena *arena, struct error *err)
{
    const size_t count = count_documents(scores);
    struct scored **all, **at;
    bool packed = false;

    for (size_t i = 0; i < scores->count; i++)
        packed |= scores->sequences[i]->plan.pack != NULL;
    if (!packed)
        return true;
    all = at = arena_new(arena, struct scored *, count);
    if (!all)
        return arena_fail(arena, err);
    for (size_t i = 0; i < scores->count; i++)
        if (!put(&at, scores->sequences[i], arena, err))
            return false;
    scores->sequences = all;
    scores->count = count;
    return true;
}
