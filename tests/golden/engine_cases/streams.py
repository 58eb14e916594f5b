"""Answers that come as chunks, as texts of streams, as lines of batches; errors in place of answers."""
import copy
import json

from .cases import arrays, completion, content, invalid, piece, source, valid


def without(value, *path):
    """A copy without the member or element at a path."""
    value = copy.deepcopy(value)
    inner = value
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return value


def changed(value, new, *path):
    """A copy with another value at a path."""
    value = copy.deepcopy(value)
    inner = value
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = new
    return value


def events(chunks, head="data: ", tail="\n\n", done="data: [DONE]\n\n"):
    return "".join(head + json.dumps(c) + tail for c in chunks) + done


def lines(chunks):
    return "".join(json.dumps(c) + "\n" for c in chunks)


def scored(numbers, **more):
    """What generated tokens without ids are scored as."""
    return {"logprobs": numbers, "prompt_length": 0, "objectives": ["conditional"], **more}


def refused(name, outputs, pointer, status=422, code="bad_outputs", **more):
    invalid("stream_" + name, {**more, "outputs": outputs}, status, code, pointer)


# ---- OpenAI's chat completions ----

def chunk(*choices, **more):
    return {"id": "chatcmpl-9", "object": "chat.completion.chunk", "created": 1700000000, "model": "m",
            "choices": list(choices), **more}


def delta(text, *rows, index=0, reason=None):
    return {"index": index, "delta": {"content": text}, "finish_reason": reason,
            "logprobs": {"content": list(rows), "refusal": None} if rows else None}


CHAT = [chunk({"index": 0, "delta": {"role": "assistant", "content": ""}, "logprobs": None, "finish_reason": None}),
        chunk(delta("al", piece("al", -0.5))), chunk(delta(" beta", piece(" be", -0.25), piece("ta", -0.125))),
        chunk({"index": 0, "delta": {}, "logprobs": None, "finish_reason": "stop"}),
        chunk(usage={"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12})]
ALPHA = scored([-0.5, -0.25, -0.125])
HERE = source("openai_chat", tokens=None)
valid("stream_chat", {"outputs": CHAT}, ALPHA, HERE)
valid("stream_chat_events", {"outputs": events(CHAT)}, ALPHA, HERE)
valid("stream_chat_events_crlf", {"outputs": "\ufeff: a comment\r\n\r\n" + events(
    CHAT, "event: chunk\r\nid: 7\r\nretry: 5\r\ndata:", "\r\n\r\n", "data:[DONE]\r\n")}, ALPHA, HERE)
valid("stream_chat_events_cr", {"outputs": events(CHAT, tail="\r\r", done="")}, ALPHA, HERE)
valid("stream_chat_events_without_blanks", {"outputs": events(CHAT, tail="\n")}, ALPHA, HERE)
valid("stream_chat_events_of_lines", {"outputs": "".join(
    "".join("data: " + line + "\n" for line in json.dumps(c, indent=1).split("\n")) + "\n" for c in CHAT)}, ALPHA, HERE)
valid("stream_chat_lines", {"outputs": lines(CHAT)}, ALPHA, HERE)
valid("stream_chat_list_as_text", {"outputs": json.dumps(CHAT, indent=1)}, ALPHA, HERE)
valid("stream_chat_unfinished", {"outputs": CHAT[:3]}, ALPHA, HERE, [("unfinished", "/outputs/2/choices/0", 1)])
valid("stream_chat_events_unfinished", {"outputs": events(CHAT[:3], done="")}, ALPHA, HERE, [("unfinished", "/outputs", 1)])
valid("stream_chat_one_chunk", {"outputs": CHAT[1]}, scored([-0.5]), HERE, [("unfinished", "/outputs/choices/0", 1)])
valid("stream_chat_sentinel", {"outputs": [CHAT[1], chunk(delta("xy", piece("x", -1), piece("y", -9999))), CHAT[3]]},
      scored([-0.5, -1, -9999]), HERE, [("sentinel", "/outputs/1/choices/0/logprobs/content/1/logprob", 1)])
valid("stream_chat_of_two_choices", {"outputs": [
    chunk(delta("b", piece("b", -2), index=1)), chunk(delta("a", piece("a", -1)), delta("c", piece("c", -4), index=1, reason="stop")),
    chunk(delta("", reason="stop"))]},
    [scored([-1]), scored([-2, -4])], [HERE, source("openai_chat", tokens=None, answer=1)], [[], []], [None, None])
valid("stream_chat_warnings_of_two_choices", {"outputs": [
    chunk(delta("a", piece("a", -1))), chunk(delta("b", piece("b", -9999), index=1)),
    chunk(delta("c", piece("c", -4), index=1, reason="stop"), delta("d", piece("d", -9999), reason="stop"))]},
    [scored([-1, -9999]), scored([-9999, -4])], [HERE, source("openai_chat", tokens=None, answer=1)],
    [[("sentinel", "/outputs/2/choices/1/logprobs/content/0/logprob", 1)], [("sentinel", "/outputs/1/choices/0/logprobs/content/0/logprob", 1)]],
    [None, None])
valid("stream_one_for_each_sequence", {"outputs": [CHAT, events([CHAT[1], CHAT[3]])], "sequences": [{}, {"id": 5}]},
      [ALPHA, scored([-0.5], id=5)], [HERE, source("openai_chat", tokens=None, answer=1)], [[], []], [None, None])
valid("stream_that_sequences_share", {"outputs": CHAT[:2], "sequences": [{}, {}]}, [scored([-0.5])] * 2, [HERE] * 2,
      [[("unfinished", "/outputs/1/choices/0", 1)]] * 2, [None, None])
refused("behind_its_end", [CHAT[1], CHAT[3], CHAT[2]], "/outputs/2")
refused("of_two_ids", [CHAT[1], {**CHAT[2], "id": "other"}, CHAT[3]], "/outputs/1")
refused("of_two_ids_as_text", events([CHAT[1], {**CHAT[2], "id": "other"}, CHAT[3]]), "/outputs")
refused("text_alone", changed(CHAT, None, 2, "choices", 0, "logprobs"), "/outputs/2")
refused("text_alone_nested", [CHAT, changed(CHAT, None, 1, "choices", 0, "logprobs")], "/outputs/1/1")
refused("one_without_index", changed(CHAT, None, 2, "choices", 0, "index"), "/outputs/2")
refused("no_choices", changed(CHAT, [], 2, "choices"), "/outputs/2")
refused("and_an_answer", [CHAT[1], {"choices": None, "id": "chatcmpl-9"}, CHAT[3]], "/outputs/1")
refused("created_before", changed(CHAT, 1699999999, 2, "created"), "/outputs/2")
# What has another form than it has in the other chunks is not left out.
for name, choices in (("number", -1.5), ("object", CHAT[2]["choices"][0]), ("no_member", {}), ("text", "x"), ("true", True)):
    refused("choices_of_" + name, changed(CHAT, choices, 2, "choices"), "/outputs/2")
    refused("choices_of_%s_at_the_end" % name, changed(CHAT[:3], choices, 2, "choices"), "/outputs/2")
valid("stream_chat_null_choices_at_an_edge", {"outputs": changed(CHAT, None, 4, "choices")}, ALPHA, HERE)
for name, logprobs in (("list", [CHAT[2]["choices"][0]["logprobs"]]), ("number", -1.5), ("text", "x"), ("true", True)):
    refused("logprobs_of_" + name, changed(CHAT, logprobs, 2, "choices", 0, "logprobs"), "/outputs/2")
    refused("logprobs_of_%s_first" % name, changed(CHAT, logprobs, 1, "choices", 0, "logprobs"), "/outputs/2")
refused("null", changed(CHAT, None, 2, "choices", 0, "logprobs", "content", 1, "logprob"),
        "/outputs/2/choices/0/logprobs/content/1/logprob")
refused("word", changed(CHAT, "x", 2, "choices", 0, "logprobs", "content", 0, "logprob"),
        "/outputs/2/choices/0/logprobs/content/0/logprob", 400, "bad_shape")
refused("word_nested", [CHAT, changed(CHAT, "x", 2, "choices", 0, "logprobs", "content", 0, "logprob")],
        "/outputs/1/2/choices/0/logprobs/content/0/logprob", 400, "bad_shape", sequences=[{}, {}])
refused("word_as_text", events(changed(CHAT, "x", 2, "choices", 0, "logprobs", "content", 0, "logprob")), "/outputs", 400, "bad_shape")
refused("no_logprobs", [CHAT[0], CHAT[3]], "/outputs/1/choices/0")
refused("of_two_choices_nested", [[chunk(delta("b", piece("b", -2)), delta("c", piece("c", -4), index=1))]], "/outputs/0",
        code="bad_count")
refused("text_that_is_no_json", "data: {\"id\":1]}\n\n", "/outputs", code="bad_data")
# Where the connection broke: what came whole is scored, and a warning tells that it is not all.
valid("stream_text_that_ends_early", {"outputs": events(CHAT)[:-60]}, ALPHA, HERE, [("unfinished", "/outputs", 1)])
refused("text_that_ends_in_its_first_chunk", events(CHAT)[:60], "/outputs", code="bad_data")
refused("text_that_ends_in_an_answer", "data: %s\n\ndata: {\"id\": 1, \"ch" % json.dumps(content(piece("a", -1))), "/outputs")
refused("text_behind_done", events(CHAT) + "data: {}\n\n", "/outputs", code="bad_data")
refused("text_without_data", "event: ping\n\ndata: [DONE]\n\n", "/outputs", format="openai_chat")
refused("name_twice", 'data: {"id":1,"id":2}\n\n', "/outputs", code="bad_data")

# ---- OpenAI's completions ----

def text_chunk(text, logprobs, reason=None, **more):
    return {"id": "cmpl-9", "object": "text_completion", "created": 1700000000, "model": "m",
            "choices": [{"text": text, "index": 0, "logprobs": logprobs, "finish_reason": reason}], **more}


TEXT = [text_chunk("a", arrays(["a"], [-0.5], [{"a": -0.5, "z": -1}])),
        text_chunk("bc", arrays(["b", "c"], [-0.25, -3], [{"b": -0.25, "y": -2}, {"x": -1, "c": -3}]), "length"),
        {**text_chunk("", None), "choices": [], "usage": {"prompt_tokens": 4, "completion_tokens": 3, "total_tokens": 7}}]
ABC = scored([-0.5, -0.25, -3])
TOLD = [("truncated_top", "/outputs/0/choices/0/logprobs/token_logprobs/0", 3)]
GREEDY = [True, True, False]
valid("stream_completion", {"outputs": TEXT}, ABC, source("openai", tokens=None), TOLD, GREEDY)
valid("stream_completion_events", {"outputs": events(TEXT)}, ABC, source("openai", tokens=None), [("truncated_top", "/outputs", 3)], GREEDY)
valid("stream_completion_one_event", {"outputs": events(TEXT[:1])}, scored([-0.5]), source("openai", tokens=None),
      [("truncated_top", "/outputs", 1), ("unfinished", "/outputs", 1)], [True])
def offset_chunks(*offsets):
    """A chunk for each list of text_offset."""
    return [text_chunk("a" * len(of), {**arrays(["a"] * len(of), [-0.5 - number - at / 8 for at in range(len(of))]), "text_offset": of},
                       "length" if number + 1 == len(offsets) else None) for number, of in enumerate(offsets)]


OFFSETS = "/outputs/%d/choices/0/logprobs/token_logprobs/0"
valid("stream_completion_offsets", {"outputs": offset_chunks([4], [5, 6])}, scored([-0.5, -1.5, -1.625]), source("openai", tokens=None))
valid("stream_completion_offsets_anew", {"outputs": offset_chunks([0, 1], [0, 1], [-1])}, scored([-0.5, -0.625, -1.5, -1.625, -2.5]),
      source("openai", tokens=None))
refused("completion_offsets_fall", offset_chunks([0, 1, 2], [4], [3]), OFFSETS % 2)
refused("completion_offsets_fall_to_0", offset_chunks([2], [0]), OFFSETS % 1)
PIECES = [chunk(delta("b", {**piece("b", -2), "text_offset": 2})), chunk(delta("a", {**piece("a", -1), "text_offset": 1}, reason="stop"))]
refused("chat_offsets_fall", PIECES, "/outputs/1/choices/0/logprobs/content/0/logprob")
refused("completion_of_two_ids", [TEXT[0], {**TEXT[1], "id": "cmpl-8"}], "/outputs/1")
refused("completion_behind_its_end", [TEXT[1], TEXT[0]], "/outputs/1")
valid("list_of_completions_of_one_id", {"outputs": [completion(arrays(["a"], [-1])), completion(arrays(["b"], [-2]))]},
      [scored([-1]), scored([-2])], [source("openai", tokens=None), source("openai", tokens=None, answer=1)], [[], []], [None, None])

# ---- SGLang ----

def sglang(ids, told=None, end=None, **more):
    return {"text": "x" * len(ids), "output_ids": list(ids), "meta_info": {
        "id": "3f", "prompt_tokens": 4, "completion_tokens": len(ids) if told is None else told, "input_token_logprobs": [],
        "output_token_logprobs": [[-1 / 2 ** i, i, None] for i in ids], "finish_reason": end}, **more}


END = {"type": "stop", "matched": 2}
THREE = {"tokens": [5, 6, 7], "prompt_length": 0, "logprobs": [-1 / 32, -1 / 64, -1 / 128], "objectives": ["conditional"]}
GROWING = [sglang([5]), sglang([5, 6]), sglang([5, 6, 7], end=END)]
DELTAS = [sglang([5], 1), sglang([6], 2), sglang([7], 3, END)]
valid("stream_sglang", {"outputs": GROWING}, THREE, source("sglang"))
valid("stream_sglang_events", {"outputs": events(GROWING)}, THREE, source("sglang"))
valid("stream_sglang_deltas", {"outputs": DELTAS}, THREE, source("sglang"))
valid("stream_sglang_unfinished", {"outputs": GROWING[:2]}, {**THREE, "tokens": [5, 6], "logprobs": [-1 / 32, -1 / 64]},
      source("sglang"), [("unfinished", "/outputs", 1)])
valid("stream_sglang_of_two", {"outputs": [
    sglang([6], index=1, end=None), sglang([5], index=0, end=END), sglang([6, 7], index=1, end=END)]},
    [{**THREE, "tokens": [5], "logprobs": [-1 / 32]}, {**THREE, "tokens": [6, 7], "logprobs": [-1 / 64, -1 / 128]}],
    [source("sglang"), source("sglang", answer=1)], [[], []], [None, None])
refused("sglang_shrinks", [GROWING[1], GROWING[0], GROWING[2]], "/outputs/1")
refused("sglang_differs", [sglang([5]), sglang([6, 7]), sglang([5, 6, 7], end=END)], "/outputs/1")
refused("sglang_counts", [sglang([5]), sglang([5, 6], 3), sglang([5, 6, 7], end=END)], "/outputs/2", code="bad_count")
refused("sglang_of_two_ids", [GROWING[0], changed(GROWING[1], "40", "meta_info", "id"), GROWING[2]], "/outputs/1")
refused("sglang_ends_twice", [sglang([5], end=END), GROWING[1], GROWING[2]], "/outputs/1")
refused("sglang_all_end", [sglang([5], end=END), sglang([5, 6], end=END)], "/outputs/1")
refused("sglang_word", [GROWING[0], changed(sglang([5, 6], end=END), "x", "meta_info", "output_token_logprobs", 1, 0)],
        "/outputs/1/meta_info/output_token_logprobs/1/0", 400, "bad_shape")
refused("sglang_deltas_word", [DELTAS[0], changed(DELTAS[1], "x", "meta_info", "output_token_logprobs", 0, 0)],
        "/outputs/1/meta_info/output_token_logprobs/0/0", 400, "bad_shape")

# ---- Text Generation Inference ----

def tgi(index, logprob, end=None):
    return {"index": index, "token": {"id": index + 4, "text": "t", "logprob": logprob, "special": False},
            "generated_text": "ttt" if end else None, "details": end}


TGI = [tgi(1, -0.5), tgi(2, -0.25), tgi(3, -0.125, {"finish_reason": "length", "generated_tokens": 3, "seed": None, "input_length": 4})]
TTT = {"tokens": [5, 6, 7], "prompt_length": 0, "logprobs": [-0.5, -0.25, -0.125], "objectives": ["conditional"]}
valid("stream_tgi", {"outputs": TGI}, TTT, source("tgi"))
valid("stream_tgi_events", {"outputs": events(TGI, "data:", done="")}, TTT, source("tgi"))
valid("stream_tgi_without_index", {"outputs": [without(c, "index") for c in TGI]}, TTT, source("tgi"))
valid("stream_tgi_top", {"outputs": [{**c, "top_tokens": [{"id": 1, "text": "a", "logprob": -0.375}, {
    "id": 2, "text": "b", "logprob": -1}]} for c in TGI]}, TTT, source("tgi"),
    [("truncated_top", "/outputs/0/token/logprob", 3), ("not_in_top", "/outputs/0/token/logprob", 3)], [False, True, True])
valid("stream_tgi_unfinished", {"outputs": TGI[:2]}, {**TTT, "tokens": [5, 6], "logprobs": [-0.5, -0.25]}, source("tgi"),
      [("unfinished", "/outputs", 1)])
refused("tgi_gap", [TGI[0], TGI[2]], "/outputs/1")
refused("tgi_swapped", [TGI[1], TGI[0], TGI[2]], "/outputs/0")
refused("tgi_begins_late", TGI[1:], "/outputs/0")
refused("tgi_word", changed(TGI, "x", 1, "token", "logprob"), "/outputs/1/token/logprob", 400, "bad_shape")
refused("tgi_no_token", [TGI[0], {"generated_text": "t"}, TGI[2]], "/outputs/1")

# ---- Gemini ----

def gemini(number, logprob, reason=None, ids=True):
    candidate = {"content": {"parts": [{"text": "t"}], "role": "model"}, "index": 0, "avgLogprobs": logprob,
                 "logprobsResult": {"chosenCandidates": [{"token": "t", "tokenId": number, "logProbability": logprob}],
                                    "topCandidates": [{"candidates": [{"token": t, "tokenId": i, "logProbability": p} for t, i, p in (
                                        ("t", number, logprob), ("u", 1, logprob - 1))]}]}}
    if reason:
        candidate["finishReason"] = reason
    whole = {"candidates": [candidate], "modelVersion": "m", "usageMetadata": {
        "promptTokenCount": 2, "candidatesTokenCount": number - 4, "totalTokenCount": number - 2}}
    return {**whole, "responseId": "r"} if ids else whole


GEMINI = [gemini(5, -0.5), gemini(6, -0.25), gemini(7, -0.125, "STOP")]
CHOSEN = "/candidates/0/logprobsResult/chosenCandidates/0/logProbability"
valid("stream_gemini", {"outputs": GEMINI}, TTT, source("gemini"), [("truncated_top", "/outputs/0" + CHOSEN, 3)], [True] * 3)
valid("stream_gemini_events", {"outputs": events(GEMINI, tail="\r\n\r\n", done="")}, TTT, source("gemini"),
      [("truncated_top", "/outputs", 3)], [True] * 3)
valid("stream_gemini_without_ids", {"outputs": [gemini(5, -0.5, ids=False), gemini(6, -0.25, "STOP", ids=False)]},
      {**TTT, "tokens": [5, 6], "logprobs": [-0.5, -0.25]}, source("gemini"),
      [("truncated_top", "/outputs/0" + CHOSEN, 2)], [True] * 2)
refused("gemini_of_two_ids", [GEMINI[0], {**GEMINI[1], "responseId": "s"}, GEMINI[2]], "/outputs/1")
refused("gemini_mean", changed(GEMINI, -0.5, 1, "candidates", 0, "avgLogprobs"), "/outputs/1")
refused("gemini_swapped", [GEMINI[1], GEMINI[0], GEMINI[2]], "/outputs/1")
refused("gemini_word", changed(GEMINI, "x", 1, "candidates", 0, "logprobsResult", "chosenCandidates", 0, "logProbability"),
        "/outputs/1" + CHOSEN, 400, "bad_shape")

# ---- llama.cpp ----

def llamacpp(number, *rows, stop=False):
    return {"index": 0, "content": "t" * len(rows), "tokens": [r["id"] for r in rows], "stop": stop, "id_slot": 0,
            "tokens_predicted": number, "tokens_evaluated": 4, **({} if stop else {"completion_probabilities": list(rows)})}


LLAMA = [llamacpp(1, piece("t", -0.5, id=5)), llamacpp(2, piece("t", -0.25, id=6)), llamacpp(3, piece("t", -0.125, id=7)),
         llamacpp(3, stop=True)]
valid("stream_llamacpp", {"outputs": LLAMA}, TTT, source("llamacpp"))
valid("stream_llamacpp_events", {"outputs": events(LLAMA)}, TTT, source("llamacpp"))
refused("llamacpp_swapped", [LLAMA[1], LLAMA[0], LLAMA[2], LLAMA[3]], "/outputs/1")
refused("llamacpp_text_alone", changed(LLAMA, [], 1, "completion_probabilities"), "/outputs/1")

# ---- Ollama ----

def ollama(second, logprob=None, chat=False):
    text = "t" if logprob is not None else ""
    said = {"message": {"role": "assistant", "content": text}} if chat else {"response": text}
    end = {"done": False, "logprobs": [{"token": "t", "logprob": logprob, "bytes": [116]}]} if logprob is not None else {
        "done": True, "done_reason": "stop", "total_duration": 5, "prompt_eval_count": 4, "eval_count": 3}
    return {"model": "m", "created_at": "2026-01-01T00:00:%sZ" % second, **said, **end}


OLLAMA = [ollama("01.9", -0.5), ollama("01.9000001", -0.25), ollama("02", -0.125), ollama("02.5")]
valid("stream_ollama", {"outputs": OLLAMA}, ALPHA, source("ollama", tokens=None))
valid("stream_ollama_lines", {"outputs": lines(OLLAMA)}, ALPHA, source("ollama", tokens=None))
valid("stream_ollama_chat", {"outputs": lines([ollama("01", p, True) for p in (-0.5, -0.25, -0.125, None)])}, ALPHA,
      source("ollama", tokens=None))
valid("stream_ollama_unfinished", {"outputs": OLLAMA[:2]}, scored([-0.5, -0.25]), source("ollama", tokens=None),
      [("unfinished", "/outputs", 1)])
refused("ollama_swapped", [OLLAMA[1], OLLAMA[0]] + OLLAMA[2:], "/outputs/1")
refused("ollama_text_alone", without(OLLAMA, 1, "logprobs"), "/outputs/1")
refused("ollama_behind_its_end", OLLAMA + OLLAMA[2:3], "/outputs/4")
refused("ollama_lost", [OLLAMA[0]] + OLLAMA[3:], "/outputs", code="bad_count")
refused("ollama_word", changed(OLLAMA, "x", 1, "logprobs", 0, "logprob"), "/outputs/1/logprobs/0/logprob", 400, "bad_shape")

# ---- events: OpenAI's Responses, Cohere's chat ----

WHOLE = [piece("al", -0.5), piece(" be", -0.25), piece("ta", -0.125)]


def event(kind, number, **more):
    return {"type": "response." + kind, "sequence_number": number, **more}


def response(status, *rows, **more):
    return {"id": "resp_1", "object": "response", "status": status, **more, "output": [{"type": "message", "status": status, "content": [
        {"type": "output_text", "text": "alpha", "logprobs": list(rows)}]}] if rows else [],
        "usage": {"input_tokens": 4, "output_tokens": 3, "total_tokens": 7} if rows else None}


RESPONSE = [event("created", 0, response=response("in_progress")), event("output_item.added", 1, output_index=0, item={"type": "message"}),
            event("output_text.delta", 2, output_index=0, content_index=0, delta="al", logprobs=WHOLE[:1]),
            event("output_text.delta", 3, output_index=0, content_index=0, delta=" beta", logprobs=WHOLE[1:]),
            event("output_text.done", 4, text="al beta", logprobs=WHOLE), event("completed", 5, response=response("completed", *WHOLE))]
valid("stream_responses", {"outputs": RESPONSE}, ALPHA, source("openai_responses", tokens=None))
valid("stream_responses_events", {"outputs": "".join("event: %s\ndata: %s\n\n" % (e["type"], json.dumps(e)) for e in RESPONSE)}, ALPHA,
      source("openai_responses", tokens=None))
valid("stream_responses_unfinished", {"outputs": RESPONSE[:4]}, ALPHA, source("openai_responses", tokens=None), [("unfinished", "/outputs", 1)])
LIST = ("response", "output", 0, "content", 0, "logprobs")
invalid("stream_responses_differ", {"outputs": changed(json.loads(json.dumps(RESPONSE)), -0.875, 5, *LIST, 1, "logprob")}, 422, "bad_outputs", "/outputs/3",
        "chunk 3 says -0.25 of token 1, and the whole answer in chunk 5 says -0.875")
invalid("stream_responses_fewer", {"outputs": without(RESPONSE, 5, *LIST, 2)}, 422, "bad_count", "/outputs/5", "of 2 tokens")
valid("stream_responses_pieces_alone", {"outputs": changed(RESPONSE, [], 5, *LIST)}, ALPHA, source("openai_responses", tokens=None))
valid("stream_responses_pieces_absent", {"outputs": without(RESPONSE, 5, *LIST)}, ALPHA, source("openai_responses", tokens=None))
invalid("stream_responses_differ_behind_reasoning", {"outputs": changed(RESPONSE, [
    {"type": "reasoning", "summary": []}, response("completed", piece("al", -0.5), piece(" beta", -4))["output"][0]], 5, "response", "output")},
        422, "bad_outputs", "/outputs/3", "-4")
valid("stream_responses_pieces_uncreated", {"outputs": changed(RESPONSE, [], 5, *LIST)[2:]}, ALPHA, source("openai_responses", tokens=None))
valid("stream_responses_whole_alone", {"outputs": changed(changed(RESPONSE, [], 2, "logprobs"), [], 3, "logprobs")}, ALPHA,
      source("openai_responses", tokens=None))
refused("responses_swapped", RESPONSE[:2] + [RESPONSE[3], RESPONSE[2]] + RESPONSE[4:], "/outputs/3")
refused("responses_text_alone", without(RESPONSE[:4], 3, "logprobs"), "/outputs/3")
refused("responses_word_of_a_chunk", changed(RESPONSE[:4], "x", 3, "logprobs", 1, "logprob"), "/outputs/3/logprobs/1/logprob", 400, "bad_shape")
refused("responses_word", changed(RESPONSE, "x", 5, "response", "output", 0, "content", 0, "logprobs", 1, "logprob"),
        "/outputs/5/response/output/0/content/0/logprobs/1/logprob", 400, "bad_shape")
refused("responses_failed", RESPONSE[:4] + [event("failed", 5, response=response("failed", *WHOLE, error={"code": "server_error"}))], "/outputs")
refused("responses_error", RESPONSE[:4] + [{"type": "error", "code": "ERR", "message": "m", "sequence_number": 5}], "/outputs/4")

COHERE = [{"type": "message-start", "id": "i", "delta": {"message": {"role": "assistant", "content": []}}},
          {"type": "content-start", "index": 0, "delta": {"message": {"content": {"type": "text", "text": ""}}}},
          {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": "tt"}}},
           "logprobs": {"token_ids": [5, 6], "text": "tt", "logprobs": [-0.5, -0.25]}},
          {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": "t"}}},
           "logprobs": {"token_ids": [7], "text": "t", "logprobs": [-0.125]}}, {"type": "content-end", "index": 0},
          {"type": "message-end", "delta": {"finish_reason": "COMPLETE", "usage": {
              "billed_units": {"input_tokens": 3, "output_tokens": 3}, "tokens": {"input_tokens": 9, "output_tokens": 3}}}}]
valid("stream_cohere", {"outputs": COHERE}, TTT, source("cohere_chat"))
valid("stream_cohere_events", {"outputs": events(COHERE, done="")}, TTT, source("cohere_chat"))
valid("stream_cohere_unfinished", {"outputs": COHERE[:4]}, TTT, source("cohere_chat"), [("unfinished", "/outputs", 1)])
refused("cohere_text_alone", without(COHERE, 3, "logprobs"), "/outputs/3")
refused("cohere_behind_its_end", COHERE[:3] + COHERE[5:] + COHERE[3:4], "/outputs/4")

# ---- watsonx, vLLM's library ----

def watsonx(second, text, logprob, reason, **more):
    return {"model_id": "m", "created_at": "2026-01-01T00:00:0%d.123Z" % second, "results": [{
        "generated_text": text, "generated_token_count": second, "input_token_count": 2 if more else 0, "stop_reason": reason,
        "generated_tokens": [{"text": text, "logprob": logprob}], **more}]}


WATSONX = [watsonx(1, "a", -0.5, "not_finished", input_tokens=[{"text": "x"}, {"text": "y", "logprob": -2}]), watsonx(2, "b", -0.25, "MAX_TOKENS")]
WHOLE_X = {"logprobs": [None, -2, -0.5, -0.25], "prompt_length": 2}
valid("stream_watsonx", {"outputs": WATSONX}, WHOLE_X, source("watsonx", tokens=None))
valid("stream_watsonx_events", {"outputs": events(WATSONX, "id: 1\nevent: message\ndata: ", done="")}, WHOLE_X, source("watsonx", tokens=None))
refused("watsonx_swapped", WATSONX[::-1], "/outputs/1")


def offline(ids, finished=False):
    return {"request_id": "0", "prompt_token_ids": [1, 2], "prompt_logprobs": None, "finished": finished, "outputs": [{
        "index": 0, "text": "", "token_ids": ids, "cumulative_logprob": sum(-2.0 ** -i for i in ids),
        "logprobs": [{str(i): {"logprob": -2.0 ** -i, "rank": 1, "decoded_token": "t"}} for i in ids],
        "finish_reason": "length" if finished else None}]}


valid("stream_vllm_offline", {"outputs": [offline([5]), offline([5, 6]), offline([5, 6, 7], True)]},
      {**THREE, "logprobs": [-2.0 ** -i for i in (5, 6, 7)]}, source("vllm"), [], [True] * 3)
refused("vllm_offline_differs", [offline([5]), offline([6]), offline([7], True)], "/outputs/1")

# ---- batches ----

def line(name, body, status=200, error=None):
    return {"id": "batch_req_" + name, "custom_id": name, "response": {"status_code": status, "request_id": "r", "body": body},
            "error": error}


ONE, TWO = content(piece("a", -0.5), piece("b", -0.25)), content(piece("c", -1.5))
FAILED = {"error": {"message": "Rate limit reached", "type": "requests", "param": None, "code": "rate_limit_exceeded"}}
PLAIN = [scored([-0.5, -0.25], id="request-1"), scored([-1.5], id="request-2")]
BOTH = [HERE, source("openai_chat", tokens=None, answer=1)], [[], []], [None, None]
valid("batch", {"outputs": [line("request-1", ONE), line("request-2", TWO)]}, PLAIN, *BOTH)
valid("batch_text", {"outputs": lines([line("request-1", ONE), line("request-2", TWO)])}, PLAIN, *BOTH)
valid("batch_own_ids", {"outputs": [line("request-1", ONE), line("request-2", TWO)], "sequences": [{"id": 7}, {}]},
      [{**PLAIN[0], "id": 7}, PLAIN[1]], *BOTH)
valid("batch_one_line", {"outputs": line("request-1", ONE)}, PLAIN[0], HERE)
valid("batch_of_gemini", {"outputs": [{"key": "k1", "response": gemini(5, -0.125, "STOP")}]}, {**TTT, "tokens": [5], "logprobs": [-0.125], "id": "k1"},
      source("gemini"), [("truncated_top", "/outputs/0/response" + CHOSEN, 1)], [True])
valid("batch_warning", {"outputs": [line("request-2", content(piece("c", -9999)))]}, scored([-9999], id="request-2"), HERE,
      [("sentinel", "/outputs/0/response/body/choices/0/logprobs/content/0/logprob", 1)])
refused("batch_failed", [line("request-1", ONE), line("request-2", FAILED, 429)], "/outputs/1")
refused("batch_error", [line("request-1", ONE), {**line("request-2", TWO), "response": None, "error": FAILED["error"]}], "/outputs/1")
refused("batch_status", [line("request-1", ONE, 500)], "/outputs/0")
refused("batch_empty", [{"custom_id": "a", "response": None, "error": None}], "/outputs/0")
for name, twice in (("list", [line("one", ONE), line("two", TWO), line("one", ONE)]), ("text", lines([line("one", ONE), line("two", TWO), line("one", TWO)]))):
    invalid("stream_batch_line_twice_" + name, {"outputs": twice}, 422, "bad_outputs", "/outputs/2" if name == "list" else "/outputs",
            "lines 0 and 2 have one custom_id, one")
PAIR = changed(ONE, [ONE["choices"][0], {**TWO["choices"][0], "index": 1}], "choices")
invalid("stream_batch_of_two_choices", {"outputs": [line("one", PAIR)]}, 422, "bad_count", "/outputs/0", "send each response alone, with a sequence")
valid("stream_batch_of_two_choices_alone", {"outputs": PAIR, "sequences": [{}, {}]}, [scored([-0.5, -0.25]), scored([-1.5])],
      [HERE, source("openai_chat", tokens=None, answer=1)], [[], []], [None, None])
invalid("stream_two_choices", {"sequences": [{"outputs": PAIR}]}, 422, "bad_count", "/sequences/0/outputs", "n = 1")
refused("batch_word", [line("request-1", changed(ONE, "x", "choices", 0, "logprobs", "content", 1, "logprob"))],
        "/outputs/0/response/body/choices/0/logprobs/content/1/logprob", 400, "bad_shape")

# ---- errors in place of answers ----

for name, error in (("openai", FAILED), ("vllm", {"object": "error", "message": "m", "type": "BadRequestError", "code": 400}),
                    ("ollama", {"error": "model 'm' not found"}), ("tgi", {"error": "Input validation error", "error_type": "validation"})):
    refused("error_" + name, error, "/outputs")
    refused("error_first_" + name, [error, ONE], "/outputs/0")
    refused("error_last_" + name, [ONE, error], "/outputs/1")
    refused("error_chunk_" + name, CHAT[:3] + [error], "/outputs/3")
    refused("error_text_" + name, events(CHAT[:3] + [error]), "/outputs")

# The words of other servers: name, what stands in place of an answer, what is told of it.
TOKEN = content(piece("a", -0.5))
ERRORS = (
    ("fastapi", {"detail": "Not Found"}, "Not Found"),
    ("fastapi_list", {"detail": [{"loc": ["body"], "msg": "field required", "type": "missing"}]}, "missing: field required"),
    ("cohere", {"id": "x", "message": "invalid api token"}, "invalid api token"),
    ("bedrock", {"__type": "ThrottlingException"}, "ThrottlingException"),
    ("bedrock_message", {"message": "Too many requests", "__type": "ThrottlingException"}, "ThrottlingException: Too many requests"),
    ("watsonx", {"errors": [{"code": "no_model", "message": "m"}], "trace": "1", "status_code": 400}, "no_model: m"),
    ("gemini", {"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {"promptTokenCount": 4}}, "SAFETY"),
    ("gemini_snake", {"prompt_feedback": {"block_reason": "OTHER"}}, "OTHER"),
    ("openrouter", changed(TOKEN, {"code": 502, "message": "upstream"}, "choices", 0, "error"), "502: upstream"),
    ("reason", changed(TOKEN, "error", "choices", 0, "finish_reason"), "error"),
    ("djl", {"generated_text": "", "details": {"finish_reason": "error", "generated_tokens": 0, "inputs": None, "tokens": []}}, "error"),
    ("html", "<html>\n<head><title>502 Bad Gateway</title></head></html>", "a page of HTML: 502 Bad Gateway"),
)
for name, error, says in ERRORS:
    invalid("error_" + name, {"outputs": error}, 422, "bad_outputs", "/outputs", "the answer is an error: " + says)
    invalid("error_last_" + name, {"outputs": [ONE, error]}, 422, "bad_outputs", "/outputs/1", "answer 1 is an error: " + says)
    invalid("error_line_" + name, {"outputs": [line("request-1", error, 502)]}, 422, "bad_outputs", "/outputs/0", "failed: " + says)
    if isinstance(error, dict):
        invalid("error_chunk_" + name, {"outputs": CHAT[:3] + [error]}, 422, "bad_outputs", "/outputs/3", "chunk 3 is an error: " + says)
