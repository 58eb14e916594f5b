#!/usr/bin/env python3
"""Writes the golden cases of `outputs`: answers of engines in the shapes that were recorded from them
(values are made up, and small), what they must be scored as, and which ones must be refused.

A valid case names, beside the request, the plain request that it must be scored like (oracle.py
answers that one), whether tokens were the most likely ones (where the engine's lists tell), and the
`source` and `warnings` that must come with it.  Run: python3 tests/golden/engines.py"""
import base64
import json
import os
import re
import shutil
import struct
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)
import oracle  # noqa: E402

DETAILS = {slug: " ".join(text.split()) for slug, text in re.findall(
    r'WARNING\(\w+, "(\w+)",\s*"([^"]*)"\)', open(os.path.join(here, "../../api/warnings.def")).read())}
VALID, INVALID = {}, {}
NAN, INF = float("nan"), float("inf")


def source(format, alignment="same", first=0, tokens="outputs", split="outputs", answer=0, detected=True,
           values="log_probs"):
    return {"format": format, "detected": detected, "answer": answer, "values": values, "alignment": alignment,
            "first_token": first, "tokens": tokens, "split": split}


def valid(name, request, plain, sources, warnings=(), greedy=None):
    """One sequence; or lists of plain requests, sources, warnings and greedy columns."""
    many = isinstance(plain, list)
    VALID[name] = (request, plain if many else [plain], sources if many else [sources],
                   list(warnings) if many else [list(warnings)], greedy if many else [greedy])


def invalid(name, request, status, code, pointer):
    INVALID[name] = (request, status, code, pointer)


# ---- openai ----

def arrays(tokens, numbers, tops=None):
    result = {"text_offset": [0] * len(tokens), "token_logprobs": numbers, "tokens": tokens}
    result["top_logprobs"] = tops
    return result


def completion(logprobs, usage=None, **more):
    result = {"id": "cmpl-1", "object": "text_completion", "created": 1700000000, "model": "m",
              "choices": [{"text": "", "index": 0, "logprobs": logprobs, "finish_reason": "length", **more}]}
    if usage:
        result["usage"] = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
    return result


ECHO = arrays(["Hi", " there", ",", " you"], [None, -1.5, -0.25, -3],
              [None, {" there": -1.5, "!": -0.5}, {",": -0.25, ".": -2}, {" you": -3, " all": -1}])
valid("openai_echo", {"outputs": completion(ECHO, (2, 2))},
      {"prompt_length": 2, "logprobs": [None, -1.5, -0.25, -3]}, source("openai", tokens=None),
      [("truncated_top", "/outputs/choices/0/logprobs/token_logprobs/1", 3)], [None, False, True, False])
valid("openai_tokens", {"tokens": [5, 6, 7, 8], "prompt_length": 3, "format": "openai", "outputs": completion(ECHO)},
      {"tokens": [5, 6, 7, 8], "prompt_length": 3, "logprobs": [None, -1.5, -0.25, -3]},
      source("openai", tokens="request", split="request", detected=False),
      [("truncated_top", "/outputs/choices/0/logprobs/token_logprobs/1", 3)], [None, False, True, False])
# lm-evaluation-harness: everything is the prompt, one token is made and left out.
valid("openai_one_more", {"tokens": [5, 6, 7], "prompt_length": 1, "outputs": completion(
    arrays(list("abcd"), [None, -1, -2, -3]), (3, 1))},
    {"tokens": [5, 6, 7], "prompt_length": 1, "logprobs": [None, -1, -2]},
    source("openai", tokens="request", split="request"),
    [("generated_left_out", "/outputs/choices/0/logprobs/token_logprobs/3", 1)])
valid("openai_one_more_untold", {"tokens": [5, 6, 7], "prompt_length": 1, "outputs": completion(
    arrays(list("abcd"), [None, -1, -2, -3]))},
    {"tokens": [5, 6, 7], "prompt_length": 1, "logprobs": [None, -1, -2]},
    source("openai", tokens="request", split="request"),
    [("generated_left_out", "/outputs/choices/0/logprobs/token_logprobs/3", 1)])
valid("openai_generated", {"prompt": [1, 2], "completion": [3, 4], "outputs": completion(
    arrays(["c", "d"], [-0.5, -0.125]), (2, 2))},
    {"prompt": [1, 2], "completion": [3, 4], "logprobs": [-0.5, -0.125]},
    source("openai", tokens="request", split="request", first=2))
valid("openai_token_ids", {"outputs": completion(arrays(["token_id:7", "token_id:11", "token_id:13"],
                                                        [None, -0.7, -0.4]), (1, 2))},
      {"tokens": [7, 11, 13], "prompt_length": 1, "logprobs": [None, -0.7, -0.4]}, source("openai"))
valid("openai_all_prompt", {"outputs": completion(arrays(["a", "b"], [None, -2]), (2, 0))},
      {"logprobs": [None, -2], "objectives": ["joint"], "unsplit": True}, source("openai", tokens=None, split=None))
valid("openai_lost_texts", {"outputs": completion(arrays(
    ["a", "b", "c"], [None, -2, -1], [None, {"b": -2, "x": -0.5, "y": -3}, {"c": -4}]), (1, 2))},
    {"prompt_length": 1, "logprobs": [None, -2, -1]}, source("openai", tokens=None),
    [("truncated_top", "/outputs/choices/0/logprobs/token_logprobs/1", 1),
     ("duplicate_text", "/outputs/choices/0/logprobs/token_logprobs/2", 2)], [None, False, True])
valid("openai_sentinel", {"outputs": completion(arrays(["a", "b"], [None, -9999.0]), (1, 1))},
      {"prompt_length": 1, "logprobs": [None, -9999]}, source("openai", tokens=None),
      [("sentinel", "/outputs/choices/0/logprobs/token_logprobs/1", 1)])
valid("openai_above_zero", {"outputs": completion(arrays(["a", "b", "c"], [None, 0.00390625, -1]), (1, 2))},
      {"prompt_length": 1, "logprobs": [None, 0.00390625, -1]}, source("openai", tokens=None),
      [("above_zero", "/outputs/choices/0/logprobs/token_logprobs/1", 1)])
valid("openai_infinite", {"outputs": completion(arrays(["a", "b", "c"], [None, -INF, -1]), (1, 2))},
      {"prompt_length": 1, "logprobs": [None, "-Infinity", -1]}, source("openai", tokens=None))
valid("openai_infinite_texts", {"outputs": completion(arrays(["a", "b", "c"], [None, "-Infinity", -1]), (1, 2))},
      {"prompt_length": 1, "logprobs": [None, "-Infinity", -1]}, source("openai", tokens=None))
valid("openai_overflow", '{"outputs":{"choices":[{"logprobs":{"tokens":["a","b","c"],'
      '"token_logprobs":[null,-1e400,-1]}}],"seed":18446744073709551615,"usage":{"prompt_tokens":1}}}',
      {"prompt_length": 1, "logprobs": [None, "-Infinity", -1]}, source("openai", tokens=None))
valid("openai_nan_unasked", {"tokens": [1, 2, 3], "prompt_length": 2, "objectives": ["conditional"],
                             "outputs": completion(arrays(["a", "b", "c"], [None, NAN, -1]))},
      {"tokens": [1, 2, 3], "prompt_length": 2, "objectives": ["conditional"], "logprobs": [None, None, -1]},
      source("openai", tokens="request", split="request"),
      [("null", "/outputs/choices/0/logprobs/token_logprobs/1", 1)])
valid("openai_null_unasked", {"tokens": [1, 2, 3, 4], "prompt_length": 3, "objectives": ["conditional"],
                              "outputs": completion(arrays(list("abcd"), [None, -1, None, -1]))},
      {"tokens": [1, 2, 3, 4], "prompt_length": 3, "objectives": ["conditional"], "logprobs": [None, None, None, -1]},
      source("openai", tokens="request", split="request"),
      [("null", "/outputs/choices/0/logprobs/token_logprobs/2", 1)])
valid("openai_zeros", {"outputs": completion(arrays(list("abc"), [None, 0.0, 0.0]), (1, 2))},
      {"prompt_length": 1, "logprobs": [None, 0, 0]}, source("openai", tokens=None),
      [("all_zero", "/outputs/choices/0/logprobs/token_logprobs/2", 1)])
valid("openai_one_zero", {"outputs": completion(arrays(list("ab"), [None, 0.0]), (1, 1))},
      {"prompt_length": 1, "logprobs": [None, 0]}, source("openai", tokens=None),
      [("all_zero", "/outputs/choices/0/logprobs/token_logprobs/1", 1)])
valid("openai_mask", {"mask": [0, 1, 0, 1], "outputs": completion(arrays(list("abcd"), [None, -1, -2, -3]))},
      {"tokens": [0, 0, 0, 0], "mask": [0, 1, 0, 1], "logprobs": [None, -1, -2, -3], "hide": True},
      source("openai", tokens=None, split="request"))
TWO = {"choices": [{"index": 1, "text": "", "logprobs": arrays(["c", "d"], [None, -4])},
                   {"index": 0, "text": "", "logprobs": arrays(["a", "b"], [None, -2])}]}
valid("openai_dealt", {"outputs": TWO, "sequences": [{"tokens": [1, 2], "prompt_length": 1}, {"tokens": [3, 4], "prompt_length": 1}]},
      [{"tokens": [1, 2], "prompt_length": 1, "logprobs": [None, -2]},
       {"tokens": [3, 4], "prompt_length": 1, "logprobs": [None, -4]}],
      [source("openai", tokens="request", split="request"),
       source("openai", tokens="request", split="request", answer=1)], [[], []], [None, None])
valid("openai_as_many_sequences", {"prompt_length": 1, "outputs": TWO},
      [{"prompt_length": 1, "logprobs": [None, -2]}, {"prompt_length": 1, "logprobs": [None, -4]}],
      [source("openai", tokens=None, split="request"), source("openai", tokens=None, split="request", answer=1)],
      [[], []], [None, None])
valid("openai_one_for_all", {"outputs": completion(arrays(list("abc"), [None, -1, -2])), "sequences": [
    {"prompt_length": 1}, {"prompt_length": 2}]},
    [{"prompt_length": 1, "logprobs": [None, -1, -2]}, {"prompt_length": 2, "logprobs": [None, -1, -2]}],
    [source("openai", tokens=None, split="request")] * 2, [[], []], [None, None])
valid("openai_one_of_several", {"tokens": [7, 8], "prompt_length": 1, "outputs": {"choices": [TWO["choices"][0]]}},
      {"tokens": [7, 8], "prompt_length": 1, "logprobs": [None, -4]}, source("openai", tokens="request", split="request"))
valid("openai_list", {"prompt_length": 1, "outputs": [completion(arrays(["a", "b"], [None, -2])),
                                                    completion(arrays(["c", "d"], [None, -4]))]},
      [{"prompt_length": 1, "logprobs": [None, -2]}, {"prompt_length": 1, "logprobs": [None, -4]}],
      [source("openai", tokens=None, split="request"), source("openai", tokens=None, split="request", answer=1)],
      [[], []], [None, None])
valid("openai_own", {"sequences": [{"outputs": completion(arrays(["a", "b"], [None, -2]), (1, 1))},
                                   {"tokens": [0, 1], "prompt_length": 1, "logprobs": [None, -1]}]},
      [{"prompt_length": 1, "logprobs": [None, -2]}, {"tokens": [0, 1], "prompt_length": 1, "logprobs": [None, -1]}],
      [source("openai", tokens=None), None], [[], None], [None, None])
valid("openai_nan_first", {"outputs": completion(arrays(list("abc"), [NAN, -1, -2]), (2, 1))},
      {"prompt_length": 2, "logprobs": [None, -1, -2]}, source("openai", tokens=None))
# Texts that jansson does not take: a NUL, halves of surrogate pairs, whole pairs beside them.
valid("openai_texts_mended", {"outputs": completion(arrays(["x", "\0", "\ud83d", "\ude00\U0001f600"], [None, -1, -2, -3], [
    None, {"\0": -1, "y": -0.5}, {"\ud83d": -2, "\ufffd": -3, "\ud83e": -4}, {"\ude00\U0001f600": -3, "\\u0000": -4}]), (1, 3))},
      {"prompt_length": 1, "logprobs": [None, -1, -2, -3]}, source("openai", tokens=None),
      [("truncated_top", "/outputs/choices/0/logprobs/token_logprobs/1", 3)], [None, False, True, True])
# A name that is mended to one that is there, too.
invalid("openai_texts_meet", {"outputs": completion(arrays(["x", "y"], [None, -1], [None, {"\ue600": -1, "\ude00": -2}]))},
        400, "duplicate_name", None)
invalid("openai_nan_second", {"prompt_length": 1, "outputs": completion(arrays(list("abc"), [NAN, NAN, -1]))},
        422, "out_of_range", "/outputs/choices/0/logprobs/token_logprobs/1")
invalid("openai_without_logprobs", {"format": "openai", "outputs": completion(None)}, 422, "bad_outputs",
        "/outputs/choices/0")
invalid("openai_null_asked", {"prompt_length": 1, "outputs": completion(arrays(list("abc"), [None, -1, None]))},
        422, "bad_outputs", "/outputs/choices/0/logprobs/token_logprobs/2")
invalid("openai_nan_asked", {"prompt_length": 1, "outputs": completion(arrays(list("abc"), [None, NAN, -1]))},
        422, "out_of_range", "/outputs/choices/0/logprobs/token_logprobs/1")
invalid("openai_above", {"prompt_length": 1, "outputs": completion(arrays(list("ab"), [None, 0.02]))},
        422, "out_of_range", "/outputs/choices/0/logprobs/token_logprobs/1")
invalid("openai_plus_infinity", {"prompt_length": 1, "outputs": completion(arrays(list("ab"), [None, INF]))},
        422, "out_of_range", "/outputs/choices/0/logprobs/token_logprobs/1")
invalid("openai_text_number", {"prompt_length": 1, "outputs": completion(arrays(list("ab"), [None, "low"]))},
        400, "bad_shape", "/outputs/choices/0/logprobs/token_logprobs/1")
invalid("openai_count", {"tokens": [1, 2], "outputs": completion(arrays(list("abcd"), [None, -1, -2, -3]))},
        422, "bad_count", "/outputs/choices/0")
invalid("openai_arrays_disagree", {"outputs": completion(arrays(list("abc"), [None, -1]))}, 422, "bad_count",
        "/outputs/choices/0")
invalid("openai_ids_differ", {"tokens": [7, 12], "outputs": completion(arrays(["token_id:7", "token_id:11"], [None, -1]))},
        422, "out_of_range", "/tokens/1")
invalid("openai_joint_of_generated", {"prompt": [1], "completion": [2], "objectives": ["joint"],
                                      "outputs": completion(arrays(["b"], [-1]))}, 422, "undefined_objective",
        "/objectives/0")
invalid("openai_prompt_length", {"prompt_length": 2, "outputs": completion(arrays(["b"], [-1]))}, 422, "out_of_range",
        "/prompt_length")
invalid("openai_split_count", {"tokens": [1, 2, 3], "prompt_length": 1, "outputs": completion(arrays(["b"], [-1]))}, 422,
        "bad_count", "/outputs/choices/0")
# Generated tokens alone stand behind the prompt, as long as the answer says it was.
invalid("openai_one_more_generated", {"tokens": [5, 6, 7, 8], "prompt_length": 3, "outputs": completion(
    arrays([" x"], [-0.25]), (4, 1))}, 422, "bad_count", "/outputs/choices/0")
invalid("openai_generated_as_all", {"tokens": [7, 8], "prompt_length": 1, "outputs": completion(
    arrays(["a", "b"], [-0.5, -0.25]), (2, 2))}, 422, "bad_count", "/outputs/choices/0")
invalid("openai_generated_untold", {"tokens": [7, 8], "prompt_length": 1, "outputs": completion(
    arrays(["a", "b"], [-0.5, -0.25]))}, 422, "bad_count", "/outputs/choices/0")
valid("openai_echo_first_known", {"tokens": [7, 8], "outputs": completion(arrays(["a", "b"], [-0.5, -0.25]), (1, 1))},
      {"tokens": [7, 8], "prompt_length": 1, "logprobs": [-0.5, -0.25]}, source("openai", tokens="request"))
# Generated tokens whose first one has none are no prompt, as usage tells.
for name, none in [("null", None), ("nan", NAN)]:
    place = "/outputs/choices/0/logprobs/token_logprobs/0"
    invalid("openai_generated_%s_first" % name, {"outputs": completion(arrays(list("de"), [none, -1]), (3, 2))}, 422,
            "bad_outputs" if none is None else "out_of_range", place)
    invalid("openai_generated_%s_as_many" % name, {"tokens": [5, 6, 7, 8], "prompt_length": 2, "outputs": completion(
        arrays(list("cd"), [none, -1]), (2, 2))}, 422, "bad_outputs" if none is None else "out_of_range", place)
    valid("openai_generated_%s_unasked" % name, {"tokens": [5, 6, 7, 8, 9], "mask": [0, 0, 0, 0, 1], "objectives": ["conditional"],
                                                "outputs": completion(arrays(list("de"), [none, -1]), (3, 2))},
          {"tokens": [5, 6, 7, 8, 9], "mask": [0, 0, 0, 0, 1], "objectives": ["conditional"], "logprobs": [None, None, None, None, -1]},
          source("openai", tokens="request", split="request", first=3), [("null", place, 1)])
invalid("openai_generated_null_as_all", {"tokens": [8, 9], "prompt_length": 1, "outputs": completion(
    arrays(list("de"), [None, -1]), (3, 2))}, 422, "bad_count", "/outputs/choices/0")
# An echo alone, of which some servers say that one token was made all the same.
valid("openai_echo_none_made", {"tokens": [5, 6, 7], "prompt_length": 1, "outputs": completion(
    arrays(list("abc"), [None, -1, -2]), (3, 1))}, {"tokens": [5, 6, 7], "prompt_length": 1, "logprobs": [None, -1, -2]},
    source("openai", tokens="request", split="request"))
invalid("openai_too_few_sequences", {"outputs": {"choices": [TWO["choices"][0]] * 3}, "sequences": [{}, {}]}, 422,
        "bad_count", "/outputs")
invalid("openai_several_for_one", {"sequences": [{"outputs": TWO}]}, 422, "bad_count", "/sequences/0/outputs")
invalid("openai_duplicate_key", '{"outputs":{"choices":[{"logprobs":{"tokens":["a"],"token_logprobs":[null],'
        '"top_logprobs":[{"a":-1,"a":-2}]}}]}}', 400, "duplicate_name", None)
invalid("openai_temperature", {"temperature": 2, "outputs": completion(ECHO, (2, 2))}, 422, "needs_logits", "/temperature")
invalid("openai_rank", {"details": ["rank"], "outputs": completion(ECHO, (2, 2))}, 422, "needs_logits", "/details/0")
invalid("openai_labels", {"labels": [-100, 1], "outputs": completion(arrays(list("ab"), [None, -1]))}, 400,
        "missing_member", "/tokens")

# ---- openai_chat ----


def content(*rows, **choice):
    return {"id": "x", "object": "chat.completion", "choices": [{"index": 0, "message": {"role": "assistant", "content": ""},
            "logprobs": {"content": list(rows), "refusal": None}, "finish_reason": "stop", **choice}]}


def piece(token, logprob, *tops, **more):
    return {"token": token, "logprob": logprob, "bytes": list(token.encode()), **more,
            "top_logprobs": [{"token": t, "logprob": p, "bytes": list(t.encode())} for t, p in tops]}


CHAT = content(piece("The", -0.0193302184343338, ("The", -0.0193302184343338), ("Albert", -4.769330024719238)),
               piece(" end", -2.5, ("!", -0.5), (" end", -2.5)))
valid("chat", {"outputs": CHAT}, {"logprobs": [-0.0193302184343338, -2.5], "objectives": ["conditional"]},
      source("openai_chat", tokens=None),
      [("truncated_top", "/outputs/choices/0/logprobs/content/0/logprob", 2)], [True, False])
valid("chat_tokens", {"tokens": [9, 8, 7], "outputs": CHAT},
      {"tokens": [9, 8, 7], "prompt_length": 1, "logprobs": [-0.0193302184343338, -2.5]},
      source("openai_chat", tokens="request", first=1),
      [("truncated_top", "/outputs/choices/0/logprobs/content/0/logprob", 2)], [None, True, False])
valid("chat_ids", {"outputs": content(piece("a", -1, id=4), piece("b", -2, id=5))},
      {"tokens": [4, 5], "prompt_length": 0, "logprobs": [-1, -2], "objectives": ["conditional"]}, source("openai_chat"))
valid("chat_token_ids", {"tokens": [1, 7, 11], "outputs": content(
    piece("token_id:7", -0.5, ("token_id:7", -0.5), ("token_id:9", -2)), piece("token_id:11", -1))},
    {"tokens": [1, 7, 11], "prompt_length": 1, "logprobs": [-0.5, -1], "objectives": ["conditional"]},
    source("openai_chat", tokens="request", first=1),
    [("truncated_top", "/outputs/choices/0/logprobs/content/0/logprob", 1)], [None, True, None])
valid("chat_token_ids_alone", {"outputs": content(piece("token_id:7", -0.5), piece("token_id:11", -1))},
      {"tokens": [7, 11], "prompt_length": 0, "logprobs": [-0.5, -1], "objectives": ["conditional"]}, source("openai_chat"))
invalid("chat_token_ids_differ", {"tokens": [1, 8], "outputs": content(piece("token_id:7", -0.5))}, 422, "out_of_range",
        "/tokens/1")
valid("chat_sentinel", {"outputs": content(piece("a", -9999.0, ("b", -0.5)))},
      {"logprobs": [-9999], "objectives": ["conditional"]}, source("openai_chat", tokens=None),
      [("sentinel", "/outputs/choices/0/logprobs/content/0/logprob", 1)], [False])
valid("chat_same_texts", {"outputs": content(piece("\ufffd", -1, ("\ufffd", -1), ("\ufffd", -2)))},
      {"logprobs": [-1], "objectives": ["conditional"]}, source("openai_chat", tokens=None),
      [("truncated_top", "/outputs/choices/0/logprobs/content/0/logprob", 1),
       ("duplicate_text", "/outputs/choices/0/logprobs/content/0/logprob", 1)], [True])
invalid("chat_without_logprobs", {"format": "openai_chat", "outputs": {"choices": [{"message": {}, "logprobs": None}]}},
        422, "bad_outputs", "/outputs/choices/0")
invalid("chat_marginal", {"tokens": [9, 8, 7], "prompt_length": 1, "objectives": ["marginal"], "outputs": CHAT}, 422,
        "undefined_objective", "/objectives/0")
invalid("chat_null", {"outputs": content(piece("a", None))}, 422, "bad_outputs",
        "/outputs/choices/0/logprobs/content/0/logprob")
invalid("chat_entry", {"outputs": content(7)}, 400, "bad_shape", "/outputs/choices/0/logprobs/content/0/logprob")

# ---- vllm ----


def ranked(*entries):
    return {str(i): {"logprob": p, "rank": r, "decoded_token": "t%d" % i} for i, p, r in entries}


PROMPT = [None, ranked((430, -0.26888129115104675, 1)), ranked((279, -1.257411241531372, 1), (281, -10.421473503112793, 2163))]


def vllm(prompt, **choice):
    return {"id": "cmpl-2", "object": "text_completion", "model": "m", "choices": [
        {"index": 0, "text": "", "logprobs": None, "finish_reason": "length", "stop_reason": None,
         "prompt_logprobs": prompt, **choice}], "usage": {"prompt_tokens": 3, "total_tokens": 4, "completion_tokens": 1}}


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
    None, prompt_token_ids=[1, 5], token_ids=[5], logprobs=arrays(["a"], [-1]))}, 422, "bad_count", "/outputs/choices/0")
invalid("vllm_generated_usage", {"tokens": [1, 4, 5], "prompt_length": 2, "outputs": vllm(
    None, token_ids=[5], logprobs=arrays(["a"], [-1]))}, 422, "bad_count", "/outputs/choices/0")
invalid("vllm_generated_null_first", {"outputs": vllm(None, prompt_token_ids=[1, 2, 3], token_ids=[4, 5], logprobs=arrays(
    ["a", "b"], [None, -1]))}, 422, "bad_outputs", "/outputs/choices/0/logprobs/token_logprobs/0")
invalid("vllm_list", {"outputs": vllm([None, 7], prompt_token_ids=[2, 4])}, 400, "bad_shape",
        "/outputs/choices/0/prompt_logprobs/1")

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
       {"tokens": [5, 6, 7], "prompt_length": 1, "logprobs": [None, -2, -1]}],
      [source("sglang"), source("sglang", answer=1, split="request")], [[], []], [None, None])
valid("sglang_start", {"tokens": [9, 8, 7, 6, 5], "prompt_length": 3, "outputs": sglang(
    5, [[None, 8, None], [-1, 7, None], [-2, 6, None], [-3, 5, None]], [])},
    {"tokens": [9, 8, 7, 6, 5], "prompt_length": 3, "objectives": ["conditional"],
     "logprobs": [None, None, None, -2, -3]}, source("sglang", first=1, tokens="request", split="request"),
    [("leading_nulls", "/outputs/meta_info/input_token_logprobs/0/0", 1)])
valid("sglang_start_alone", {"outputs": sglang(9, [[None, 8, None], [-1, 7, None]], [[-2, 6, None]])},
      {"tokens": [8, 7, 6], "prompt_length": 2, "logprobs": [None, -1, -2], "objectives": ["conditional"]},
      source("sglang"))
valid("sglang_output_only", {"outputs": sglang(4, [], [[-2, 6, None]])},
      {"tokens": [6], "prompt_length": 0, "logprobs": [-2], "objectives": ["conditional"]}, source("sglang"))
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
      {"tokens": [1, 2, 3, 4, 5], "prompt_length": 4, "objectives": ["conditional"], "logprobs": [None, None, None, None, -2]}, source("tgi"),
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
    piece("a", -1, id=5), prompt=3)}, 422, "bad_count", "/outputs")
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

# ---- tensorrt_llm ----

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
    "prompt_token_ids": [1, 5], "outputs": [{"token_ids": [5], "logprobs": [-1]}]}}, 422, "bad_count", "/outputs/outputs/0")
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

# ---- cohere, gemini ----


def cohere(*pairs):
    return {"id": "x", "generations": [{"id": "y", "text": "", "likelihood": -1.5, "token_likelihoods": [
        {"token": t, "likelihood": p} if p is not None else {"token": t} for t, p in pairs]}], "prompt": "a"}


valid("cohere_all", {"prompt_length": 2, "outputs": cohere(("a", None), ("b", -1), ("c", -2))},
      {"prompt_length": 2, "logprobs": [None, -1, -2]}, source("cohere", tokens=None, split="request"))
valid("cohere_generation", {"outputs": cohere(("b", -1), ("c", -2))}, {"logprobs": [-1, -2], "objectives": ["conditional"]},
      source("cohere", tokens=None))
valid("cohere_nan_first", {"prompt_length": 1, "outputs": cohere(("a", NAN), ("b", -1))},
      {"prompt_length": 1, "logprobs": [None, -1]}, source("cohere", tokens=None, split="request"))
invalid("cohere_generation_as_all", {"tokens": [1, 2], "prompt_length": 1, "outputs": cohere(("b", -1), ("c", -2))}, 422,
        "bad_count", "/outputs/generations/0")
invalid("cohere_missing", {"prompt_length": 1, "outputs": cohere(("a", None), ("b", None))}, 422, "bad_outputs",
        "/outputs/generations/0/token_likelihoods/1/likelihood")
invalid("cohere_none", {"format": "cohere", "outputs": {"generations": [{"text": ""}]}}, 422, "bad_outputs", "/outputs/generations/0")


def gemini(chosen, tops=None):
    result = {"chosenCandidates": [{"token": "x", "tokenId": i, "logProbability": p} for i, p in chosen]}
    if tops:
        result["topCandidates"] = [{"candidates": [{"token": "y", "tokenId": i, "logProbability": p} for i, p in top]} for top in tops]
    return {"candidates": [{"content": {}, "avgLogprobs": -1, "logprobsResult": result}]}


valid("gemini", {"outputs": gemini([(7, -0.25), (8, -3)], [[(7, -0.25), (9, -2)], [(1, -0.5), (2, -1)]])},
      {"tokens": [7, 8], "prompt_length": 0, "objectives": ["conditional"], "logprobs": [-0.25, -3]}, source("gemini"),
      [("truncated_top", "/outputs/candidates/0/logprobsResult/chosenCandidates/0/logProbability", 2)], [True, False])
valid("gemini_infinite", {"outputs": gemini([(7, "-Infinity")])},
      {"tokens": [7], "prompt_length": 0, "objectives": ["conditional"], "logprobs": ["-Infinity"]}, source("gemini"))
invalid("gemini_none", {"outputs": {"candidates": [{"logprobsResult": {}}]}}, 422, "bad_outputs", "/outputs/candidates/0")
invalid("gemini_ids", {"tokens": [1, 8], "outputs": gemini([(7, -1)])}, 422, "out_of_range", "/tokens/1")

# ---- llama_perplexity ----


def kld_file(context, vocabulary, tokens, rows):
    """rows[chunk][row]: scale, least and q of each token."""
    data = b"_logits_" + struct.pack("<3i", context, vocabulary, len(tokens))
    for chunk in tokens:
        data += struct.pack("<%di" % context, *chunk)
    for chunk in rows:
        for scale, least, q in chunk:
            data += struct.pack("<2f", scale, least) + struct.pack("<%dH" % (2 * ((vocabulary + 1) // 2)), *q, *[0] * (vocabulary % 2))
    return base64.b64encode(data).decode()


KLD = kld_file(5, 3, [[0, 1, 2, 0, 1], [2, 2, 0, 1, 2]],
               [[(2.0 ** -13, -8.25, (65535, 40000, 0)), (2.0 ** -13, -8, (0, 65535, 65535))],
                [(2.0 ** -12, -16, (0, 60000, 30000)), (2.0 ** -12, -16.125, (1, 65535, 0))]])
valid("llama_perplexity", {"outputs": KLD},
      [{"tokens": [0, 1, 2, 0, 1], "prompt_length": 3, "objectives": ["conditional"],
        "logprobs": [None, None, None, 65535 / 8192 - 8.25, 65535 / 8192 - 8]},
       {"tokens": [2, 2, 0, 1, 2], "prompt_length": 3, "objectives": ["conditional"],
        "logprobs": [None, None, None, 60000 / 4096 - 16, -16.125]}],
      [source("llama_perplexity"), source("llama_perplexity", answer=1)],
      [[("leading_nulls", "/outputs/tokens/1", 1)],
       [("leading_nulls", "/outputs/tokens/1", 1), ("clipped", "/outputs/rows/1", 1)]],
      [[None, None, None, True, None], [None, None, None, True, False]])
invalid("llama_perplexity_short", {"outputs": KLD[:-8]}, 422, "bad_data", "/outputs")
invalid("llama_perplexity_alphabet", {"outputs": KLD[:40] + "!" + KLD[41:], "sequences": [{}, {}]}, 422, "bad_data", "/outputs")
invalid("llama_perplexity_marginal", {"objectives": ["marginal"], "outputs": KLD}, 422, "bad_outputs", "/outputs/tokens/1")

# ---- formats ----

invalid("format_unknown", {"format": "vlm", "outputs": {}}, 422, "out_of_range", "/format")
invalid("format_alone", {"format": "vllm", "tokens": [0, 1], "logprobs": [None, -1]}, 400, "missing_member", "/outputs")
invalid("not_recognised", {"outputs": {"choices": [{"text": "x"}]}}, 422, "bad_outputs", "/outputs")
invalid("ambiguous", {"outputs": {**SGLANG, "details": {"prefill": [], "tokens": []}}}, 422, "bad_outputs", "/outputs")
invalid("outputs_type", {"outputs": 7}, 400, "bad_shape", "/outputs")
invalid("outputs_empty_list", {"format": "sglang", "outputs": []}, 422, "bad_outputs", "/outputs")
invalid("outputs_and_logprobs", {"tokens": [0, 1], "logprobs": [None, -1], "outputs": SGLANG}, 400, "conflicting_members", "/outputs")
valid("ambiguous_named", {"format": "sglang", "outputs": {**SGLANG, "details": {"prefill": [], "tokens": []}}},
      {"tokens": [1, 2, 32, 220, 20], "prompt_length": 3, "logprobs": [None, -0.1, -4.267991065979004, -0.2, -0.3]},
      source("sglang", detected=False))


# ---- answers ----

class Scored(oracle.Sequence):
    """A plain request, with what the engine's lists tell beyond it."""

    def __init__(self, plain, greedy):
        super().__init__(plain)
        if plain.get("unsplit"):
            self.split = False
            self.segment = [False] * self.length
        if greedy:
            self.columns["greedy"] = greedy
        self.ids = None if plain.get("hide") else plain.get("ids", self.ids)


def answer(plains, sources, warnings, greedy):
    sequences = [Scored(p, g) for p, g in zip(plains, greedy)]
    result = oracle.answer_of(sequences, {})
    for written, told, noticed in zip(result["sequences"], sources, warnings):
        if told:
            written["source"] = told
            written["warnings"] = [{"code": code, "detail": DETAILS[code], "pointer": pointer, "count": count}
                                   for code, pointer, count in noticed]
    return result


def write(name, files):
    folder = os.path.join(here, "engines", name)
    os.makedirs(folder)
    for file, content in files.items():
        with open(os.path.join(folder, file), "w", encoding="utf-8") as out:
            out.write(content + "\n")


def text_of(request):
    return request if isinstance(request, str) else json.dumps(request, separators=(",", ":"))


def main():
    shutil.rmtree(os.path.join(here, "engines"), ignore_errors=True)
    for name, (request, plains, sources, warnings, greedy) in VALID.items():
        order = list(DETAILS)
        noticed = [w and sorted(w, key=lambda x: order.index(x[0])) for w in warnings]
        write(name, {"request.json": text_of(request),
                     "response.json": json.dumps(answer(plains, sources, noticed, greedy), ensure_ascii=False)})
    for name, (request, status, code, pointer) in INVALID.items():
        expect = {"status": status, "code": code}
        if pointer is not None:
            expect["pointer"] = pointer
        write(name, {"request.json": text_of(request), "expect.json": json.dumps(expect)})


if __name__ == "__main__":
    main()
