"""What the tests of the Python client share: the client, its servers, and the modules that may not be there."""
import importlib
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CLIENT = ROOT / "clients" / "python"
sys.path.insert(0, str(CLIENT))

import logitd  # noqa: E402  (it is found by the line above)

PROGRAM = os.environ.get("LOGITD", str(ROOT / "build" / "logitd"))
TOKENS = [1, 2, 3, 4, 5]


def module(name):
    """A module, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


numpy, torch, pandas, jax = map(module, ("numpy", "torch", "pandas", "jax"))


class Running:
    """A mixin of test cases that ask a server: one for each class."""

    @classmethod
    def setUpClass(cls):
        cls.server = logitd.Server(PROGRAM).start()
        cls.client = cls.server.client()

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.server.stop()


def rows(count=5, width=7):
    """Logits as lists: halves and quarters, which every format can hold."""
    return [[((row * 7 + column * 5) % 23 - 11) / 4 for column in range(width)] for row in range(count)]
