"""Cohere, Gemini, llama-perplexity; and formats in general."""
import base64
import struct

from .cases import NAN, invalid, source, valid
from .servers import SGLANG

# ---- cohere, gemini ----


def cohere(*pairs):
    known = [p for _, p in pairs if p is not None and p == p] or [0]
    return {"id": "x", "generations": [{"id": "y", "text": "", "likelihood": sum(known) / len(known), "token_likelihoods": [
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
    mean = sum(p for _, p in chosen if not isinstance(p, str)) / len(chosen)
    return {"candidates": [{"content": {}, "avgLogprobs": mean, "logprobsResult": result}]}


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
# A row of nothing but 0: that is no clipping.
valid("llama_perplexity_flat", {"outputs": kld_file(3, 3, [[0, 1, 2]], [[(2.0 ** -13, -1.5, (0, 0, 0))]])},
      {"tokens": [0, 1, 2], "prompt_length": 2, "objectives": ["conditional"], "logprobs": [None, None, -1.5]},
      source("llama_perplexity"), [("leading_nulls", "/outputs/tokens/1", 1)], [None, None, None])
invalid("llama_perplexity_context", {"outputs": kld_file(2, 3, [[0, 1]], [[]])}, 422, "bad_data", "/outputs")
invalid("llama_perplexity_id", {"outputs": kld_file(3, 3, [[0, 1, 3]], [[(2.0 ** -13, -1.5, (1, 2, 3))]])}, 422, "bad_data", "/outputs")
invalid("llama_perplexity_short", {"outputs": KLD[:-8]}, 422, "bad_data", "/outputs")
invalid("llama_perplexity_alphabet", {"outputs": KLD[:40] + "!" + KLD[41:], "sequences": [{}, {}]}, 422, "bad_data", "/outputs")
assert KLD.endswith("A==")  # bits that belong to no byte, in a row that is read
invalid("llama_perplexity_bits", {"outputs": KLD[:-3] + "B==", "sequences": [{}, {}]}, 422, "bad_data", "/outputs", "not base64")
invalid("llama_perplexity_marginal", {"objectives": ["marginal"], "outputs": KLD}, 422, "bad_outputs", "/outputs/tokens/1")

# ---- formats ----

invalid("format_unknown", {"format": "vlm", "outputs": {}}, 422, "out_of_range", "/format")
invalid("format_alone", {"format": "vllm", "tokens": [0, 1], "logprobs": [None, -1]}, 400, "missing_member", "/outputs")
invalid("not_recognised", {"outputs": {"answers": [{"text": "x"}]}}, 422, "bad_outputs", "/outputs")
invalid("ambiguous", {"outputs": {**SGLANG, "details": {"prefill": [], "tokens": []}}}, 422, "bad_outputs", "/outputs")
invalid("outputs_type", {"outputs": 7}, 400, "bad_shape", "/outputs")
invalid("outputs_empty_list", {"format": "sglang", "outputs": []}, 422, "bad_outputs", "/outputs")
invalid("outputs_and_logprobs", {"tokens": [0, 1], "logprobs": [None, -1], "outputs": SGLANG}, 400, "conflicting_members", "/outputs")
valid("ambiguous_named", {"format": "sglang", "outputs": {**SGLANG, "details": {"prefill": [], "tokens": []}}},
      {"tokens": [1, 2, 32, 220, 20], "prompt_length": 3, "logprobs": [None, -0.1, -4.267991065979004, -0.2, -0.3]},
      source("sglang", detected=False))
