"""Streams as each engine writes them: what comes first and last, what stands between, and how they break off."""
import json

from .cases import arrays, invalid, piece, source, valid
from .hosts import usage

A, B = piece("a", -0.5), piece("b", -0.25)
TEXTS = {"logprobs": [-0.5, -0.25], "objectives": ["conditional"]}
IDS = {"tokens": [4, 5], "prompt_length": 0, **TEXTS}
CHAT = source("openai_chat", tokens=None)


def events(*chunks, end="data: [DONE]\n\n"):
    return "".join("data: " + json.dumps(chunk) + "\n\n" for chunk in chunks) + end


def chunk(delta, entries, reason=None, **more):
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [
        {"index": 0, "delta": delta, "logprobs": entries and {"content": entries}, "finish_reason": reason}], **more}


FIRST, LAST = chunk({"content": "a"}, [A]), chunk({"content": "b"}, [B], "stop")
# Azure begins with what its filters say of the prompt; OpenRouter writes comments while it waits.
valid("recorded_azure", {"outputs": [{"id": "", "object": "", "created": 0, "model": "", "choices": [], "prompt_filter_results": []},
                                   FIRST, LAST]}, TEXTS, CHAT)
valid("recorded_openrouter", {"outputs": ": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n" + events(FIRST, LAST)}, TEXTS, CHAT)
valid("recorded_usage_of_each", {"outputs": [{**FIRST, "usage": usage(9, 1)}, {**LAST, "usage": usage(9, 2)}]}, TEXTS, CHAT)
valid("recorded_reasoning", {"outputs": [
    {**chunk({"reasoning_content": "a"}, None), "choices": [{"index": 0, "delta": {"reasoning_content": "a"}, "finish_reason": None,
                                                             "logprobs": {"content": None, "reasoning_content": [A]}}]},
    {**LAST, "usage": usage(9, 2)}]}, TEXTS, CHAT)
invalid("recorded_breaks_off", {"outputs": events(FIRST, {"error": {"message": "overloaded", "code": 503}}, end="")}, 422, "bad_outputs",
        "/outputs", "chunk 1 is an error: 503")
invalid("recorded_chunk_lost", {"outputs": [FIRST, LAST, {**chunk({}, None), "choices": [], "usage": usage(9, 3 + 1)}]}, 422, "bad_count",
        None, "4")
invalid("recorded_of_two_ids", {"outputs": [FIRST, LAST, {**FIRST, "id": "d"}, {**LAST, "id": "d"}]}, 422, "bad_outputs", "/outputs/2")
valid("recorded_lists", {"outputs": [[FIRST, LAST], events({**FIRST, "id": "d"}, {**LAST, "id": "d"})]}, [TEXTS, TEXTS],
      [CHAT, source("openai_chat", tokens=None, answer=1)], [[], []], [None, None])

# vLLM: ids beside each chunk, those of the prompt in the first one.
VLLM = [{**FIRST, "prompt_token_ids": [1, 2], "choices": [{**FIRST["choices"][0], "token_ids": [4]}]},
        {**LAST, "choices": [{**LAST["choices"][0], "token_ids": [5]}]}]
valid("recorded_vllm", {"outputs": VLLM}, IDS, source("vllm"))
valid("recorded_vllm_tokens", {"tokens": [1, 2, 4, 5], "prompt_length": 2, "outputs": VLLM},
      {"tokens": [1, 2, 4, 5], "prompt_length": 2, **TEXTS}, source("vllm", tokens="request", split="request", first=2))
invalid("recorded_vllm_ids", {"tokens": [1, 2, 4, 6], "prompt_length": 2, "outputs": VLLM}, 422, "out_of_range", "/tokens/3", "5")


def text(logprobs, reason=None, **more):
    return {"id": "c", "object": "text_completion", "created": 1, "model": "m", "choices": [
        {"index": 0, "text": "x", "logprobs": logprobs, "finish_reason": reason}], **more}


# An echo: the first chunk has the prompt.
valid("recorded_echo", {"outputs": events(text(arrays(["p", "q", "a"], [None, -1, -0.5])), text(arrays(["b"], [-0.25]), "length"),
                                        {**text(None), "choices": [], "usage": usage(2, 2)})},
      {"prompt_length": 2, "logprobs": [None, -1, -0.5, -0.25]}, source("openai", tokens=None))

# OpenAI Responses: the last event has the whole answer; without it, the deltas are joined.
DELTAS = [{"type": "response.output_text.delta", "sequence_number": n, "item_id": "m", "output_index": 0, "content_index": 0, "delta": t,
           "logprobs": [{"token": t, "logprob": p, "top_logprobs": []}]} for n, (t, p) in enumerate([("a", -0.5), ("b", -0.25)], 2)]
WHOLE = {"type": "response.completed", "sequence_number": 5, "response": {
    "id": "r", "object": "response", "status": "completed", "output": [{"id": "m", "type": "message", "role": "assistant", "content": [
        {"type": "output_text", "text": "ab", "annotations": [], "logprobs": [
            {"token": t, "bytes": list(t.encode()), "logprob": p, "top_logprobs": []} for t, p in [("a", -0.5), ("b", -0.25)]]}]}],
    "usage": {"input_tokens": 9, "output_tokens": 2, "total_tokens": 11}}}
RESPONSES = source("openai_responses", tokens=None)
valid("recorded_responses", {"outputs": "".join("event: %s\ndata: %s\n\n" % (e["type"], json.dumps(e)) for e in [*DELTAS, WHOLE])}, TEXTS,
      RESPONSES)

# Cohere v2: the end has the counts.
valid("recorded_cohere_chat", {"outputs": [
    {"type": "message-start", "id": "x", "delta": {"message": {"role": "assistant"}}},
    *({"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": t}}}, "logprobs": {
        "text": t, "token_ids": [i], "logprobs": [p]}} for t, i, p in [("a", 4, -0.5), ("b", 5, -0.25)]),
    {"type": "message-end", "delta": {"finish_reason": "COMPLETE", "usage": {
        "billed_units": {"input_tokens": 1, "output_tokens": 2}, "tokens": {"input_tokens": 9, "output_tokens": 2}}}}]},
    IDS, source("cohere_chat"))

# DJL: lines of JSON, the last one with the details.
LINES = [{"token": {"id": 4, "text": "a", "log_prob": -0.5}}, {"token": {"id": 5, "text": "b", "log_prob": -0.25}, "generated_text": "ab",
                                                              "details": {"finish_reason": "length", "generated_tokens": 2, "inputs": "p"}}]
valid("recorded_djl", {"outputs": "\n".join(map(json.dumps, LINES))}, IDS, source("tgi"))
invalid("recorded_djl_lost", {"outputs": "\n".join(map(json.dumps, [LINES[1]]))}, 422, "bad_count", None, "2")

# Ollama's chat: thinking stands among the tokens, the stop token is counted.
valid("recorded_ollama_chat", {"outputs": "\n".join(json.dumps({"model": "m", "created_at": "2025-01-01T00:00:00.%dZ" % n, **more})
                                                  for n, more in enumerate([
    {"message": {"role": "assistant", "content": "", "thinking": "a"}, "done": False, "logprobs": [A]},
    {"message": {"role": "assistant", "content": "b"}, "done": False, "logprobs": [B]},
    {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop", "prompt_eval_count": 3, "eval_count": 3}]))},
    TEXTS, source("ollama", tokens=None), [("stop_unlisted", "/outputs", 1)])
