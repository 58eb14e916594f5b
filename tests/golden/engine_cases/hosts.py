"""Ollama, hosts of models (Bedrock, Together, Fireworks, watsonx, ...), and servers with answers like OpenAI's."""
from .cases import arrays, completion, content, invalid, piece, source, valid

IDS = {"tokens": [11, 12, 13, 24, 25], "prompt_length": 3}
ALL = {**IDS, "logprobs": [None, -1.5, -0.25, -3, -0.5]}
MADE = {"tokens": [24, 25], "prompt_length": 0, "logprobs": [-3, -0.5], "objectives": ["conditional"]}
TEXTS = {"logprobs": [-3, -0.5], "objectives": ["conditional"]}
GIVEN = {**IDS, "logprobs": [-3, -0.5], "objectives": ["conditional"]}


def usage(prompt, made, **more):
    return {"prompt_tokens": prompt, "completion_tokens": made, "total_tokens": prompt + made, **more}


# ---- Ollama ----

def ollama(*rows, reason="length", made=None, **more):
    return {"model": "m", "created_at": "2025-11-12T00:00:00Z", "response": " sat on", "done": True, "done_reason": reason,
            "prompt_eval_count": 3, "eval_count": len(rows) if made is None else made, "logprobs": list(rows), **more}


SAT, ON = piece(" sat", -3, (" ran", -1), (" sat", -3)), piece(" on", -0.5, (" on", -0.5))
RANKS = [("truncated_top", "/outputs/logprobs/0/logprob", 1)]
valid("ollama_generate", {"outputs": ollama(SAT, ON)}, TEXTS, source("ollama", tokens=None), RANKS, [False, True])
CHAT = {k: v for k, v in {**ollama(SAT, ON), "message": {"role": "assistant", "content": "on", "thinking": "sat"}}.items()
        if k != "response"}
valid("ollama_chat", {"outputs": CHAT}, TEXTS, source("ollama", tokens=None), RANKS, [False, True])
valid("ollama_tokens", {**IDS, "outputs": ollama(SAT, ON)}, GIVEN, source("ollama", tokens="request", split="request", first=3),
      RANKS, [None, None, None, False, True])
# It counts the token that stopped it, and does not list it (recorded in ollama/ollama#12899).
valid("ollama_stop", {"outputs": ollama(SAT, ON, reason="stop", made=3)}, TEXTS, source("ollama", tokens=None),
      RANKS + [("stop_unlisted", "/outputs/logprobs/1/logprob", 1)], [False, True])
invalid("ollama_lost", {"outputs": ollama(SAT, ON, reason="stop", made=4)}, 422, "bad_count", "/outputs", "eval_count is 4")
invalid("ollama_length_lost", {"outputs": ollama(SAT, ON, made=3)}, 422, "bad_count", "/outputs", "eval_count is 3")
invalid("ollama_without", {"outputs": {k: v for k, v in ollama().items() if k != "logprobs"}}, 422, "bad_outputs", "/outputs",
        "\"logprobs\": true")
invalid("ollama_prompt", {**IDS, "objectives": ["marginal"], "outputs": ollama(SAT, ON)}, 422, "undefined_objective", "/objectives/0",
        "none of the prompt")

# ---- Bedrock custom model import ----

def bedrock(prompt, made, **more):
    return {"generation": " sat on", "prompt_token_count": 3, "generation_token_count": 2, "stop_reason": "length",
            "prompt_logprobs": prompt, "logprobs": made, **more}


TOLD = [None, {"12": -1.5}, {"13": -0.25}]
BEDROCK = bedrock(TOLD, [{"24": -3, "30": -1}, {"25": -0.5}])
valid("bedrock", {"outputs": bedrock(TOLD, [{"24": -3}, {"25": -0.5}])}, {"prompt_length": 3, "logprobs": ALL["logprobs"]},
      source("bedrock", tokens=None), [("token_by_rank", "/outputs/prompt_logprobs/1", 4)])
valid("bedrock_tokens", {**IDS, "outputs": bedrock([None, {"791": -1, "12": -1.5}, {"13": -0.25}], [{"24": -3, "30": -1}, {"25": -0.5}])},
      ALL, source("bedrock", tokens="request", split="request"),
      [("truncated_top", "/outputs/prompt_logprobs/1", 2), ("token_by_rank", "/outputs/logprobs/1", 1)],
      [None, False, None, False, None])
# Two ids, no ranks and nothing that tells which one was there.
invalid("bedrock_untold", {"outputs": BEDROCK}, 422, "bad_outputs", "/outputs/logprobs/0")
invalid("bedrock_ids", {**IDS, "outputs": bedrock(TOLD, [{"24": -3}, {"26": -0.5}])}, 422, "out_of_range", "/tokens/4", "26")
invalid("bedrock_lost", {"outputs": bedrock(TOLD, [{"24": -3}])}, 422, "bad_count", "/outputs", "generation_token_count is 2")
invalid("bedrock_prompt_lost", {"outputs": bedrock(TOLD[:2], [{"24": -3}, {"25": -0.5}])}, 422, "bad_count", "/outputs",
        "prompt_token_count is 3")
invalid("bedrock_without", {"outputs": bedrock(None, None)}, 422, "bad_outputs", "/outputs", "\"return_logprobs\": true")

# ---- Together ----

def parallel(texts, numbers, ids):
    return {"tokens": texts, "token_logprobs": numbers, "token_ids": ids}


def together(prompt, made, counts=(3, 2)):
    return {"id": "t", "object": "text.completion", "model": "m", "prompt": prompt, "usage": usage(*counts), "choices": [
        {"index": 0, "text": " sat on", "seed": 1, "finish_reason": "length", "logprobs": made}]}


HEAD = [{"text": "The old cat", "logprobs": parallel(["The", " old", " cat"], [None, -1.5, -0.25], [11, 12, 13])}]
TAIL = parallel([" sat", " on"], [-3, -0.5], [24, 25])
valid("together_echo", {"outputs": together(HEAD, TAIL)}, ALL, source("openai"))
valid("together_echo_tokens", {**IDS, "outputs": together(HEAD, TAIL)}, ALL, source("openai", tokens="request", split="request"))
valid("together_generated", {"outputs": together([], TAIL)}, MADE, source("openai"))
invalid("together_prompt_lost", {"outputs": together([{"text": "", "logprobs": parallel(["The", " cat"], [None, -0.25], [11, 13])}],
                                                     TAIL)}, 422, "bad_count", "/outputs/choices/0", "3")
invalid("together_ids_short", {"outputs": together([], parallel([" sat", " on"], [-3, -0.5], [24]))}, 422, "bad_count",
        "/outputs/choices/0")
invalid("together_prompt_ids", {"tokens": [11, 12, 14, 24, 25], "prompt_length": 3, "outputs": together(HEAD, TAIL)}, 422,
        "out_of_range", "/tokens/2", "13")

# ---- Fireworks ----

def fireworks(texts, numbers, ids):
    return [{"token": t, "bytes": list(t.encode()), "logprob": p, "sampling_logprob": None if i < 20 else p / 2, "token_id": i,
             "text_offset": 0, "top_logprobs": [{"token": t, "logprob": p, "token_id": i, "bytes": list(t.encode())}]}
            for t, p, i in zip(texts, numbers, ids)]


SENTENCE = ["The", " old", " cat", " sat", " on"]
valid("fireworks_arrays", {"outputs": completion({**arrays(SENTENCE, ALL["logprobs"]), "token_ids": IDS["tokens"]}, (3, 2))}, ALL,
      source("openai"))
valid("fireworks_content", {"outputs": completion({"content": fireworks(SENTENCE[3:], [-3, -0.5], [24, 25])}, (3, 2), token_ids=[24, 25],
                                                  prompt_token_ids=[11, 12, 13])}, MADE, source("vllm"), [], [True, True])
valid("fireworks_echo", {"outputs": completion({"content": fireworks(SENTENCE, [0.0, -1.5, -0.25, -3, -0.5], IDS["tokens"])}, (3, 2))},
      ALL, source("openai_chat"), [("first_zero", "/outputs/choices/0/logprobs/content/0/logprob", 1)], [None, True, True, True, True])
invalid("fireworks_ids", {**IDS, "outputs": completion({"content": fireworks(SENTENCE[3:], [-3, -0.5], [24, 26])}, (3, 2))}, 422,
        "out_of_range", "/tokens/4", "26")
invalid("fireworks_contradicts", {"outputs": completion({"content": fireworks(SENTENCE[3:], [-3, -0.5], [24, 25])}, (3, 2),
                                                        token_ids=[24, 26])}, 422, "bad_outputs", "/outputs/choices/0/logprobs/content/1/logprob", "26")

# ---- KoboldCpp ----

BOTH = {"content": [piece(" sat", -3, token_id=24), piece(" on", -0.5, token_id=25)], **parallel([" sat", " on"], [-3, -0.5], [24, 25]),
        "top_logprobs": [{" sat": -3}, {" on": -0.5}], "text_offset": [0, 4]}
NATIVE = {"results": [{"text": " sat on", "tool_calls": [], "finish_reason": "length", "logprobs": BOTH, "prompt_tokens": 3,
                       "completion_tokens": 2}]}
valid("koboldcpp_native", {"outputs": NATIVE}, MADE, source("koboldcpp"))
invalid("koboldcpp_shapes_differ", {"outputs": completion({**BOTH, "token_logprobs": [-3, -0.75]}, (3, 2))}, 422, "bad_outputs",
        "/outputs/choices/0/logprobs/token_logprobs/1", "-0.75")
invalid("koboldcpp_shape_short", {"outputs": completion({**BOTH, "content": BOTH["content"][:1]}, (3, 2))}, 422, "bad_count", "/outputs/choices/0")
invalid("koboldcpp_none", {"outputs": {"results": [{"text": "x", "finish_reason": "length", "logprobs": None, "prompt_tokens": 3,
                                                    "completion_tokens": 2}]}}, 422, "bad_outputs", "/outputs/results/0", "\"logprobs\"")

# ---- OpenAI Responses ----

def responses(*items, made=2, thought=0, **more):
    return {"id": "r", "object": "response", "status": "completed", "error": None, "output": list(items), "usage": {
        "input_tokens": 9, "output_tokens": made, "output_tokens_details": {"reasoning_tokens": thought}, "total_tokens": 9 + made}, **more}


def said(*parts):
    return {"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": [
        {"type": "output_text", "text": "x", "annotations": [], "logprobs": list(part)} for part in parts]}


valid("responses", {"outputs": responses(said([SAT, ON]))}, TEXTS, source("openai_responses", tokens=None),
      [("truncated_top", "/outputs/output/0/content/0/logprobs/0/logprob", 1)], [False, True])
valid("responses_parts", {"outputs": responses(said([SAT], [ON]))}, TEXTS, source("openai_responses", tokens=None),
      [("truncated_top", "/outputs/output/0/content/0/logprobs/0/logprob", 1)], [False, True])
valid("responses_reasoning", {"outputs": responses({"type": "reasoning", "id": "t", "summary": []}, said([SAT, ON]), made=66, thought=64)},
      TEXTS, source("openai_responses", tokens=None),
      [("truncated_top", "/outputs/output/1/content/0/logprobs/0/logprob", 1),
       ("generated_left_out", "/outputs/output/1/content/0/logprobs/1/logprob", 64)], [False, True])
# It counts the token that ended it ("OK!" is told to have three tokens), and lists what it said.
valid("responses_stop", {"outputs": responses(said([SAT, ON]), made=3)}, TEXTS, source("openai_responses", tokens=None),
      [("truncated_top", "/outputs/output/0/content/0/logprobs/0/logprob", 1),
       ("stop_unlisted", "/outputs/output/0/content/0/logprobs/1/logprob", 1)], [False, True])
invalid("responses_incomplete_lost", {"outputs": responses(said([SAT, ON]), made=3, status="incomplete", incomplete_details={
    "reason": "max_output_tokens"})}, 422, "bad_count", "/outputs", "3")
invalid("responses_lost", {"outputs": responses(said([SAT, ON]), made=9)}, 422, "bad_count", "/outputs", "9")
invalid("responses_without", {"outputs": responses(said([]))}, 422, "bad_outputs", "/outputs", "message.output_text.logprobs")

# ---- Cohere v2 chat ----

def cohere(*runs, made=2):
    return {"id": "x", "finish_reason": "MAX_TOKENS", "message": {"role": "assistant", "content": [{"type": "text", "text": " sat on"}]},
            "usage": {"billed_units": {"input_tokens": 1, "output_tokens": 2}, "tokens": {"input_tokens": 9, "output_tokens": made}},
            "logprobs": list(runs)}


valid("cohere_chat", {"outputs": cohere({"text": " sat on", "token_ids": [24, 25], "logprobs": [-3, -0.5]})}, MADE, source("cohere_chat"))
valid("cohere_chat_runs", {"outputs": cohere({"text": " sat", "token_ids": [24], "logprobs": [-3]}, {"token_ids": [25], "logprobs": [-0.5]})},
      MADE, source("cohere_chat"))
invalid("cohere_chat_short", {"outputs": cohere({"token_ids": [24, 25], "logprobs": [-3]})}, 422, "bad_count", None)
invalid("cohere_chat_lost", {"outputs": cohere({"token_ids": [24], "logprobs": [-3]})}, 422, "bad_count", "/outputs", "2")
invalid("cohere_chat_null", {"outputs": cohere({"text": " sat", "token_ids": [24, 25]})}, 422, "bad_outputs", None)
invalid("cohere_chat_ids", {"tokens": [1, 24, 26], "prompt_length": 1, "outputs": cohere({"token_ids": [24, 25], "logprobs": [-3, -0.5]})},
        422, "out_of_range", "/tokens/2", "25")

# ---- Gemini ----

def gemini(mean, made=2, chosen=((24, -3), (25, -0.5)), **more):
    return {"candidates": [{"content": {"role": "model", "parts": [{"text": "x"}]}, "finishReason": "MAX_TOKENS", "avgLogprobs": mean,
                            "logprobsResult": {"chosenCandidates": [{"token": "x", "tokenId": i, "logProbability": p} for i, p in chosen],
                                               **more}}],
            "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": made, "totalTokenCount": 9 + made}}


valid("gemini_mean", {"outputs": gemini(-1.75)}, MADE, source("gemini"))
invalid("gemini_mean_contradicts", {"outputs": gemini(-1.25)}, 422, "bad_outputs", "/outputs/candidates/0", "-1.75")
invalid("gemini_sum_contradicts", {"outputs": gemini(-1.75, logProbabilitySum=-3)}, 422, "bad_outputs", "/outputs/candidates/0", "-3.5")
# What Google's Python library writes for STOP; candidates_token_count counts the token that stopped it.
for number, reason in enumerate([1, "FinishReason.STOP", "STOP"]):
    valid("gemini_stop_%d" % number, {"outputs": {"candidates": [{**gemini(-1.75)["candidates"][0], "finishReason": reason}],
                                                  "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 3, "totalTokenCount": 12}}},
          MADE, source("gemini"), [("stop_unlisted", "/outputs/candidates/0/logprobsResult/chosenCandidates/1/logProbability", 1)])
invalid("gemini_lost", {"outputs": gemini(-1.75, made=3)}, 422, "bad_count", "/outputs/candidates/0", "3")

# ---- Text Generation Inference, DJL ----

invalid("djl_failed", {"outputs": {"generated_text": "", "details": {"finish_reason": "error", "generated_tokens": None, "inputs": None,
                                                                     "tokens": None}}}, 422, "bad_outputs", "/outputs")
# Its vLLM handler leaves out the first token of the prompt: the rest is never taken for tokens before it.
SKIPPED = {"generated_text": " sat on", "details": {"finish_reason": None, "generated_tokens": 2, "seed": None, "prefill": [
    {"id": 12, "text": " old", "logprob": -1.5}, {"id": 13, "text": " cat", "logprob": -0.25}], "tokens": [
    {"id": 24, "text": " sat", "logprob": -3}, {"id": 25, "text": " on", "logprob": -0.5}]}}
invalid("djl_prefill_short", {**IDS, "outputs": SKIPPED}, 422, "bad_count", "/outputs", "4 tokens")
invalid("tgi_lost", {"outputs": {**SKIPPED, "details": {**SKIPPED["details"], "generated_tokens": 3}}}, 422, "bad_count", "/outputs", "3")
invalid("tgi_tops_short", {"outputs": {**SKIPPED, "details": {**SKIPPED["details"], "top_tokens": [[
    {"id": 24, "text": " sat", "logprob": -3}]]}}}, 422, "bad_count", None)

# ---- watsonx ----

def watsonx(given, made, counts=(3, 2)):
    return {"model_id": "m", "results": [{"generated_text": " sat on", "input_token_count": counts[0], "generated_token_count": counts[1],
                                          "stop_reason": "max_tokens", "input_tokens": given, "generated_tokens": made}]}


INPUT = [{"text": "The"}, {"text": " old", "logprob": -1.5, "rank": 3}, {"text": " cat", "logprob": -0.25, "rank": 1}]
OUTPUT = [{"text": " sat", "logprob": -3, "rank": 2, "top_tokens": [{"text": " ran", "logprob": -1}, {"text": " sat", "logprob": -3}]},
          {"text": " on", "logprob": -0.5, "rank": 1, "top_tokens": [{"text": " on", "logprob": -0.5}]}]
valid("watsonx", {"outputs": watsonx(INPUT, OUTPUT)}, {"prompt_length": 3, "logprobs": ALL["logprobs"]}, source("watsonx", tokens=None),
      [("truncated_top", "/outputs/results/0/generated_tokens/0/logprob", 1)], [None, False, True, False, True])
valid("watsonx_generated", {"outputs": watsonx(None, OUTPUT)}, TEXTS, source("watsonx", tokens=None),
      [("truncated_top", "/outputs/results/0/generated_tokens/0/logprob", 1)], [False, True])
invalid("watsonx_lost", {"outputs": watsonx(INPUT[:2], OUTPUT)}, 422, "bad_count", "/outputs/results/0", "3")
invalid("watsonx_without", {"outputs": watsonx(None, None)}, 422, "bad_outputs", "/outputs/results/0", "return_options")

# ---- mlx-lm ----

valid("mlx_lm_arrays", {"outputs": completion({"tokens": [24, 25], "token_logprobs": [-3, -0.5], "top_logprobs": [
    {"30": -1, "24": -3}, {"25": -0.5, "31": -4}]}, (3, 2))}, MADE, source("openai"),
    [("truncated_top", "/outputs/choices/0/logprobs/token_logprobs/0", 2)], [False, True])
valid("mlx_lm_content", {"outputs": completion({"content": [{"id": 24, "logprob": -3}, {"id": 25, "logprob": -0.5}]}, (3, 2))}, MADE,
      source("openai_chat"))
invalid("mlx_lm_ids", {**IDS, "outputs": completion({"tokens": [24, 26], "token_logprobs": [-3, -0.5]}, (3, 2))}, 422, "out_of_range",
        "/tokens/4", "26")

# ---- chat: refusals, reasoning, nothing ----

def chat(logprobs, made, message=None, **more):
    return {"id": "x", "object": "chat.completion", "choices": [{
        "index": 0, "message": message or {"role": "assistant", "content": "x"}, "logprobs": logprobs, "finish_reason": "stop"}],
        "usage": usage(9, made, **more)}


ENTRY = "/outputs/choices/0/logprobs/"
valid("chat_refusal", {"outputs": chat({"content": None, "refusal": [SAT, ON]}, 2)}, TEXTS, source("openai_chat", tokens=None),
      [("truncated_top", ENTRY + "refusal/0/logprob", 1)], [False, True])
valid("chat_reasoning_alone", {"outputs": chat({"content": None, "reasoning_content": [SAT, ON]}, 2)}, TEXTS,
      source("openai_chat", tokens=None), [("truncated_top", ENTRY + "reasoning_content/0/logprob", 1)], [False, True])
# The counts say that the reasoning was not generated beside the content.
valid("chat_reasoning_uncounted", {"outputs": chat({"content": [SAT, ON], "reasoning_content": [piece("hm", -1.5)]}, 2)}, TEXTS,
      source("openai_chat", tokens=None), [("truncated_top", ENTRY + "content/0/logprob", 1),
                                           ("generated_left_out", ENTRY + "reasoning_content/0/logprob", 1)], [False, True])
valid("chat_reasoning_unlisted", {"outputs": chat({"content": [SAT, ON]}, 66, completion_tokens_details={"reasoning_tokens": 64})}, TEXTS,
      source("openai_chat", tokens=None), [("truncated_top", ENTRY + "content/0/logprob", 1),
                                           ("generated_left_out", ENTRY + "content/1/logprob", 64)], [False, True])
valid("chat_stop", {"outputs": chat({"content": [SAT, ON]}, 3)}, TEXTS, source("openai_chat", tokens=None),
      [("truncated_top", ENTRY + "content/0/logprob", 1), ("stop_unlisted", ENTRY + "content/1/logprob", 1)], [False, True])
invalid("chat_nothing", {"outputs": chat({"content": None, "refusal": None}, 2)}, 422, "bad_outputs", "/outputs/choices/0", "\"logprobs\": true")
invalid("chat_lost", {"outputs": chat({"content": [SAT, ON]}, 4)}, 422, "bad_count", "/outputs/choices/0", "completion_tokens 4")
invalid("chat_count_written_as_real", {"outputs": {**chat({"content": [SAT, ON]}, 2), "usage": {"completion_tokens": 4.0, "prompt_tokens": 9.0}}},
        422, "bad_count", "/outputs/choices/0", "completion_tokens 4")
invalid("chat_one_more", {"outputs": chat({"content": [SAT, ON]}, 1)}, 422, "bad_count", "/outputs/choices/0", "completion_tokens 1")
invalid("chat_probabilities", {"outputs": content({"token": "a", "logprob": 0.75, "top_logprobs": []})}, 422, "out_of_range", None)
invalid("llamacpp_old", {"outputs": {"content": " sat", "completion_probabilities": [{"content": " sat", "probs": [
    {"tok_str": " sat", "prob": 0.5}]}], "tokens_evaluated": 3, "tokens_predicted": 1}}, 422, "bad_outputs", None, "probabilit")
