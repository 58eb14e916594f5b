"""Answers without log-probabilities: the error names the engine's setting for them; and what is no log-probability."""
from .cases import arrays, completion, content, invalid, piece, source, valid
from .hosts import chat, gemini, usage
from .servers import sglang, tgi

ECHO, TRUE, OFF = "\"echo\": true", "\"logprobs\": true", "/outputs/choices/0"


def lacks(name, outputs, place, says, **request):
    invalid("lacks_" + name, {**request, "outputs": outputs}, 422, "bad_outputs", place, says)


lacks("completions", completion(None, (3, 2)), OFF, "\"logprobs\"")
lacks("completions_absent", {"choices": [{"text": "x", "index": 0, "finish_reason": "length"}], "usage": usage(3, 2)}, OFF, "\"logprobs\"")
lacks("completions_empty", completion({}, (3, 2)), OFF, "\"logprobs\"")
lacks("completions_named", completion(None, (3, 2)), OFF, ECHO, format="openai")
lacks("chat", chat(None, 2), OFF, TRUE)
lacks("chat_absent", {"object": "chat.completion", "choices": [{"index": 0, "message": {"role": "assistant", "content": "x"}}]}, OFF, TRUE)
lacks("chat_content_null", chat({"content": None}, 2), OFF, TRUE)
lacks("chat_content_empty", chat({"content": []}, 2), OFF, TRUE)
lacks("chat_tool", chat(None, 2, {"role": "assistant", "content": None, "tool_calls": [{"id": "c", "type": "function", "function": {
    "name": "f", "arguments": "{}"}}]}), OFF, TRUE)
lacks("vllm", completion(None, (3, 2), prompt_logprobs=None, prompt_token_ids=[1, 2, 3], token_ids=[4, 5]), OFF, "\"prompt_logprobs\": 0")
lacks("vllm_old", completion(None, (3, 2), prompt_logprobs=None), OFF, "\"prompt_logprobs\": 0")
lacks("vllm_offline", {"request_id": "0", "prompt_token_ids": [1, 2], "prompt_logprobs": None, "outputs": [
    {"index": 0, "text": "x", "token_ids": [3], "cumulative_logprob": None, "logprobs": None}]}, "/outputs/outputs/0", "logprobs")
lacks("sglang", {"text": "x", "output_ids": [4], "meta_info": {"id": "x", "prompt_tokens": 3, "completion_tokens": 1,
                                                              "finish_reason": {"type": "length"}}}, "/outputs", "\"return_logprob\": true")
lacks("tgi", {"generated_text": " x"}, "/outputs", "\"details\": true")
lacks("tgi_details", tgi([], []), "/outputs", "\"details\": true")
lacks("llamacpp", {"index": 0, "content": " x", "tokens": [], "stop": True, "tokens_predicted": 2, "tokens_evaluated": 3}, "/outputs",
      "\"n_probs\": 1")
lacks("llamacpp_named", {"index": 0, "content": " x", "completion_probabilities": [], "tokens_predicted": 2, "tokens_evaluated": 3}, "/outputs",
      "\"n_probs\": 1", format="llamacpp")
lacks("gemini", {"candidates": [{"content": {"parts": [{"text": "x"}], "role": "model"}, "finishReason": "STOP", "index": 0}],
                 "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 1, "totalTokenCount": 10}}, "/outputs/candidates/0",
      "\"responseLogprobs\": true")
lacks("cohere", {"id": "x", "generations": [{"id": "y", "text": "x", "finish_reason": "MAX_TOKENS"}]}, "/outputs/generations/0",
      "return_likelihoods")
lacks("cohere_chat", {"id": "x", "finish_reason": "COMPLETE", "message": {"role": "assistant", "content": [{"type": "text", "text": "x"}]},
                      "usage": {"billed_units": {"input_tokens": 1, "output_tokens": 2}, "tokens": {"input_tokens": 9, "output_tokens": 2}}},
      "/outputs", TRUE)
lacks("mlx_lm", {"id": "chatcmpl-1", "system_fingerprint": "0.30.0", "object": "chat.completion", "choices": [{
    "index": 0, "finish_reason": "length", "message": {"role": "assistant", "content": "x"}}], "usage": usage(3, 2)}, OFF, TRUE)
lacks("deepseek", chat({"content": None, "reasoning_content": None}, 2), OFF, TRUE)

# ---- probabilities in place of logarithms ----

invalid("probabilities_arrays", {"outputs": completion(arrays(["a", "b"], [0.25, 0.5]), (9, 2))}, 422, "out_of_range", None, "logarithm")
invalid("probabilities_content", {"outputs": content(piece("a", 0.25), piece("b", 0.5))}, 422, "out_of_range", None, "logarithm")
invalid("probabilities_llamacpp", {"outputs": {"content": " x", "completion_probabilities": [
    {"id": 3, "token": " x", "bytes": [32, 120], "prob": 0.5, "top_probs": [{"id": 3, "token": " x", "bytes": [32, 120], "prob": 0.5}]}],
    "tokens_evaluated": 3, "tokens_predicted": 1}}, 422, "bad_outputs", None, "post_sampling_probs")

# ---- texts that are alike are counted within one list ----

valid("widths_of_lists", {"outputs": sglang(3, [[None, 7, "a"], [-1, 8, "b"], [-2, 9, "c"]], [[-3, 5, "d"], [-4, 6, "e"]],
                                            input_top_logprobs=[None, [[-1, 8, "b"], [-2, 1, "x"], [-3, 2, "y"]],
                                                                [[-2, 9, "c"], [-3, 1, "x"], [-4, 2, "y"]]],
                                            output_top_logprobs=[[[-3, 5, "d"]], [[-4, 6, "e"]]])},
      {"tokens": [7, 8, 9, 5, 6], "prompt_length": 3, "logprobs": [None, -1, -2, -3, -4]}, source("sglang"),
      [("truncated_top", "/outputs/meta_info/input_token_logprobs/1/0", 2)], [None, True, True, True, True])

# ---- a number that two lists tell ----

valid("own_in_texts", {"outputs": completion(arrays(["a", "b"], [None, -1], [None, {"b": -3, "c": -0.5}]), (1, 1))},
      {"prompt_length": 1, "logprobs": [None, -1]}, source("openai", tokens=None),
      [("truncated_top", "/outputs/choices/0/logprobs/token_logprobs/1", 1),
       ("duplicate_text", "/outputs/choices/0/logprobs/token_logprobs/1", 1)], [None, False])
invalid("own_contradicts_sglang", {"outputs": sglang(2, [[None, 7, None], [-1, 8, None]], [[-3, 5, None]], output_top_logprobs=[
    [[-2, 5, None], [-4, 6, None]]])}, 422, "bad_outputs", None, "-2")
invalid("own_contradicts_gemini", {"outputs": gemini(-1.75, topCandidates=[{"candidates": [
    {"token": "x", "tokenId": 24, "logProbability": -2}]}, {"candidates": []}])}, 422, "bad_outputs", None, "-2")
