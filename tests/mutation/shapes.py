"""Parts of which answers.py makes the answers of engines: entries, arrays, counts."""


class Values:
    """Log-probabilities, each another one.  They are multiples of 1/64: every sum of them is exact."""

    def __init__(self):
        self.taken = 0

    def one(self):
        self.taken += 1
        return -((self.taken ** 3 * 37) % 251 + 1) / 64

    def some(self, count):
        return [self.one() for _ in range(count)]


def rival(value):
    """The log-probability of a token that was more or less likely."""
    return value / 2 if value and int(-value * 64) % 3 == 0 else value - 5


def utf8(text):
    return list(text.encode())


def piece(text, value, ident=None, id_name="id", more=None):
    """An entry of a chat completion, with its own token and another one in its list."""
    entry = {"token": text, "bytes": utf8(text), "logprob": value}
    own = {"token": text, "bytes": utf8(text), "logprob": value}
    other = {"token": text + "~", "bytes": utf8(text + "~"), "logprob": rival(value)}
    if ident is not None:
        entry[id_name] = own[id_name] = ident
        other[id_name] = ident + 5000
    entry["top_logprobs"] = sorted([own, other], key=lambda x: -x["logprob"])
    return {**entry, **(more or {})}


def pieces(texts, values, ids=None, **names):
    return [piece(t, v, ids[i] if ids else None, **names) for i, (t, v) in enumerate(zip(texts, values))]


def arrays(texts, values, offset=0, ids=None):
    """The parallel arrays of OpenAI's completions."""
    offsets, tops = [], []
    for text, value in zip(texts, values):
        offsets.append(offset)
        offset += len(text)
        tops.append(None if value is None else {text: value, text + "~": rival(value)})
    result = {"tokens": list(texts), "token_logprobs": list(values), "top_logprobs": tops, "text_offset": offsets}
    if ids:
        result["token_ids"] = list(ids)
    return result


def usage(prompt, completion, **more):
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion, **more}


def completion(choices, counts, **more):
    return {"id": "cmpl-1", "object": "text_completion", "created": 1700000000, "model": "m", "choices": choices,
            "usage": usage(*counts), **more}


def chat(choices, counts, **more):
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1700000000, "model": "m", "choices": choices,
            "usage": usage(*counts), **more}


def choice(logprobs, text="", index=0, reason="length", **more):
    return {"index": index, "text": text, "logprobs": logprobs, "finish_reason": reason, **more}


def message(content, text, index=0, reason="stop", **more):
    return {"index": index, "message": {"role": "assistant", "content": text}, "logprobs": {"content": content, "refusal": None},
            "finish_reason": reason, **more}


def ranked(ident, value, text):
    """An entry of vLLM's: the token's own log-probability beside a more or less likely one."""
    own = {"logprob": value, "rank": 1 if rival(value) < value else 2, "decoded_token": text}
    other = {"logprob": rival(value), "rank": 3 - own["rank"], "decoded_token": text + "~"}
    return {str(ident): own, str(ident + 5000): other}


def triples(ids, values):
    return [[v, i, None] for i, v in zip(ids, values)]


def tops(ids, values):
    return [v if v is None else sorted([[v, i, None], [rival(v), i + 5000, None]], key=lambda x: -x[0])
            for i, v in zip(ids, values)]


def events(chunks, end="data: [DONE]\n\n"):
    """The text of an event stream."""
    import json
    return "".join("data: " + json.dumps(chunk) + "\n\n" for chunk in chunks) + end


def lines(chunks):
    import json
    return "".join(json.dumps(chunk) + "\n" for chunk in chunks)
