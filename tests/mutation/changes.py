"""changes.py - every way in which one part of an answer is lost, doubled, moved or contradicted.

changes(base, others) yields (kind, where, changed): `where` is the JSON pointer of the part, `changed` a copy of the
answer.  What all answers have in common is changed by its type, wherever it stands: so a new shape needs no new line
here."""
import copy

# What engines give as the reason to end, beside those of the answers.
REASONS = ("stop", "length", "eos", "abort", "content_filter", "error", "tool_calls")
REASON_NAMES = ("finish_reason", "finishReason", "done_reason", "stop_reason", "stop_type", "status")


def nodes(value, path=()):
    """Every part of a value below it, with its path."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield (*path, key), child
        yield from nodes(child, (*path, key))


def get(value, path):
    for key in path:
        value = value[key]
    return value


def along(value, path):
    """A copy of the value and of what leads to `path` in it, which shares the rest; and the copied container there."""
    changed = here = copy.copy(value)
    for key in path[:-1]:
        here[key] = copy.copy(here[key])
        here = here[key]
    return changed, here


def edited(outputs, path, edit):
    """A copy in which `edit` has changed the container of `path`."""
    changed, here = along(outputs, path)
    edit(here, path[-1])
    return changed


def put(value):
    def edit(container, key):
        container[key] = value
    return edit


def lose(container, key):
    del container[key]


def double(container, key):
    container.insert(key, container[key])


def swap(container, key):
    container[key], container[key + 1] = container[key + 1], container[key]


def overwrite(container, key):
    """The neighbour's place is taken, too."""
    container[key + 1] = container[key]


def rename(container, key):
    items = list(container.items())
    container.clear()
    container.update({key + "_" if k == key else k: v for k, v in items})


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def of_value(value, name):
    """Other values for a leaf: (kind, value)."""
    if isinstance(value, bool):
        yield "turned", not value
    elif isinstance(value, int):
        yield from (("one more", value + 1), ("one less", value - 1), ("zero", 0), ("ten more", value + 10))
    elif isinstance(value, float):
        yield from (("lower", value - 0.5), ("higher", value / 2), ("zero", 0.0), ("sentinel", -9999.0), ("text", str(value)))
    elif isinstance(value, str):
        yield from (("other text", value + "x"), ("no text", ""))
        if name in REASON_NAMES:
            yield from (("reason " + reason, reason) for reason in REASONS if reason != value)
    elif isinstance(value, list) and value:
        yield from (("emptied", []), ("halved", value[:len(value) // 2]), ("turned round", value[::-1]), ("one only", value[:1]))
    elif isinstance(value, dict) and value:
        yield "emptied", {}
    elif value is None:
        yield from (("told", -1.5), ("told zero", 0.0), ("told empty", []), ("told text", "stop"))


def of_node(path, value, container):
    """The edits of one part: (kind, edit)."""
    if isinstance(container, dict):
        yield from (("lost", lose), ("renamed", rename))
    else:
        yield from (("lost", lose), ("doubled", double))
        if path[-1] + 1 < len(container) and container[path[-1]] != container[path[-1] + 1]:
            yield from (("swapped", swap), ("overwritten", overwrite))
    if value is not None:
        yield "null", put(None)
    for kind, other in of_value(value, path[-1]):
        yield kind, put(other)


def of_parallel(path, value):
    """One entry lost from, doubled in or swapped in all lists that stand side by side and are as long as each other."""
    lists = {k: v for k, v in value.items() if isinstance(v, list) and v} if isinstance(value, dict) else {}
    for length in sorted({len(v) for v in lists.values()}):
        names = [k for k, v in lists.items() if len(v) == length]
        for at in range(length if len(names) > 1 else 0):
            edits = [("lost from all", lose), ("doubled in all", double)] + [("swapped in all", swap)] * (at + 1 < length)
            for kind, edit in edits:
                yield kind, (*path, names[0], at), [(name, at, edit) for name in names]


def leaf_paths(value):
    """The paths of numbers that are no integers, below an entry."""
    return [path for path, leaf in nodes(value) if isinstance(leaf, float)]


def of_neighbours(path, value):
    """The log-probability of an entry moved to the next one, or both exchanged; or all of them by one."""
    if not isinstance(value, list) or len(value) < 2 or not all(isinstance(v, (dict, list)) for v in value):
        return
    for at in range(len(value) - 1):
        for leaf in leaf_paths(value[at]):
            try:
                other = get(value[at + 1], leaf)
            except (KeyError, IndexError, TypeError):
                continue
            if is_number(other) and other != get(value[at], leaf):
                yield "moved on", (*path, at + 1, *leaf), [((at + 1, *leaf), get(value[at], leaf))]
                yield "moved back", (*path, at, *leaf), [((at, *leaf), other)]
                yield "exchanged", (*path, at, *leaf), [((at, *leaf), other), ((at + 1, *leaf), get(value[at], leaf))]


def pointer(path):
    return "/outputs" + "".join("/" + str(key) for key in path)


def mixed(outputs, other):
    """The members of another answer beside one's own; of its first choice beside the first choice, too."""
    if not isinstance(outputs, dict) or not isinstance(other, dict):
        return
    yield "beside", "", {**other, **outputs}
    for name in ("choices", "candidates", "outputs", "results", "generations"):
        mine, theirs = outputs.get(name), other.get(name)
        if isinstance(mine, list) and isinstance(theirs, list) and mine and theirs:
            yield "beside in", "/" + name, {**outputs, name: [{**theirs[0], **mine[0]}, *mine[1:]]}
            logprobs = mine[0].get("logprobs"), theirs[0].get("logprobs")
            if all(isinstance(x, dict) for x in logprobs):
                yield "beside in", "/%s/0/logprobs" % name, {**outputs, name: [
                    {**mine[0], "logprobs": {**logprobs[1], **logprobs[0]}}, *mine[1:]]}


def changes(base, others):
    outputs = base.outputs
    for path, value in nodes(outputs):
        for kind, edit in of_node(path, value, get(outputs, path[:-1])):
            yield kind, pointer(path), edited(outputs, path, edit)
    for path, value in [((), outputs), *nodes(outputs)]:
        for kind, where, edits in of_parallel(path, value):
            changed = outputs
            for name, at, edit in edits:
                changed = edited(changed, (*path, name, at), edit)
            yield kind, pointer(where), changed
        for kind, where, edits in of_neighbours(path, value):
            changed = outputs
            for leaf, number in edits:
                changed = edited(changed, (*path, *leaf), put(number))
            yield kind, pointer(where), changed
    for other in others:
        for kind, where, changed in mixed(outputs, other.outputs):
            yield kind + " " + other.name, "/outputs" + where, changed


def of_request(base):
    """Ids of the request that the answer has, too: (kind, where, request) with another one."""
    told = {value for _, value in nodes(base.outputs) if type(value) is int}
    told |= {int(key) for path, _ in nodes(base.outputs) for key in path if isinstance(key, str) and key.isdigit()}
    for path, value in nodes(base.request):
        if any(key in ("tokens", "prompt", "completion") for key in path[:-1]) and value in told:
            yield "another id", "/" + "/".join(map(str, path)), edited(base.request, path, put(value + 70))


def of_text(text):
    """A stream cut, and written in other ways: (kind, text, whether it is the same answer)."""
    lines = text.split("\n")
    for at in range(0, len(text), 61):
        yield "cut at %d" % at, text[:at], False
    yield "ended by CRLF", text.replace("\n", "\r\n"), True
    yield "begun with a newline", "\n" + text, True
    yield "no space behind data:", text.replace("data: ", "data:"), True
    if text.startswith("data:"):
        yield "with comments", ": ping\n\n" + text.replace("\n\n", "\n\n: ping\n\n"), True
        yield "with events", text.replace("data:", "event: message\nid: 7\ndata:"), True
    for at, line in enumerate(lines):
        if line:
            yield "without line %d" % at, "\n".join(lines[:at] + lines[at + 1:]), False
            yield "half of line %d" % at, "\n".join(lines[:at] + [line[:len(line) // 2]] + lines[at + 1:]), False
            yield "line %d twice" % at, "\n".join(lines[:at + 1] + [line, ""] + lines[at + 1:]), False
