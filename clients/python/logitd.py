"""A client of logitd, the server that scores the output of language models.

    import logitd

    client = logitd.Client("http://127.0.0.1:8080")
    score = client.score(tokens, logits, prompt_length=5)
    print(score.conditional.log_prob, score.conditional.perplexity)

This one file is the whole client, and it needs the standard library only: copy it, or `pip install ./clients/python`.
Tokens and logits may be NumPy arrays, PyTorch tensors (bfloat16, too), JAX arrays, whatever else has the buffer protocol,
`__array__`, `__array_interface__` or `__dlpack__`, or plain lists.  Logits are sent as the bytes that they are.

    Client    asks a server: score, score_many, rank, compare, policy, preference, completions, objectives, version
    Server    starts a local server for a script or a test, and stops it: `with Server() as server: server.client()`
    Score     what is known of one sequence; a batch gives Scores, a list of them with totals
    Answer    what the other routes answer
    LogitdError, LogitdConnectionError    what went wrong: status, code, pointer, detail
"""
from __future__ import annotations

import array
import base64
import collections
import collections.abc
import concurrent.futures
import copy
import ctypes
import dataclasses
import email.message
import gzip
import html
import http.client
import importlib
import itertools
import json
import math
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import uuid
import warnings
import weakref
import zlib
from typing import (Any, Callable, Deque, Dict, Iterable, Iterator, List, Mapping, NoReturn, Optional, Sequence, Set, Tuple, Type,
                    TypeVar, Union, overload)

__version__ = "1.0.0"
__all__ = ["Answer", "Client", "Comparison", "Completions", "LogitdConnectionError", "LogitdError", "Objective", "Policies",
           "Preferences", "Ranking", "Record", "Score", "Scores", "Server", "Totals"]

_CHUNK = 1 << 20  # bytes that are sent at a time
_IDLE = 10.0  # seconds after which a connection is not used again: the server closes it after 15
_LINES = 64  # requests without logits that go in one body of score_many
_SHOWN = 2000  # tokens or rows that are drawn in a notebook


# ---- errors ----


class LogitdError(Exception):
    """The server refused a request.

    status      the HTTP status, as 422; None if there was no answer
    code        what it is, for programs: "bad_count", "unauthorized", ... (docs/reference.md has the list)
    pointer     a JSON pointer to the place in the request: "/tokens/3"; None if it is about no place
    detail      the same in words
    request_id  what the server's log calls the request
    item        which request of score_many it was, counted from 0; None elsewhere
    """

    item: Optional[int] = None

    def __init__(self, detail: str, status: Optional[int] = None, code: Optional[str] = None,
                 pointer: Optional[str] = None, request_id: Optional[str] = None, hint: str = "") -> None:
        self.status, self.code, self.pointer, self.detail = status, code, pointer, detail
        self.request_id, self.hint = request_id, hint
        super().__init__(detail, status, code, pointer, request_id, hint)

    def __str__(self) -> str:
        place = " ".join(str(part) for part in (self.status, self.code) if part)
        place += f" at {self.pointer}" if self.pointer else ""
        text = ": ".join(part for part in (place, self.detail) if part)
        text = text if self.item is None else f"item {self.item} of score_many: {text}"
        return f"{text}\n{self.hint}" if self.hint else text


class LogitdConnectionError(LogitdError):
    """There was no answer: no server, no connection, none in time, or one that broke off."""


_HINTS = {
    401: "The server wants a key: Client(url, api_key=\"...\").",
    404: "Is this the address of logitd, and is the server as new as this client?",
    413: "Send fewer sequences in one request, or start the server with the higher limit that is named here.",
    429: "The server has too much to do: ask with less concurrency, or later.",
    503: "The server has no room or is stopping: ask with less concurrency, or later.",
}


def _problem(status: int, answer: Any, key_given: bool) -> LogitdError:
    """The error of an answer: problem+json, the forms of OpenAI and of /v2, or the page of a proxy."""
    hint = "The server does not know this api_key." if status == 401 and key_given else _HINTS.get(status, "")
    if not isinstance(answer, dict):
        return _no_json(answer, status, hint)
    inner = answer.get("error", answer)
    if not isinstance(inner, dict):
        inner = {"detail": str(inner)}
    places = answer.get("errors")
    place = places[0] if isinstance(places, list) and places and isinstance(places[0], dict) else {}
    detail = str(place.get("detail") or inner.get("detail") or inner.get("message") or inner.get("title") or "")
    pointer = place.get("pointer")
    if pointer is None and detail.startswith("/") and ": " in detail:
        pointer, detail = detail.split(": ", 1)
    return LogitdError(detail, status, inner.get("code"), pointer, answer.get("request_id"), hint)


def _no_json(answer: Any, status: Optional[int] = None, hint: str = "") -> LogitdError:
    """An answer that logitd does not give: something else is at the address, or stands before it."""
    text = " ".join(re.sub(r"<(style|script).*?</\1>|<[^>]*>", " ", str(answer), flags=re.S).split())  # pages of proxies
    said = f"the answer is not one of logitd: {text[:200]!r}" if answer else "the answer is empty"
    return LogitdError(said, status, hint=hint or "Is this the address of logitd?")


# ---- arrays: anything that holds numbers, as bytes to send ----

_DTYPES = {"float64": "f64", "float32": "f32", "float16": "f16", "bfloat16": "bf16"}
_BYTES = {"f64": 8, "f32": 4, "f16": 2, "bf16": 2}
_FORMATS = {"d": "f64", "f": "f32", "e": "f16"}
Buffer = Union[bytes, memoryview]


class _Tensor:
    """Numbers in little-endian C order: their format, their shape, and a function that gives the bytes in pieces."""

    def __init__(self, dtype: str, shape: Sequence[int], pieces: Callable[[], Iterator[Buffer]],
                 once: bool = False) -> None:
        self.dtype, self.shape, self._pieces = dtype, tuple(shape), pieces
        self.once = once  # the numbers come from an iterator: they can be sent once
        self.spent = False

    @property
    def size(self) -> int:
        return math.prod(self.shape) * _BYTES[self.dtype]

    def pieces(self) -> Iterator[Buffer]:
        self.spent = self.once
        return self._pieces()


class _Base64:
    """The same as base64, for requests that are JSON only; it is encoded while it is sent."""

    def __init__(self, tensor: _Tensor) -> None:
        self.tensor = tensor
        self.size = (tensor.size + 2) // 3 * 4

    def pieces(self) -> Iterator[Buffer]:
        rest = b""
        for piece in self.tensor.pieces():
            block = rest + piece if rest else piece
            end = len(block) // 3 * 3
            rest = bytes(block[end:])
            yield base64.b64encode(block[:end])
        yield base64.b64encode(rest)


def _module(name: str) -> Any:
    """A module that may not be there; None if so."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _is_torch(value: Any) -> bool:
    return isinstance(value, getattr(sys.modules.get("torch"), "Tensor", ()))


def _is_array(value: Any) -> bool:
    """Whether it holds numbers and is neither a list nor text."""
    if isinstance(value, (str, bytes, bytearray, int, float, list, tuple, dict)) or value is None:
        return False
    names = ("__array__", "__array_interface__", "__dlpack__", "tolist")
    return any(hasattr(value, name) for name in names) or _has_buffer(value)


def _has_buffer(value: Any) -> bool:
    try:
        memoryview(value).release()
    except (TypeError, ValueError, BufferError):
        return False
    return True


def _blocks(value: Any, shape: Sequence[int], width: int, flat: Callable[[Any], Buffer]) -> Iterator[Buffer]:
    """The bytes of an array in pieces of about _CHUNK: an array that is not contiguous is copied a piece at a time."""
    size = math.prod(shape) * width
    if size <= _CHUNK or len(shape) < 2:
        yield flat(value)
        return
    step = _CHUNK * shape[0] // size
    if step == 0:
        for item in range(shape[0]):
            yield from _blocks(value[item], shape[1:], width, flat)
    else:
        for first in range(0, shape[0], step):
            yield flat(value[first:first + step])


def _is_raw(value: Any) -> bool:
    """Whether it is a buffer of bytes that does not say what numbers they are."""
    return not hasattr(value, "dtype") and _has_buffer(value) and memoryview(value).format.lstrip("@=<>!") in ("B", "b", "c")


def _refuse(what: str) -> NoReturn:
    raise TypeError(f"logits of {what} cannot be sent: they are float64, float32, float16 or bfloat16; convert them first, "
                    "as with logits.float() or logits.astype('float32')")


def _torch_flat(part: Any) -> Buffer:
    """The memory of a tensor; the view keeps the tensor alive."""
    part = part.contiguous()
    size, address = part.numel() * part.element_size(), part.data_ptr()
    if size and not address:
        raise TypeError(f"a {type(part).__name__} without memory of its own cannot be sent: give a plain tensor")
    memory = (ctypes.c_char * size).from_address(address or 1)
    setattr(memory, "tensor", part)
    return memoryview(memory).cast("B")


def _of_torch(value: Any) -> _Tensor:
    name = str(value.dtype).replace("torch.", "")
    if name not in _DTYPES:
        _refuse(f"dtype {value.dtype}")
    value = _on_cpu(value)
    if str(value.layout) != "torch.strided":
        value = value.to_dense()
    if value.is_neg():
        value = value.resolve_neg()  # its memory holds the numbers with the other sign
    shape = tuple(value.shape)
    return _Tensor(_DTYPES[name], shape, lambda: _blocks(value, shape, value.element_size(), _torch_flat))


def _on_cpu(value: Any) -> Any:
    """A tensor without its gradient, in the memory of the CPU."""
    if value.is_meta:
        raise TypeError("a tensor on the device meta cannot be sent: it has a shape and no numbers")
    return value.detach().cpu()


def _as_numpy(value: Any) -> Any:
    """A NumPy array of the same memory where that is possible; None where there is no NumPy."""
    numpy = _module("numpy")
    if numpy is None or isinstance(value, numpy.ndarray):
        return value if numpy else None
    if hasattr(value, "__dlpack__") and not any(hasattr(value, name) for name in ("__array__", "__array_interface__")) \
            and not _has_buffer(value):
        return numpy.from_dlpack(value)
    return numpy.asarray(value)


def _of_numpy(value: Any) -> _Tensor:
    name = value.dtype.name
    if name not in _DTYPES:
        _refuse(f"dtype {name}")
    little = None if name == "bfloat16" else value.dtype.newbyteorder("<")

    def flat(part: Any) -> Buffer:
        if little is None:
            part = part.view("uint16")  # NumPy itself has no bfloat16, and gives no buffer of one
        part = part.astype(little or "<u2", order="C", copy=False)
        return memoryview(part.reshape(-1).view("uint8"))

    return _Tensor(_DTYPES[name], value.shape, lambda: _blocks(value, value.shape, value.dtype.itemsize, flat))


def _of_buffer(value: Any) -> _Tensor:
    """What has the buffer protocol, where there is no NumPy."""
    view = memoryview(value)
    kind = view.format.lstrip("@=<>!")
    if kind not in _FORMATS:
        _refuse(f"the buffer format {view.format!r}")
    numbers = view.tobytes()
    big = view.format[0] in ">!" or (sys.byteorder == "big" and view.format[0] != "<")
    if big:
        swapped = array.array({8: "d", 4: "f", 2: "h"}[view.itemsize], numbers)
        swapped.byteswap()
        numbers = swapped.tobytes()
    return _Tensor(_FORMATS[kind], view.shape or (), lambda: iter([numbers]))


def _list_shape(value: Any) -> Tuple[int, ...]:
    if not isinstance(value, (list, tuple)):
        return ()
    inner = _list_shape(value[0]) if value else ()
    for index, item in enumerate(value):
        shape = _list_shape(item)
        if shape != inner:
            raise ValueError(f"logits: row {index} has {shape[0] if shape else 'no'} numbers, and row 0 has "
                             f"{inner[0] if inner else 'none'}: every row has one for each token of the vocabulary")
    return (len(value),) + inner


def _flatten(value: Any, into: "array.array[float]") -> None:
    for item in value:
        if isinstance(item, (list, tuple)):
            _flatten(item, into)
        else:
            into.append(item)


def _of_list(value: Sequence[Any], dtype: Optional[str]) -> _Tensor:
    """Nested lists of numbers, or a list of arrays of one shape."""
    if value and _is_array(value[0]) and getattr(value[0], "shape", None) != ():
        return _stack([_tensor(item, dtype) for item in value])
    numbers = array.array("f" if dtype and _dtype(dtype) == "f32" else "d")
    shape = _list_shape(value)
    try:
        _flatten(value, numbers)
    except TypeError as error:
        raise TypeError(f"logits: {error}; they are numbers, one for each token of the vocabulary") from None
    if sys.byteorder == "big":
        numbers.byteswap()
    view = memoryview(numbers).cast("B")
    return _Tensor("f32" if numbers.typecode == "f" else "f64", shape,
                   lambda: (view[i:i + _CHUNK] for i in range(0, len(view), _CHUNK)))


def _stack(parts: List[_Tensor]) -> _Tensor:
    for index, part in enumerate(parts):
        if (part.dtype, part.shape) != (parts[0].dtype, parts[0].shape):
            raise ValueError(f"logits: entry {index} is {part.dtype} of shape {list(part.shape)}, and entry 0 is "
                             f"{parts[0].dtype} of shape {list(parts[0].shape)}: all must be alike")
    return _Tensor(parts[0].dtype, (len(parts),) + parts[0].shape,
                   lambda: (piece for part in parts for piece in part.pieces()))


def _of_iterator(rows: Iterator[Any], count: int, dtype: Optional[str]) -> _Tensor:
    """Rows, or blocks of rows, that come one after the other; there must be as many as there are tokens."""
    try:
        first = _tensor(next(rows), dtype)
    except StopIteration:
        raise ValueError("logits: the iterator has no row") from None
    width = first.shape[-1] if first.shape else 0

    def pieces() -> Iterator[Buffer]:
        size, block = count * width * _BYTES[first.dtype], first
        while True:
            if block.dtype != first.dtype or block.shape[-1:] != (width,):
                raise ValueError(f"logits: a block of {block.dtype} and shape {list(block.shape)} behind rows of {width} "
                                 f"{first.dtype}")
            size -= block.size
            yield from block.pieces() if size >= 0 else ()
            following = next(rows, None)
            if following is None or size < 0:
                break
            block = _tensor(following, dtype)
        if size:
            raise ValueError(f"logits: the iterator gives too {'few' if size > 0 else 'many'} rows: {count} tokens need "
                             f"{count} rows")

    return _Tensor(first.dtype, (count, width), pieces, once=True)


def _dtype(name: str) -> str:
    short = str(name).replace("torch.", "").lower()
    return {"f4": "f32", "f8": "f64", "<f4": "f32", "<f8": "f64"}.get(short, _DTYPES.get(short, short))


def _rows(value: Any) -> Any:
    """The logits of what a model of Hugging Face returns, and the array of a variable of Flax; else the value."""
    value = getattr(value, "logits", value)
    if hasattr(value, "__jax_array__") and not hasattr(value, "__array__"):
        return value.__jax_array__()
    return value


def _tensor(value: Any, dtype: Optional[str] = None) -> _Tensor:
    """Numbers of any kind, to be sent as bytes."""
    value = _rows(value)
    if isinstance(value, _Tensor):
        return value
    if isinstance(value, (list, tuple)):
        return _of_list(value, dtype)
    if _is_torch(value):
        return _of_torch(value)
    if _is_raw(value):
        raise TypeError("logits: bytes do not say what numbers they are: numpy.frombuffer(data, 'float32').reshape(T, V) does, "
                        "or memoryview(data).cast('B').cast('f', (T, V))")
    if not _is_array(value):
        raise TypeError(f"logits: a {type(value).__name__} is no array: give a NumPy array, a PyTorch tensor or lists of "
                        "numbers")
    if getattr(type(value), "__array__", None) is None and hasattr(value, "__dlpack__") and "torch" in sys.modules:
        return _of_torch(sys.modules["torch"].from_dlpack(value))  # NumPy reads no bfloat16 from DLPack
    try:
        found = _as_numpy(value)
    except (TypeError, ValueError, BufferError, RuntimeError) as error:
        raise TypeError(f"logits: a {type(value).__name__} cannot be read ({error}): copy it to the CPU first") from error
    if found is None and not _has_buffer(value):
        raise TypeError(f"logits: to read a {type(value).__name__}, NumPy is needed: pip install numpy")
    return _of_numpy(found) if found is not None else _of_buffer(value)


def _plain(value: Any) -> Any:
    """What json can write: arrays become lists."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, range, collections.abc.Iterator)):
        return [_plain(item) for item in value]
    if _is_torch(value):
        return _on_cpu(value).tolist()
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if hasattr(value, "model_dump"):  # the answer of an engine's client, as OpenAI's
        return _plain(value.model_dump(mode="json", exclude_unset=True))
    if _is_array(value):
        found = _as_numpy(value)
        return _plain((memoryview(value) if found is None else found).tolist())
    raise TypeError(f"a {type(value).__name__} cannot be sent: give numbers, texts, lists, dicts or arrays")


# ---- bodies of requests ----


class _Body:
    """The bytes of a request, in pieces that are made when they are sent."""

    def __init__(self, kind: str, parts: Sequence[Union[bytes, _Tensor, _Base64]]) -> None:
        self.kind, self.parts = kind, parts
        self.size = sum(len(part) if isinstance(part, bytes) else part.size for part in parts)

    def pieces(self) -> Iterator[Buffer]:
        for part in self.parts:
            yield from (part,) if isinstance(part, bytes) else part.pieces()

    @property
    def once(self) -> bool:
        return any(isinstance(part, _Tensor) and part.once for part in self.parts)

    @property
    def spent(self) -> bool:
        return any(isinstance(part, _Tensor) and part.spent for part in self.parts)


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


class _Writer:
    """Writes a request as JSON: logits become base64, and stand last in their objects, so that the server streams them."""

    def __init__(self) -> None:
        self.mark = uuid.uuid4().hex
        self.tensors: List[_Tensor] = []

    def tensor(self, tensor: _Tensor) -> Any:
        self.tensors.append(tensor)
        return {"dtype": tensor.dtype, "shape": list(tensor.shape), "data": self.mark}

    def value(self, value: Any) -> Any:
        if isinstance(value, _Tensor):
            return self.tensor(value)
        if isinstance(value, Mapping):
            return self.object(value)
        return [self.value(item) for item in value] if isinstance(value, (list, tuple)) else _plain(value)

    def object(self, value: Mapping[str, Any]) -> Dict[str, Any]:
        early: Dict[str, Any] = {}
        late: Dict[str, Any] = {}
        # What holds logits is written when all else of its object is.
        for name in sorted(value, key=lambda name: _holds_logits(name, value[name])):
            item, before = _rows(value[name]) if name == "logits" else value[name], len(self.tensors)
            is_rows = name == "logits" and item is not None and not isinstance(item, Mapping) and not _is_outputs(item)
            written = self.tensor(_tensor(item, value.get("dtype"))) if is_rows else self.value(item)
            (late if len(self.tensors) > before else early)[name] = written
        return {**early, **late}

    def body(self, request: Any) -> _Body:
        texts = _dump(self.value(request)).split(self.mark.encode())
        parts: List[Union[bytes, _Tensor, _Base64]] = [texts[0]]
        for tensor, text in zip(self.tensors, texts[1:]):
            parts += [_Base64(tensor), text]
        return _Body("application/json", parts)


def _is_outputs(value: Any) -> bool:
    """A list of tensors that are known to be one for each prompt."""
    return isinstance(value, list) and bool(value) and isinstance(value[0], _Tensor)


def _holds_logits(name: str, value: Any) -> bool:
    if name == "logits":
        return value is not None
    if isinstance(value, Mapping):
        return any(_holds_logits(inner, item) for inner, item in value.items())
    return isinstance(value, (list, tuple)) and any(isinstance(item, Mapping) and _holds_logits("", item) for item in value)


def _multipart(request: Mapping[str, Any], tensors: Mapping[str, _Tensor]) -> _Body:
    """A request and its logits as raw bytes."""
    line = b"--" + uuid.uuid4().hex.encode()
    head = b"\r\nContent-Disposition: form-data; name=\"%s\"\r\nContent-Type: %s\r\n\r\n"
    parts: List[Union[bytes, _Tensor, _Base64]] = [line + head % (b"request", b"application/json") + _dump(request)]
    for name, tensor in tensors.items():
        parts += [b"\r\n" + line + head % (name.encode(), b"application/octet-stream"), tensor]
    parts.append(b"\r\n" + line + b"--\r\n")
    return _Body("multipart/form-data; boundary=" + line[2:].decode(), parts)


# ---- answers ----

# Members of answers that are whole numbers; all other numbers are floats, however they are written.
_INTEGERS = frozenset((
    "answer both bytes characters choices completion_tokens count created desirable document documents end errors examples "
    "first_token id index line neither only_a only_b pair pairs prompt_tokens questions rank rejected requests rows samples "
    "scored seed sequence sequences start text_offset ties tokens total_tokens undesirable words zlib_bytes").split())
_TEXTS = frozenset("code detail finish_reason format id label model models object pointer text".split())
_PAIRS = frozenset("candidates kept top".split())  # lists of [id, number, ...]
_FLOATS = frozenset((float, bool, type(None)))
_NUMBERS = _FLOATS | {int}
_INFINITIES = {"Infinity": math.inf, "-Infinity": -math.inf}


class Record(Dict[str, Any]):
    """An object of an answer: a dict whose members are attributes, too (`values` and such are record["values"])."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"there is no {name!r} here; there are: {', '.join(self)}") from None

    def __dir__(self) -> List[str]:
        return [*super().__dir__(), *self]


def _entry(value: Any) -> Any:
    """An id and what is known of it."""
    if isinstance(value, list) and value and not isinstance(value[0], list):
        return [value[0], float(_INFINITIES.get(value[1], value[1])), *value[2:]]
    return [_entry(item) for item in value] if isinstance(value, list) else value


def _native(value: Any, name: str = "") -> Any:
    """A value of an answer as Python has it: numbers are floats with the bits that were sent."""
    if isinstance(value, dict):
        return Record(value) if name == "best" else Record((inner, _native(item, inner)) for inner, item in value.items())
    if isinstance(value, list):
        known = _FLOATS if name not in _INTEGERS else _NUMBERS  # columns are long: most of their entries are as they should be
        return [item if type(item) in known else _entry(item) if name in _PAIRS else _native(item, name) for item in value]
    if isinstance(value, str):
        return value if name in _TEXTS else _INFINITIES.get(value, value)
    return float(value) if type(value) is int and name not in _INTEGERS else value


def _plain_dict(value: Any) -> Any:
    """A copy of plain dicts and lists, for whoever writes it to a file: JSON, YAML, a table."""
    if isinstance(value, dict):
        return {name: _plain_dict(item) for name, item in value.items()}
    return [_plain_dict(item) for item in value] if isinstance(value, list) else value


class _Shown:
    """What all results can do."""

    def to_rows(self) -> List[Dict[str, Any]]:
        """The result as a list of dicts, a row each."""
        raise NotImplementedError

    def to_pandas(self) -> Any:
        """The rows as a pandas.DataFrame."""
        pandas = _module("pandas")
        if pandas is None:
            raise ImportError("to_pandas needs pandas: pip install pandas; to_rows gives the same without it")
        return pandas.DataFrame(self.to_rows())

    def _repr_html_(self) -> str:
        return _html_table(self.to_rows())


@dataclasses.dataclass(frozen=True)
class Objective(_Shown):
    """The sum over some tokens: log_prob, loss (a mean), perplexity and so on, as docs/reference.md tells them.

    What was asked for besides (measures, by_temperature, byte_perplexity, ...) are attributes, too."""

    log_prob: float
    loss: Optional[float]
    loss_sum: float
    tokens: int
    weight: float
    perplexity: Optional[float]
    bits_per_token: Optional[float]
    greedy: Union[bool, float, None]
    token_loss: Optional[List[float]] = dataclasses.field(default=None, repr=False)
    more: Record = dataclasses.field(default_factory=Record, repr=False)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "more":
            raise AttributeError(name)
        return getattr(self.more, name)

    def to_dict(self) -> Dict[str, Any]:
        """What the server answered."""
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(self) if field.name != "more"}
        if self.token_loss is None:
            del fields["token_loss"]
        return dict(_plain_dict({**fields, **self.more}))

    def to_rows(self) -> List[Dict[str, Any]]:
        """One row."""
        return [_flat(self.to_dict())]


def _objectives(data: Mapping[str, Any]) -> Dict[str, Objective]:
    names = {field.name for field in dataclasses.fields(Objective)} - {"more"}
    return {name: Objective(**{key: item for key, item in value.items() if key in names},
                            more=Record((key, item) for key, item in value.items() if key not in names))
            for name, value in data.items()}


class _WithObjectives:
    """What has objectives: each of them is an attribute."""

    objectives: Dict[str, Objective]

    def _objective(self, name: str) -> Objective:
        if name in self.objectives:
            return self.objectives[name]
        raise AttributeError(f"there is no {name} here, only {', '.join(self.objectives) or 'nothing'}: marginal and "
                             "conditional need to know where the prompt ends: give prompt_length=, mask= or labels=")

    @property
    def marginal(self) -> Objective:
        """How likely the prompt is: log P(x)."""
        return self._objective("marginal")

    @property
    def conditional(self) -> Objective:
        """How likely the completion is, given the prompt: log P(y|x)."""
        return self._objective("conditional")

    @property
    def joint(self) -> Objective:
        """How likely prompt and completion are together: log P(x,y)."""
        return self._objective("joint")

    def _objective_rows(self) -> List[Dict[str, Any]]:
        columns = ("log_prob", "loss", "perplexity", "bits_per_token", "tokens")
        return [{"objective": name, **{column: getattr(value, column) for column in columns}}
                for name, value in self.objectives.items()]

    def _sums(self) -> str:
        return ", ".join(f"{name} {value.log_prob:.6g}" for name, value in self.objectives.items())


@dataclasses.dataclass(frozen=True, repr=False)
class Totals(_WithObjectives, _Shown):
    """The sums over all sequences of a request."""

    sequences: int
    objectives: Dict[str, Objective]
    data: Record

    def to_dict(self) -> Dict[str, Any]:
        """What the server answered."""
        return dict(_plain_dict(self.data))

    def to_rows(self) -> List[Dict[str, Any]]:
        """A row for each objective."""
        return self._objective_rows()

    def __repr__(self) -> str:
        return f"<Totals of {self.sequences} sequences: log_prob {self._sums()}>"


@dataclasses.dataclass(frozen=True, repr=False)
class Score(_WithObjectives, _Shown):
    """A sequence that was scored.

    marginal, conditional, joint    the objectives: score.conditional.log_prob, .loss, .perplexity, ...
    tokens      columns with one entry for each token (padding is none): tokens.id, tokens.log_prob, the details asked for
    texts       the texts of the tokens, where token_texts= gave them
    completion  for each token whether it is of y, where that was said
    warnings    what the server noticed; each has a code and a detail
    totals      the sums over all sequences of the request
    """

    index: int
    id: Union[str, int, None]
    objectives: Dict[str, Objective]
    tokens: Record
    texts: Optional[List[str]]
    completion: Optional[List[bool]]
    warnings: List[Record]
    totals: Totals
    data: Record

    @property
    def log_probs(self) -> List[Optional[float]]:
        """The log-probability of each token, in nats; None where there is none, as of token 0."""
        return list(self.tokens.get("log_prob", ()))

    def to_dict(self) -> Dict[str, Any]:
        """What the server answered about the sequence."""
        return dict(_plain_dict(self.data))

    def to_rows(self) -> List[Dict[str, Any]]:
        """A row for each token: position, id, text, completion, log_prob, probability, and the details asked for."""
        known: Dict[str, Any] = {"id": self.tokens.get("id"), "text": self.texts, "completion": self.completion}
        columns = {name: column for name, column in known.items() if column is not None}
        others = {name: column for name, column in self.tokens.items() if name not in ("id", "log_prob")}
        return [{"position": at, **{name: column[at] for name, column in columns.items()},
                 "log_prob": value, "probability": None if value is None else math.exp(value),
                 **{name: column[at] for name, column in others.items()}}
                for at, value in enumerate(self.log_probs)]

    def __repr__(self) -> str:
        noted = f", {len(self.warnings)} warning{'s' if len(self.warnings) > 1 else ''}" if self.warnings else ""
        return f"<Score of {len(self.log_probs) or 'some'} tokens: log_prob {self._sums()}{noted}>"

    def _repr_html_(self) -> str:
        return _html_table(self._objective_rows()) + _html_tokens(self) + _html_notes(self.warnings)


class Scores(List[Score], _Shown):
    """The scores of a batch, in its order; `totals` has the sums over all of them."""

    def __init__(self, scores: Iterable[Score], totals: Totals, data: Record) -> None:
        super().__init__(scores)
        self.totals, self.data = totals, data

    def to_dict(self) -> Dict[str, Any]:
        """What the server answered."""
        return dict(_plain_dict(self.data))

    def to_rows(self) -> List[Dict[str, Any]]:
        """A row for each token of each sequence."""
        return [{"sequence": score.index, **row} for score in self for row in score.to_rows()]

    def _repr_html_(self) -> str:
        shown = self[:20]
        more = f"<p>and {len(self) - 20} more sequences</p>" if len(self) > 20 else ""
        return "<p><b>all sequences</b></p>" + _html_table(self.totals._objective_rows()) + "".join(
            f"<p><b>sequence {score.index}</b></p>{score._repr_html_()}" for score in shown) + more


@dataclasses.dataclass(frozen=True, repr=False)
class Answer(_Shown):
    """An answer whose members are attributes, as docs/reference.md names them."""

    data: Record

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "data":
            raise AttributeError(name)
        return getattr(self.data, name)

    def __dir__(self) -> List[str]:
        return [*super().__dir__(), *self.data]

    def to_dict(self) -> Dict[str, Any]:
        """What the server answered."""
        return dict(_plain_dict(self.data))

    def to_rows(self) -> List[Dict[str, Any]]:
        return [dict(self.data)]

    def __repr__(self) -> str:
        told = (f"{len(item)} {name}" if isinstance(item, list) else name for name, item in self.data.items())
        return f"<{type(self).__name__}: {', '.join(told)}>"


def _flat(value: Mapping[str, Any], leave: Sequence[str] = ()) -> Dict[str, Any]:
    """The members of an object that are no lists and no objects."""
    return {name: item for name, item in value.items() if not isinstance(item, (dict, list)) and name not in leave}


class Ranking(Answer):
    """What POST /v1/rank answers: questions, each with its choices and the best one; totals."""

    def to_rows(self) -> List[Dict[str, Any]]:
        """A row for each choice; `best` tells whether it has the largest log_prob."""
        rankings = enumerate(self.data.models) if "models" in self.data else [(None, self.data)]
        return [{**({} if model is None else {"model": "ab"[model]}), "question": question.index, "choice": choice.index,
                 "best": question.best["log_prob"] == choice.index, **_flat(choice, ("index",))}
                for model, ranking in rankings for question in ranking.questions for choice in question.choices]


class Comparison(Answer):
    """What POST /v1/compare answers: sequences, each with its objectives and tokens; totals.  Above 0, b is better."""

    def to_rows(self) -> List[Dict[str, Any]]:
        """A row for each token, or for each objective of each sequence with per_token=False."""
        rows: List[Dict[str, Any]] = []
        for sequence in self.data.sequences:
            where, columns = {"sequence": sequence.index}, sequence.get("tokens")
            if columns is None:
                rows += [{**where, "objective": name, **_flat(value)} for name, value in sequence.objectives.items()]
            else:
                rows += [{**where, "position": at, **dict(zip(columns, values))}
                         for at, values in enumerate(zip(*columns.values()))]
        return rows


class Policies(Answer):
    """What POST /v1/policy answers: sequences, each with its ratios and objectives; totals."""

    def to_rows(self) -> List[Dict[str, Any]]:
        """A row for each objective of each sequence, and for each ratio where there are no objectives."""
        return [{"sequence": sequence.index, kind[:-1]: name, **_flat(value)} for sequence in self.data.sequences
                for kind in (("objectives",) if sequence.get("objectives") else ("ratios",))
                for name, value in sequence.get(kind, {}).items()]


class Preferences(Answer):
    """What POST /v1/preference answers: pairs or examples, each with its objectives; totals."""

    def to_rows(self) -> List[Dict[str, Any]]:
        """A row for each objective of each pair or example."""
        return [{kind[:-1]: item.index, "objective": name, **_flat(value)} for kind in ("pairs", "examples")
                for item in self.data.get(kind, ()) for name, value in item.objectives.items()]


class Completions(Answer):
    """What POST /v1/completions answers: OpenAI's format."""

    def to_rows(self) -> List[Dict[str, Any]]:
        """A row for each token of each choice."""
        return [{"choice": choice.index, "token": token, "log_prob": value} for choice in self.data.choices
                if choice.get("logprobs") for token, value in zip(choice.logprobs.tokens, choice.logprobs.token_logprobs)]


# ---- what a notebook shows: no script, and colours that are readable on light and on dark ----

_VISIBLE = {"\n": "\u21b5\n", "\t": "\u21e5\t", " ": "\u00b7", "": "\u2205"}
_CELL = "padding:.15em .7em;border-bottom:1px solid rgba(128,128,128,.35);background:none;text-align:"


def _cell(value: Any) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else html.escape("" if value is None else str(value))
    return f"<td style='{_CELL}{'left' if isinstance(value, str) else 'right'}'>{text}</td>"


def _html_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as a table; a column that is empty is left out."""
    names = list(dict.fromkeys(name for row in rows for name, value in row.items() if value is not None))
    texts = {name for row in rows[:1] for name, value in row.items() if isinstance(value, str)}
    head = "".join(f"<th style='{_CELL}{'left' if name in texts else 'right'}'>{html.escape(name)}</th>" for name in names)
    lines = ("".join(_cell(row.get(name)) for name in names) for row in rows[:_SHOWN])
    body = "".join(f"<tr style='background:none'>{line}</tr>" for line in lines)
    more = f"<p>and {len(rows) - _SHOWN} more rows: to_rows() has all</p>" if len(rows) > _SHOWN else ""
    return ("<div style='overflow-x:auto'><table style='border-collapse:collapse;color:inherit;margin:0;"
            f"font-variant-numeric:tabular-nums'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{more}")


def _byte_letters() -> Dict[str, int]:
    """The letters that byte-level BPE writes for bytes: itself where a byte is a printed letter of Latin-1."""
    printed = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printed]
    return {**{chr(byte): byte for byte in printed}, **{chr(256 + at): byte for at, byte in enumerate(others)}}


def _readable(texts: Sequence[str]) -> List[str]:
    """Pieces of tokenizers as text: those of byte-level BPE, and those of SentencePiece with its sign for a space."""
    letters = _byte_letters()
    whole = "".join(texts)
    if " " in whole or not {"\u0120", "\u010a"} & set(whole):
        return [text.replace("\u2581", " ") for text in texts]
    return [bytes(map(letters.__getitem__, text)).decode("utf-8", "backslashreplace") if set(text) <= set(letters) else text
            for text in texts]


def _visible(letter: str) -> str:
    """White space and control characters as what can be seen; also those that turn the direction of the text."""
    return _VISIBLE.get(letter) or (letter if letter.isprintable() else f"\\u{ord(letter):04x}")


def _html_token(row: Mapping[str, Any]) -> str:
    """A token on the colour of its surprise: the less likely, the stronger; white space can be seen."""
    text = row.get("text")
    text = str(row.get("id", row["position"])) if text is None else text
    text = "".join(map(_visible, text)) or _VISIBLE[""]
    known = {name: value for name, value in row.items() if value is not None and not isinstance(value, list)}
    told = html.escape("\n".join(f"{name} {value:.6g}" if isinstance(value, float) else
                                 f"{name} {''.join(map(_visible, str(value)))}" for name, value in known.items()), quote=True)
    value = row["probability"]
    colour = "none" if value is None else f"rgba(213,94,0,{.65 * (1 - value):.3f})"
    edge = "2px solid rgba(0,114,178,.9)" if row.get("completion") else "2px solid transparent"
    faint = ";opacity:.6" if value is None else ""
    return (f"<span title='{told}' style='background:{colour};border-bottom:{edge};border-radius:3px;padding:.1em .2em;"
            f"margin:.1em .05em{faint}'>{html.escape(text)}</span>")


def _html_tokens(score: Score) -> str:
    """The heat map of a sequence."""
    rows = score.to_rows()
    if not rows:
        return ""
    for row, text in zip(rows, _readable(score.texts or ())):
        row["text"] = text
    tokens = "<wbr>".join(map(_html_token, rows[:_SHOWN]))
    more = f"<p>and {len(rows) - _SHOWN} more tokens: to_rows() has all</p>" if len(rows) > _SHOWN else ""
    legend = ["<span style='background:rgba(213,94,0,.65);border-radius:3px;padding:0 .4em'>unlikely</span> to "
              "<span style='padding:0 .4em;border:1px solid rgba(128,128,128,.5);border-radius:3px'>certain</span>"]
    if any(row.get("completion") for row in rows):
        legend.append("<span style='border-bottom:2px solid rgba(0,114,178,.9)'>completion</span>")
    legend.append("point at a token to see its numbers")
    return ("<div style='color:inherit;font-family:monospace;line-height:2;white-space:pre-wrap;max-width:60em;"
            f"margin:.6em 0'>{tokens}</div><p style='font-size:85%;color:inherit'>{' &nbsp; '.join(legend)}</p>{more}")


def _html_notes(notes: Sequence[Record]) -> str:
    return "".join(f"<p style='font-size:85%'>note: {html.escape(note.detail)} ({html.escape(note.code)})</p>"
                   for note in notes)


# ---- what score asks ----

_COLUMNS = ("tokens", "prompt", "completion", "mask", "labels", "attention_mask", "weights", "logprobs")
_OF_SEQUENCES = ("prompt_length", "id", "text", "prompt_text", "completion_text", "counts", "prompt_counts",
                 "completion_counts")
_FLAGS = ("mask", "attention_mask")
Texts = Union[Callable[[List[int]], Sequence[str]], Sequence[Any], None]


def _is_nested(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], list)


def _flags(value: Any) -> Any:
    """True and False of arrays as 1 and 0."""
    if isinstance(value, list):
        return [_flags(item) for item in value]
    return int(value) if isinstance(value, (bool, float)) and value in (0, 1) else value


def _split(request: Dict[str, Any], count: int) -> List[Dict[str, Any]]:
    """Take from the members of a batch what is of one sequence each; the rest are defaults of all."""
    sequences: List[Dict[str, Any]] = [{} for _ in range(count)]
    for name in [*_COLUMNS, *_OF_SEQUENCES]:
        value: Any = request.get(name)
        if not (_is_nested(value) if name in _COLUMNS else isinstance(value, list)):
            continue
        if len(value) != count:
            raise ValueError(f"{name} has {len(value)} entries for {count} sequences: give one for each")
        for sequence, item in zip(sequences, request.pop(name)):
            sequence[name] = item
    return sequences


def _kept(sequence: Mapping[str, Any], column: Sequence[Any]) -> List[Any]:
    """A column without the entries of padding."""
    mask = sequence.get("attention_mask")
    return [item for item, flag in zip(column, mask) if flag] if mask and len(mask) == len(column) else list(column)


def _completion(sequence: Mapping[str, Any], count: int) -> Optional[List[bool]]:
    """For each of the tokens of an answer whether it is of y; None if that was not said in these members."""
    if isinstance(sequence.get("labels"), list):
        found = [label != -100 for label in _kept(sequence, sequence["labels"])]
    elif isinstance(sequence.get("mask"), list):
        found = [bool(flag) for flag in _kept(sequence, sequence["mask"])]
    elif isinstance(sequence.get("completion"), list):
        found = [at >= count - len(sequence["completion"]) for at in range(count)]
    elif isinstance(sequence.get("prompt_length"), int):
        found = [at >= sequence["prompt_length"] for at in range(count)]
    else:
        return None
    return found if len(found) == count else None


class _Question:
    """A request to POST /v1/score, and how its answer becomes a result."""

    def __init__(self, tokens: Any, logits: Any, token_texts: Texts, options: Mapping[str, Any]) -> None:
        self.texts = token_texts
        members = {"tokens": tokens, **options}
        self.request = {name: _plain(value) for name, value in members.items() if value is not None}
        for name in set(_FLAGS) & set(self.request):
            self.request[name] = _flags(self.request[name])
        columns: List[Any] = [self.request[name] for name in _COLUMNS if _is_nested(self.request.get(name))]
        self.count = len(columns[0]) if columns else None
        self._count_padding()
        self._warn_of_padding()
        if self.count is not None:
            self.request["sequences"] = _split(self.request, self.count)
        self.tensors: Dict[str, _Tensor] = {}
        if logits is not None:
            self._add_logits(_rows(logits))

    def _count_padding(self) -> None:
        """padded_prompt_length is the mask of what is behind it: the server's prompt_length counts no padding."""
        length, tokens = self.request.pop("padded_prompt_length", None), self.request.get("tokens", [])
        if length is None:
            return
        if self.count is None:
            self.request["mask"] = [int(at >= length) for at in range(len(tokens))]
            return
        lengths = length if isinstance(length, list) else [length] * self.count
        if len(lengths) != self.count:
            raise ValueError(f"padded_prompt_length has {len(lengths)} entries for {self.count} sequences: give one for each")
        self.request["mask"] = [[int(at >= first) for at in range(len(row))] for first, row in zip(lengths, tokens)]

    def _warn_of_padding(self) -> None:
        """One length for prompts with different padding on the left is probably one that counts the padding."""
        masks, length = self.request.get("attention_mask"), self.request.get("prompt_length")
        padding = {mask.index(1) if 1 in mask else 0 for mask in masks or ()} if _is_nested(masks) else {0}
        if length is not None and len(set(length if isinstance(length, list) else [length])) == 1 and len(padding) > 1:
            warnings.warn("prompt_length counts the tokens of each prompt and not the padding on its left.  If this one counts "
                          "the padding, give it as padded_prompt_length", stacklevel=4)

    def _add_logits(self, logits: Any) -> None:
        if self.count is not None and isinstance(logits, (list, tuple)) and len(logits) == self.count:
            self._add_list([_tensor(rows, self.request.get("dtype")) for rows in logits])
        else:
            self._add("logits", logits, self.request)
        if "shape" not in self.request:
            self.request.pop("dtype", None)

    def _add_list(self, parts: List[_Tensor]) -> None:
        """Logits of each sequence: one part if all have one shape, as a batch with padding has."""
        if len({(part.dtype, part.shape) for part in parts}) == 1 and len(parts[0].shape) == 2:
            self._add("logits", _stack(parts), self.request)
            return
        for index, part in enumerate(parts):
            self._add(f"logits.{index}", part, self.request["sequences"][index])

    def _add(self, name: str, logits: Any, place: Dict[str, Any]) -> None:
        """Send logits as a part of its own, that the members dtype and shape describe."""
        if hasattr(logits, "__next__"):
            count = sum(len(place.get(column, ())) for column in ("tokens", "prompt", "completion"))
            tensor = _of_iterator(logits, count - int(self.request.get("offset", 0)), self.request.get("dtype"))
        else:
            tensor = _tensor(logits, self.request.get("dtype"))
        self._check_shape(tensor, name)
        place["dtype"], place["shape"] = tensor.dtype, list(tensor.shape)
        self.tensors[name] = tensor

    def _check_shape(self, tensor: _Tensor, name: str) -> None:
        shape, whole = list(tensor.shape), name == "logits" and self.count is not None
        wanted = f"[{self.count}, T, V]" if whole else "[T, V]"
        if len(shape) not in (2, 3) or (len(shape) == 3 and shape[0] != (self.count if whole else 1)):
            given = f"{self.count} sequences" if self.count is not None else "one sequence"
            raise ValueError(f"{name} have the shape {shape}, and tokens are {given}: logits of shape {wanted} are needed, a "
                             "row of V numbers for each of T tokens; tokens of a batch are nested, [B, T]")

    def body(self) -> _Body:
        if self.tensors:
            return _multipart(self.request, self.tensors)
        return _Body("application/json", [_dump(self.request)])

    def told(self) -> str:
        """What was sent, and what fits: read beside an error about counts."""
        count = f"{self.count} sequences of" if self.count is not None else len(self.request.get("tokens", ()))
        given = [f"{count} tokens"] + [f"{name} of shape {list(tensor.shape)}" for name, tensor in self.tensors.items()][:3]
        return (f"Sent were {' and '.join(given)}.  T tokens need T rows of logits, or T - 1: row t is about token t + 1.  "
                "What has one entry for each token (labels, mask, weights, attention_mask) has T entries.")

    def result(self, answer: Any) -> Union[Score, Scores]:
        """The result: one Score if one sequence was asked about, else Scores."""
        if not {"sequences", "totals"} <= set(answer):
            raise _no_json(answer)
        data = _native(answer)
        totals = Totals(data.totals.sequences, _objectives(data.totals.objectives), data.totals)
        scores = [self._score(sequence, totals) for sequence in data.sequences]
        is_list = len(scores) != 1 or "cu_seqlens" in self.request or "sequences" in self.request
        return Scores(scores, totals, data) if is_list else scores[0]

    def _score(self, data: Record, totals: Totals) -> Score:
        tokens = data.get("tokens", Record())
        asked = self.request
        if self.count is not None and data.index < self.count:
            asked = {**self.request, **self.request["sequences"][data.index]}
        count = len(tokens.get("log_prob", ()))
        known = {} if "cu_seqlens" in asked else asked
        return Score(data.index, data.get("id"), _objectives(data.objectives), tokens,
                     self._texts(asked, data.index, tokens), _completion(known, count), data.get("warnings", []), totals, data)

    def _texts(self, asked: Mapping[str, Any], index: int, tokens: Record) -> Optional[List[str]]:
        given: Any = self.texts
        if given is None or "log_prob" not in tokens:
            return None
        if callable(given) and "id" not in tokens:
            return None
        texts = given(tokens.id) if callable(given) else _kept(asked, given if self.count is None else given[index])
        if isinstance(texts, str):
            raise TypeError("token_texts gave one text for all tokens: it is a function of ids that gives a list, a text each, "
                            "as tokenizer.convert_ids_to_tokens")
        if len(texts) != len(tokens.log_prob):
            raise ValueError(f"token_texts has {len(texts)} texts for {len(tokens.log_prob)} tokens of sequence {index}")
        return [str(text) for text in texts]


def _question(item: Any) -> _Question:
    """What an item of score_many asks: a dict of score's arguments, or a tuple of the first of them."""
    if isinstance(item, Mapping):
        members = dict(item)
        return _Question(members.pop("tokens", None), members.pop("logits", None), members.pop("token_texts", None), members)
    if not isinstance(item, (tuple, list)) or not 1 <= len(item) <= 3:
        raise TypeError("an item of score_many is a dict of the arguments of score, or (tokens, logits, prompt_length); "
                        f"not a {type(item).__name__}")
    tokens, logits, prompt_length = (*item, None, None)[:3]
    return _Question(tokens, logits, None, {"prompt_length": prompt_length})


# ---- the connection ----


Reply = Tuple[int, "email.message.Message", bytes]  # status, head and body


class _Lost(Exception):
    """A connection was lost before anything was answered: what was asked may be asked again."""


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: Optional[float]) -> None:
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def _parts(url: str) -> urllib.parse.SplitResult:
    """The parts of an address; what is none is told so now, and not at the first request."""
    url = url.strip()
    if "@" in url.partition("://")[2]:
        raise ValueError("the address has a name or a password in it: logitd asks for a key alone, Client(url, api_key=...)")
    try:
        parts = urllib.parse.urlsplit(url if "://" in url or url.startswith("unix:") else "http://" + url)
        is_http = parts.scheme in ("http", "https") and parts.hostname and " " not in parts.netloc
        known = is_http and parts.port != 0 or parts.scheme == "unix" and parts.path
    except ValueError:  # a port that is no number
        known = False
    if not known:
        raise ValueError(f"{url!r} is no address: it is like \"http://127.0.0.1:8080\", or unix:/path")
    return parts


class _Connections:
    """Connections that are kept for the next request; threads take one each."""

    def __init__(self, parts: urllib.parse.SplitResult, timeout: Optional[float]) -> None:
        self.parts, self.timeout, self.ended = parts, timeout, threading.Event()
        self.prefix = "" if parts.scheme == "unix" else parts.path.rstrip("/")
        self._begin()

    def _begin(self) -> None:
        self.process, self.lock = os.getpid(), threading.Lock()
        self.idle: Deque[Tuple[float, http.client.HTTPConnection]] = collections.deque()
        self.busy: Set[http.client.HTTPConnection] = set()

    def _open(self) -> http.client.HTTPConnection:
        if self.parts.scheme == "unix":
            return _UnixConnection(self.parts.path, self.timeout)
        kinds: Dict[str, Type[http.client.HTTPConnection]] = {"http": http.client.HTTPConnection,
                                                              "https": http.client.HTTPSConnection}
        return kinds[self.parts.scheme](self.parts.netloc, timeout=self.timeout)

    def take(self, fresh: bool) -> Tuple[http.client.HTTPConnection, bool]:
        """A connection, and whether it was used before."""
        if os.getpid() != self.process:
            self._begin()  # a process that was forked off: the connections are those of its parent
        with self.lock:
            connection = self._idle(fresh) or self._open()
            self.busy.add(connection)
        return connection, connection.sock is not None

    def _idle(self, fresh: bool) -> Optional[http.client.HTTPConnection]:
        while self.idle and not fresh:
            since, connection = self.idle.pop()
            if time.monotonic() - since < _IDLE:
                return connection
            connection.close()
        return None

    def give(self, connection: http.client.HTTPConnection, usable: bool = True) -> None:
        with self.lock:
            self.busy.discard(connection)
            if usable and connection.sock is not None and not self.ended.is_set():
                self.idle.append((time.monotonic(), connection))
                return
        connection.close()

    def close(self) -> None:
        with self.lock:
            while self.idle:
                self.idle.pop()[1].close()

    def end(self) -> None:
        """Break off what is being asked, too: whoever waits for an answer gets an error at once."""
        self.ended.set()
        with self.lock:
            for connection in self.busy:
                if connection.sock is not None:
                    _shut(connection.sock)
        self.close()


def _shut(connected: socket.socket) -> None:
    try:
        connected.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it is closed already


def _send(connection: http.client.HTTPConnection, method: str, path: str, head: Mapping[str, str],
          body: Optional[_Body]) -> None:
    connection.putrequest(method, path, skip_accept_encoding=True)
    for name, value in head.items():
        connection.putheader(name, value)
    connection.endheaders()
    for piece in body.pieces() if body else ():
        for first in range(0, len(piece), _CHUNK):  # the timeout is for one send, so none is long
            connection.send(memoryview(piece)[first:first + _CHUNK])


def _receive(connection: http.client.HTTPConnection) -> Reply:
    try:
        response = connection.getresponse()
    except (ConnectionError, http.client.BadStatusLine) as error:
        raise _Lost(error) from error
    body = response.read()
    if response.headers.get("Content-Encoding", "").lower() == "gzip":
        try:
            body = gzip.decompress(body)
        except (OSError, EOFError, zlib.error) as error:
            raise http.client.HTTPException(f"its gzip is broken: {error}") from error
    return response.status, response.headers, body


_UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"


def _connect(connection: http.client.HTTPConnection, ended: threading.Event) -> None:
    try:
        if connection.sock is None:
            connection.connect()
    except OSError as error:
        if _UNTRUSTED in str(error):
            raise  # and it stays so
        raise _Lost(error) from error
    if ended.is_set():  # end() came before there was a socket to shut
        raise _Lost(ConnectionAbortedError("the client was ended"))


def _talk(connection: http.client.HTTPConnection, method: str, path: str, head: Mapping[str, str],
          body: Optional[_Body]) -> Reply:
    try:
        _send(connection, method, path, head, body)
    except ConnectionError as error:
        try:
            return _receive(connection)  # the server may have refused the body before its end, and have said why
        except (OSError, http.client.HTTPException):
            raise _Lost(error) from error
    return _receive(connection)


class Client:
    """Asks a logitd server.  It keeps connections, and threads may share it.

    url       the address, as "http://127.0.0.1:8080"; "unix:/path" for a socket of the file system
    api_key   the key, where the server wants one (--api-key-file)
    timeout   seconds to wait for a connection, and for an answer
    retries   how often to ask again when the server is busy (429, 503: after its Retry-After) or the connection is lost
              before an answer began; logits that come from an iterator are never sent again

    What the server refuses raises a LogitdError, with its code, the place in the request and the reason.
    Use `with Client(url) as client:`, or close(), to end the connections.
    """

    def __init__(self, url: str = "http://127.0.0.1:8080", api_key: Optional[str] = None, timeout: Optional[float] = 300,
                 retries: int = 3) -> None:
        if timeout is not None and not timeout > 0:
            raise ValueError(f"timeout is a number of seconds above 0, or None; not {timeout}")
        if retries < 0:
            raise ValueError(f"retries is a number from 0 on; not {retries}")
        self.url, self.timeout, self.retries = url.strip().rstrip("/"), timeout, retries
        self._key = _checked(api_key)
        self._connections = _Connections(_parts(url), timeout)
        weakref.finalize(self, self._connections.close)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({self.url!r})"

    def __reduce__(self) -> Tuple[Any, ...]:
        return Client, (self.url, self._key, self.timeout, self.retries)  # another process opens connections of its own

    def close(self) -> None:
        """End the connections that are kept.  The client can still be used: it opens new ones."""
        self._connections.close()

    # -- scores --

    @overload
    def score(self, tokens: Sequence[int], logits: Any = None, prompt_length: Optional[int] = None, *,
              token_texts: Texts = None, **options: Any) -> Score: ...

    @overload
    def score(self, tokens: Sequence[Sequence[int]], logits: Any = None, prompt_length: Any = None, *,
              token_texts: Texts = None, **options: Any) -> Scores: ...

    @overload  # the type of an array does not tell whether it is of a batch
    def score(self, tokens: Any = None, logits: Any = None, prompt_length: Any = None, *, token_texts: Texts = None,
              **options: Any) -> Any: ...

    def score(self, tokens: Any = None, logits: Any = None, prompt_length: Any = None, *, token_texts: Texts = None,
              **options: Any) -> Any:
        """Score a sequence, or a batch of them.

        tokens         the ids of the prompt x and of the completion y behind it: [T], or [B, T] of a batch
        logits         what the model said: [T, V], or [B, T, V]; row t is about token t + 1, as causal models compute it.
                       An array or tensor of float64, float32, float16 or bfloat16; lists; a list of one [T, V] for each
                       sequence; or an iterator over the len(tokens) rows, for logits that are not there yet
        prompt_length  how many of the tokens are x (of a batch a list, or one for all); padding does not count
        token_texts    texts to show in a notebook: a list, or a function of the list of ids, as
                       tokenizer.convert_ids_to_tokens or tokenizer.batch_decode

        Every member of a request is an option (docs/reference.md), among them:
        labels=[T] or [B, T]      as in training: -100 for a token outside of y; in place of prompt_length.  mask= is the
                                  same with 1 and 0
        attention_mask=           0 for padding on the left or on the right; what is padding is in no number and no result
        padded_prompt_length=     in place of prompt_length, for prompts that were padded on the left: counts the padding,
                                  as input_ids.shape[1] does before a model generates
        logprobs=, outputs=       log-probabilities, or an engine's answer as it came, in place of logits
        details=["rank", "entropy", "top:5"], temperature=, top_k=, weights=, id=, text=, objectives=, per_token=, ...

        Gives a Score; for a batch Scores, a list of Score with `totals`.
        """
        question = _Question(tokens, logits, token_texts, {"prompt_length": prompt_length, **options})
        return self._ask_question(question)

    def score_many(self, requests: Iterable[Any], progress: bool = True, concurrency: int = 4,
                   errors: str = "raise") -> Iterator[Any]:
        """Score many sequences: an iterator over the results, in the order of the requests.

        requests     dicts of the arguments of score, or tuples (tokens, logits, prompt_length).  It is read a little ahead
                     of the results, so it may be a generator that runs a model; leave an array as it is until its result is
                     there
        progress     show a bar, if tqdm is installed
        concurrency  how many requests are asked at a time
        errors       "raise" stops at a request that is refused, or that cannot be sent; "return" gives its exception in
                     place of a result, and goes on

        The exception tells which request it is about; a LogitdError has it as `item`.  Who stops early, with `break` or
        an interrupt, also breaks off what is being asked.
        """
        if errors not in ("raise", "return"):
            raise ValueError('errors is "raise" or "return"')
        if isinstance(requests, Mapping):
            raise TypeError("score_many needs an iterable of requests; one request is asked with score(**request)")
        return self._many(requests, progress, max(1, int(concurrency)), errors == "raise")

    def _many(self, requests: Iterable[Any], progress: bool, concurrency: int, strict: bool) -> Iterator[Any]:
        """Ask groups of requests on threads, over connections of their own, which can be ended."""
        asker = Client(self.url, self._key, self.timeout, self.retries)
        pending: Deque[concurrent.futures.Future[List[Any]]] = collections.deque()
        pool = concurrent.futures.ThreadPoolExecutor(concurrency)
        bar = _bar(requests) if progress else None
        numbers = itertools.count()
        try:
            for group in _groups(requests):
                pending.append(pool.submit(asker._ask_group, group))
                while len(pending) > concurrency:
                    yield from _given(pending.popleft().result(), numbers, bar, strict)
            while pending:
                yield from _given(pending.popleft().result(), numbers, bar, strict)
        finally:
            for future in pending:
                future.cancel()
            asker._connections.end()
            pool.shutdown()
            if bar is not None:
                bar.close()

    def _ask_question(self, question: _Question) -> Union[Score, Scores]:
        try:
            answer = self._post("/v1/score", question.body())
        except LogitdError as error:
            if error.code == "bad_count":
                error.hint = question.told()
            raise
        return question.result(answer)

    def _ask_group(self, group: Sequence[_Asked]) -> List[Any]:
        """The results of some questions, or their errors."""
        questions = [question for question in group if isinstance(question, _Question)]
        is_one = len(questions) == 1
        results = iter([self._ask_one(questions[0])] if is_one else self._ask_lines(questions) if questions else ())
        return [next(results) if isinstance(question, _Question) else question for question in group]

    def _ask_lines(self, questions: Sequence[_Question]) -> List[Any]:
        """The results of questions that are the lines of one body."""
        lines = _Body("application/x-ndjson", [b"".join(_dump(question.request) + b"\n" for question in questions)])
        try:
            answers = [_answer(line) for line in self._request("POST", "/v1/score", lines).splitlines()]
            if len(answers) != len(questions) + 1:  # the last line has the sums of all
                raise LogitdConnectionError(f"the answer of {self.url} broke off: it has {len(answers)} lines, and "
                                            f"{len(questions) + 1} were due")
        except LogitdConnectionError as error:
            return [copy.copy(error) for _ in questions]
        except LogitdError:  # as of a body that is too large
            return [self._ask_one(question) for question in questions]
        return [self._line(question, answer) for question, answer in zip(questions, answers)]

    def _ask_one(self, question: _Question) -> Any:
        try:
            return self._ask_question(question)
        except _OF_AN_ITEM as error:
            return error

    def _line(self, question: _Question, answer: Mapping[str, Any]) -> Any:
        if "code" not in answer:
            try:
                return question.result(answer)
            except _OF_AN_ITEM as error:
                return error
        refusal = _problem(answer.get("status", 422), answer, self._key is not None)
        return self._ask_one(question) if refusal.status in (429, 503) else refusal

    # -- the other routes --

    def rank(self, questions: Any, **options: Any) -> Ranking:
        """Find the best choice of each question (POST /v1/rank, docs/rank.md).

        questions  a list of {"prompt": ids, "gold": 1, "choices": [{"completion": ids, "logits": ...}, ...]}, or one of
                   them; logits are arrays, or logprobs stand in their place
        options    members of the request: calibration=, bootstrap=, ...
        """
        one = isinstance(questions, Mapping)
        request = {**questions, **options} if one else {**options, "questions": list(questions)}
        return Ranking(self._json("/v1/rank", request))

    def compare(self, tokens: Any, a: Any = None, b: Any = None, prompt_length: Any = None, **options: Any) -> Comparison:
        """Compare two models over the same tokens (POST /v1/compare, docs/compare.md); above 0 means that b is better.

        tokens  [T], or [B, T] of a batch; or the whole request as a dict
        a, b    the logits of the models, [T, V] or [B, T, V]; or a dict of a model's members, as
                {"model": "base", "logits": ...} or {"logprobs": ...}
        options prompt_length=, labels=, mask=, attention_mask= as in score; details=, distillation=, per_token=, ...
        """
        if isinstance(tokens, Mapping):
            return Comparison(self._json("/v1/compare", {**tokens, **options}))
        if a is None or b is None:
            raise ValueError("compare needs what two models said of the tokens: compare(tokens, a, b)")
        question = _Question(tokens, None, None, {"prompt_length": prompt_length, **options})
        models = [dict(model) if isinstance(model, Mapping) and not hasattr(model, "logits") else {"logits": _rows(model)}
                  for model in (a, b)]
        request = question.request
        if question.count is None:
            request["models"] = models
        for index, sequence in enumerate(request.get("sequences", ())):
            sequence["models"] = [_of_sequence(model, index) for model in models]
        return Comparison(self._json("/v1/compare", request))

    def policy(self, sequences: Any = None, **options: Any) -> Policies:
        """Compute ratios of policies and losses of policy optimisation (POST /v1/policy, docs/policy.md).

        sequences  a list of {"tokens": ids, "prompt_length": 5, "advantages": 0.7, "current": {"logprobs": [...]},
                   "old": {...}, "rollout": {...}, "reference": {...}}, or one of them; logits may stand in place of logprobs
        options    members of the request, as objectives=["grpo"].  Without sequences, current=, old=, rollout= and
                   reference= are the log-probabilities of a batch, [B, T], or with tokens=[B, T] its logits, [B, T, V];
                   mask=, labels= and attention_mask= are [B, T] as in score, advantages= is [B] or [B, T]
        """
        if sequences is None:
            return Policies(self._json("/v1/policy", _policy_batch(options)))
        one = isinstance(sequences, Mapping)
        request = {**sequences, **options} if one else {**options, "sequences": list(sequences)}
        return Policies(self._json("/v1/policy", request))

    def preference(self, pairs: Any = None, **options: Any) -> Preferences:
        """Compute losses of preferences, from DPO to reward models (POST /v1/preference, docs/preference.md).

        pairs    a list of {"prompt": ids, "chosen": {"completion": ids, "policy": {"logits": ...}, "reference": ...},
                 "rejected": {...}}; or the whole request as a dict
        options  members of the request: objectives=["sigmoid"], beta=, or examples= in place of pairs.  Without either,
                 policy_chosen=, policy_rejected=, reference_chosen= and reference_rejected= are the sums of a batch, [B], and
                 tokens_chosen= and tokens_rejected= the numbers of tokens
        """
        if pairs is None and "policy_chosen" in options:
            options, pairs = _preference_batch(options)
        if isinstance(pairs, Mapping):
            return Preferences(self._json("/v1/preference", {**pairs, **options}))
        return Preferences(self._json("/v1/preference", options if pairs is None else {**options, "pairs": list(pairs)}))

    def completions(self, prompt: Any, logits: Any, *, echo: bool = True, logprobs: int = 1, **options: Any) -> Completions:
        """Score prompts in the format of OpenAI's completions (POST /v1/completions, docs/openai.md).

        prompt  ids, [T], or [B, T] of several prompts; logits are [T, V], or one of these for each prompt
        """
        ids, logits = _plain(prompt), _rows(logits)
        if _is_nested(ids):
            logits = [_tensor(logits[index], options.get("dtype")) for index in range(len(ids))]
        return Completions(self._json("/v1/completions", {"prompt": ids, "echo": echo, "logprobs": logprobs, **options,
                                                          "logits": logits}))

    def objectives(self) -> Dict[str, Any]:
        """The objectives that the server knows, with their options (GET /v1/objectives)."""
        return dict(self._get("/v1/objectives"))

    def version(self) -> str:
        """The version of the server, as "1.0.0"."""
        return str(self._get("/version", "version")["version"])

    def post(self, path: str, request: Mapping[str, Any]) -> Record:
        """POST a request as docs/reference.md tells it to any route; arrays may stand in it."""
        return self._json(path, request)

    # -- requests --

    def _get(self, path: str, *members: str) -> Any:
        return _answer(self._request("GET", path, None), members)

    def _post(self, path: str, body: _Body) -> Any:
        return _answer(self._request("POST", path, body))

    def _json(self, path: str, request: Mapping[str, Any]) -> Record:
        given = {name: value for name, value in request.items() if value is not None}
        return Record(_native(self._post(path, _Writer().body(given))))

    def _request(self, method: str, path: str, body: Optional[_Body]) -> bytes:
        """The bytes of an answer; asks again where that may help."""
        for attempt in range(self.retries + 1):
            try:
                status, head, answer = self._ask(method, path, body)
            except _Lost as lost:
                error: LogitdError = self._no_answer(lost.args[0])
                pause = .25 * 2 ** attempt
            else:
                if status < 300:
                    return answer
                error = self._refusal(status, head, answer)
                pause = _seconds(head.get("Retry-After"), .5 * 2 ** attempt)
                if status not in (429, 503):
                    raise error
            if attempt == self.retries or (body is not None and body.spent):
                break
            if self._connections.ended.wait(min(pause, self.timeout or pause)):
                break
        raise error

    def _refusal(self, status: int, head: "email.message.Message", answer: bytes) -> LogitdError:
        if status < 400:
            return LogitdError(f"the answer is at another address: {head.get('Location')}", status,
                               hint="Give the address of logitd itself.")
        return _problem(status, _json_or_text(answer), self._key is not None)

    def _ask(self, method: str, path: str, body: Optional[_Body]) -> Reply:
        """Ask once; but a connection that the server closed while it was idle is no failure."""
        connection, used = self._connections.take(fresh=body is not None and body.once)
        answered = False
        try:
            _connect(connection, self._connections.ended)
            answer = _talk(connection, method, self._connections.prefix + path, self._head(body), body)
            answered = True
            return answer
        except _Lost:
            if not used or self._connections.ended.is_set():
                raise
        except (OSError, http.client.HTTPException) as error:
            raise self._no_answer(error) from error
        finally:
            self._connections.give(connection, answered)  # in the middle of a request it is of no more use
        self._connections.close()
        return self._ask(method, path, body)

    def _head(self, body: Optional[_Body]) -> Dict[str, str]:
        head = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": f"logitd-python/{__version__}"}
        if body is not None:
            head.update({"Content-Type": body.kind, "Content-Length": str(body.size)})
        if self._key is not None:
            head["Authorization"] = f"Bearer {self._key}"
        return head

    def _no_answer(self, error: BaseException) -> LogitdConnectionError:
        if isinstance(error, (socket.timeout, TimeoutError)):
            return LogitdConnectionError(f"{self.url} did not answer within {self.timeout} s",
                                         hint="Client(url, timeout=...) waits longer.")
        if isinstance(error, http.client.HTTPException) and not isinstance(error, http.client.BadStatusLine):
            return LogitdConnectionError(f"the answer of {self.url} broke off: {error}")
        hint = "Is the address right?"
        if isinstance(error, (ConnectionRefusedError, FileNotFoundError)):
            hint = (f"Is logitd running there?  Start it with `logitd --port {self._connections.parts.port or 8080}`, "
                    "or use `with logitd.Server() as server: server.client()`.")
        elif _UNTRUSTED in str(error):
            hint = "The variable SSL_CERT_FILE names a file of the certificates to trust."
        return LogitdConnectionError(f"no answer from {self.url}: {str(error).strip()}", hint=hint)


def _checked(key: Optional[str]) -> Optional[str]:
    """A key as it can be sent, without the end of the line that a file has; what is wrong is told without the key."""
    if key is not None and not isinstance(key, str):
        raise TypeError(f"api_key: a key is a str, not a {type(key).__name__}")
    if key is None or not key.strip():
        return None
    if not key.strip().isascii() or not key.strip().isprintable():
        raise ValueError("api_key: a key has printable ASCII characters only, and is one line")
    return key.strip()


def _answer(body: bytes, members: Sequence[str] = ()) -> Dict[str, Any]:
    """An answer: an object that has these members."""
    answer = _json_or_text(body)
    if not isinstance(answer, dict) or not all(name in answer for name in members):
        raise _no_json(answer)
    return answer


def _seconds(text: Optional[str], default: float) -> float:
    return float(text) if text and text.strip().isdigit() else default


def _json_or_text(answer: bytes) -> Any:
    try:
        return json.loads(answer)
    except ValueError:
        return answer.decode("utf-8", "replace")


def _of_sequence(model: Mapping[str, Any], index: int) -> Dict[str, Any]:
    """The members of a model about one sequence of a batch."""
    return {name: value[index] if name in ("logits", "logprobs") else value for name, value in model.items()}


_POLICIES = ("current", "old", "rollout", "reference")


def _policy_batch(options: Mapping[str, Any]) -> Dict[str, Any]:
    """A request to POST /v1/policy from the arrays of a trainer."""
    request = {name: value for name, value in options.items() if value is not None}
    outputs = {name: _output(request.pop(name)) for name in _POLICIES if name in request}
    columns = {name: _plain(request.pop(name)) for name in (*_COLUMNS, "prompt_length", "advantages", "id") if name in request}
    columns = {name: _flags(column) if name in _FLAGS else column for name, column in columns.items()}
    counts = {name: len(value) for name, value in columns.items() if isinstance(value, list)}
    counts.update((name, len(model[kind])) for name, model in outputs.items() for kind in ("logits", "logprobs") if kind in model)
    if len(set(counts.values())) != 1:
        raise ValueError(f"policy needs sequences, or arrays of one length: {counts or 'there are none'}")
    request["sequences"] = [
        {**{name: value[index] if name in counts else value for name, value in columns.items()},
         **{name: _of_sequence(model, index) for name, model in outputs.items()}}
        for index in range(next(iter(counts.values())))]
    return request


def _depth(value: Any) -> int:
    """How many dimensions an array or nested lists have."""
    if isinstance(value, (list, tuple)):
        return 1 + _depth(value[0]) if value else 1
    return len(getattr(value, "shape", ()))


def _output(value: Any) -> Mapping[str, Any]:
    """What a model said of a batch: log-probabilities, [B, T]; or logits, [B, T, V]; or a dict that has either."""
    if not isinstance(value, Mapping) or hasattr(value, "logits"):
        rows = _rows(value)
        value = {"logits" if _depth(rows) == 3 else "logprobs": rows}
    return {name: _plain(item) if name == "logprobs" else item for name, item in value.items()}


def _preference_batch(options: Mapping[str, Any]) -> Tuple[Dict[str, Any], List[Dict[str, Any]]]:
    """The options, and the pairs that the arrays of a trainer among them are."""
    rest: Dict[str, Any] = dict(options)
    pairs: List[Dict[str, Any]] = []
    sums = {(model, side): _plain(rest.pop(f"{model}_{side}", None)) for model in ("policy", "reference", "tokens")
            for side in ("chosen", "rejected")}
    given = {key: column for key, column in sums.items() if column is not None}
    counts = {len(column) if isinstance(column, list) else None for column in given.values()}
    if len(counts) != 1 or None in counts:
        raise ValueError("the arrays of a batch of preferences must be of one length, [B]")
    for index in range(len(given["policy", "chosen"])):
        pair: Dict[str, Any] = {"chosen": {}, "rejected": {}}
        for (model, side), column in given.items():
            if model != "tokens":
                count = {"tokens": given["tokens", side][index]} if ("tokens", side) in given else {}
                pair[side][model] = {"log_prob": column[index], **count}
        pairs.append(pair)
    return rest, pairs


_OF_AN_ITEM = (LogitdError, TypeError, ValueError)  # what is wrong with one request of many


class _End:
    """The place where the iterable of the requests failed."""

    def __init__(self, error: Exception) -> None:
        self.error = error


_Asked = Union[_Question, Exception, _End]  # a request of many; what is wrong with it; the end


def _groups(requests: Iterable[Any]) -> Iterator[List[_Asked]]:
    """Questions that are asked together: those with logits alone, others some at a time."""
    group: List[_Asked] = []
    for question in _questions(requests):
        if isinstance(question, _Question) and question.tensors:
            if group:
                yield group
            group = []
            yield [question]
            continue
        group.append(question)
        if len(group) == _LINES:
            yield group
            group = []
    if group:
        yield group


def _questions(requests: Iterable[Any]) -> Iterator[_Asked]:
    """What was asked before the iterable failed is still answered."""
    items = iter(requests)
    while True:
        try:
            item = next(items)
        except StopIteration:
            return
        except Exception as error:
            yield _End(error)
            return
        try:
            question: _Asked = _question(item)
        except _OF_AN_ITEM as error:
            question = error
        yield question


def _given(results: Sequence[Any], numbers: Iterator[int], bar: Any, strict: bool) -> Iterator[Any]:
    """Results, as they are given to the caller."""
    for result, number in zip(results, numbers):
        if isinstance(result, _End):
            raise result.error
        if isinstance(result, Exception):
            _number(result, number)
            if strict:
                raise result
        if bar is not None:
            bar.update(1)
        yield result


def _number(error: Exception, number: int) -> None:
    """Let an error say which request it is about."""
    if isinstance(error, LogitdError):
        error.item = number
    else:
        error.args = (f"item {number} of score_many: {error}",)


def _bar(requests: Iterable[Any]) -> Any:
    tqdm = _module("tqdm")
    total = len(requests) if isinstance(requests, collections.abc.Sized) else None
    return tqdm.tqdm(total=total, unit=" requests") if tqdm else None


# ---- a server of one's own ----


def _find_program() -> str:
    """The program: $LOGITD, else one of PATH, else that of a checkout around here."""
    if os.environ.get("LOGITD"):
        return os.environ["LOGITD"]
    folders = [pathlib.Path.cwd(), *pathlib.Path.cwd().parents, *pathlib.Path(__file__).resolve().parents]
    built = (folder / "build" / "logitd" for folder in folders)
    found = shutil.which("logitd") or next((str(path) for path in built if path.is_file()), None)
    if found is None:
        raise FileNotFoundError("there is no program logitd: build it with `make` and name it, Server(\"build/logitd\") or "
                                "LOGITD=build/logitd, or put it on the PATH")
    return found


def _guard(process: "subprocess.Popen[str]") -> Optional["subprocess.Popen[bytes]"]:
    """A process that stops the server when this one was killed: it waits for the end of a pipe that only this one holds."""
    try:
        return subprocess.Popen(["/bin/sh", "-c", "read -r _; kill \"$0\"", str(process.pid)], stdin=subprocess.PIPE,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    except OSError:
        return None  # there is no shell: the server is still stopped at the end of Python


def _stop(process: "subprocess.Popen[str]", guard: Optional["subprocess.Popen[bytes]"]) -> None:
    if guard is not None:
        guard.kill()
        guard.communicate()
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


class Server:
    """A logitd of one's own, on a free port of this machine, for scripts and tests.

        with logitd.Server() as server:
            print(server.url, server.client().version())

    program   the path of logitd; without it $LOGITD, then PATH, then build/logitd of a checkout
    settings  its flags, as max_memory="2GiB" for --max-memory 2GiB

    It is stopped at the end of `with`, also after an error; or by stop(), or when Python ends, however it ends.
    """

    def __init__(self, program: Union[str, "os.PathLike[str]", None] = None, **settings: Any) -> None:
        self.program = os.fspath(program) if program is not None else _find_program()
        settings = {"address": "127.0.0.1", "port": 0, **settings}
        self._flags = [f"--{name.replace('_', '-')}={str(value).lower() if isinstance(value, bool) else value}"
                       for name, value in settings.items() if value is not None]
        self.url = ""
        self.messages: Deque[str] = collections.deque(maxlen=1000)  # what it wrote to standard error
        self._process: Optional["subprocess.Popen[str]"] = None

    def start(self) -> Server:
        """Start it, and wait until it answers; one that runs already is left as it is."""
        if self._process is not None and self._process.poll() is None:
            return self
        self.stop()
        self.url = ""
        self.messages.clear()
        try:
            process = subprocess.Popen([self.program, *self._flags], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.PIPE, text=True, errors="replace",
                                       start_new_session=True)  # who interrupts a cell of a notebook keeps the server
        except OSError as error:
            raise type(error)(f"logitd cannot be started: {self.program}: {error.strerror}") from error
        self._process = process
        self._stop = weakref.finalize(self, _stop, process, _guard(process))
        listening = threading.Event()
        self._reader = threading.Thread(target=self._read, args=(process, listening), daemon=True)
        self._reader.start()
        listening.wait(30)
        if not self.url:
            self.stop()
            said = "\n".join(self.messages) or "it said nothing"
            raise RuntimeError(f"logitd did not start: {self.program} {' '.join(self._flags)}\n{said}")
        return self

    def _read(self, process: "subprocess.Popen[str]", listening: threading.Event) -> None:
        """Collect what it says, and its address: the first line."""
        assert process.stderr is not None
        for line in process.stderr:
            self.messages.append(line.rstrip("\n"))
            if line.startswith("listening on "):
                self.url = line[len("listening on "):].strip()
                listening.set()
        listening.set()

    def stop(self) -> None:
        """Stop it; what it is computing is finished first."""
        if self._process is not None:
            self._stop()
            self._reader.join(5)
            if self._process.stderr is not None:
                self._process.stderr.close()
            self._process = None

    def client(self, api_key: Optional[str] = None, timeout: Optional[float] = 300, retries: int = 3) -> Client:
        """A client of this server."""
        if self._process is None:
            raise RuntimeError("the server is not started: `with logitd.Server() as server:`, or server.start()")
        return Client(self.url, api_key, timeout, retries)

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<Server at {self.url}>" if self._process is not None else "<Server that is not started>"
