"""The package: it installs without a network, one file is all of it, its types hold, old Pythons can read it."""
import ast
import os
import pathlib
import pydoc
import shutil
import subprocess
import sys
import tempfile
import unittest

from support import CLIENT, PROGRAM, module

import logitd

HERE = pathlib.Path(__file__).resolve().parent
MYPY = [sys.executable, "-m", "mypy"] if module("mypy") else [shutil.which("mypy")]


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, **options)
    return done.returncode, done.stdout + done.stderr


class Package(unittest.TestCase):
    @unittest.skipUnless(module("pip"), "pip is not installed")
    def test_pip_installs_it_without_a_network(self):
        for more in ((), ("--no-build-isolation",)):
            with self.subTest(more), tempfile.TemporaryDirectory() as folder:
                source = pathlib.Path(folder, "source")
                shutil.copytree(CLIENT, source, ignore=shutil.ignore_patterns("__pycache__"))
                code, said = run(sys.executable, "-m", "pip", "install", "--no-index", "--quiet", "--no-warn-script-location",
                                 "--target", f"{folder}/to", *more, str(source))
                self.assertEqual(code, 0, said)
                installed = pathlib.Path(folder, "to/logitd/__init__.py").read_bytes()
                self.assertEqual(installed, (CLIENT / "logitd.py").read_bytes())
                self.assertTrue(pathlib.Path(folder, "to/logitd/py.typed").exists())
                self.run_example(f"{folder}/to")
                if not more:
                    self.check_types(f"{folder}/to")

    def check_types(self, folder):
        """Who uses the installed package has its types."""
        if MYPY[0]:
            code, said = run(*MYPY, "--strict", "--cache-dir=/dev/null", str(HERE / "example.py"),
                             env={**os.environ, "MYPYPATH": folder})
            self.assertEqual(code, 0, said)

    def run_example(self, folder):
        code, said = run(sys.executable, str(HERE / "example.py"), env={**os.environ, "PYTHONPATH": folder, "LOGITD": PROGRAM})
        loss = 0.3132616875182228
        self.assertEqual((code, said), (0, f"{[loss, loss, None, -loss]}\n"))

    def test_one_file_is_all(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(CLIENT / "logitd.py", folder)
            self.run_example(folder)

    @unittest.skipUnless(MYPY[0], "mypy is not installed")
    def test_types(self):
        code, said = run(*MYPY, "--strict", "--cache-dir=/dev/null", "--python-version", "3.9", str(CLIENT / "logitd.py"))
        self.assertEqual(code, 0, said)

    def test_python_3_9_can_read_it(self):
        for name in ("logitd.py", "backend.py"):
            ast.parse((CLIENT / name).read_text(), feature_version=(3, 9))

    def test_it_imports_the_standard_library_only(self):
        tree = ast.parse((CLIENT / "logitd.py").read_text())
        names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        if hasattr(sys, "stdlib_module_names"):
            self.assertLessEqual({name.split(".")[0] for name in names}, set(sys.stdlib_module_names))

    def test_help(self):
        said = pydoc.render_doc(logitd, renderer=pydoc.plaintext)
        for word in ("attention_mask", "prompt_length", "score_many", "api_key", "token_texts", "$LOGITD"):
            self.assertIn(word, said)
        for name in logitd.__all__:
            self.assertTrue(getattr(logitd, name).__doc__, name)
        for name in ("score", "score_many", "rank", "compare", "policy", "preference", "completions", "objectives", "version"):
            self.assertTrue(getattr(logitd.Client, name).__doc__, name)

    def test_functions_are_short(self):
        tree = ast.parse((CLIENT / "logitd.py").read_text())
        lengths = sorted(node.end_lineno - node.body[0].lineno + 1 for node in ast.walk(tree)
                         if isinstance(node, ast.FunctionDef))
        self.assertLessEqual(lengths[-1], 60)
        self.assertLessEqual(lengths[len(lengths) // 2], 12)


if __name__ == "__main__":
    unittest.main()
