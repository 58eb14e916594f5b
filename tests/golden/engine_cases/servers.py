"""SGLang, Text Generation Inference, llama.cpp."""
from .cases import NAN, invalid, piece, source, valid


# ---- sglang ----

def sglang(prompt_tokens, given, made, **more):
    return {"text": "", "output_ids": [t[1] for t in made], "meta_info": {
        "id": "x", "prompt_tokens": prompt_tokens, "completion_tokens": len(made), "finish_reason": {"type": "length"},
        "input_token_logprobs": given, "output_token_logprobs": made, **more}}


SGLANG = sglang(3, [[None, 1, "Question"], [-0.1, 2, ":"], [-4.267991065979004, 32, None]], [[-0.2, 220, " "], [-0.3, 20, "5"]])
valid("sglang", {"outputs": SGLANG}, {"tokens": [1, 2, 32, 220, 20], "prompt_length": 3,
                                      "logprobs": [None, -0.1, -4.267991065979004, -0.2, -0.3]}, source("sglang"))
valid("sglang_list", {"outputs": [SGLANG, sglang(2, [[None, 5, None], [-2, 6, None]], [[-1, 7, None]])],
                      "sequences": [{}, {"prompt_length": 1}]},
      [{"tokens": [1, 2, 32, 220, 20], "prompt_length": 3, "logprobs": [None, -0.1, -4.267991065979004, -0.2, -0.3]},
       {"tokens": [5, 6], "prompt_length": 1, "logprobs": [None, -2]}],
      [source("sglang"), source("sglang", answer=1, split="request")],
      [[], [("generated_left_out", "/outputs/1/meta_info/output_token_logprobs/0/0", 1)]], [None, None])
valid("sglang_start", {"tokens": [9, 8, 7, 6, 5], "prompt_length": 3, "outputs": sglang(
    5, [[None, 8, None], [-1, 7, None], [-2, 6, None], [-3, 5, None]], [])},
    {"tokens": [9, 8, 7, 6, 5], "prompt_length": 3, "objectives": ["conditional"],
     "logprobs": [None, None, None, -2, -3], "known": {2: -1}},
    source("sglang", first=1, tokens="request", split="request"),
    [("leading_nulls", "/outputs/meta_info/input_token_logprobs/0/0", 1)])
valid("sglang_start_alone", {"outputs": sglang(9, [[None, 8, None], [-1, 7, None]], [[-2, 6, None]])},
      {"tokens": [8, 7, 6], "prompt_length": 2, "logprobs": [None, -1, -2], "objectives": ["conditional"], "known": {1: -1}},
      source("sglang"), [("leading_nulls", "/outputs/meta_info/input_token_logprobs/0/0", 7)])
valid("sglang_output_only", {"outputs": sglang(4, [], [[-2, 6, None]])},
      {"tokens": [6], "prompt_length": 0, "logprobs": [-2], "objectives": ["conditional"]}, source("sglang"))
valid("sglang_output_only_untold", {"outputs": {"text": "", "meta_info": {"output_token_logprobs": [[-2, 6, None]]}}},
      {"tokens": [6], "prompt_length": 0, "logprobs": [-2], "objectives": ["conditional"]}, source("sglang"))
invalid("sglang_output_as_all", {"tokens": [1, 6], "prompt_length": 1, "outputs": sglang(4, [], [[-2, 6, None]])}, 422, "not_of_the_prompt",
        "/outputs")
valid("sglang_top", {"outputs": sglang(2, [[None, 1, None], [-1, 2, None]], [[-0.5, 3, None]], input_top_logprobs=[
    None, [[-0.25, 9, None], [-1, 2, None]]], output_top_logprobs=[[[-0.5, 3, None]]])},
    {"tokens": [1, 2, 3], "prompt_length": 2, "logprobs": [None, -1, -0.5]}, source("sglang"),
    [("truncated_top", "/outputs/meta_info/input_token_logprobs/1/0", 1)], [None, False, True])
valid("sglang_nan_unasked", {"objectives": ["conditional"], "outputs": sglang(2, [[None, 1, None], [NAN, 2, None]], [[-0.5, 3, None]])},
      {"tokens": [1, 2, 3], "prompt_length": 2, "objectives": ["conditional"], "logprobs": [None, None, -0.5]}, source("sglang"),
      [("null", "/outputs/meta_info/input_token_logprobs/1/0", 1)])
valid("sglang_nan_first", {"outputs": sglang(2, [[NAN, 1, None], [-1, 2, None]], [[-0.5, 3, None]])},
      {"tokens": [1, 2, 3], "prompt_length": 2, "logprobs": [None, -1, -0.5]}, source("sglang"))
invalid("sglang_start_null", {"tokens": [9, 8, 7], "prompt_length": 1, "outputs": sglang(3, [[None, 8, None], [-1, 7, None]], [])},
        422, "bad_outputs", "/outputs/meta_info/input_token_logprobs/0/0")
invalid("sglang_before_start", {"tokens": [9, 8, 7], "prompt_length": 1, "objectives": ["joint"], "outputs": sglang(
    3, [[-1, 7, None]], [])}, 422, "bad_outputs", "/outputs")
invalid("sglang_invariant", {"outputs": sglang(1, [[None, 8, None], [-1, 7, None]], [])}, 422, "bad_count", "/outputs")
invalid("sglang_ids_differ", {"tokens": [1, 2, 33, 220, 20], "outputs": SGLANG}, 422, "out_of_range", "/tokens/2")
invalid("sglang_prompt_ids_differ", {"prompt": [1, 2, 32], "completion": [220, 21], "outputs": SGLANG}, 422, "out_of_range", "/completion/1")
invalid("sglang_entry", {"outputs": sglang(1, [None], [])}, 400, "bad_shape", "/outputs/meta_info/input_token_logprobs/0/0")
invalid("sglang_lists", {"outputs": [SGLANG, SGLANG], "sequences": [{}, {}, {}]}, 422, "bad_count", "/outputs")

valid("sglang_start_untold", {"outputs": {"text": "", "meta_info": {"input_token_logprobs": [[None, 7, None], [-1.5, 8, None]],
                                                                       "output_token_logprobs": [[-1, 4, None]]}}},
      {"tokens": [7, 8, 4], "prompt_length": 2, "logprobs": [None, -1.5, -1]}, source("sglang"),
      [("start_untold", "/outputs/meta_info/input_token_logprobs/0/0", 1)])

# ---- tgi ----

def tgi(prefill, tokens, tops=None):
    details = {"best_of_sequences": None, "finish_reason": "length", "generated_tokens": len(tokens), "seed": 16045690984833335023,
               "prefill": [{"id": i, "logprob": p, "text": t} for i, t, p in prefill],
               "tokens": [{"id": i, "logprob": p, "special": False, "text": t} for i, t, p in tokens]}
    if tops:
        details["top_tokens"] = [[{"id": i, "logprob": p, "special": False, "text": "x"} for i, p in top] for top in tops]
    return {"details": details, "generated_text": ""}


POUR = [(17934, "Pour", None), (49833, " d\u00e9g", -10.5703125), (21543, "uster", -0.14746094)]
valid("tgi", {"outputs": tgi(POUR, [(578, " le", -1.7822266)])},
      {"tokens": [17934, 49833, 21543, 578], "prompt_length": 3, "logprobs": [None, -10.5703125, -0.14746094, -1.7822266]}, source("tgi"))
valid("tgi_list", {"outputs": [tgi(POUR, [(578, " le", -1.7822266)])]},
      {"tokens": [17934, 49833, 21543, 578], "prompt_length": 3, "logprobs": [None, -10.5703125, -0.14746094, -1.7822266]}, source("tgi"))
valid("tgi_cached", {"outputs": tgi([(1, "a", None), (2, "b", None), (3, "c", None), (4, "d", -1)], [(5, "e", -2)])},
      {"tokens": [1, 2, 3, 4, 5], "prompt_length": 4, "objectives": ["conditional"], "logprobs": [None, None, None, None, -2],
       "known": {3: -1}}, source("tgi"),
      [("leading_nulls", "/outputs/details/prefill/1/logprob", 1)])
valid("tgi_top", {"outputs": tgi(POUR, [(578, " le", -1.5), (3, "x", -1)], [[(9, -1), (578, -1.5)], [(3, -1), (4, -2)]])},
      {"tokens": [17934, 49833, 21543, 578, 3], "prompt_length": 3, "logprobs": [None, -10.5703125, -0.14746094, -1.5, -1]}, source("tgi"),
      [("truncated_top", "/outputs/details/tokens/0/logprob", 2)], [None, None, None, False, True])
valid("tgi_no_prefill", {"outputs": tgi([], [(5, "e", -2)])},
      {"tokens": [5], "prompt_length": 0, "logprobs": [-2], "objectives": ["conditional"]}, source("tgi"))
invalid("tgi_no_prefill_asked", {"prompt": [1, 2], "completion": [5], "objectives": ["joint"], "outputs": tgi([], [(5, "e", -2)])},
        422, "undefined_objective", "/objectives/0")
invalid("tgi_cached_asked", {"objectives": ["joint"], "outputs": tgi([(1, "a", None), (2, "b", None)], [(5, "e", -2)])}, 422,
        "bad_outputs", "/outputs/details/prefill/1/logprob")
invalid("tgi_id", {"outputs": {"details": {"prefill": [{"id": "1", "text": "a", "logprob": None}, {"id": -4, "text": "a", "logprob": -1}],
                                           "tokens": []}}}, 400, "bad_shape", "/outputs/details/prefill/1/logprob")

# ---- llamacpp ----

def llamacpp(*rows, prompt=4):
    return {"content": "", "completion_probabilities": list(rows), "tokens_evaluated": prompt}


valid("llamacpp", {"outputs": llamacpp(piece(" a", -0.5, (" a", -0.5), (" b", -1), id=3), piece("!", -2, ("?", -0.25), id=4))},
      {"tokens": [3, 4], "prompt_length": 0, "objectives": ["conditional"], "logprobs": [-0.5, -2]}, source("llamacpp"),
      [("truncated_top", "/outputs/completion_probabilities/0/logprob", 1)], [True, False])
valid("llamacpp_texts_mended", {"sequences": [{"outputs": llamacpp(piece("\0", -1, ("\0", -1), id=3), prompt=0)}]},
      {"tokens": [3], "prompt_length": 0, "objectives": ["conditional"], "logprobs": [-1]}, source("llamacpp"), [], [True])
invalid("texts_mended_in_outputs_only", {"id": "\0", "outputs": llamacpp(piece("\0", -1, id=3))}, 400, "bad_json", "/id")
valid("llamacpp_lowest", {"tokens": [1, 3], "prompt_length": 1, "outputs": llamacpp(
    piece(" a", -3.4028234663852886e38, id=3), prompt=1)},
      {"tokens": [1, 3], "prompt_length": 1, "logprobs": ["-Infinity"]},
      source("llamacpp", tokens="request", split="request", first=1), [("lowest_float", "/outputs/completion_probabilities/0/logprob", 1)])
valid("llamacpp_lowest_written_out", '{"outputs":{"completion_probabilities":[{"id":3,"token":"a","logprob":'
      '-340282346638528859811704183484516925440}]}}', {"tokens": [3], "prompt_length": 0, "objectives": ["conditional"],
                                                       "logprobs": ["-Infinity"]},
      source("llamacpp"), [("lowest_float", "/outputs/completion_probabilities/0/logprob", 1)])
invalid("llamacpp_probabilities", {"outputs": llamacpp({"id": 3, "token": "a", "prob": 0.5, "top_probs": []})}, 422,
        "bad_outputs", "/outputs")
invalid("llamacpp_prompt", {"prompt": [1, 2], "completion": [3], "objectives": ["conditional", "marginal"],
                            "outputs": llamacpp(piece("a", -1, id=3), prompt=2)}, 422, "undefined_objective", "/objectives/1")
invalid("llamacpp_generated_as_all", {"tokens": [1, 2, 5], "prompt_length": 2, "outputs": llamacpp(
    piece("a", -1, id=5), prompt=3)}, 422, "not_of_the_prompt", "/outputs")
valid("llamacpp_list_out_of_order", {"outputs": [{"index": 1, **llamacpp(piece("y", -2, id=4))},
                                                 {"index": 0, **llamacpp(piece("x", -1, id=3))}], "sequences": [{}, {}]},
      [{"tokens": [3], "prompt_length": 0, "objectives": ["conditional"], "logprobs": [-1]},
       {"tokens": [4], "prompt_length": 0, "objectives": ["conditional"], "logprobs": [-2]}],
      [source("llamacpp"), source("llamacpp", answer=1)], [[], []], [None, None])
# Each answers a request of its own, and has index 0 in it.
valid("llamacpp_list_gathered", {"outputs": [{"index": 0, **llamacpp(piece("y", -2, id=4))},
                                             {"index": 0, **llamacpp(piece("x", -1, id=3))},
                                             {"index": 1, **llamacpp(piece("z", -3, id=5))}]},
      [{"tokens": [t], "prompt_length": 0, "objectives": ["conditional"], "logprobs": [p]} for t, p in [(4, -2), (3, -1), (5, -3)]],
      [source("llamacpp", answer=i) for i in range(3)], [[]] * 3, [None] * 3)
invalid("llamacpp_list_without_one", {"outputs": [{"index": 1, **llamacpp(piece("y", -2, id=4))},
                                                  {"index": 2, **llamacpp(piece("x", -1, id=3))}], "sequences": [{}, {}]},
        422, "bad_outputs", "/outputs")
invalid("llamacpp_missing", {"format": "llamacpp", "outputs": {"content": "x"}}, 422, "bad_outputs", "/outputs")
