#!/usr/bin/env python3
"""commands.py PROGRAM - run every curl command of the documents against the program.

A command begins with curl, or pipes into it, in an indented block.  The answer that the page shows is the next block of
the section, or of a section "The answer".  It is JSON, shortened by {...}, [...] or ... in place of any value, and by
... in place of the rest of an object, a list or a text: the answer of the program must be the same, to the last digit.
Where an answer is shortened in other ways, the program's must have every decimal number of it.  The status must be 200,
or the one that the shown answer has.  Each page about an engine must have a command with its answer.  Prints check's
summary line."""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = ("README.md", "docs/*.md", "docs/engines/*.md", "examples/*.md", "deploy/*.md")
URL = "localhost:8080"
LEAST = 45  # commands that the documents have: the search must find them

checks = failures = 0


def check(good, what, evidence=""):
    global checks, failures
    checks += 1
    if not good:
        failures += 1
        print(f"commands: {what}:\n{evidence}")


def blocks(page):
    """The indented blocks of a page, without their indentation, each with the heading above it."""
    heading = ""
    for found in re.finditer(r"(?:^    .*\n)+|^#+ (.*)\n", page.read_text() + "\n", flags=re.M):
        heading = found[1] or heading
        if not found[1]:
            yield heading, re.sub(r"^    ", "", found[0], flags=re.M)


def commands(block):
    """The commands of a block: a quote or a backslash carries one on to the next line."""
    command = ""
    for line in block.splitlines():
        command += line + "\n"
        if command.count("'") % 2 == 0 and not line.endswith("\\"):
            yield command.rstrip()
            command = ""


def shown(heading, later):
    """The answer that a page shows below a command; empty if it shows none."""
    answers = [block for above, block in later if above in (heading, "The answer")][:1]
    return "".join(answer for answer in answers if answer.startswith("{"))


# ---- shortened JSON ----

ANY = "..."


def parse(text):
    """The documents of a text, one after the other; numbers stay texts.  None: it is not JSON."""
    text = re.sub(r"{\.\.\.}|\[\.\.\.\]|(?<=:)\s*\.\.\.", f'"{ANY}"', text)
    text = re.sub(r"\.\.\.(?=\s*})", f'"{ANY}": 0', re.sub(r"\.\.\.(?=\s*\])", f'"{ANY}"', text)).strip()
    decoder, found = json.JSONDecoder(parse_float=str, parse_int=str), []
    while text:
        try:
            value, end = decoder.raw_decode(text)
        except json.JSONDecodeError:
            return None
        found.append(value)
        text = text[end:].strip()
    return found


def differs(short, whole, path=""):
    """Where a document differs from the shortened one, and how; empty if it does not."""
    if short == ANY:
        return ""
    if type(short) is not type(whole):
        return f"{path} is {whole}"
    if isinstance(short, dict):
        names = [name for name in short if name != ANY]
        if missing := [name for name in names if name not in whole]:
            return f"{path} has no {missing[0]}"
        if ANY not in short and (more := [name for name in whole if name not in short]):
            return f"{path} has {more[0]}"
        return next(filter(None, (differs(short[name], whole[name], f"{path}/{name}") for name in names)), "")
    if isinstance(short, list):
        items = short[:-1] if short[-1:] == [ANY] else short
        if len(whole) < len(items) or (len(whole) > len(items) and items is short):
            return f"{path} has {len(whole)} items"
        return next(filter(None, (differs(*pair, f"{path}/{i}") for i, pair in enumerate(zip(items, whole)))), "")
    same = whole.startswith(short[:-len(ANY)]) if str(short).endswith(ANY) else short == whole
    return "" if same else f"{path} is {whole}"


def told(answer):
    """The status that a shown answer must have come with."""
    document = (parse(answer) or [None])[0]
    return document.get("status", "200") if isinstance(document, dict) else "200"


def check_answer(where, short, answer):
    """Hold an answer to the one that the page shows."""
    documents = parse(short)
    if documents is not None:
        difference = differs(documents, parse(answer))
        check(not difference, f"{where}: of the answer {difference}", answer)
        return
    check("docs/engines" not in where, f"{where}: the answer that is shown is not JSON", short)
    missing = [number for number in re.findall(r"-?\d+\.\d+", short) if number not in answer]
    check(not missing, f"{where} is answered without {missing}", answer)


def run(command, address):
    asked = command.replace(URL, address).replace("curl ", "curl -sS -w '\\n%{http_code}' ", 1)
    done = subprocess.run(["bash", "-c", asked], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    answer, _, code = done.stdout.rpartition("\n")
    return code, answer, done.stderr


def check_page(page, address):
    all_blocks, found, answered = list(blocks(page)), 0, 0
    for index, (heading, block) in enumerate(all_blocks):
        answer_shown = shown(heading, all_blocks[index + 1:])
        for command in commands(block):
            if URL not in command or not re.match(r"(gzip .*\| )?curl ", command):
                continue
            found += 1
            code, answer, errors = run(command, address)
            where = f"{page.relative_to(ROOT)}: {command.splitlines()[0]}"
            check(code == told(answer_shown), f"{where} is answered {code}", answer + errors)
            if answer_shown:
                answered += 1
                check_answer(where, answer_shown, answer)
    check(answered or page.parent.name != "engines" or page.stem == "README", f"{page.relative_to(ROOT)} has no command with an answer")
    return found


def main():
    server = subprocess.Popen([sys.argv[1], "--port", "0"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        address = server.stderr.readline().strip().removeprefix("listening on http://")
        found = sum(check_page(page, address) for pattern in PAGES for page in sorted(ROOT.glob(pattern)))
        check(found >= LEAST, f"the documents have {found} commands, not {LEAST} or more")
    finally:
        server.terminate()
        server.wait(30)
    print(f"{100 * (checks - failures) // checks}%: Checks: {checks}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
