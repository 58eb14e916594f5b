"""Answers of public reports that were read wrongly, in part, or not at all.  The thread stands above each; ids, texts
and most numbers are made up."""
from .cases import arrays, completion, invalid, piece, source, valid


def entry(ident, value, rank, *others):
    """An entry of vLLM's; others are (id, log-probability, rank)."""
    return {str(i): {"logprob": v, "rank": r, "decoded_token": "t%d" % i} for i, v, r in [(ident, value, rank), *others]}


# vllm-project/vllm#2043, #3752, #11397: LLM.generate's RequestOutput as JSON.
OFFLINE = {"request_id": "0", "prompt": "p", "prompt_token_ids": [1, 15043, 29892, 590],
           "prompt_logprobs": [None, entry(15043, -7.584228515625, 14, (917, -2.512939214706421, 1)),
                               entry(29892, -1.4937736988067627, 1), entry(590, -1.8308428525924683, 2, (306, -1.3464678525924683, 1))],
           "outputs": [{"index": 0, "text": " q r", "token_ids": [476, 477], "cumulative_logprob": -3.0,
                        "logprobs": [entry(476, -2.5, 3, (9, -0.5, 1)), entry(477, -0.5, 1)],
                        "finish_reason": "length", "stop_reason": None}], "finished": True}
SCORED = {"tokens": [1, 15043, 29892, 590, 476, 477], "prompt_length": 3,
          "logprobs": [None, -7.584228515625, -1.4937736988067627, -1.8308428525924683, -2.5, -0.5]}
TOPS = [("truncated_top", "/outputs/prompt_logprobs/1", 3)]
GREEDY = [None, False, True, False, False, True]
valid("report_vllm_offline_named", {"format": "vllm", "prompt_length": 3, "outputs": OFFLINE}, SCORED,
      source("vllm", split="request", detected=False), TOPS, GREEDY)
valid("report_vllm_offline", {"prompt_length": 3, "outputs": OFFLINE}, SCORED, source("vllm", split="request"), TOPS, GREEDY)
for name, sum_of_it, says in [("", -3.5, "-3.5"), ("_infinite", "-Infinity", "-Infinity")]:
    invalid("report_vllm_offline_sum" + name, {"outputs": {**OFFLINE, "outputs": [{**OFFLINE["outputs"][0], "cumulative_logprob": sum_of_it}]}},
            422, "bad_outputs", "/outputs/outputs/0", says)

# ggml-org/llama.cpp#27174: the server ignores echo; a repeated token makes the ids agree by chance.
X = {"token": " x", "bytes": [32, 120], "logprob": -0.35}
IGNORED = {"choices": [{"text": " x", "index": 0, "logprobs": {"content": [{"id": 220, **X, "top_logprobs": [{"id": 220, **X}]}]},
                        "finish_reason": "length"}], "object": "text_completion",
           "usage": {"completion_tokens": 1, "prompt_tokens": 6, "total_tokens": 7}}
invalid("report_echo_ignored", {"tokens": [1, 2, 3, 4, 5, 220], "prompt_length": 5, "outputs": IGNORED}, 422, "not_of_the_prompt",
        "/outputs/choices/0", "ignored echo")

# hyperonym/basaran#84, stanford-crfm/helm#54: 0 in place of null for the first token.
ZERO = {"id": "c", "object": "text_completion", "choices": [{"index": 0, "text": "A b c d", "logprobs": {
    "tokens": ["A", " b", " c", " d"], "token_logprobs": [0.0, -3.5, -1.25, -0.5], "top_logprobs": [{}, {}, {}, {}],
    "text_offset": [0, 1, 3, 5]}, "finish_reason": "length"}], "usage": {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4}}
valid("report_first_zero", {"tokens": [1, 2, 3], "prompt_length": 1, "outputs": ZERO},
      {"tokens": [1, 2, 3], "prompt_length": 1, "logprobs": [None, -3.5, -1.25]}, source("openai", tokens="request", split="request"),
      [("first_zero", "/outputs/choices/0/logprobs/token_logprobs/0", 1),
       ("generated_left_out", "/outputs/choices/0/logprobs/token_logprobs/3", 1)])

# vllm-project/vllm-metal#680: HTTP 200 with prompt_logprobs [null].
invalid("report_single_null", {"outputs": {"id": "c", "object": "text_completion", "choices": [{
    "index": 0, "text": "x", "logprobs": None, "finish_reason": "length", "prompt_logprobs": [None], "prompt_token_ids": None,
    "token_ids": None}], "usage": {"prompt_tokens": 9, "completion_tokens": 8, "total_tokens": 17}}}, 422, "bad_count", "/outputs/choices/0",
        "prompt_tokens is 9")

# EleutherAI/lm-evaluation-harness#2135, togethercomputer/openapi#28: ids beside the arrays.
invalid("report_together_ids", {"prompt": [1, 2], "completion": [41, 99], "outputs": {"choices": [{
    "index": 0, "message": {"role": "assistant", "content": "It's"}, "finish_reason": "stop", "logprobs": {
        "tokens": ["It", "'s"], "token_logprobs": [-0.024414062, -0.016967773], "token_ids": [41, 2847]}}],
    "usage": {"prompt_tokens": 2, "completion_tokens": 2, "total_tokens": 4}}}, 422, "out_of_range", "/completion/1", "2847")

# deepjavalibrary/djl-serving#1353, #1861: TGI's shape, and log_prob.
valid("report_djl", {"outputs": {"generated_text": " x y", "details": {
    "finish_reason": "length", "generated_tokens": 2, "inputs": "abc", "tokens": [
        {"id": 29973, "text": "!", "log_prob": -4.198227405548096, "special_token": None},
        {"id": 316, "text": " We", "log_prob": -2.716848850250244, "special_token": None}],
    "prefill": [{"id": 1, "text": "<s>", "log_prob": None}, {"id": 22930, "text": "q", "log_prob": -7.5}]}}},
    {"tokens": [1, 22930, 29973, 316], "prompt_length": 2, "logprobs": [None, -7.5, -4.198227405548096, -2.716848850250244]},
    source("tgi"))

# ollama/ollama#16117, #13638, ollama/ollama-python#601.
HI = {"token": "Hi", "logprob": -0.25, "bytes": [72, 105]}
ALL = {"token": " all", "logprob": -1.5, "bytes": [32, 97, 108, 108]}
valid("report_ollama", {"outputs": {"model": "m", "created_at": "2025-11-12T00:00:00Z", "response": "Hi all", "done": True,
                                    "done_reason": "stop", "prompt_eval_count": 11, "eval_count": 2, "logprobs": [
    {**HI, "top_logprobs": [HI, {"token": "Yo", "logprob": -2.5, "bytes": [89, 111]}]},
    {**ALL, "top_logprobs": [{"token": " you", "logprob": -0.5, "bytes": [32]}, ALL]}]}},
    {"logprobs": [-0.25, -1.5], "objectives": ["conditional"]}, source("ollama", tokens=None),
    [("truncated_top", "/outputs/logprobs/0/logprob", 2)], [True, False])

# langchain-ai/langchain-google#570: what Google's Python libraries write; 0 is a log-probability that rounds to 0.
valid("report_gemini_snake", {"outputs": {"candidates": [{
    "content": {"role": "model", "parts": [{"text": "M"}]}, "finish_reason": "STOP", "avg_logprobs": -0.035, "logprobs_result": {
        "chosen_candidates": [{"token": "M", "log_probability": 0.0}, {"token": "'", "log_probability": -4.0052048e-05},
                              {"token": "y", "log_probability": -0.003931577}, {"token": " fx", "log_probability": -0.13637993}],
        "top_candidates": []}}]}},
    {"logprobs": [0, -4.0052048e-05, -0.003931577, -0.13637993], "objectives": ["conditional"]}, source("gemini", tokens=None))

# ATOM's chat_logprobs page, sgl-project/sglang#25055: reasoning has a list of its own.
valid("report_reasoning", {"outputs": {"id": "d", "choices": [{
    "index": 0, "message": {"role": "assistant", "content": "4", "reasoning_content": "hm so"}, "finish_reason": "stop", "logprobs": {
        "content": [piece("4", -0.01)], "reasoning_content": [piece("hm", -1.5), piece(" so", -0.5)]}}],
    "object": "chat.completion", "usage": {"prompt_tokens": 5, "completion_tokens": 3}}},
    {"logprobs": [-1.5, -0.5, -0.01], "objectives": ["conditional"]}, source("openai_chat", tokens=None))

# LostRuins/koboldcpp#1928: content beside arrays, which say the same.
KOBOLD = {"id": "x", "object": "text_completion", "choices": [{"text": "ab", "index": 0, "finish_reason": "length", "logprobs": {
    "content": [{"token": "a", "token_id": 5, "logprob": -0.5, "bytes": [97], "top_logprobs": [
        {"token": "a", "token_id": 5, "logprob": -0.5, "bytes": [97]}]},
        {"token": "b", "token_id": 6, "logprob": -0.75, "bytes": [98], "top_logprobs": []}],
    "tokens": ["a", "b"], "token_ids": [5, 6], "token_logprobs": [-0.5, -0.75], "top_logprobs": [{"a": -0.5}, {"b": -0.75}],
    "text_offset": [0, 1]}}], "usage": {"prompt_tokens": 4, "completion_tokens": 2}}
valid("report_koboldcpp", {"prompt": [1, 2, 3, 4], "completion": [5, 6], "outputs": KOBOLD},
      {"prompt": [1, 2, 3, 4], "completion": [5, 6], "logprobs": [-0.5, -0.75]},
      source("openai", tokens="request", split="request", first=4))
invalid("report_koboldcpp_ids", {"prompt": [1, 2, 3, 4], "completion": [5, 7], "outputs": KOBOLD}, 422, "out_of_range",
        "/completion/1", "6")

# vllm-project/vllm#10607, #3752: prompt_logprobs lists more tokens than logprobs.
valid("report_two_widths", {"prompt_length": 1, "outputs": {"choices": [{
    "index": 0, "text": "x", "prompt_token_ids": [1, 785, 4462], "token_ids": [9, 10],
    "prompt_logprobs": [None, entry(785, -2.5, 4, (5, -0.25, 1), (6, -1.5, 2), (7, -2.25, 3)),
                        entry(4462, -0.125, 1, (8, -3, 2), (9, -4, 3))],
    "logprobs": {"tokens": ["q", "r"], "token_logprobs": [-0.5, -0.25], "top_logprobs": [{"q": -0.5}, {"r": -0.25}],
                 "text_offset": [0, 1]}}]}},
    {"tokens": [1, 785, 4462, 9, 10], "prompt_length": 1, "logprobs": [None, -2.5, -0.125, -0.5, -0.25]},
    source("vllm", split="request"), [("truncated_top", "/outputs/choices/0/prompt_logprobs/1", 2)],
    [None, False, True, True, True])

# ggml-org/llama.cpp#11346, ollama/ollama#13638, langchain-ai/langchain#36211: logprobs is null.
invalid("report_logprobs_null", {"outputs": {"choices": [{"text": " Ge", "index": 0, "logprobs": None, "finish_reason": "length"}],
                                             "object": "text_completion", "usage": {
                                                 "completion_tokens": 1, "prompt_tokens": 2, "total_tokens": 3}}},
        422, "bad_outputs", "/outputs/choices/0", "\"logprobs\"")

# huggingface/text-generation-inference#3070, #2973: prefill is empty.
invalid("report_prefill_empty", {"prompt": [1, 2, 3], "completion": [30, 2440], "objectives": ["joint"], "outputs": {
    "generated_text": "5-m", "details": {"finish_reason": "length", "generated_tokens": 2, "prefill": [], "tokens": [
        {"id": 30, "logprob": -2.1425781, "special": False, "text": "5"},
        {"id": 2440, "logprob": -4.4609375, "special": False, "text": "-m"}], "seed": None}}}, 422, "undefined_objective", "/objectives/0",
        "--enable-prefill-logprobs")

# A token that is behind another one makes the sequence not greedy, whatever the others were.
valid("report_not_greedy", {"outputs": {"choices": [{"index": 0, "text": "", "logprobs": {
    "tokens": ["a", "b", "c"], "token_logprobs": [None, -1, -2], "top_logprobs": [None, None, {"z": -0.5, "c": -2}]}}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 2}}}, {"prompt_length": 1, "logprobs": [None, -1, -2]},
    source("openai", tokens=None), [("truncated_top", "/outputs/choices/0/logprobs/token_logprobs/2", 1)], [None, None, False])

# One entry of an echo is lost: usage tells of four tokens.
invalid("report_entry_lost", {"tokens": [1, 2, 3], "prompt_length": 1, "outputs": {"choices": [{"logprobs": {
    "tokens": ["a", "c", "d"], "token_logprobs": [None, -3, -4]}}], "usage": {"prompt_tokens": 3, "completion_tokens": 1,
                                                                            "total_tokens": 4}}}, 422, "bad_count",
        "/outputs/choices/0", "3")
invalid("report_ids_short", {"outputs": {"choices": [{
    "prompt_logprobs": [None, {"5": {"logprob": -1, "rank": 1}}], "prompt_token_ids": [1, 5], "token_ids": [7],
    "logprobs": {"tokens": ["a", "b"], "token_logprobs": [-9, -2]}}], "usage": {"prompt_tokens": 2, "completion_tokens": 2,
                                                                               "total_tokens": 4}}}, 422, "bad_count",
        "/outputs/choices/0", "token_ids")
invalid("report_chosen_contradicts", {"outputs": {"choices": [{"logprobs": {"content": [{
    "token": "a", "logprob": 0.0, "top_logprobs": [{"token": "a", "logprob": -4.5}, {"token": "b", "logprob": -0.1}]}]}}]}},
        422, "bad_outputs", None, "-4.5")
