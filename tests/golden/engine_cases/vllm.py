"""vLLM."""
from .cases import arrays, invalid, piece, ranked, source, valid

PROMPT = [None, ranked((430, -0.26888129115104675, 1)), ranked((279, -1.257411241531372, 1), (281, -10.421473503112793, 2163))]


def usage(prompt, prompt_token_ids=None, token_ids=None, logprobs=None, **_):
    """What the server counts: its lists are as long."""
    made = len(token_ids) if token_ids else 1
    listed = len(logprobs["token_logprobs"]) - made if logprobs else 0
    told = len(prompt_token_ids or prompt or range(max(listed, 0)))
    return {"prompt_tokens": told or 3, "completion_tokens": made, "total_tokens": (told or 3) + made}


def vllm(prompt, **choice):
    return {"id": "cmpl-2", "object": "text_completion", "model": "m", "choices": [
        {"index": 0, "text": "", "logprobs": None, "finish_reason": "length", "stop_reason": None,
         "prompt_logprobs": prompt, **choice}], "usage": usage(prompt, **choice)}


valid("vllm_ids", {"outputs": vllm(PROMPT, prompt_token_ids=[1, 430, 279], token_ids=[604],
                                   logprobs=arrays([" x"], [-0.5], [{" x": -0.5}]))},
      {"tokens": [1, 430, 279, 604], "prompt_length": 3,
       "logprobs": [None, -0.26888129115104675, -1.257411241531372, -0.5]}, source("vllm"),
      [("truncated_top", "/outputs/choices/0/prompt_logprobs/2", 1)], [None, True, True, True])
valid("vllm_tokens", {"tokens": [1, 430, 281], "prompt_length": 1, "outputs": vllm(PROMPT)},
      {"tokens": [1, 430, 281], "prompt_length": 1, "logprobs": [None, -0.26888129115104675, -10.421473503112793]},
      source("vllm", tokens="request", split="request"),
      [("truncated_top", "/outputs/choices/0/prompt_logprobs/2", 1)], [None, True, False])
valid("vllm_by_rank", {"prompt_length": 1, "outputs": vllm(PROMPT)},
      {"prompt_length": 1, "logprobs": [None, -0.26888129115104675, -10.421473503112793]},
      source("vllm", tokens=None, split="request"),
      [("truncated_top", "/outputs/choices/0/prompt_logprobs/2", 1),
       ("token_by_rank", "/outputs/choices/0/prompt_logprobs/1", 2)], [None, True, False])
valid("vllm_chat", {"outputs": {"object": "chat.completion", "prompt_token_ids": [1, 430], "prompt_logprobs": [
    None, ranked((430, -1, 3), (5, -0.25, 1))], "choices": [{"index": 0, "message": {}, "token_ids": [77], "logprobs": {
        "content": [piece("z", -0.5, ("z", -0.5), ("y", -1))]}}]}},
    {"tokens": [1, 430, 77], "prompt_length": 2, "logprobs": [None, -1, -0.5]}, source("vllm"),
    [("truncated_top", "/outputs/prompt_logprobs/1", 2)], [None, False, True])
valid("vllm_echo", {"outputs": vllm(None, prompt_token_ids=[1, 2], token_ids=[3], logprobs=arrays(
    ["a", "b", "c"], [None, -1, -2], [None, {"b": -1}, {"c": -2, "d": -1}]))},
    {"tokens": [1, 2, 3], "prompt_length": 2, "logprobs": [None, -1, -2]}, source("vllm"),
    [("truncated_top", "/outputs/choices/0/logprobs/token_logprobs/2", 1)], [None, True, False])
valid("vllm_echo_and_prompt", {"outputs": vllm(PROMPT, prompt_token_ids=[1, 430, 279], token_ids=[604], logprobs=arrays(
    ["a", "b", "c", "d"], [None, -0.26888129115104675, -1.257411241531372, -0.5]))},
    {"tokens": [1, 430, 279, 604], "prompt_length": 3,
     "logprobs": [None, -0.26888129115104675, -1.257411241531372, -0.5]}, source("vllm"),
    [("truncated_top", "/outputs/choices/0/prompt_logprobs/2", 1)], [None, True, True, None])
# "max_tokens": 0 makes a token all the same, and tells its id, but no log-probability.
valid("vllm_echo_none_made", {"outputs": vllm([None, ranked((4, -1, 1)), ranked((5, -2, 1))], prompt_token_ids=[1, 4, 5],
                                              token_ids=[604], logprobs=arrays(list("abc"), [None, -1, -2]))},
      {"tokens": [1, 4, 5], "logprobs": [None, -1, -2], "objectives": ["joint"], "unsplit": True},
      source("vllm", split=None), [], [None, True, True])
valid("vllm_one_more", {"tokens": [1, 430, 279], "prompt_length": 2, "outputs": vllm(
    PROMPT, prompt_token_ids=[1, 430, 279], token_ids=[604], logprobs=arrays([" x"], [-0.5]))},
    {"tokens": [1, 430, 279], "prompt_length": 2, "logprobs": [None, -0.26888129115104675, -1.257411241531372]},
    source("vllm", tokens="request", split="request"),
    [("truncated_top", "/outputs/choices/0/prompt_logprobs/2", 1),
     ("generated_left_out", "/outputs/choices/0/logprobs/token_logprobs/0", 1)], [None, True, True])
valid("vllm_sentinel", {"prompt_length": 1, "outputs": vllm([None, ranked((4, -9999.0, 50000))], prompt_token_ids=[1, 4])},
      {"tokens": [1, 4], "prompt_length": 1, "logprobs": [None, -9999]}, source("vllm", split="request"),
      [("sentinel", "/outputs/choices/0/prompt_logprobs/1", 1)], [None, False])
valid("vllm_ranks", {"prompt_length": 1, "outputs": vllm([None, ranked((4, -0.5, 2), (5, -3, 1))], prompt_token_ids=[1, 4])},
      {"tokens": [1, 4], "prompt_length": 1, "logprobs": [None, -0.5]}, source("vllm", split="request"),
      [("truncated_top", "/outputs/choices/0/prompt_logprobs/1", 1),
       ("contradicting_rank", "/outputs/choices/0/prompt_logprobs/1", 2)], [None, True])
valid("vllm_rank_of_null", {"prompt_length": 1, "outputs": vllm([None, ranked((4, -0.5, 1), (5, None, 2))], prompt_token_ids=[1, 4])},
      {"tokens": [1, 4], "prompt_length": 1, "logprobs": [None, -0.5]}, source("vllm", split="request"),
      [("truncated_top", "/outputs/choices/0/prompt_logprobs/1", 1)], [None, True])
# lm-evaluation-harness asks vLLM for an echo, one token and no ids.
valid("vllm_echo_without_ids", {"tokens": [5, 6, 7], "prompt_length": 2, "outputs": vllm(None, logprobs=arrays(
    ["a", "b", "c", "d"], [None, -1, -2, -3], [None, {"b": -1}, {"c": -2, "x": -1}, {"d": -3, "y": -1}]))},
    {"tokens": [5, 6, 7], "prompt_length": 2, "logprobs": [None, -1, -2]}, source("vllm", tokens="request", split="request"),
    [("truncated_top", "/outputs/choices/0/logprobs/token_logprobs/2", 2),
     ("generated_left_out", "/outputs/choices/0/logprobs/token_logprobs/3", 1)], [None, True, False])
valid("vllm_generated", {"outputs": vllm(None, token_ids=[3, 4], logprobs=arrays(["a", "b"], [-1, -2]))},
      {"tokens": [3, 4], "prompt_length": 0, "objectives": ["conditional"], "logprobs": [-1, -2]}, source("vllm"))
valid("vllm_tied_ranks", {"prompt_length": 1, "outputs": vllm([None, ranked((4, -1, 2), (5, -1, 1))], prompt_token_ids=[1, 4])},
      {"tokens": [1, 4], "prompt_length": 1, "logprobs": [None, -1]}, source("vllm", split="request"),
      [("truncated_top", "/outputs/choices/0/prompt_logprobs/1", 1)])
valid("vllm_tied_first", {"prompt_length": 1, "outputs": vllm([None, ranked((4, -1, 1), (5, -1, 1))], prompt_token_ids=[1, 4])},
      {"tokens": [1, 4], "prompt_length": 1, "logprobs": [None, -1]}, source("vllm", split="request"),
      [("truncated_top", "/outputs/choices/0/prompt_logprobs/1", 1)])
valid("vllm_whole_vocabulary", {"prompt_length": 1, "outputs": vllm(
    [None, ranked(*[(i, -0.015625 * (i + 1), i + 1) for i in range(300)])], prompt_token_ids=[1, 255])},
    {"tokens": [1, 255], "prompt_length": 1, "logprobs": [None, -4]}, source("vllm", split="request"),
    [("truncated_top", "/outputs/choices/0/prompt_logprobs/1", 1)], [None, False])
invalid("vllm_two_beyond", {"prompt_length": 1, "outputs": vllm([None, ranked((4, -5, 7), (5, -6, 9))])}, 422, "bad_outputs",
        "/outputs/choices/0/prompt_logprobs/1")
invalid("vllm_ambiguous_token", {"prompt_length": 1, "outputs": vllm([None, ranked((4, -0.5, 1), (5, -3, 2))])}, 422,
        "bad_outputs", "/outputs/choices/0/prompt_logprobs/1")
invalid("vllm_absent_token", {"tokens": [1, 9], "prompt_length": 1, "outputs": vllm([None, ranked((4, -0.5, 1))])}, 422,
        "bad_outputs", "/outputs/choices/0/prompt_logprobs/1")
invalid("vllm_ids_differ", {"tokens": [1, 4], "prompt_length": 1, "outputs": vllm(
    [None, ranked((4, -0.5, 1))], prompt_token_ids=[2, 4])}, 422, "out_of_range", "/tokens/0")
invalid("vllm_counts", {"outputs": vllm([None, ranked((4, -0.5, 1))], prompt_token_ids=[2, 4, 5])}, 422, "bad_count",
        "/outputs/choices/0")
invalid("vllm_key", {"outputs": vllm([None, {"four": {"logprob": -1}}], prompt_token_ids=[2, 4])}, 400, "bad_shape",
        "/outputs/choices/0/prompt_logprobs/1")
invalid("vllm_nothing", {"tokens": [1, 2], "format": "vllm", "outputs": vllm(None)}, 422, "bad_outputs", "/outputs/choices/0")
invalid("vllm_generated_as_all", {"tokens": [1, 5], "prompt_length": 1, "outputs": vllm(
    None, prompt_token_ids=[1, 5], token_ids=[5], logprobs=arrays(["a"], [-1]))}, 422, "not_of_the_prompt", "/outputs/choices/0")
invalid("vllm_generated_usage", {"tokens": [1, 4, 5], "prompt_length": 2, "outputs": vllm(
    None, token_ids=[5], logprobs=arrays(["a"], [-1]))}, 422, "not_of_the_prompt", "/outputs/choices/0")
invalid("vllm_generated_null_first", {"outputs": vllm(None, prompt_token_ids=[1, 2, 3], token_ids=[4, 5], logprobs=arrays(
    ["a", "b"], [None, -1]))}, 422, "bad_outputs", "/outputs/choices/0/logprobs/token_logprobs/0")
invalid("vllm_list", {"outputs": vllm([None, 7], prompt_token_ids=[2, 4])}, 400, "bad_shape",
        "/outputs/choices/0/prompt_logprobs/1")
