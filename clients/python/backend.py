"""Builds the package logitd for pip: logitd.py as logitd/__init__.py, and py.typed beside it.

Type checkers look for py.typed in packages only, and a file to copy has to be one file: so the package is made here, and
there is no second copy of the code.  The standard library is enough, so pip has nothing to fetch."""
import base64
import hashlib
import io
import pathlib
import re
import tarfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
FILES = ("logitd.py", "py.typed", "backend.py", "pyproject.toml", "README.md")
VERSION = re.search(r'^__version__ = "(.+)"', (HERE / "logitd.py").read_text(encoding="utf-8"), re.M)[1]
METADATA = f"""Metadata-Version: 2.1
Name: logitd
Version: {VERSION}
Summary: A client of logitd, the server that scores the output of language models
License: Apache-2.0
Requires-Python: >=3.9
Description-Content-Type: text/markdown

""" + (HERE / "README.md").read_text(encoding="utf-8")
WHEEL = "Wheel-Version: 1.0\nGenerator: logitd\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def _record(files):
    lines = []
    for name, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(content)}\n")
    return "".join(lines)


def _write_wheel(folder, files):
    about = f"logitd-{VERSION}.dist-info"
    files = {**files, f"{about}/METADATA": METADATA.encode(), f"{about}/WHEEL": WHEEL.encode()}
    files[f"{about}/RECORD"] = (_record(files) + f"{about}/RECORD,,\n").encode()
    name = f"logitd-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder) / name, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, content in files.items():
            wheel.writestr(path, content)
    return name


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    return _write_wheel(wheel_directory, {"logitd/__init__.py": (HERE / "logitd.py").read_bytes(),
                                          "logitd/py.typed": (HERE / "py.typed").read_bytes()})


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    """pip install -e: Python reads logitd.py where it is."""
    return _write_wheel(wheel_directory, {"logitd.pth": f"{HERE}\n".encode()})


def build_sdist(sdist_directory, config_settings=None):
    name = f"logitd-{VERSION}"
    with tarfile.open(pathlib.Path(sdist_directory) / f"{name}.tar.gz", "w:gz") as archive:
        for file in FILES:
            archive.add(HERE / file, f"{name}/{file}")
        about = tarfile.TarInfo(f"{name}/PKG-INFO")
        about.size = len(METADATA.encode())
        archive.addfile(about, io.BytesIO(METADATA.encode()))
    return f"{name}.tar.gz"
