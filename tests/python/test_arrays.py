"""Logits of every kind go in as they are: the same numbers give the same bits, however they are held."""
import array
import ctypes
import mmap
import struct
import unittest

from support import TOKENS, Running, jax, logitd, numpy, rows, torch

with_numpy = unittest.skipUnless(numpy, "NumPy is not installed")
with_torch = unittest.skipUnless(torch, "PyTorch is not installed")
with_jax = unittest.skipUnless(jax, "JAX is not installed")


class Only:
    """An array that shows one protocol alone."""

    def __new__(cls, value, *names):
        members = {name: (lambda call: lambda self, *a, **k: call(*a, **k))(getattr(value, name)) for name in names}
        return type("Only", (), {"value": value, **members}).__new__(type("Only", (), members))


class Interface:
    def __init__(self, value):
        self.value, self.__array_interface__ = value, value.__array_interface__


class Kinds(Running, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wanted = cls.client.score(TOKENS, rows(), 2).to_dict()

    def holds(self, logits, **options):
        self.assertEqual(self.client.score(TOKENS, logits, 2, **options).to_dict(), self.wanted)

    def test_lists(self):
        self.holds(rows())
        self.holds(tuple(map(tuple, rows())), dtype="f32")

    def test_a_list_in_float32_is_rounded(self):
        third = [[1 / 3, 0.1], [0.7, 0.3]]
        rounded = [list(struct.unpack("2f", struct.pack("2f", *row))) for row in third]
        self.assertEqual(self.client.score([0, 1], third, dtype="float32").joint, self.client.score([0, 1], rounded).joint)
        self.assertNotEqual(self.client.score([0, 1], third).joint, self.client.score([0, 1], rounded).joint)

    def test_buffers(self):
        flat = array.array("f", sum(rows(), []))
        self.holds(memoryview(flat).cast("B").cast("f", (5, 7)))
        self.holds(memoryview(array.array("d", flat)).cast("B").cast("d", (5, 7)))
        table = ((ctypes.c_double * 7) * 5)(*[(ctypes.c_double * 7)(*row) for row in rows()])
        self.holds(table)

    def test_buffers_without_numpy(self):
        saved, logitd._module = logitd._module, lambda name: None
        try:
            self.test_buffers()
        finally:
            logitd._module = saved

    @with_numpy
    def test_formats(self):
        for dtype in ("float64", "float32", "float16", ">f8", ">f4", ">f2"):
            with self.subTest(dtype):
                self.holds(numpy.array(rows(), dtype))

    @with_numpy
    def test_order_of_memory(self):
        value = numpy.array(rows(), "float32")
        wide = numpy.zeros((5, 7, 3), "float32")
        wide[..., 1] = value
        for name, logits in {"columns": numpy.asfortranarray(value), "every third": wide[..., 1],
                             "backwards": value[::-1, ::-1].copy()[::-1, ::-1], "one in a batch": value[None]}.items():
            with self.subTest(name):
                self.holds(logits)

    @with_numpy
    def test_large_and_not_contiguous(self):
        """Pieces of a megabyte, along any axis."""
        value = numpy.random.default_rng(1).normal(size=(3, 9, 90_000)).astype("float32")
        tokens = numpy.arange(27).reshape(3, 9)
        wanted = self.client.score(tokens, value).to_dict()
        self.assertEqual(self.client.score(tokens, numpy.asfortranarray(value)).to_dict(), wanted)
        self.assertEqual(self.client.score(tokens, value.astype(">f4")).to_dict(), wanted)
        self.assertEqual(self.client.score(tokens, list(value)).to_dict(), wanted)

    @with_numpy
    def test_nothing_is_copied(self):
        value = numpy.zeros((64, 50_000), "float32")
        address = value.__array_interface__["data"][0]
        for piece in logitd._tensor(value).pieces():
            start = ctypes.addressof(ctypes.c_char.from_buffer(piece))
            self.assertTrue(address <= start < address + value.nbytes)

    @with_numpy
    def test_protocols(self):
        value = numpy.array(rows(), "float32")
        self.holds(Only(value, "__array__"))
        self.holds(Interface(value))
        if hasattr(value, "__dlpack__"):  # NumPy has it from 1.23 on
            self.holds(Only(value, "__dlpack__", "__dlpack_device__"))
        self.holds([value[row] for row in range(5)])

    @with_torch
    def test_torch(self):
        value = torch.tensor(rows())
        for dtype in (torch.float64, torch.float32, torch.float16, torch.bfloat16):
            with self.subTest(dtype):
                self.holds(value.to(dtype))
                self.holds(value.to(dtype).t().contiguous().t())
        self.holds(torch.nn.Parameter(value))
        self.holds(value.to_sparse())
        if hasattr(torch, "_neg_view"):
            self.holds(torch._neg_view(-value))  # its memory has the other sign
        self.holds(list(value))

    @with_torch
    def test_bfloat16_is_not_copied(self):
        value = torch.zeros(64, 50_000, dtype=torch.bfloat16)
        for piece in logitd._tensor(value).pieces():
            start = ctypes.addressof(ctypes.c_char.from_buffer(piece))
            self.assertTrue(value.data_ptr() <= start < value.data_ptr() + value.numel() * 2)

    @with_torch
    def test_bfloat16_from_dlpack(self):
        self.holds(Only(torch.tensor(rows()).bfloat16(), "__dlpack__", "__dlpack_device__"))

    @with_numpy
    def test_bfloat16_of_numpy(self):
        """What numpy.asarray makes of a bfloat16 array of JAX: a dtype of which NumPy gives no buffer."""

        class Half:
            def __init__(self, bits):
                self.bits, self.shape, self.dtype = bits, bits.shape, type("", (), {"name": "bfloat16", "itemsize": 2})

            def __getitem__(self, at):
                return Half(self.bits[at])

            def view(self, name):
                return self.bits.view(name)

        bits = (numpy.array(rows(), "float32").view("uint32") >> 16).astype("uint16")
        self.holds(logitd._of_numpy(Half(bits)))
        self.holds(logitd._of_numpy(Half(numpy.asfortranarray(bits))))

    @with_jax
    def test_jax(self):
        for dtype in (jax.numpy.float32, jax.numpy.float16, jax.numpy.bfloat16):
            with self.subTest(dtype):
                self.holds(jax.numpy.asarray(rows(), dtype))

    def test_variables_of_flax(self):
        self.holds(type("Variable", (), {"__jax_array__": lambda self: rows()})())

    def test_tokens_of_any_kind(self):
        kinds = [tuple(TOKENS), iter(TOKENS), map(int, TOKENS), (token for token in TOKENS), array.array("i", TOKENS),
                 memoryview(array.array("q", TOKENS)), range(1, 6)]
        if numpy:
            kinds += [numpy.array(TOKENS, dtype) for dtype in ("u1", "<i2", ">i4", "i8", "u8")] + [list(numpy.array(TOKENS))]
        if torch:
            kinds += [torch.tensor(TOKENS, dtype=dtype) for dtype in (torch.uint8, torch.int32, torch.int64)]
        for tokens in kinds:
            with self.subTest(type(tokens)):
                self.assertEqual(self.client.score(tokens, rows(), 2).to_dict(), self.wanted)

    def test_iterators(self):
        self.holds(iter(rows()))
        self.holds(block for block in (rows()[:2], rows()[2:]))
        self.assertEqual(self.client.score(prompt=TOKENS[:2], completion=TOKENS[2:], logits=iter(rows())).to_dict(), self.wanted)
        with self.assertRaisesRegex(ValueError, "too few rows"):
            self.client.score(TOKENS, iter(rows(3)), 2)
        with self.assertRaisesRegex(ValueError, "too many rows"):
            self.client.score(TOKENS, iter(rows(6)), 2)

    def test_objects_with_logits(self):
        self.holds(type("Output", (), {"logits": rows()})())


class Base64(unittest.TestCase):
    def test_pieces_of_any_length(self):
        import base64
        for size in range(0, 40, 2):
            numbers = bytes(range(size))
            for step in (1, 2, 3, 5, 64):
                tensor = logitd._Tensor("bf16", (size // 2,), lambda: (numbers[i:i + step] for i in range(0, size, step)))
                encoded = logitd._Base64(tensor)
                self.assertEqual(b"".join(encoded.pieces()), base64.b64encode(numbers))
                self.assertEqual(encoded.size, len(base64.b64encode(numbers)))


class Refused(Running, unittest.TestCase):
    """What cannot be sent says what to do."""

    def test_types(self):
        cases = [("text", "give a NumPy array"), ([[1, None]], "numbers"), ([[1, 2], [3]], "row 1 has 1 numbers"),
                 (3, "give a NumPy array"), ([1, 2], r"\[T, V\]"), (iter([]), "no row")]
        if numpy:
            cases += [(numpy.zeros((2, 2), int), "convert them first"), (numpy.zeros((3, 2, 2)), "shape"),
                      ([numpy.zeros(2), numpy.zeros(3)], "must be alike")]
        if torch:
            cases += [(torch.zeros(2, 2, dtype=torch.int64), "convert them first"),
                      (torch.zeros(2, 2, device="meta"), "the device meta")]
            with self.assertRaisesRegex(TypeError, "the device meta"):
                self.client.score(torch.zeros(2, dtype=torch.int64, device="meta"), [[1.0, 2.0]])
        for data in (b"12345678", bytearray(8), memoryview(bytes(8)), mmap.mmap(-1, 8)):
            cases.append((data, "do not say what numbers"))
        for logits, words in cases:
            with self.subTest(str(logits)), self.assertRaisesRegex((TypeError, ValueError), words):
                self.client.score([0, 1], logits)

    def test_by_the_server(self):
        cases = [({"tokens": TOKENS + [1, 2], "logits": rows()}, "bad_count", "/logits", r"Sent were 7 tokens.*\[5, 7\]"),
                 ({"tokens": [1, 9, 2], "logits": rows(3)}, "out_of_range", "/tokens/1", "below the vocabulary 7"),
                 ({"tokens": TOKENS, "logits": rows(), "promt_length": 1}, "unknown_member", "/promt_length", "prompt_length"),
                 ({"input_ids": TOKENS, "logits": rows()}, "unknown_member", "/input_ids", "use tokens"),
                 ({"tokens": TOKENS, "logits": [[float("nan")] * 7] * 5}, "bad_row", "/logits/0/0", "NaN"),
                 ({"tokens": TOKENS}, "missing_member", "/logits", "logits, logprobs or outputs")]
        for request, code, pointer, words in cases:
            with self.subTest(code), self.assertRaises(logitd.LogitdError) as caught:
                self.client.score(**request)
            error = caught.exception
            self.assertEqual((error.code, error.pointer), (code, pointer))
            self.assertRegex(str(error), words)
            self.assertIn(error.status, (400, 422))
            self.assertTrue(error.detail and error.request_id)


if __name__ == "__main__":
    unittest.main()
