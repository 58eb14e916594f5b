/* completions_reply.c - the answer to POST /v1/completions.
 *
 * A token is named "token_id:N", since there is no tokenizer: names are unique, and the text of a
 * choice is its tokens' names, one behind the other, so that text_offset holds. */
#include "api/completions.h"

/* OpenAI's least log-probability, in place of -Infinity, which no reader of its shape expects. */
#define LEAST_LOG_PROB (-9999.0)

/* The tokens of a choice that are told: from `first` on. */
struct choice {
    const struct plan *plan;
    size_t first;
};

static void put_name(struct text *text, int64_t id)
{
    text_puts(text, "token_id:");
    text_integer(text, id);
}

static void put_quoted(struct text *text, int64_t id)
{
    text_puts(text, "\"");
    put_name(text, id);
    text_puts(text, "\"");
}

static void put_log_prob(struct text *text, double log_prob)
{
    text_number(text, log_prob < LEAST_LOG_PROB ? LEAST_LOG_PROB : log_prob);
}

static size_t name_length(int64_t id)
{
    size_t length = sizeof "token_id:" - 1;

    do
        length++;
    while ((id /= 10) > 0);
    return length;
}

static void put_text(struct text *text, const struct choice *choice)
{
    text_puts(text, "\"");
    for (size_t i = choice->first; i < choice->plan->length; i++)
        put_name(text, choice->plan->ids[i]);
    text_puts(text, "\"");
}

static void put_tokens(struct text *text, const struct choice *choice)
{
    for (size_t i = choice->first; i < choice->plan->length; i++) {
        text_puts(text, i == choice->first ? "[" : ",");
        put_quoted(text, choice->plan->ids[i]);
    }
    text_puts(text, "]");
}

static void put_token_logprobs(struct text *text, const struct choice *choice)
{
    const struct plan *plan = choice->plan;

    for (size_t i = choice->first; i < plan->length; i++) {
        text_puts(text, i == choice->first ? "[" : ",");
        if (plan->needed[i])
            put_log_prob(text, plan->log_prob[i]);
        else
            text_puts(text, "null");
    }
    text_puts(text, "]");
}

/* The best tokens, and the token itself where it is none of them. */
static void put_top(struct text *text, const struct plan *plan, size_t token)
{
    const struct ranked *best = plan->best ? plan->best + token * plan->best_count : NULL;
    bool told = false;

    text_puts(text, "{");
    for (size_t k = 0; k < plan->best_count; k++) {
        text_puts(text, k == 0 ? "" : ",");
        put_quoted(text, (int64_t)best[k].token);
        text_puts(text, ":");
        put_log_prob(text, best[k].logit);
        told |= (int64_t)best[k].token == plan->ids[token];
    }
    if (!told) {
        text_puts(text, plan->best_count == 0 ? "" : ",");
        put_quoted(text, plan->ids[token]);
        text_puts(text, ":");
        put_log_prob(text, plan->log_prob[token]);
    }
    text_puts(text, "}");
}

static void put_top_logprobs(struct text *text, const struct choice *choice)
{
    for (size_t i = choice->first; i < choice->plan->length; i++) {
        text_puts(text, i == choice->first ? "[" : ",");
        if (choice->plan->needed[i])
            put_top(text, choice->plan, i);
        else
            text_puts(text, "null");
    }
    text_puts(text, "]");
}

static void put_offsets(struct text *text, const struct choice *choice)
{
    size_t offset = 0;

    for (size_t i = choice->first; i < choice->plan->length; i++) {
        text_puts(text, i == choice->first ? "[" : ",");
        text_count(text, offset);
        offset += name_length(choice->plan->ids[i]);
    }
    text_puts(text, "]");
}

static void put_logprobs(struct text *text, const struct choice *choice)
{
    text_puts(text, "{\"tokens\":");
    put_tokens(text, choice);
    text_puts(text, ",\"token_logprobs\":");
    put_token_logprobs(text, choice);
    text_puts(text, ",\"top_logprobs\":");
    put_top_logprobs(text, choice);
    text_puts(text, ",\"text_offset\":");
    put_offsets(text, choice);
    text_puts(text, "}");
}

static void put_choice(struct text *text, const struct completions *c, const struct plan *plan,
                       size_t index)
{
    const struct choice choice = {plan, c->echo ? 0 : plan->length - c->appended};

    text_puts(text, index == 0 ? "{\"text\":" : ",{\"text\":");
    put_text(text, &choice);
    text_puts(text, ",\"index\":");
    text_count(text, index);
    text_puts(text, ",\"logprobs\":");
    if (c->wants)
        put_logprobs(text, &choice);
    else
        text_puts(text, "null");
    text_puts(text, ",\"finish_reason\":\"length\"}");
}

static void put_usage(struct text *text, const struct completions *c, const struct scores *scores)
{
    const size_t appended = scores->count * c->appended;
    size_t total = 0;

    for (size_t i = 0; i < scores->count; i++)
        total += scores->plans[i].length;
    text_puts(text, "{\"prompt_tokens\":");
    text_count(text, total - appended);
    text_puts(text, ",\"completion_tokens\":");
    text_count(text, appended);
    text_puts(text, ",\"total_tokens\":");
    text_count(text, total);
    text_puts(text, "}");
}

void completions_write(struct text *text, const struct completions *c, const struct scores *scores,
                       const struct exchange *x)
{
    const char *model = c->model ? c->model : "";

    text_puts(text, "{\"id\":\"cmpl-");
    text_puts(text, x->request_id ? x->request_id : "");
    text_puts(text, "\",\"object\":\"text_completion\",\"created\":");
    text_integer(text, x->time);
    text_puts(text, ",\"model\":");
    text_string(text, model, c->model_length);
    text_puts(text, ",\"choices\":[");
    for (size_t i = 0; i < scores->count; i++)
        put_choice(text, c, &scores->plans[i], i);
    text_puts(text, "],\"usage\":");
    put_usage(text, c, scores);
    text_puts(text, "}\n");
}
