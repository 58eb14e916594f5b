#!/usr/bin/env python3
"""commands.py PROGRAM - run the commands of the documents, as they are pasted, against the program.

A command is a line of an indented block that begins with a word of WORDS, and the lines that it is carried on to.  What
names the server is run; so is what names the program.  Other commands are rows of ELSEWHERE, with the reason.  The
answer that the page shows is the next block of the section, or of a section "The answer".  It is JSON, shortened by
{...}, [...] or ... in place of any value, and by ... in place of the rest of an object, a list or a text: the answer of
the program must be the same, to the last digit.  Where an answer is shortened in other ways, the program's must have
every decimal number of it.  The status must be 200, or the one that the shown answer has.  Each page about an engine
must have a command with its answer.  Prints check's summary line."""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = ("README.md", "CONTRIBUTING.md", "docs/*.md", "docs/engines/*.md", "examples/*.md", "examples/*/*.md", "clients/*/*.md", "deploy/*.md")
URL = "localhost:8080"
BUILT = "build/logitd"
LEAST = 85  # commands that the documents have: the search must find them
WORDS = r"(curl|gzip|printf|echo|cat|python3|make|git|docker|kubectl|aws|sudo|pip|lm_eval|llama-perplexity|\./|build/)\b"

# Commands that are not run here, and why.
ELSEWHERE = (
    (r"make \w+|make$", "is a target: make -n is asked whether there is one"),
    (r"curl [^|]*(http://(?!127|localhost:8080)|https://)[^|]*$", "asks a server of others"),
    (r"printf .*> request\.json$", "needs the file of an engine"),
    (r"(docker|kubectl) ", "needs a daemon or a cluster; tests/deploy.py reads what it is given"),
    (r"aws |llama-perplexity ", "asks an engine"),
    (r"lm_eval |python3 examples/lm_eval/proxy\.py ", "tests/lm_eval.py runs the proxy"),
    (r"pip install ", "installs the client; its own tests do so"),
    (r"build/tests/", "is for who changes a test"),
)

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


def mixed(page):
    """Blocks of a page that have a command and something else behind it, which would be pasted with it.  An empty line
    ends no block: only text between two does."""
    for found in re.finditer(r"^    .*\n(?:\n*    .*\n)*", page.read_text() + "\n", flags=re.M):
        parts = re.sub(r"^    ", "", found[0], flags=re.M).split("\n\n")
        if re.match(WORDS, parts[0]) and not all(re.match(WORDS, part) for part in parts):
            yield parts[0]


def commands(block):
    """The commands of a block: a quote, a backslash or a bar carries one on to the next line."""
    command = ""
    for line in block.splitlines():
        command += line + "\n"
        if command.count("'") % 2 == 0 and not line.endswith(("\\", "|")):
            if re.match(WORDS, command):
                yield re.sub(r" +# .*", "", command.rstrip())
            command = ""


def is_run(command):
    return URL in command or (command.startswith(BUILT) and " --" in command)


def check_elsewhere(where, command):
    """A command that is not run must have a reason; a target of make must be one."""
    check(any(re.match(pattern, command, flags=re.S) for pattern, _ in ELSEWHERE), f"{where} is not run", command)
    if command.startswith("make"):
        done = subprocess.run(["make", "-n", "-s", *command.split()[1:]], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
        check(done.returncode == 0, f"{where} is no target", done.stderr)


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
    status = document.get("status", "") if isinstance(document, dict) else ""
    return status if status.isdigit() else "200"


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
    """The status, the answer and what was said beside it.  A pipe may end behind curl, so the status goes to stderr."""
    asked = command.replace(URL, address).replace(BUILT, sys.argv[1])
    asked = re.sub(r"\bcurl ", "curl -sS -w '%{stderr}\\n%{http_code}' ", asked)
    done = subprocess.run(["bash", "-o", "pipefail", "-c", asked], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    errors, _, code = done.stderr.rpartition("\n")
    if "curl" not in command:
        code = "200" if done.returncode == 0 else str(done.returncode)
    return code, done.stdout, errors


def check_page(page, address):
    all_blocks, found, answered = list(blocks(page)), 0, 0
    for index, (heading, block) in enumerate(all_blocks):
        answer_shown = shown(heading, all_blocks[index + 1:])
        for command in commands(block):
            where = f"{page.relative_to(ROOT)}: {command.splitlines()[0]}"
            if not is_run(command):
                check_elsewhere(where, command)
                continue
            found += 1
            code, answer, errors = run(command, address)
            check(code == told(answer_shown), f"{where} is answered {code}", answer + errors)
            if answer_shown:
                answered += 1
                check_answer(where, answer_shown, answer)
    check(answered or page.parent.name != "engines" or page.stem == "README", f"{page.relative_to(ROOT)} has no command with an answer")
    check(not list(mixed(page)), f"{page.relative_to(ROOT)} has answers in the blocks of commands", "\n\n".join(mixed(page)))
    check(not re.search(r"`curl [^`]* ", page.read_text()), f"{page.relative_to(ROOT)} has a command in running text, which is not run")
    return found


def main():
    sys.argv[1] = str(pathlib.Path(sys.argv[1]).resolve())
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
