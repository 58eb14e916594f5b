/* engine_text.c - the text of an answer, held against the texts of its tokens. */
#include "api/engines/engine_text.h"

#include "api/engines/engine_value.h"
#include "api/engines/listed.h"

#include <string.h>

/* The text of the answer.  NULL: it has none. */
static const char *text_of(const struct engine_answer *answer)
{
    static const char *const paths[] = {"text",     "message/content",       "delta/content",
                                        "response", "generated_text",        "content/parts/0/text",
                                        "content",  "message/content/0/text"};

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const char *text = json_string_value(json_below(answer->choice, paths[i]));

        if (text && *text)
            return text;
    }
    return NULL;
}

void engine_text_check(struct engine_answer *answer)
{
    const char *text = text_of(answer), *at = text;
    size_t gap = answer->count;

    if (!text || answer->reasoning > 0 || answer->prompt == answer->count)
        return;
    for (size_t i = answer->prompt; i < answer->count; i++) {
        const char *token = engine_entry_text(&answer->entry[i]);
        const char *found = token && *token ? strstr(at, token) : NULL;

        if (!found)
            return;
        if (found > at && gap == answer->count && (i > answer->prompt || answer->prompt == 0))
            gap = i;
        at = found + strlen(token);
    }
    if (gap < answer->count || *at != '\0')
        engine_answer_notice(answer, WARNING_TEXT, answer->entry[answer->count - 1].list,
                             answer->entry[answer->count - 1].at);
}
