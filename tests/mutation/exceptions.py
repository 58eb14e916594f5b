"""exceptions.py - changes that nothing else in the answer tells, each with the reason.

A number that stands only once in an answer, in no sum and no mean of it, may be any number.  This is found by itself:
all log-probabilities of answers.py differ.  What is left is named."""
import re

from .changes import nodes

# Changes of a number, or of its place.
OF_NUMBERS = {"lower", "higher", "zero", "sentinel", "text", "moved on", "moved back", "exchanged", "overwritten", "swapped"}
SUMS = ("cumulative_logprob", "avgLogprobs", "avg_logprobs", "likelihood", "cum_log_probs")

# Base, kind of the change, its place: regular expressions that match all of it; and why nobody can tell.
NAMED = [
    (r"tgi|tgi_.*", r"(lost|doubled|halved|one only).*", r"/outputs/details/prefill.*", "TGI does not say how many tokens the prompt had"),
    (r"vllm_offline.*", r"(lost from|doubled in|swapped in) all", r"/outputs(/\d)?/prompt_.*", "nothing tells of the prompt a third time"),
    (r"\w+_list|\w*batch\w*|ndjson_\w+", r"lost|halved|one only", r"/outputs(/\d)?", "nothing counts the answers of a list"),
    (r"\w+_list|ndjson_\w+", r"doubled|overwritten", r"/outputs(/\d)?", "answers of a list may be alike, and lines of NDJSON are on their own"),
    (r"\w+_list|\w*batch\w*|ndjson_\w+", r"swapped|turned round", r"/outputs(/\d)?", "answers are scored in the order of the list"),
    (r"vllm.*", r"swapped in all", r"/outputs(/\d|/choices/0)?/prompt_.*", "both lists of the prompt are in one order"),
    (r"vllm_offline.*", r"lost|renamed|null|emptied", r"(/outputs/\d)?/outputs(/outputs)?(/0)?", "nothing tells that tokens were generated"),
    (r"fireworks_content_echo", r"lost|renamed|null|emptied", r"/outputs/usage(/completion_tokens)?", "usage alone tells that it is an echo"),
    (r"fireworks_content_echo", r"halved", r"/outputs/choices/0/logprobs/content", "two entries are as many as were generated"),
    (r"fireworks_content_echo", r"overwritten", r"/outputs/choices/0/logprobs/content/0", "tokens that are certain may repeat"),
    (r"stream_chat_choices", r"one more|one less", r"/outputs/\d/choices/0/index", "nothing counts the tokens of one choice"),
    (r"rank_scores_sglang", r"turned round", r"/outputs/scores/0", "the ids of the labels are not in the answer"),
    (r"openai_dealt", r"swapped|turned round|overwritten", r"/outputs(/\d)?", "texts of an answer are not held against ids"),
    (r".*", r"told", r"/outputs.*/(token_logprobs/0|prefill/0/log_?prob|input_token_logprobs/0/0)",
     "nothing contradicts a log-probability of the first token of a prompt"),
    (r"equal_vllm", r"told( zero)?", r".*/prompt_logprobs/0", "it is read as TensorRT-LLM's, whose entry is about the next token"),
]


def stands_once(base, kind, where):
    """Is every number at this place one that the answer tells nowhere else, in no sum that changes either?"""
    part, summed = base.outputs, False
    for key in where.split("/")[2:]:
        # A sum is of the generated tokens beside it.
        summed = (summed or isinstance(part, dict) and any(name in part for name in SUMS)) and key != "prompt_logprobs"
        part = part[int(key) if isinstance(part, list) else key]
    numbers = [n for n in ([part] if isinstance(part, float) else [v for _, v in nodes(part)]) if isinstance(n, float)]
    everywhere = [v for path, v in nodes(base.outputs) if isinstance(v, float) and path[-1] not in SUMS]
    return (not summed or kind == "exchanged") and all(everywhere.count(number) <= 1 for number in numbers)


def reason(base, kind, where):
    """Why nobody can tell this change; None if one can."""
    if kind in OF_NUMBERS and stands_once(base, kind, where):
        return "the number stands only here"
    for names, kinds, places, why in NAMED:
        if re.fullmatch(names, base.name) and re.fullmatch(kinds, kind) and re.fullmatch(places, where):
            return why
    return None
