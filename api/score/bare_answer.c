/* bare_answer.c - a body that is an engine's answer, without `outputs` around it. */
#include "api/score/bare_answer.h"

#include "api/engines/engines.h"
#include "api/engines/outputs.h"
#include "api/members/schemas.h"

#include <string.h>

bool bare_answer_knows(const char *name)
{
    const enum field field = field_find(name);

    return field < FIELD_COUNT && schema_score.member[field].scope != SCOPE_NOWHERE;
}

/* The number of members that no request has. */
static size_t count_unknown(json_t *tree)
{
    const char *name;
    json_t *value;
    size_t count = 0;

    json_object_foreach(tree, name, value)
    {
        count += !bare_answer_knows(name);
    }
    return count;
}

static bool is_recognised(json_t *value)
{
    const struct engine *engine = NULL;
    char names[ENGINE_NAMES_SIZE];

    return outputs_take(value) || engines_list(value, names, &engine) > 0;
}

/* Whether a body is an answer.  What vLLM's library returns has `outputs` too, and most of its
 * members are such that no request has; a request with one wrong name is none. */
static bool is_answer(json_t *tree)
{
    const size_t unknown = count_unknown(tree);

    return unknown > 0 && is_recognised(tree)
           && (!json_object_get(tree, "outputs") || 2 * unknown > json_object_size(tree));
}

bool bare_answer_fail(struct body_scanner *scan)
{
    struct error *err = &scan->x->error;

    if (scan->no_numbers.code != ERR_NONE && !error_is_spent(err->code)
        && count_unknown(scan->body.tree) == 0)
        *err = scan->no_numbers;
    return false;
}

bool bare_answer_take(struct body_scanner *scan)
{
    struct body *body = &scan->body;
    json_t *answer = body->tree, *request;

    if (!scan->use->knows || !is_answer(answer)) {
        if (scan->no_numbers.code != ERR_NONE)
            scan->x->error = scan->no_numbers;
        return scan->no_numbers.code == ERR_NONE;
    }
    if (outputs_is_chunk(answer))
        return error_set(
            &scan->x->error, ERR_OUTPUTS, "",
            "the line is a chunk of an answer that was streamed: send all lines of the "
            "stream together, as the text of outputs");
    request = dom_object(body->dom);
    if (!request || !dom_put(body->dom, request, "outputs", strlen("outputs"), json_incref(answer)))
        return body_fail_text(scan->x);
    body->tree = request;
    body->is_answer = true;
    return true;
}
