"""Which tokens of an answer are x, which are y, and which say nothing about them."""
from .cases import arrays, completion, content, invalid, piece, ranked, source, valid
from .hosts import bedrock, ollama, usage, watsonx
from .servers import llamacpp, sglang, tgi

ECHO = completion(arrays(["a", "b", "c", "d", "e"], [None, -1, -2, -3, -4]), (3, 2))
TOOL = completion(arrays(["a", "b", "c", "d"], [None, -1, -2, -3]), (3, 1))
LEFT = [("generated_left_out", "/outputs/choices/0/logprobs/token_logprobs/3", 1)]


def openai(length, count):
    return {"prompt_length": length, "logprobs": [None, -1, -2, -3, -4][:count]}


def of_request(**more):
    return source("openai", tokens=None, split="request", **more)


# ---- without tokens ----

valid("x_all_of_prompt", {"outputs": ECHO}, openai(3, 5), source("openai", tokens=None))
valid("x_prompt_length", {"prompt_length": 2, "outputs": ECHO}, openai(2, 5), of_request())
valid("x_prompt_length_of_prompt", {"prompt_length": 3, "outputs": ECHO}, openai(3, 5), of_request())
valid("x_prompt_length_beyond", {"prompt_length": 4, "outputs": ECHO}, openai(4, 5), of_request())
# One token is what tools have made, because they must.
valid("x_tool", {"prompt_length": 2, "outputs": TOOL}, openai(2, 3), of_request(), LEFT)
valid("x_tool_as_prompt", {"prompt_length": 3, "outputs": TOOL}, openai(3, 4), of_request())
valid("x_tool_untold", {"outputs": TOOL}, openai(3, 4), source("openai", tokens=None))
valid("x_generated_score", {"prompt_length": 2, "generated": "score", "outputs": TOOL}, openai(2, 4), of_request())
valid("x_generated_drop", {"prompt_length": 2, "generated": "drop", "outputs": ECHO}, openai(2, 3), of_request(), [
    ("generated_left_out", "/outputs/choices/0/logprobs/token_logprobs/3", 2)])
valid("x_generated_auto", {"prompt_length": 2, "generated": "auto", "outputs": TOOL}, openai(2, 3), of_request(), LEFT)
invalid("x_generated_word", {"prompt_length": 2, "generated": "keep", "outputs": TOOL}, 422, "out_of_range", "/generated")
invalid("x_generated_type", {"prompt_length": 2, "generated": True, "outputs": TOOL}, 400, "bad_shape", "/generated")
invalid("x_generated_alone", {"prompt_length": 1, "generated": "drop", "logprobs": [None, -1]}, 400, "missing_member", "/outputs")
VLLM = completion(arrays(["d"], [-3]), (3, 1), prompt_token_ids=[7, 8, 9], token_ids=[5], prompt_logprobs=[
    None, ranked((8, -1, 1)), ranked((9, -2, 1))])
valid("x_tool_vllm", {"prompt_length": 2, "outputs": VLLM}, {"tokens": [7, 8, 9], **openai(2, 3)}, source("vllm", split="request"),
      [("generated_left_out", "/outputs/choices/0/logprobs/token_logprobs/0", 1)], [None, True, True])
valid("x_tool_sglang", {"prompt_length": 2, "outputs": sglang(3, [[None, 7, None], [-1, 8, None], [-2, 9, None]], [[-3, 5, None]])},
      {"tokens": [7, 8, 9], **openai(2, 3)}, source("sglang", split="request"),
      [("generated_left_out", "/outputs/meta_info/output_token_logprobs/0/0", 1)])
valid("x_tool_tgi", {"prompt_length": 2, "outputs": tgi([(7, "a", None), (8, "b", -1), (9, "c", -2)], [(5, "d", -3)])},
      {"tokens": [7, 8, 9], **openai(2, 3)}, source("tgi", split="request"),
      [("generated_left_out", "/outputs/details/tokens/0/logprob", 1)])

# ---- one generated token says nothing about a prompt that held all tokens ----

ASKED = {"tokens": [7, 8, 9, 5], "prompt_length": 3}
MADE = completion(None, (4, 1))["choices"][0]
SHAPES = {
    "arrays": completion(arrays(["x"], [-0.5]), (4, 1)),
    "arrays_ids": completion({**arrays(["x"], [-0.5]), "token_ids": [5]}, (4, 1)),
    "content": completion({"content": [piece("x", -0.5)]}, (4, 1)),
    "content_ids": completion({"content": [piece("x", -0.5, id=5)]}, (4, 1)),
    "vllm": completion(arrays(["x"], [-0.5]), (4, 1), token_ids=[5], prompt_token_ids=[7, 8, 9, 5]),
    "koboldcpp": completion({**arrays(["x"], [-0.5]), "token_ids": [5], "content": [piece("x", -0.5, token_id=5)]}, (4, 1)),
    "mlx_lm": completion({"tokens": [5], "token_logprobs": [-0.5]}, (4, 1)),
    "sglang": sglang(4, [], [[-0.5, 5, None]]),
    "llamacpp": llamacpp(piece("x", -0.5, id=5)),
    "bedrock": {**bedrock(None, [{"5": -0.5}]), "prompt_token_count": 4, "generation_token_count": 1},
    "watsonx": watsonx(None, [{"text": "x", "logprob": -0.5}], (4, 1)),
}
PLACES = {"sglang": "/outputs", "llamacpp": "/outputs", "bedrock": "/outputs", "watsonx": "/outputs/results/0"}
for shape, answer in SHAPES.items():
    place = PLACES.get(shape, "/outputs/choices/0")
    invalid("not_of_the_prompt_" + shape, {**ASKED, "outputs": answer}, 422, "not_of_the_prompt", place)
# Four tokens of the prompt, one made: it is behind the prompt that was asked about.
invalid("not_of_the_prompt_split", {"prompt": [7, 8, 9], "completion": [5], "outputs": SHAPES["content_ids"]}, 422, "not_of_the_prompt",
        "/outputs/choices/0")
# A prompt of three: the token is the completion's.
valid("of_the_completion", {**ASKED, "outputs": completion({"content": [piece("x", -0.5, id=5)]}, (3, 1))},
      {**ASKED, "logprobs": [-0.5], "objectives": ["conditional"]},
      source("openai_chat", tokens="request", split="request", first=3))
# A chat template adds tokens to what was told.
valid("of_a_chat", {**ASKED, "outputs": {**content(piece("x", -0.5, id=5)), "usage": usage(40, 1)}},
      {**ASKED, "logprobs": [-0.5], "objectives": ["conditional"]},
      source("openai_chat", tokens="request", split="request", first=3))

# More was generated than the completion has: what is behind it is left out (an end token that is listed).
MORE = {**content(piece("x", -0.5), piece("</s>", -0.25)), "usage": usage(40, 2)}
valid("of_a_chat_more", {"prompt": [7, 8, 9], "completion": [5], "outputs": MORE},
      {"prompt": [7, 8, 9], "completion": [5], "logprobs": [-0.5]}, source("openai_chat", tokens="request", split="request", first=3),
      [("generated_left_out", "/outputs/choices/0/logprobs/content/1/logprob", 1)])
valid("of_the_completion_more", {"prompt": [7, 8, 9], "completion": [5], "outputs": completion(arrays(["x", "y"], [-0.5, -0.25]), (3, 2))},
      {"prompt": [7, 8, 9], "completion": [5], "logprobs": [-0.5]}, source("openai", tokens="request", split="request", first=3),
      [("generated_left_out", "/outputs/choices/0/logprobs/token_logprobs/1", 1)])
invalid("of_a_chat_less", {"prompt": [7, 8, 9], "completion": [5, 6, 1], "outputs": MORE}, 422, "bad_count", "/outputs/choices/0", "2 tokens")

# ---- nothing ----

invalid("empty_prompt_list", {"outputs": completion(None, (9, 1), prompt_logprobs=[])}, 422, "bad_outputs", "/outputs/choices/0")
invalid("empty_only_null", {"outputs": completion(None, (1, 1), prompt_logprobs=[None])}, 422, "bad_outputs", "/outputs/choices/0/prompt_logprobs/0")
invalid("empty_content", {"outputs": completion({"content": []}, (9, 0))}, 422, "bad_outputs", "/outputs/choices/0")
invalid("empty_arrays", {"outputs": completion(arrays([], []), (9, 0))}, 422, "bad_outputs", "/outputs/choices/0")
invalid("empty_echo", {"outputs": completion(arrays(["a"], [None]), (1, 0))}, 422, "bad_outputs",
        "/outputs/choices/0/logprobs/token_logprobs/0")
invalid("empty_sglang", {"outputs": sglang(9, [], [])}, 422, "bad_outputs", "/outputs", "\"return_logprob\": true")
invalid("empty_ollama", {"outputs": ollama(made=0)}, 422, "bad_outputs", "/outputs", "\"logprobs\": true")

# ---- 0 for the first token ----

ZEROS = [("first_zero", "/outputs/choices/0/logprobs/token_logprobs/0", 1)]
valid("first_zero_echo", {"outputs": completion(arrays(["a", "b", "c"], [0.0, -1, -2]), (2, 1))}, openai(2, 3),
      source("openai", tokens=None), ZEROS)
valid("first_zero_minus", {"outputs": completion(arrays(["a", "b", "c"], [-0.0, -1, -2]), (2, 1))}, openai(2, 3),
      source("openai", tokens=None), ZEROS)
valid("first_known", {"outputs": completion(arrays(["a", "b"], [-0.5, -1]), (1, 1))}, {"prompt_length": 1, "logprobs": [-0.5, -1]},
      source("openai", tokens=None))
valid("first_zero_generated", {"outputs": completion(arrays(["a", "b"], [0.0, -1]), (9, 2))},
      {"logprobs": [0, -1], "objectives": ["conditional"]}, source("openai", tokens=None))

# ---- what no objective scores is shown ----

valid("known_is_shown", {"objectives": ["conditional"], "outputs": ECHO}, {**openai(3, 5), "objectives": ["conditional"]},
      source("openai", tokens=None))
