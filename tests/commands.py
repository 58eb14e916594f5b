#!/usr/bin/env python3
"""commands.py PROGRAM - run every curl command of the documents against the program.

A command begins with curl, or pipes into it, in an indented block.  It must be answered with 200.  The answer that
the page shows is the next block of the section, or of a section "The answer": the answer of the program must have
every decimal number in it.  Prints check's summary line."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = ("README.md", "docs/*.md", "docs/engines/*.md", "examples/*.md", "deploy/*.md")
URL = "localhost:8080"
LEAST = 12  # commands that the documents have: the search must find them

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
    """The decimal numbers of the answer that a page shows below a command, if it shows one."""
    answers = [block for above, block in later if above in (heading, "The answer")][:1]
    return [number for answer in answers if answer.startswith("{") for number in re.findall(r"-?\d+\.\d+", answer)]


def run(command, address):
    asked = command.replace(URL, address).replace("curl ", "curl -sS -w '\\n%{http_code}' ", 1)
    done = subprocess.run(["bash", "-c", asked], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    answer, _, code = done.stdout.rpartition("\n")
    return code, answer, done.stderr


def check_page(page, address):
    all_blocks, found = list(blocks(page)), 0
    for index, (heading, block) in enumerate(all_blocks):
        numbers = shown(heading, all_blocks[index + 1:])
        for command in commands(block):
            if URL not in command or not re.match(r"(gzip .*\| )?curl ", command):
                continue
            found += 1
            code, answer, errors = run(command, address)
            where = f"{page.relative_to(ROOT)}: {command.splitlines()[0]}"
            check(code == "200", f"{where} is answered {code}", answer + errors)
            missing = [number for number in numbers if number not in answer]
            if numbers:
                check(not missing, f"{where} is answered without {missing}", answer)
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
