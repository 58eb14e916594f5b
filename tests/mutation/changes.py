"""changes.py - every way in which one part of an answer is lost, doubled, moved or contradicted.

changes(base, others) yields (kind, where, changed): `where` is the JSON pointer of the part, `changed` a copy of the
answer.  What all answers have in common is changed by its type, wherever it stands: so a new shape needs no new line
here."""
import copy

RENAMES = ("finish_reason", "logprobs", "logprob")
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


def edited(outputs, path, edit):
    """A copy in which `edit` has changed the container of `path`."""
    changed = copy.deepcopy(outputs)
    edit(get(changed, path[:-1]), path[-1])
    return changed


def put(value):
    def edit(container, key):
        container[key] = value
    return edit


def lose(container, key):
    del container[key]


def double(container, key):
    container.insert(key, copy.deepcopy(container[key]))


def swap(container, key):
    container[key], container[key + 1] = container[key + 1], container[key]


def overwrite(container, key):
    """The neighbour's place is taken, too."""
    container[key + 1] = copy.deepcopy(container[key])


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
    """One entry lost from, or doubled in, all lists that stand side by side and are as long as each other."""
    lists = {k: v for k, v in value.items() if isinstance(v, list) and v} if isinstance(value, dict) else {}
    for length in sorted({len(v) for v in lists.values()}):
        names = [k for k, v in lists.items() if len(v) == length]
        for at in range(length if len(names) > 1 else 0):
            for kind, edit in (("lost from all", lose), ("doubled in all", double)):
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
                yield "moved on", (*path, at, *leaf), [((at + 1, *leaf), get(value[at], leaf))]
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
            changed = copy.deepcopy(outputs)
            for name, at, edit in edits:
                edit(get(changed, path)[name], at)
            yield kind, pointer(where), changed
        for kind, where, edits in of_neighbours(path, value):
            changed = copy.deepcopy(outputs)
            for leaf, number in edits:
                get(changed, (*path, *leaf[:-1]))[leaf[-1]] = number
            yield kind, pointer(where), changed
    for other in others:
        for kind, where, changed in mixed(outputs, other.outputs):
            yield kind + " " + other.name, "/outputs" + where, changed
