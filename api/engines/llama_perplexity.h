/* llama_perplexity.h - the file of llama-perplexity, whose rows are compressed logits. */
#ifndef API_ENGINES_LLAMA_PERPLEXITY_H
#define API_ENGINES_LLAMA_PERPLEXITY_H

#include "api/engines/engine.h"

/* See struct engine. */
size_t llama_perplexity_count(const json_t *response);
bool llama_perplexity_detect(json_t *response);
bool llama_perplexity_read(struct engine_answer *answer, struct error *err);

#endif
