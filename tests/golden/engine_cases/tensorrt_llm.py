"""TensorRT-LLM and Triton."""
from .cases import INF, NAN, invalid, ranked, source, valid

ROWS = [[0.5, -1, 2, 0.25], [1, 3, -0.5, 0], [-2, 0.125, 0, 4]]
valid("trt_context_logits", {"tokens": [0, 2, 1], "prompt_length": 1, "details": ["rank", "entropy", "top:2"], "temperature": 0.5,
                             "outputs": {"choices": [{"index": 0, "text": "", "context_logits": ROWS}]}},
      {"tokens": [0, 2, 1], "prompt_length": 1, "details": ["rank", "entropy", "top:2"], "temperature": 0.5, "logits": ROWS},
      source("tensorrt_llm", "next", 1, "request", "request", values="logits"))
valid("trt_generation_logits", {"outputs": {"prompt_token_ids": [0, 2], "context_logits": [[0.5, -1, 2, 0.25], [1, 3, -0.5, 0]],
                                            "outputs": [{"token_ids": [1, 3], "generation_logits": [[1, 3, -0.5, 0], [-2, 0.125, 0, 4]]}]}},
      {"tokens": [0, 2, 1, 3], "prompt_length": 2, "logits": ROWS}, source("tensorrt_llm", "next", 1, values="logits"))
valid("trt_generation_only", {"tokens": [0, 2, 1, 3], "prompt_length": 2, "outputs": {
    "context_logits": 0.0, "generation_logits": [[[1, 3, -0.5, 0], [-2, 0.125, 0, 4]]], "model_name": "ensemble",
    "cum_log_probs": 0.0, "output_log_probs": [0.0, 0.0]}},
    {"tokens": [0, 2, 1, 3], "prompt_length": 2, "offset": 1, "logits": ROWS[1:]},
    source("tensorrt_llm", "same", 2, "request", "request", values="logits"))
valid("trt_split", {"tokens": [0, 2, 1, 3], "outputs": {"generation_logits": [[1, 3, -0.5, 0], [-2, 0.125, 0, 4]]}},
      {"tokens": [0, 2, 1, 3], "prompt_length": 2, "offset": 1, "logits": ROWS[1:]},
      source("tensorrt_llm", "same", 2, "request", "outputs", values="logits"))
valid("trt_flat", {"tokens": [0, 2, 1], "prompt_length": 1, "outputs": {"context_logits": sum(ROWS, []), "model_name": "m"}},
      {"tokens": [0, 2, 1], "prompt_length": 1, "logits": ROWS}, source("tensorrt_llm", "next", 1, "request", "request", values="logits"))
valid("trt_reused_blocks", {"tokens": [9, 9, 0, 2, 1], "prompt_length": 4, "offset": 2, "objectives": ["conditional"],
                            "outputs": {"context_logits": ROWS}},
      {"tokens": [0, 0, 0, 2, 1], "prompt_length": 4, "offset": 2, "objectives": ["conditional"], "logits": ROWS, "ids": [9, 9, 0, 2, 1]},
      source("tensorrt_llm", "next", 3, "request", "request", values="logits"))
valid("trt_masked", '{"tokens":[0,2],"outputs":{"context_logits":[[-Infinity,1,2.5,-1e400]]}}',
      {"tokens": [0, 2], "logits": [[-INF, 1, 2.5, -INF]]},
      source("tensorrt_llm", "next", 1, "request", None, values="logits"))
valid("trt_f64", {"tokens": [0, 1], "dtype": "f64", "outputs": {"context_logits": [[0.1, 0.7, -0.3]]}},
      {"tokens": [0, 1], "dtype": "f64", "logits": [[0.1, 0.7, -0.3]]},
      source("tensorrt_llm", "next", 1, "request", None, values="logits"))
valid("trt_prompt_logprobs", {"outputs": {"prompt_token_ids": [1, 430, 281], "outputs": [{"index": 0, "token_ids": [604], "prompt_logprobs": [
    ranked((430, -0.5, 1)), ranked((279, -1, 1), (281, -10, 20)), ranked((604, -0.25, 1))], "logprobs": [ranked((604, -0.25, 1))]}]}},
    {"tokens": [1, 430, 281, 604], "prompt_length": 3, "logprobs": [None, -0.5, -10, -0.25]}, source("tensorrt_llm", "next"),
    [("truncated_top", "/outputs/outputs/0/prompt_logprobs/1", 1)], [None, True, False, True])
valid("trt_prompt_logprobs_alone", {"tokens": [1, 430, 281], "prompt_length": 1, "outputs": {"outputs": [{"prompt_logprobs": [
    -0.5, -1, -2]}]}, "format": "tensorrt_llm"},
    {"tokens": [1, 430, 281], "prompt_length": 1, "logprobs": [None, -0.5, -1]},
    source("tensorrt_llm", "next", tokens="request", split="request", detected=False))
valid("trt_zeros", {"tokens": [1, 2, 3], "prompt_length": 1, "outputs": {"context_logits": 0.0, "cum_log_probs": 0.0,
                    "generation_logits": 0.0, "model_name": "ensemble", "output_log_probs": [0.0, 0.0], "text_output": ""}},
      {"tokens": [1, 2, 3], "prompt_length": 1, "logprobs": [0, 0]},
      source("tensorrt_llm", tokens="request", split="request", first=1), [("all_zero", "/outputs/output_log_probs/1", 1)])
valid("trt_prompt_logprobs_one_more", {"tokens": [0, 2, 1], "prompt_length": 1, "outputs": {"outputs": [{
    "prompt_logprobs": [-1, -2, -3], "logprobs": [-9]}]}},
    {"tokens": [0, 2, 1], "prompt_length": 1, "logprobs": [None, -1, -2]},
    source("tensorrt_llm", "next", tokens="request", split="request"),
    [("generated_left_out", "/outputs/outputs/0/logprobs/0", 1)])
valid("trt_logits_one_more", {"tokens": [0, 2, 1], "prompt_length": 1, "outputs": {
    "context_logits": ROWS, "generation_logits": ROWS[2:]}},
    {"tokens": [0, 2, 1], "prompt_length": 1, "logits": ROWS},
    source("tensorrt_llm", "next", 1, "request", "request", values="logits"),
    [("generated_left_out", "/outputs/generation_logits/0", 1)])
valid("trt_logits_one_more_unsplit", {"tokens": [0, 2, 1], "outputs": {"context_logits": ROWS, "generation_logits": ROWS[2:]}},
      {"tokens": [0, 2, 1], "logits": ROWS}, source("tensorrt_llm", "next", 1, "request", None, values="logits"),
      [("generated_left_out", "/outputs/generation_logits/0", 1)])
valid("trt_context_split", {"outputs": {"prompt_token_ids": [0, 2], "outputs": [{"token_ids": [1], "context_logits": ROWS[:2]}]}},
      {"tokens": [0, 2, 1], "prompt_length": 2, "logits": ROWS[:2]}, source("tensorrt_llm", "next", 1, values="logits"))
valid("trt_server_ids", {"outputs": {"choices": [{"index": 0, "prompt_token_ids": [0, 2], "token_ids": [1], "context_logits": ROWS[:2]}]}},
      {"tokens": [0, 2, 1], "prompt_length": 2, "logits": ROWS[:2]}, source("tensorrt_llm", "next", 1, values="logits"))
valid("trt_prompt_ids", {"tokens": [0, 2, 1, 3], "outputs": {"prompt_token_ids": [0, 2], "context_logits": ROWS[:2],
                                                            "generation_logits": ROWS[1:]}},
      {"tokens": [0, 2, 1, 3], "prompt_length": 2, "logits": ROWS},
      source("tensorrt_llm", "next", 1, "request", "outputs", values="logits"))
valid("trt_prompt_ids_alone", {"outputs": {"prompt_token_ids": [0, 2], "context_logits": ROWS[:2], "generation_logits": ROWS[1:]}},
      {"tokens": [0, 2], "logits": ROWS[:2]}, source("tensorrt_llm", "next", 1, split=None, values="logits"),
      [("generated_left_out", "/outputs/generation_logits/0", 1)])
valid("trt_generated_told", {"format": "tensorrt_llm", "tokens": [1, 430, 604], "prompt_length": 2, "outputs": {
    "prompt_token_ids": [1, 430], "outputs": [{"token_ids": [604], "logprobs": [ranked((604, -0.25, 1))]}]}},
    {"tokens": [1, 430, 604], "prompt_length": 2, "objectives": ["conditional"], "logprobs": [None, None, -0.25]},
    source("tensorrt_llm", "same", 2, "request", "request", detected=False), [], [None, None, True])
# Flat tensors: the width is that of the other one, or told by a number of tokens, or there is but one that does.
FLAT = [sum(ROWS[:2], []), sum(ROWS[1:], [])]
FLAT_PLAIN = {"tokens": [0, 2, 1, 3], "prompt_length": 2, "logits": ROWS}
valid("trt_flat_both", {"tokens": [0, 2, 1, 3], "prompt_length": 2, "outputs": {
    "context_logits": FLAT[0], "generation_logits": FLAT[1]}}, FLAT_PLAIN,
    source("tensorrt_llm", "next", 1, "request", "request", values="logits"))
valid("trt_flat_both_one_more", {"tokens": [0, 2, 1], "prompt_length": 1, "outputs": {
    "context_logits": sum(ROWS, []), "generation_logits": ROWS[2]}},
    {"tokens": [0, 2, 1], "prompt_length": 1, "logits": ROWS},
    source("tensorrt_llm", "next", 1, "request", "request", values="logits"),
    [("generated_left_out", "/outputs/generation_logits/0", 1)])
valid("trt_flat_ids", {"outputs": {"prompt_token_ids": [0, 2], "outputs": [
    {"token_ids": [1, 3], "context_logits": FLAT[0], "generation_logits": FLAT[1]}]}}, FLAT_PLAIN,
    source("tensorrt_llm", "next", 1, values="logits"))
valid("trt_flat_generation", {"tokens": [0, 2, 1, 3], "outputs": {"context_logits": ROWS[:2], "generation_logits": FLAT[1]}},
      FLAT_PLAIN, source("tensorrt_llm", "next", 1, "request", "outputs", values="logits"))
valid("trt_flat_context", {"tokens": [0, 2, 1, 3], "outputs": {"context_logits": FLAT[0], "generation_logits": [ROWS[1:]]}},
      FLAT_PLAIN, source("tensorrt_llm", "next", 1, "request", "outputs", values="logits"))
valid("trt_flat_generation_only", {"tokens": [0, 2, 1, 3], "prompt_length": 2, "outputs": {
    "context_logits": 0.0, "generation_logits": FLAT[1], "output_log_probs": [0.0, 0.0]}},
    {"tokens": [0, 2, 1, 3], "prompt_length": 2, "offset": 1, "logits": ROWS[1:]},
    source("tensorrt_llm", "same", 2, "request", "request", values="logits"))
valid("trt_flat_generation_behind", {"tokens": [0, 2, 1, 3], "outputs": {"prompt_token_ids": [0, 2], "generation_logits": FLAT[1]}},
      {"tokens": [0, 2, 1, 3], "prompt_length": 2, "offset": 1, "logits": ROWS[1:]},
      source("tensorrt_llm", "same", 2, "request", "outputs", values="logits"))
valid("trt_flat_reused_blocks", {"tokens": [9, 9, 0, 2, 1], "prompt_length": 4, "offset": 2, "objectives": ["conditional"],
                                 "outputs": {"context_logits": sum(ROWS, [])}},
      {"tokens": [0, 0, 0, 2, 1], "prompt_length": 4, "offset": 2, "objectives": ["conditional"], "logits": ROWS, "ids": [9, 9, 0, 2, 1]},
      source("tensorrt_llm", "next", 3, "request", "request", values="logits"))
valid("trt_flat_both_reused_blocks", {"tokens": [9, 0, 2, 1, 3], "prompt_length": 3, "offset": 1, "objectives": ["conditional"],
                                      "outputs": {"context_logits": FLAT[0], "generation_logits": FLAT[1]}},
      {"tokens": [0, 0, 2, 1, 3], "prompt_length": 3, "offset": 1, "objectives": ["conditional"], "logits": ROWS, "ids": [9, 0, 2, 1, 3]},
      source("tensorrt_llm", "next", 2, "request", "request", values="logits"))
valid("trt_flat_usage", {"format": "tensorrt_llm", "tokens": [0, 2, 1], "prompt_length": 1, "outputs": {"usage": {
    "prompt_tokens": 3}, "choices": [{"context_logits": sum(ROWS, []), "logprobs": {"tokens": ["a"], "token_logprobs": [-9]}}]}},
      {"tokens": [0, 2, 1], "prompt_length": 1, "logits": ROWS},
      source("tensorrt_llm", "next", 1, "request", "request", values="logits", detected=False),
      [("generated_left_out", "/outputs/choices/0/logprobs/token_logprobs/0", 1)])
# Five would make rows of both together, but not of the prompt alone.
valid("trt_flat_both_one_width", {"tokens": [0, 1], "outputs": {
    "context_logits": [0.5, -1, 2, 0.25], "generation_logits": [1, 3, -0.5, 0, 4, 1]}}, {"tokens": [0, 1], "logits": [[0.5, -1]]},
    source("tensorrt_llm", "next", 1, "request", None, values="logits"),
    [("generated_left_out", "/outputs/generation_logits/0", 3)])
# Two would make rows of the prompt, but not of what was generated.
valid("trt_flat_both_wider", {"tokens": [0, 2, 1], "outputs": {
    "context_logits": [0.5, -1, 2, 1, 3, -0.5], "generation_logits": [-2, 0.125, 4]}},
    {"tokens": [0, 2, 1], "prompt_length": 2, "logits": [[0.5, -1, 2], [-2, 0.125, 4]]},
    source("tensorrt_llm", "next", 1, "request", "outputs", values="logits"))
invalid("trt_flat_both_ambiguous", {"tokens": [0, 0, 0, 0], "outputs": {"context_logits": [1] * 8, "generation_logits": [1] * 8}},
        422, "bad_count", "/outputs")
invalid("trt_flat_untold", {"tokens": [0, 2, 1, 3], "prompt_length": 2, "outputs": {"generation_logits": FLAT[1]}}, 422, "bad_count",
        "/outputs")
invalid("trt_flat_no_rows", {"tokens": [0, 2, 1], "outputs": {"context_logits": [1] * 11}}, 422, "bad_count", "/outputs")
invalid("trt_flat_no_tokens", {"outputs": {"context_logits": [1] * 12}}, 422, "bad_count", "/outputs")
invalid("trt_flat_generated_count", {"tokens": [0, 2, 1, 3], "outputs": {"outputs": [{
    "token_ids": [1, 2, 3], "generation_logits": FLAT[1]}]}}, 422, "bad_count", "/outputs/outputs/0")
invalid("trt_flat_widths", {"tokens": [0, 2, 1, 3], "outputs": {"context_logits": ROWS[:2], "generation_logits": [1] * 6}}, 422,
        "bad_count", "/outputs")
invalid("trt_more_rows", {"tokens": [0, 2, 1], "outputs": {"context_logits": ROWS + ROWS[:1]}}, 422, "bad_count",
        "/outputs/context_logits/3")
invalid("trt_rows_between", {"tokens": [0, 2, 1, 3, 1], "outputs": {"context_logits": ROWS[:2], "generation_logits": ROWS[1:]}}, 422,
        "bad_count", "/outputs/context_logits/1")
invalid("trt_token_ids_differ", {"tokens": [0, 2, 1, 3], "outputs": {"outputs": [{
    "token_ids": [1, 2], "generation_logits": ROWS[1:]}]}}, 422, "out_of_range", "/tokens/3")
invalid("trt_generated_as_all", {"format": "tensorrt_llm", "tokens": [1, 5], "prompt_length": 1, "outputs": {
    "prompt_token_ids": [1, 5], "outputs": [{"token_ids": [5], "logprobs": [-1]}]}}, 422, "not_of_the_prompt", "/outputs/outputs/0")
invalid("trt_usage_longer", {"tokens": [0, 2, 1, 3], "outputs": {"usage": {"prompt_tokens": 7}, "choices": [{
    "generation_logits": ROWS[1:]}]}}, 422, "bad_count", "/outputs/choices/0")
invalid("trt_flat_ambiguous", {"format": "tensorrt_llm", "tokens": [0, 2, 1], "prompt_length": 1, "outputs": {"choices": [{
    "context_logits": sum(ROWS, []), "logprobs": {"tokens": ["a"], "token_logprobs": [-9]}}]}}, 422, "bad_count",
        "/outputs/choices/0")
invalid("trt_token_absent", {"tokens": [1, 7], "prompt_length": 1, "outputs": {"outputs": [{"prompt_logprobs": [ranked((430, -0.5, 1))]}]}},
        422, "bad_outputs", "/outputs/outputs/0/prompt_logprobs/0")
invalid("trt_fewer_rows", {"tokens": [0, 1, 2, 3, 1], "prompt_length": 4, "outputs": {"context_logits": ROWS[:2]}}, 422, "bad_count",
        "/outputs/context_logits/1")
invalid("trt_nan", {"tokens": [0, 1], "outputs": {"choices": [{"context_logits": [[1, NAN]]}]}}, 422, "bad_row",
        "/outputs/choices/0/context_logits/0/1")
invalid("trt_ragged", {"tokens": [0, 1, 1], "outputs": {"context_logits": [[1, 2], [1, 2, 3]]}}, 422, "bad_row", "/outputs/context_logits/1")
invalid("trt_no_tokens", {"outputs": {"context_logits": [[1, 2]]}}, 400, "missing_member", "/tokens")
invalid("trt_id", {"tokens": [0, 2], "outputs": {"context_logits": [[1, 2]]}}, 422, "out_of_range", "/tokens/1")
invalid("trt_alignment", {"tokens": [0, 1], "alignment": "same", "outputs": {"context_logits": [[1, 2]]}}, 400, "conflicting_members",
        "/alignment")
invalid("trt_beams", {"tokens": [0, 1], "outputs": {"generation_logits": [[[1, 2]], [[1, 2]]]}}, 422, "bad_outputs",
        "/outputs/generation_logits/1")
invalid("trt_number", {"tokens": [0, 1], "outputs": {"context_logits": [[1, "x"]]}}, 400, "bad_shape", "/outputs/context_logits/0")
