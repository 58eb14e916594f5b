/* tensorrt_llm.h - answers of TensorRT-LLM and Triton, which may hold rows of logits. */
#ifndef API_ENGINES_TENSORRT_LLM_H
#define API_ENGINES_TENSORRT_LLM_H

#include "api/engines/engine.h"

/* See struct engine. */
bool tensorrt_llm_detect(json_t *response);
bool tensorrt_llm_read(struct engine_answer *answer, struct error *err);

#endif
