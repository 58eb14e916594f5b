#!/usr/bin/env python3
"""links.py - print each link of the documents that leads nowhere, each file they name that is not there, and each page
that nothing links to.

A link leads to a file, or to a heading of a page (as GitHub names them).  Links to other hosts must be https, and are not
followed: tests need no network."""
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
CODE = re.compile(r"^    .*$|`[^`]*`", flags=re.M)  # a block, or a piece of a line


def pages():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.md"], cwd=ROOT, capture_output=True, text=True, check=False)
    found = [ROOT / name for name in listed.stdout.split()] or ROOT.rglob("*.md")
    return sorted(page for page in found if page.exists())


def anchors(page):
    """The names of a page's headings: lower case, without punctuation, - for a space, numbered if they come again."""
    names = set()
    for heading in re.findall(r"^#+ (.+)$", page.read_text(), flags=re.M):
        text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
        name = base = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
        again = 0
        while name in names:
            again += 1
            name = f"{base}-{again}"
        names.add(name)
    return names


def links(page):
    return re.findall(r"\]\(([^)\s]+)\)", CODE.sub("", page.read_text()))


def files(page):
    """Files that are named with a folder, as `api/base/version.h`; NAME and NN stand for any."""
    named = re.findall(r"`([\w./-]+/[\w.-]+\.(?:py|sh|[ch]|def|md|json|ndjson|npy|txt|yaml))`", page.read_text())
    return [name for name in named if not re.search("NAME|NN", name)]


def is_there(page, name):
    """Pages about a folder name files from there: docs/architecture.md those of api/, tests/README.md its own."""
    return any((folder / name).exists() for folder in (ROOT, page.parent, ROOT / "api"))


def main():
    linked = {ROOT / "README.md", ROOT / "CHANGELOG.md"}
    for page in pages():
        for link in links(page):
            where = f"{page.relative_to(ROOT)}: {link}"
            if re.match(r"\w+:", link):
                if not link.startswith("https://"):
                    print(f"{where} is not https")
                continue
            name, _, anchor = link.partition("#")
            target = (page.parent / name).resolve() if name else page
            linked.add(target)
            if not target.exists():
                print(f"{where} is no file")
            elif anchor and anchor not in anchors(target):
                print(f"{where} is no heading")
    for page in pages():
        for name in files(page):
            if not is_there(page, name):
                print(f"{page.relative_to(ROOT)}: {name} is no file")
        if page.parent.name in ("docs", "engines", "examples", "deploy") and page not in linked:
            print(f"{page.relative_to(ROOT)} is linked from no page")


if __name__ == "__main__":
    main()
