"""Answers of engines in requests of trainers: POST /v1/policy and /v1/preference tell how each was read."""
import copy

from rank_labels import source


def openai(*numbers):
    """An answer of OpenAI's completions."""
    return {"outputs": {"object": "text_completion", "choices": [{"index": 0, "text": "", "logprobs": {
        "tokens": [chr(97 + t) for t in range(len(numbers))], "token_logprobs": list(numbers)}}]}}


def read(first=0, warnings=(), **more):
    """What is told of it."""
    return {"source": source(first=first, **more), "warnings": list(warnings)}


def told(answer, pointers):
    """The answer to the same request with plain numbers, with what is told of outputs at their pointers."""
    result = copy.deepcopy(answer)
    for pointer, value in pointers.items():
        *steps, last = pointer.strip("/").split("/")
        at = result
        for step in steps:
            at = at[int(step) if isinstance(at, list) else step]
        at[last] = value
    return result
