"""answers.py - answers of engines in the form in which they were recorded, with all that the engines say twice
(counts, ids, sums, texts), and what logitd must make of each.  mutations.py changes them.

A base has a name, the request around the answer, the answer, and the log-probabilities that are summed up in each
objective of each sequence."""
import math

from .shapes import (Values, arrays, chat, choice, completion, events, lines, message, piece, pieces, ranked, tops, triples,
                     usage, utf8)

BASES = []
PROMPT, MADE = ["The", " old", " cat"], [" sat", " on"]
P_IDS, G_IDS = [311, 312, 313], [424, 425]
ROLE = {"role": "assistant", "content": ""}


class Base:
    def __init__(self, name, outputs, expected, request, text, route, put):
        self.name, self.outputs, self.request, self.route = name, outputs, request, route
        self.expected = expected if isinstance(expected, list) else [expected]
        # How a list of chunks becomes the text of a stream; None: it stays a list.
        self.text = text
        # The body around the answer; a text is NDJSON.
        self.put = put
        self.media = "application/x-ndjson" if put is lines else "application/json"


def base(name, outputs, expected, text=None, route="/v1/score", put=lambda outputs: {"outputs": outputs}, **request):
    BASES.append(Base(name, outputs, expected, request, text, route, put))


def split(prompt, made):
    """Both parts of a sequence whose first token has no log-probability."""
    return {"marginal": prompt, "conditional": made}


def values(prompt=2, made=2):
    v = Values()
    return v.some(prompt), v.some(made)


# ---- OpenAI's completions, and servers like it ----

P, G = values()
ALL = [None, *P, *G]
ECHO = completion([choice(arrays(PROMPT + MADE, ALL), "The old cat sat on")], (3, 2))
base("openai_echo", ECHO, split(P, G))
base("openai_echo_tokens", ECHO, split(P, G), tokens=P_IDS + G_IDS, prompt_length=3)
base("openai_echo_prompt", ECHO, split(P, G), prompt=P_IDS, completion=G_IDS)
base("openai_echo_mask", ECHO, {"marginal": [P[0], G[0]], "conditional": [P[1], G[1]]}, tokens=P_IDS + G_IDS, mask=[0, 0, 1, 0, 1])
base("openai_echo_labels", ECHO, split(P, G), tokens=P_IDS + G_IDS, labels=[-100, -100, -100, *G_IDS])
base("openai_echo_left", completion([choice(arrays(PROMPT + MADE[:1], ALL[:4]), "The old cat sat")], (3, 1)), split(P[:1], P[1:]),
     prompt_length=2)
base("openai_echo_drop", ECHO, split(P[:1], P[1:]), prompt_length=2, generated="drop")
base("openai_echo_score", completion([choice(arrays(PROMPT + MADE[:1], ALL[:4]), "The old cat sat")], (3, 1)), split(P[:1], P[1:] + G[:1]),
     prompt_length=2, generated="score")
base("openai_echo_tool", completion([choice(arrays(PROMPT + MADE[:1], ALL[:4]), "The old cat sat")], (3, 1)), split(P[:1], P[1:]),
     tokens=P_IDS, prompt_length=2)
base("openai_echo_only", completion([choice(arrays(PROMPT, ALL[:3]), "The old cat")], (3, 0)), split(P[:1], P[1:]), prompt_length=2)
base("openai_echo_length", ECHO, split(P[:1], P[1:] + G), prompt_length=2)
base("openai_made", completion([choice(arrays(MADE, G, 11), " sat on")], (3, 2)), {"conditional": G})
base("openai_made_tokens", completion([choice(arrays(MADE, G, 11), " sat on")], (3, 2)), {"conditional": G}, prompt=P_IDS,
     completion=G_IDS)
base("openai_token_ids", completion([choice(arrays(["token_id:%d" % i for i in P_IDS + G_IDS], ALL), "")], (3, 2)), split(P, G))
base("openai_two_choices", completion([choice(arrays(PROMPT + MADE, ALL), ""), choice(arrays(PROMPT + [" ran", " up"], [
    None, *P, -5.5, -3.25]), "", 1)], (3, 4)), [split(P, G), split(P, [-5.5, -3.25])], prompt_length=3)
base("openai_list", [completion([choice(arrays(PROMPT + MADE, ALL), "")], (3, 2)), completion([choice(arrays(["A", " dog"], [
    None, -5.5]), "")], (1, 1))], [split(P, G), split([], [-5.5])])
base("openai_dealt", [completion([choice(arrays(PROMPT + MADE, ALL), "")], (3, 2)), completion([choice(arrays(
    PROMPT + [" ran", " up"], [None, *P, -5.5, -3.25]), "")], (3, 2), id="cmpl-2")], [split(P, G), split(P, [-5.5, -3.25])],
     sequences=[{"tokens": P_IDS + G_IDS, "prompt_length": 3}, {"tokens": P_IDS + [434, 435], "prompt_length": 3}])

# ---- chat completions ----

CHAT = chat([message(pieces(MADE, G), " sat on")], (9, 2))
base("chat", CHAT, {"conditional": G})
base("chat_ids", chat([message(pieces(MADE, G, G_IDS), " sat on")], (9, 2)), {"conditional": G})
base("chat_tokens", chat([message(pieces(MADE, G, G_IDS), " sat on")], (3, 2)), {"conditional": G}, prompt=P_IDS, completion=G_IDS)
base("chat_no_ids_tokens", chat([message(pieces(MADE, G), " sat on")], (3, 2)), {"conditional": G}, tokens=P_IDS + G_IDS,
     prompt_length=3)
base("chat_refusal", chat([{**message(None, None), "message": {"role": "assistant", "content": None, "refusal": " sat on"},
                            "logprobs": {"content": None, "refusal": pieces(MADE, G)}}], (9, 2)), {"conditional": G})
base("chat_two_choices", chat([message(pieces(MADE, G), " sat on"), message(pieces(["Yes", "."], [-5.5, -3.25]), "Yes.", 1)], (9, 4)),
     [{"conditional": G}, {"conditional": [-5.5, -3.25]}])
base("chat_azure", {"prompt_filter_results": [{"prompt_index": 0, "content_filter_results": {}}], **chat([message(
    pieces(MADE, G), " sat on", content_filter_results={"hate": {"filtered": False, "severity": "safe"}})], (9, 2))}, {"conditional": G})
base("chat_openrouter", {"provider": "P", **chat([message(pieces(MADE, G), " sat on", native_finish_reason="stop")], (9, 2))},
     {"conditional": G})
REASONING = message(pieces(MADE, G), " sat on")
REASONING["message"]["reasoning_content"] = "hm so"
REASONING["logprobs"]["reasoning_content"] = pieces(["hm", " so"], P)
base("chat_reasoning", chat([REASONING], (9, 4), **{}), {"conditional": P + G})
base("chat_lm_studio", {**chat([message(pieces(MADE, G), " sat on")], (9, 2)), "stats": {}, "system_fingerprint": "m"}, {"conditional": G})

# ---- vLLM ----

TOLD = [None, *(ranked(i, v, t) for i, v, t in zip(P_IDS[1:], P, PROMPT[1:]))]
VLLM = completion([choice(arrays(MADE, G, 0), " sat on", stop_reason=None, prompt_logprobs=TOLD, prompt_token_ids=P_IDS,
                          token_ids=G_IDS)], (3, 2))
base("vllm", VLLM, split(P, G))
base("vllm_tokens", VLLM, split(P, G), tokens=P_IDS + G_IDS, prompt_length=3)
base("vllm_tool", completion([choice(arrays(MADE[:1], G[:1], 0), " sat", prompt_logprobs=TOLD, prompt_token_ids=P_IDS,
                                     token_ids=G_IDS[:1])], (3, 1)), split(P[:1], P[1:]), tokens=P_IDS, prompt_length=2)
base("vllm_left", BASES[-1].outputs, split(P[:1], P[1:]), prompt_length=2)
base("vllm_echo", completion([choice(arrays(PROMPT + MADE, ALL), "", prompt_logprobs=TOLD, prompt_token_ids=P_IDS,
                                     token_ids=G_IDS)], (3, 2)), split(P, G))
base("vllm_chat", {**chat([message(pieces(MADE, G), " sat on", token_ids=G_IDS)], (3, 2)), "prompt_logprobs": TOLD,
                   "prompt_token_ids": P_IDS}, split(P, G))


def request_output(logprobs, told=None, number="0", ids=None, made=None):
    return {"request_id": number, "prompt": "The old cat", "prompt_token_ids": ids or P_IDS, "prompt_logprobs": told or TOLD,
            "outputs": [{"index": 0, "text": " sat on", "token_ids": made or G_IDS, "logprobs": logprobs,
                         "cumulative_logprob": sum(G), "finish_reason": "length", "stop_reason": None}], "finished": True,
            "metrics": None, "lora_request": None, "num_cached_tokens": 0}


OFFLINE = request_output([ranked(i, v, t) for i, v, t in zip(G_IDS, G, MADE)])
base("vllm_offline", OFFLINE, split(P, G))
base("vllm_offline_length", OFFLINE, split(P[:1], P[1:] + G), prompt_length=2)
base("vllm_offline_tokens", OFFLINE, split(P, G), tokens=P_IDS + G_IDS, prompt_length=3)
base("vllm_offline_numbers", request_output([{str(i): v, str(i + 5000): v - 1} for i, v in zip(G_IDS, G)], [
    None, *({str(i): v, str(i + 5000): v - 1} for i, v in zip(P_IDS[1:], P))]), split(P, G))
SECOND = request_output([ranked(434, -5.5, "a"), ranked(435, -3.25, "b")], [None, ranked(332, -0.25, "c")], "1", [331, 332], [434, 435])
SECOND["outputs"][0]["cumulative_logprob"] = -8.75
base("vllm_offline_list", [OFFLINE, SECOND], [split(P, G), split([-0.25], [-5.5, -3.25])])

# ---- hosts ----

BEDROCK = {"generation": " sat on", "prompt_token_count": 3, "generation_token_count": 2, "stop_reason": "length",
           "prompt_logprobs": [None, *({str(i): v} for i, v in zip(P_IDS[1:], P))],
           "logprobs": [{str(i): v} for i, v in zip(G_IDS, G)]}
base("bedrock", BEDROCK, split(P, G))
base("bedrock_tokens", BEDROCK, split(P, G), tokens=P_IDS + G_IDS, prompt_length=3)


def together(texts, numbers, ids):
    return {"tokens": texts, "token_logprobs": numbers, "token_ids": ids}


TOGETHER = {**completion([choice(together(MADE, G, G_IDS), " sat on", seed=1)], (3, 2), object="text.completion"), "prompt": [
    {"text": "The old cat", "logprobs": together(PROMPT, ALL[:3], P_IDS)}]}
base("together", TOGETHER, split(P, G))
base("together_tokens", TOGETHER, split(P, G), tokens=P_IDS + G_IDS, prompt_length=3)
base("together_chat", chat([{"index": 0, "message": {"role": "assistant", "content": " sat on"}, "finish_reason": "eos",
                             "logprobs": together(MADE, G, G_IDS)}], (3, 2)), {"conditional": G}, prompt=P_IDS, completion=G_IDS)
base("fireworks_arrays", completion([choice(arrays(PROMPT + MADE, ALL, ids=P_IDS + G_IDS), "")], (3, 2)), split(P, G))
FIREWORKS = pieces(PROMPT + MADE, [0.0, *P, *G], P_IDS + G_IDS, id_name="token_id")
for at, entry in enumerate(FIREWORKS):
    entry.update(sampling_logprob=None if at < 3 else entry["logprob"] / 2, text_offset=4 * at)
base("fireworks_content", completion([choice({"content": FIREWORKS[3:]}, " sat on", token_ids=G_IDS)], (3, 2)), {"conditional": G})
base("fireworks_content_echo", completion([choice({"content": FIREWORKS}, "The old cat sat on")], (3, 2)), split(P, G))
base("cohere", {"id": "x", "generations": [{"id": "y", "text": " sat on", "likelihood": sum(G) / 2, "token_likelihoods": [
    {"token": t, "likelihood": v} for t, v in zip(MADE, G)]}], "prompt": "The"}, {"conditional": G})
base("cohere_chat", {"id": "x", "finish_reason": "MAX_TOKENS", "message": {"role": "assistant", "content": [
    {"type": "text", "text": " sat on the"}]}, "usage": {"billed_units": {"input_tokens": 3, "output_tokens": 3}, "tokens": {
        "input_tokens": 9, "output_tokens": 3}}, "logprobs": [{"text": " sat on", "token_ids": G_IDS, "logprobs": G},
                                                          {"text": " the", "token_ids": [426], "logprobs": P[:1]}]},
     {"conditional": G + P[:1]})


def gemini(names, chosen=True, counts=True):
    result, at, top, listed, token, ident, number, mean, told, ask, made, total, reason = names
    entries = [{token: t, ident: i, number: v} for t, i, v in zip(MADE, G_IDS, G)]
    rivals = [{listed: [e, {token: "~", ident: e[ident] + 5000, number: e[number] - 1}]} for e in entries]
    return {"candidates": [{"content": {"role": "model", "parts": [{"text": " sat on"}]}, reason: "STOP", mean: sum(G) / 2,
                            result: {at: entries, top: rivals}}], told: {ask: 9, made: 2, total: 11}}


base("gemini", gemini(["logprobsResult", "chosenCandidates", "topCandidates", "candidates", "token", "tokenId", "logProbability",
                       "avgLogprobs", "usageMetadata", "promptTokenCount", "candidatesTokenCount", "totalTokenCount", "finishReason"]),
     {"conditional": G})
base("gemini_snake", gemini(["logprobs_result", "chosen_candidates", "top_candidates", "candidates", "token", "token_id",
                             "log_probability", "avg_logprobs", "usage_metadata", "prompt_token_count", "candidates_token_count",
                             "total_token_count", "finish_reason"]), {"conditional": G})
base("responses", {"id": "resp_1", "object": "response", "status": "completed", "error": None, "incomplete_details": None,
                   "output": [{"id": "msg_1", "type": "message", "status": "completed", "role": "assistant", "content": [
                       {"type": "output_text", "annotations": [], "text": " sat on", "logprobs": pieces(MADE, G)}]}],
                   "usage": {"input_tokens": 9, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 2,
                             "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 11}}, {"conditional": G})
base("responses_stop", {**BASES[-1].outputs, "usage": {**BASES[-1].outputs["usage"], "output_tokens": 3, "total_tokens": 12}},
     {"conditional": G})
base("watsonx", {"model_id": "m", "created_at": "2025-01-01T00:00:00Z", "results": [{
    "generated_text": " sat on", "generated_token_count": 2, "input_token_count": 3, "stop_reason": "max_tokens",
    "input_tokens": [{"text": "The"}, *({"text": t, "logprob": v, "rank": 1} for t, v in zip(PROMPT[1:], P))],
    "generated_tokens": [{"text": t, "logprob": v, "rank": 1, "top_tokens": [{"text": t, "logprob": v}]} for t, v in zip(MADE, G)]}]},
     split(P, G))

# ---- servers ----

TGI = {"generated_text": " sat on", "details": {
    "best_of_sequences": None, "finish_reason": "length", "generated_tokens": 2, "seed": None,
    "prefill": [{"id": i, "text": t, "logprob": v} for i, t, v in zip(P_IDS, PROMPT, ALL)],
    "tokens": [{"id": i, "text": t, "logprob": v, "special": False} for i, t, v in zip(G_IDS, MADE, G)],
    "top_tokens": [[{"id": i, "text": t, "logprob": v, "special": False}] for i, t, v in zip(G_IDS, MADE, G)]}}
base("tgi", TGI, split(P, G))
base("tgi_tokens", TGI, split(P, G), tokens=P_IDS + G_IDS, prompt_length=3)
base("tgi_cached", {"generated_text": " sat on", "details": {**TGI["details"], "prefill": [
    {"id": i, "text": t, "logprob": None} for i, t in zip(P_IDS, PROMPT)]}}, {"conditional": G})
base("djl", {"generated_text": " sat on", "details": {
    "finish_reason": "length", "generated_tokens": 2, "inputs": "The old cat",
    "prefill": [{"id": i, "text": t, "log_prob": v} for i, t, v in zip(P_IDS, PROMPT, ALL)],
    "tokens": [{"id": i, "text": t, "log_prob": v} for i, t, v in zip(G_IDS, MADE, G)]}}, split(P, G), tokens=P_IDS + G_IDS, prompt_length=3)


def sglang(**more):
    return {"text": " sat on", "output_ids": G_IDS, "meta_info": {
        "id": "3f", "prompt_tokens": 3, "completion_tokens": 2, "cached_tokens": 0, "finish_reason": {"type": "length", "length": 2},
        "input_token_logprobs": triples(P_IDS, ALL), "output_token_logprobs": triples(G_IDS, G),
        "input_top_logprobs": tops(P_IDS, ALL[:3]), "output_top_logprobs": tops(G_IDS, G), **more}}


base("sglang", sglang(), split(P, G))
base("sglang_tokens", sglang(), split(P, G), tokens=P_IDS + G_IDS, prompt_length=3)
base("sglang_late", {"text": "", "output_ids": [], "meta_info": {
    "id": "3f", "prompt_tokens": 5, "completion_tokens": 0, "finish_reason": {"type": "length", "length": 0},
    "input_token_logprobs": triples([313, *G_IDS], [None, *G]), "output_token_logprobs": [],
    "input_top_logprobs": tops([313, *G_IDS], [None, *G]), "output_top_logprobs": []}}, {"conditional": G}, tokens=P_IDS + G_IDS, prompt_length=3)
base("sglang_made", sglang(input_token_logprobs=[], input_top_logprobs=[]), {"conditional": G})
base("sglang_list", [sglang(), {"text": "x", "output_ids": [434], "meta_info": {
    "id": "40", "prompt_tokens": 2, "completion_tokens": 1, "finish_reason": {"type": "length", "length": 1},
    "input_token_logprobs": triples([331, 332], [None, -0.25]), "output_token_logprobs": triples([434], [-5.5])}}],
     [split(P, G), split([-0.25], [-5.5])])
base("llamacpp", {"index": 0, "content": " sat on", "tokens": G_IDS, "id_slot": 0, "stop": True, "tokens_predicted": 2,
                  "tokens_evaluated": 3, "stop_type": "limit", "tokens_cached": 4, "truncated": False, "completion_probabilities":
                  pieces(MADE, G, G_IDS)}, {"conditional": G})
base("llamacpp_tokens", {**BASES[-1].outputs}, {"conditional": G}, tokens=P_IDS + G_IDS, prompt_length=3)
base("llamacpp_chat", completion([choice({"content": pieces(MADE, G, G_IDS)}, " sat on")], (3, 2)), {"conditional": G},
     tokens=P_IDS + G_IDS, prompt_length=3)
base("koboldcpp", completion([choice({"content": pieces(MADE, G, G_IDS, id_name="token_id"), **arrays(MADE, G, 0, G_IDS)}, " sat on")],
                             (3, 2)), {"conditional": G}, prompt=P_IDS, completion=G_IDS)
OLLAMA = {"model": "m", "created_at": "2025-11-12T00:00:00.1Z", "response": " sat on", "done": True, "done_reason": "length",
          "context": P_IDS[1:] + G_IDS, "total_duration": 10, "load_duration": 1, "prompt_eval_count": 3, "prompt_eval_duration": 2,
          "eval_count": 2, "eval_duration": 3, "logprobs": pieces(MADE, G)}
base("ollama", OLLAMA, {"conditional": G})
base("ollama_stop", {**OLLAMA, "done_reason": "stop", "eval_count": 3}, {"conditional": G})
base("ollama_chat", {k: v for k, v in {**OLLAMA, "message": {"role": "assistant", "content": " sat on"}}.items()
                     if k not in ("response", "context")}, {"conditional": G})
base("mlx_old", completion([choice({"tokens": G_IDS, "token_logprobs": G, "top_logprobs": [
    {str(i): v, str(i + 5000): v - 1} for i, v in zip(G_IDS, G)]}, " sat on")], (3, 2)), {"conditional": G})
base("mlx", completion([choice({"content": [{"id": i, "logprob": v} for i, v in zip(G_IDS, G)]}, " sat on")], (3, 2)), {"conditional": G})
base("tensorrt_llm", {"prompt_token_ids": P_IDS, "outputs": [{
    "index": 0, "token_ids": G_IDS, "cumulative_logprob": sum(G), "finish_reason": "length", "prompt_logprobs": [
        {str(i): {"logprob": v, "rank": 1}} for i, v in zip([*P_IDS[1:], G_IDS[0]], [*P, G[0]])],
    "logprobs": [{str(i): {"logprob": v, "rank": 1}} for i, v in zip(G_IDS, G)]}]}, split(P, G))

# ---- as many tokens in the prompt as were generated: the counts happen to fit ----

TWO, FEW = [" sat", " on"], {"conditional": G}
base("equal_made", completion([choice(arrays(TWO, G, 8), " sat on")], (2, 2)), FEW)
base("equal_made_tokens", completion([choice(arrays(TWO, G, 8), " sat on")], (2, 2)), FEW, prompt=P_IDS[:2], completion=G_IDS)
base("equal_content", completion([choice({"content": pieces(TWO, G)}, " sat on")], (2, 2)), FEW)
base("equal_content_ids", completion([choice({"content": pieces(TWO, G, G_IDS)}, " sat on")], (2, 2)), FEW, prompt=P_IDS[:2],
     completion=G_IDS)
base("equal_echo", completion([choice(arrays(PROMPT[:2] + TWO, [None, P[0], *G]), "The old sat on")], (2, 2)), split(P[:1], G))
base("equal_echo_tokens", BASES[-1].outputs, split(P[:1], G), tokens=P_IDS[:2] + G_IDS, prompt_length=2)
base("equal_one_each", completion([choice(arrays(["The", " sat"], [None, G[0]]), "The sat")], (1, 1)), split([], G[:1]))
base("equal_vllm", completion([choice(arrays(TWO, G, 0), " sat on", prompt_logprobs=TOLD[:2], prompt_token_ids=P_IDS[:2],
                                      token_ids=G_IDS)], (2, 2)), split(P[:1], G))
base("equal_vllm_made", completion([choice(arrays(TWO, G, 0), " sat on", prompt_logprobs=None, prompt_token_ids=P_IDS[:2],
                                           token_ids=G_IDS)], (2, 2)), FEW)
base("equal_sglang", sglang(prompt_tokens=2, input_token_logprobs=triples(P_IDS[:2], ALL), input_top_logprobs=tops(P_IDS[:2], ALL[:2])),
     split(P[:1], G))
base("equal_sglang_made", sglang(prompt_tokens=2, input_token_logprobs=[], input_top_logprobs=[]), FEW, prompt=P_IDS[:2], completion=G_IDS)
base("equal_bedrock_made", {**BEDROCK, "prompt_token_count": 2, "prompt_logprobs": None}, FEW)
base("equal_ollama", {**OLLAMA, "context": None, "prompt_eval_count": 2}, FEW, prompt=P_IDS[:2], completion=G_IDS)
base("equal_mlx_old", completion([choice({"tokens": G_IDS, "token_logprobs": G, "top_logprobs": [
    {str(i): v, str(i + 5000): v - 1} for i, v in zip(G_IDS, G)]}, " sat on")], (2, 2)), FEW)
base("equal_mlx", completion([choice({"content": [{"id": i, "logprob": v} for i, v in zip(G_IDS, G)]}, " sat on")], (2, 2)), FEW)
base("equal_stop", completion([choice(arrays(TWO, G, 8), " sat on", reason="stop")], (2, 3)), FEW)

# ---- streams, batches ----


def chunk(delta, entries, reason=None, index=0, name="chat.completion.chunk", **more):
    return {"id": "c", "object": name, "created": 1, "model": "m", "choices": [
        {"index": index, **delta, "logprobs": entries and {"content": entries}, "finish_reason": reason}], **more}


def told_last(prompt, made, name="chat.completion.chunk"):
    return {"id": "c", "object": name, "created": 1, "model": "m", "choices": [], "usage": usage(prompt, made)}


L = Values().some(4)
WORDS = [" a", " b", " c", " d"]
STREAM = [chunk({"delta": ROLE}, None), *(chunk({"delta": {"content": t}}, [piece(t, v)]) for t, v in zip(WORDS, L)),
          chunk({"delta": {}}, None, "stop"), told_last(9, 4)]
base("stream_chat", STREAM, {"conditional": L})
base("stream_chat_events", STREAM, {"conditional": L}, events)
base("stream_chat_pairs", [chunk({"delta": {"content": "".join(WORDS[a:a + 2])}}, pieces(WORDS[a:a + 2], L[a:a + 2]),
                                 "length" if a else None) for a in (0, 2)] + [told_last(9, 4)], {"conditional": L})
base("stream_chat_choices", [chunk({"delta": {"content": t}}, [piece(t, v)], index=i % 2) for i, (t, v) in enumerate(zip(WORDS, L))]
     + [chunk({"delta": {}}, None, "stop", 0), chunk({"delta": {}}, None, "stop", 1), told_last(9, 4)],
     [{"conditional": L[::2]}, {"conditional": L[1::2]}])
base("stream_completions", [{"id": "c", "object": "text_completion", "created": 1, "model": "m", "choices": [choice(
    arrays([t], [v], 3 * i), t, reason="length" if i == 3 else None)]} for i, (t, v) in enumerate(zip(WORDS, L))]
     + [told_last(9, 4, "text_completion")], {"conditional": L}, events)
base("stream_sglang", [{"text": "".join(WORDS[:n]), "output_ids": list(range(30, 30 + n)), "meta_info": {
    "id": "3f", "prompt_tokens": 3, "completion_tokens": n, "input_token_logprobs": [], "output_token_logprobs": triples(
        range(30, 30 + n), L), "finish_reason": {"type": "length", "length": 4} if n == 4 else None}} for n in (1, 2, 3, 4)],
     {"conditional": L})
TIMES = ["2025-11-12T00:00:00.%dZ" % i for i in range(9)]
OLLAMA_STREAM = [{"model": "m", "created_at": c, "response": t, "done": False, "logprobs": [piece(t, v)]} for c, t, v in zip(TIMES, WORDS, L)] + [
    {"model": "m", "created_at": TIMES[8], "response": "", "done": True, "done_reason": "length", "prompt_eval_count": 3, "eval_count": 4}]
base("stream_ollama", OLLAMA_STREAM, {"conditional": L}, lines)
base("stream_ollama_list", OLLAMA_STREAM, {"conditional": L})
base("stream_tgi", [{"index": i + 1, "token": {"id": 30 + i, "text": t, "logprob": v, "special": False}, "generated_text":
                     "".join(WORDS) if i == 3 else None, "details": {"finish_reason": "length", "generated_tokens": 4, "seed": None}
                     if i == 3 else None} for i, (t, v) in enumerate(zip(WORDS, L))], {"conditional": L}, events)
base("stream_gemini", [{"candidates": [{"content": {"role": "model", "parts": [{"text": t}]}, "index": 0, "logprobsResult": {
    "chosenCandidates": [{"token": t, "tokenId": 30 + i, "logProbability": v}]}, **({"finishReason": "STOP"} if i == 3 else {})}],
    "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": i + 1, "totalTokenCount": 10 + i}}
    for i, (t, v) in enumerate(zip(WORDS, L))], {"conditional": L})
base("stream_llamacpp", [{"index": 0, "content": t, "tokens": [30 + i], "stop": False, "id_slot": 0, "tokens_predicted": i + 1,
                          "tokens_evaluated": 3, "completion_probabilities": [piece(t, v, 30 + i)]}
                         for i, (t, v) in enumerate(zip(WORDS, L))] + [
    {"index": 0, "content": "", "tokens": [], "stop": True, "tokens_predicted": 4, "tokens_evaluated": 3, "stop_type": "limit"}],
     {"conditional": L}, events)


def line(number, body):
    return {"id": "batch_req_%d" % number, "custom_id": "request-%d" % number, "response": {
        "status_code": 200, "request_id": "r%d" % number, "body": body}, "error": None}


base("batch_lines", [line(1, CHAT), line(2, chat([message(pieces(["Yes", "."], [-5.5, -3.25]), "Yes.")], (7, 2), id="chatcmpl-2"))],
     [{"conditional": G}, {"conditional": [-5.5, -3.25]}])

base("ndjson_batch", BASES[-1].outputs, BASES[-1].expected, put=lines)
base("ndjson_answers", [CHAT, ECHO, OLLAMA], [{"conditional": G}, split(P, G), {"conditional": G}], put=lines)


# ---- the other routes that take answers ----

HEADS = [completion([choice(arrays(PROMPT + [t], [None, *P, v]), "".join(PROMPT) + t)], (4, 0), id="cmpl-%d" % i)
         for i, (t, v) in enumerate([(" sat", -1.75), (" ran", -3.25)])]
base("rank_list", HEADS, [{"conditional": [-1.75]}, {"conditional": [-3.25]}], route="/v1/rank", prompt=P_IDS,
     choices=[{"completion": [424]}, {"completion": [434]}])
base("rank_each", HEADS[0], [{"conditional": [-1.75]}, {"conditional": [-3.25]}], route="/v1/rank", prompt=P_IDS,
     put=lambda outputs: {"choices": [{"completion": [424], "outputs": outputs}, {"completion": [434], "outputs": HEADS[1]}]})
base("rank_vllm", [completion([choice(arrays([" on"], [-9.5], 0), " on", prompt_logprobs=TOLD + [ranked(i, v, "x")],
                                      prompt_token_ids=P_IDS + [i], token_ids=[499])], (4, 1), id="cmpl-%d" % i)
                   for i, v in [(424, -1.75), (434, -3.25)]], [{"conditional": [-1.75]}, {"conditional": [-3.25]}],
     route="/v1/rank", prompt=P_IDS, choices=[{"completion": [424]}, {"completion": [434]}])
ECHOES = [completion([choice(arrays(PROMPT + MADE, [None, *v], 0), "".join(PROMPT + MADE))], (5, 0)) for v in (
    [-1.5, -2.5, -0.5, -3.5], [-1.25, -2.25, -5.5, -0.75])]
base("compare", ECHOES[0], [split([-1.5, -2.5], [-0.5, -3.5]), split([-1.25, -2.25], [-5.5, -0.75])], route="/v1/compare",
     tokens=P_IDS + G_IDS, prompt_length=3,
     put=lambda outputs: {"models": [{"model": "x", "outputs": outputs}, {"model": "y", "outputs": ECHOES[1]}]})

# ---- labels in one distribution ----

LETTERS = piece("A", -0.5)
LETTERS["top_logprobs"] = [{"token": t, "bytes": utf8(t), "logprob": v} for t, v in [("A", -0.5), ("B", -1.5), ("C", -2.25)]]
THREE = [{"conditional": [-0.5]}, {"conditional": [-1.5]}, {"conditional": [-2.25]}]
base("rank_labels", chat([message([LETTERS], "A", reason="length")], (9, 1)), THREE, route="/v1/rank",
     choices=[{"label": t} for t in "ABC"])
base("rank_labels_listed", chat([message([LETTERS], "A", reason="length")], (9, 1)), [{"conditional": [math.log(math.exp(-0.5) + math.exp(-2.25))]}, THREE[1]],
     route="/v1/rank", choices=[{"label": ["A", "C"]}, {"label": "B"}])
base("rank_labels_ollama", {**OLLAMA, "context": None, "eval_count": 1, "response": "A", "logprobs": [LETTERS]}, THREE, route="/v1/rank",
     choices=[{"label": t} for t in "ABC"])
base("rank_tokens_sglang", {"text": "A", "output_ids": [362], "meta_info": {
    "id": "y", "prompt_tokens": 5, "completion_tokens": 1, "finish_reason": {"type": "length", "length": 1}, "input_token_logprobs": [],
    "output_token_logprobs": [[-0.5, 362, None]], "output_token_ids_logprobs": [[[-0.5, 362, None], [-1.5, 426, None], [-2.25, 356, None]]]}},
     THREE, route="/v1/rank", choices=[{"token": t} for t in (362, 426, 356)])

# ---- more streams ----

base("stream_sglang_deltas", [{"text": WORDS[i], "output_ids": [30 + i], "meta_info": {
    "id": "3f", "prompt_tokens": 3, "completion_tokens": i + 1, "input_token_logprobs": [], "output_token_logprobs": triples([30 + i], [v]),
    "finish_reason": {"type": "length", "length": 4} if i == 3 else None}} for i, v in enumerate(L)], {"conditional": L})
RESPONSE_ID = {"id": "resp_1", "object": "response"}
DELTAS = [{"type": "response.created", "sequence_number": 0, "response": {**RESPONSE_ID, "status": "in_progress", "output": []}},
          *({"type": "response.output_text.delta", "sequence_number": i + 1, "item_id": "m", "output_index": 0, "content_index": 0,
             "delta": t, "logprobs": [piece(t, v)]} for i, (t, v) in enumerate(zip(WORDS, L)))]
base("stream_responses", [*DELTAS, {"type": "response.completed", "sequence_number": 5, "response": {
    **RESPONSE_ID, "status": "completed", "output": [{"type": "message", "status": "completed", "content": [
        {"type": "output_text", "text": "".join(WORDS), "logprobs": pieces(WORDS, L)}]}],
    "usage": {"input_tokens": 9, "output_tokens": 4, "total_tokens": 13}}}], {"conditional": L}, events)
base("stream_cohere", [
    {"type": "message-start", "id": "c", "delta": {"message": {"role": "assistant", "content": []}}},
    {"type": "content-start", "index": 0, "delta": {"message": {"content": {"type": "text", "text": ""}}}},
    *({"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": t}}},
       "logprobs": {"token_ids": [30 + i], "text": t, "logprobs": [v]}} for i, (t, v) in enumerate(zip(WORDS, L))),
    {"type": "content-end", "index": 0}, {"type": "message-end", "delta": {"finish_reason": "COMPLETE", "usage": {
        "billed_units": {"input_tokens": 3, "output_tokens": 4}, "tokens": {"input_tokens": 9, "output_tokens": 4}}}}],
     {"conditional": L}, events)
base("stream_watsonx", [{"model_id": "m", "created_at": TIMES[i], "results": [{
    "generated_text": t, "generated_token_count": i + 1, "input_token_count": 0 if i else 3,
    "stop_reason": "max_tokens" if i == 3 else "not_finished", "generated_tokens": [{"text": t, "logprob": v}]}]}
    for i, (t, v) in enumerate(zip(WORDS, L))], {"conditional": L}, events)
base("stream_vllm_offline", [{"request_id": "0", "prompt": "p", "prompt_token_ids": [1, 2], "prompt_logprobs": None, "finished": n == 4,
                              "outputs": [{"index": 0, "text": "".join(WORDS[:n]), "token_ids": list(range(30, 30 + n)),
                                           "cumulative_logprob": sum(L[:n]), "finish_reason": "length" if n == 4 else None,
                                           "logprobs": [{str(30 + i): {"logprob": v, "rank": 1, "decoded_token": WORDS[i]}}
                                                        for i, v in enumerate(L[:n])]}]} for n in (1, 2, 3, 4)], {"conditional": L})
HALF, QUARTER = math.log(0.5), math.log(0.25)
base("rank_scores_sglang", {"scores": [[0.5, 0.25]], "model": "m", "object": "scoring"}, [{"conditional": [HALF]}, {"conditional": [QUARTER]}],
     route="/v1/rank", choices=[{"token": 362}, {"token": 426}])
base("rank_scores_vllm", {"id": "x", "object": "list", "created": 1, "model": "m", "data": [
    {"index": 0, "object": "score", "score": 0.5}, {"index": 1, "object": "score", "score": 0.25}], "usage": {
        "prompt_tokens": 9, "total_tokens": 9, "completion_tokens": 0, "prompt_tokens_details": None}},
     [{"conditional": [HALF]}, {"conditional": [QUARTER]}], route="/v1/rank", choices=[{"id": "a"}, {"id": "b"}])
