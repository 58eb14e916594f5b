/* completions_reply.c - writes the answer to POST /v1/completions as JSON.
 *
 * There is no tokenizer, so the text of a token is "token_id:N".  These texts are unique, and the
 * text of a choice is the texts of its tokens, one after another, so text_offset is correct. */
#include "api/routes/completions/completions_reply.h"

/* Written in place of -Infinity, which clients of this format do not expect.  OpenAI writes it,
 * too. */
#define LEAST_LOG_PROB (-9999.0)

/* The tokens of a choice in the answer: from `first` on. */
struct choice {
    const struct scored *scored;
    size_t first;
};

static void put_token_name(struct strbuf *text, int64_t id)
{
    strbuf_puts(text, "token_id:");
    strbuf_integer(text, id);
}

static void put_quoted(struct strbuf *text, int64_t id)
{
    strbuf_puts(text, "\"");
    put_token_name(text, id);
    strbuf_puts(text, "\"");
}

static void put_log_prob(struct strbuf *text, double log_prob)
{
    strbuf_number(text, log_prob < LEAST_LOG_PROB ? LEAST_LOG_PROB : log_prob);
}

static size_t name_length(int64_t id)
{
    size_t length = sizeof "token_id:" - 1;

    do
        length++;
    while ((id /= 10) > 0);
    return length;
}

static void put_text(struct strbuf *text, const struct choice *choice)
{
    strbuf_puts(text, "\"");
    for (size_t i = choice->first; i < choice->scored->plan.length; i++)
        put_token_name(text, choice->scored->plan.ids[i]);
    strbuf_puts(text, "\"");
}

static void put_tokens(struct strbuf *text, const struct choice *choice)
{
    for (size_t i = choice->first; i < choice->scored->plan.length; i++) {
        strbuf_puts(text, i == choice->first ? "[" : ",");
        put_quoted(text, choice->scored->plan.ids[i]);
    }
    strbuf_puts(text, "]");
}

static void put_token_logprobs(struct strbuf *text, const struct choice *choice)
{
    const struct scored *scored = choice->scored;

    for (size_t i = choice->first; i < scored->plan.length; i++) {
        strbuf_puts(text, i == choice->first ? "[" : ",");
        if (scored->plan.needed[i])
            put_log_prob(text, scored->result.log_prob[i]);
        else
            strbuf_puts(text, "null");
    }
    strbuf_puts(text, "]");
}

/* Write the most likely tokens, and the token itself if it is not one of them. */
static void put_top(struct strbuf *text, const struct scored *scored, size_t token)
{
    const struct ranked *best =
        scored->result.best ? scored->result.best + token * scored->result.best_count : NULL;
    bool told = false;

    strbuf_puts(text, "{");
    for (size_t k = 0; k < scored->result.best_count; k++) {
        strbuf_puts(text, k == 0 ? "" : ",");
        put_quoted(text, (int64_t)best[k].token);
        strbuf_puts(text, ":");
        put_log_prob(text, best[k].logit);
        told |= (int64_t)best[k].token == scored->plan.ids[token];
    }
    if (!told) {
        strbuf_puts(text, scored->result.best_count == 0 ? "" : ",");
        put_quoted(text, scored->plan.ids[token]);
        strbuf_puts(text, ":");
        put_log_prob(text, scored->result.log_prob[token]);
    }
    strbuf_puts(text, "}");
}

static void put_top_logprobs(struct strbuf *text, const struct choice *choice)
{
    for (size_t i = choice->first; i < choice->scored->plan.length; i++) {
        strbuf_puts(text, i == choice->first ? "[" : ",");
        if (choice->scored->plan.needed[i])
            put_top(text, choice->scored, i);
        else
            strbuf_puts(text, "null");
    }
    strbuf_puts(text, "]");
}

static void put_offsets(struct strbuf *text, const struct choice *choice)
{
    size_t offset = 0;

    for (size_t i = choice->first; i < choice->scored->plan.length; i++) {
        strbuf_puts(text, i == choice->first ? "[" : ",");
        strbuf_count(text, offset);
        offset += name_length(choice->scored->plan.ids[i]);
    }
    strbuf_puts(text, "]");
}

static void put_logprobs(struct strbuf *text, const struct choice *choice)
{
    strbuf_puts(text, "{\"tokens\":");
    put_tokens(text, choice);
    strbuf_puts(text, ",\"token_logprobs\":");
    put_token_logprobs(text, choice);
    strbuf_puts(text, ",\"top_logprobs\":");
    put_top_logprobs(text, choice);
    strbuf_puts(text, ",\"text_offset\":");
    put_offsets(text, choice);
    strbuf_puts(text, "}");
}

static void put_choice(struct strbuf *text, const struct completions *c,
                       const struct scored *scored, size_t index)
{
    const struct choice choice = {scored, c->echo ? 0 : scored->plan.length - c->appended};

    strbuf_puts(text, index == 0 ? "{\"text\":" : ",{\"text\":");
    put_text(text, &choice);
    strbuf_puts(text, ",\"index\":");
    strbuf_count(text, index);
    strbuf_puts(text, ",\"logprobs\":");
    if (c->wants)
        put_logprobs(text, &choice);
    else
        strbuf_puts(text, "null");
    strbuf_puts(text, ",\"finish_reason\":\"length\"}");
}

static void put_usage(struct strbuf *text, const struct completions *c, const struct scores *scores)
{
    const size_t appended = scores->count * c->appended;
    size_t total = 0;

    for (size_t i = 0; i < scores->count; i++)
        total += scores->sequences[i]->plan.length;
    strbuf_puts(text, "{\"prompt_tokens\":");
    strbuf_count(text, total - appended);
    strbuf_puts(text, ",\"completion_tokens\":");
    strbuf_count(text, appended);
    strbuf_puts(text, ",\"total_tokens\":");
    strbuf_count(text, total);
    strbuf_puts(text, "}");
}

void completions_write(struct strbuf *text, const struct completions *c,
                       const struct scores *scores, const struct exchange *x)
{
    const char *model = c->model ? c->model : "";

    strbuf_puts(text, "{\"id\":\"cmpl-");
    strbuf_puts(text, x->request.id ? x->request.id : "");
    strbuf_puts(text, "\",\"object\":\"text_completion\",\"created\":");
    strbuf_integer(text, x->request.time);
    strbuf_puts(text, ",\"model\":");
    strbuf_string(text, model, c->model_length);
    strbuf_puts(text, ",\"choices\":[");
    for (size_t i = 0; i < scores->count; i++)
        put_choice(text, c, scores->sequences[i], i);
    strbuf_puts(text, "],\"usage\":");
    put_usage(text, c, scores);
    strbuf_puts(text, "}\n");
}
