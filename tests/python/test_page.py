"""docs/python.md: every snippet runs, in order, and prints what the page says it prints."""
import contextlib
import io
import json
import os
import re
import struct
import unittest
import urllib.request

from support import ROOT, Running, logitd, numpy, rows, torch

PAGE = ROOT / "docs" / "python.md"


def snippets(page=PAGE):
    """The indented blocks of Python, each with what it prints and its line."""
    text, found = page.read_text(), []
    for block in re.finditer(r"(?:^    .*\n|^\n(?=    ))+", text, flags=re.M):
        body = re.sub(r"^    ", "", block[0], flags=re.M).strip("\n")
        if re.search(r"\n\nprints\n\n?$", text[:block.start()]):
            found[-1] = (found[-1][0], body, found[-1][2])
        elif not body.startswith("pip "):
            found.append((body, "", text.count("\n", 0, block.start()) + 1))
    return found


def agrees(shown, printed):
    """Whether a text is the one that is shown, where ... stands for anything."""
    shown, printed = (re.sub(r"\s+", " ", text.strip()) for text in (shown, printed))  # long lines are broken on the page
    return re.fullmatch(".*".join(map(re.escape, shown.split("..."))), printed) is not None


class Page(Running, unittest.TestCase):
    @unittest.skipUnless(numpy, "NumPy is not installed")
    def test_snippets(self):
        names, folder, count = {"__name__": "page"}, os.getcwd(), 0
        os.environ["LOGITD"], saved = self.server.program, os.environ.get("LOGITD")
        os.chdir(ROOT)
        try:
            for code, shown, line in snippets():
                if "import torch" in code and torch is None:
                    continue
                count += 1
                printed, code = io.StringIO(), code.replace("http://127.0.0.1:8080", self.server.url)
                with self.subTest(line=line):
                    with contextlib.redirect_stdout(printed):
                        exec(compile("\n" * line + code, str(PAGE), "exec"), names)
                    self.assertTrue(agrees(shown, printed.getvalue()), f"line {line} prints\n{printed.getvalue()}")
        finally:
            os.chdir(folder)
            os.environ.pop("LOGITD") if saved is None else os.environ.update(LOGITD=saved)
            names["client"].close()
        self.assertGreaterEqual(count, 6)

    def run_from_root(self, code, names):
        """What a snippet prints that is pasted in the folder of the repository."""
        printed, folder = io.StringIO(), os.getcwd()
        os.chdir(ROOT)
        try:
            with contextlib.redirect_stdout(printed):
                exec(code.replace("http://127.0.0.1:8080", self.server.url), names)
        finally:
            os.chdir(folder)
        return printed.getvalue()

    @unittest.skipUnless(numpy, "NumPy is not installed")
    def test_readme(self):
        (code, shown), = [(code, shown) for code, shown, _ in snippets(ROOT / "README.md") if "logitd.Client(" in code]
        self.assertEqual(self.run_from_root(code, {}), shown + "\n")

    def test_readme_of_the_client(self):
        (code,) = [code for code, _, _ in snippets(ROOT / "clients" / "python" / "README.md") if "logitd.Client(" in code]
        names = {"logitd": logitd, "tokens": [1, 2, 3, 4, 5, 6], "logits": rows(6)}
        self.run_from_root(code, names)
        self.assertEqual(names["score"].conditional.tokens, 1)

    def test_bytes_without_the_client(self):
        """What docs/inference.md sends in plain Python."""
        shown = [code for code, _, _ in snippets(ROOT / "docs" / "inference.md") if code.startswith("body = ")]
        self.assertEqual(len(shown), 1)
        names = {"json": json, "struct": struct, "urllib": urllib}
        exec(shown[0].replace("http://127.0.0.1:8080", self.server.url), names)
        with urllib.request.urlopen(names["request"], timeout=60) as answer:
            end = int(answer.headers["Inference-Header-Content-Length"])
            values = struct.unpack("<3f", answer.read()[end:])
        self.assertEqual([round(value, 5) for value in values], [-0.52114, -2.40761, 1.46437])  # as the JSON of the page

    @unittest.skipUnless(torch, "PyTorch is not installed: the page's snippet of a trainer's batch is not run")
    def test_the_snippet_of_a_trainer(self):
        self.assertTrue(any("import torch" in code for code, _, _ in snippets()))


if __name__ == "__main__":
    unittest.main()
