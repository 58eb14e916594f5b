#!/usr/bin/env python3
"""answers.py PROGRAM - hold the answers of every route to the schemas of /openapi.json, and those to the answers.

The schemas of answers are made from api/routes/about/answers.def, as "Members of an answer" in docs/reference.md is.
Each golden request, and each GET route, is asked; its answer must fit the schema of its route and status, and may have
no member that the schema lacks.  In turn each member of a schema must be in some answer, unless UNSEEN says why not.
A schema that the checker does not understand fails.  Prints check's summary line."""
import http.client
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
JSON = "application/json"

# The folders of golden requests, and their routes.
FOLDERS = (
    ("valid", "/v1/score"), ("invalid", "/v1/score"), ("engines", "/v1/score"),
    ("rank/valid", "/v1/rank"), ("rank/invalid", "/v1/rank"),
    ("compare/valid", "/v1/compare"), ("compare/invalid", "/v1/compare"),
    ("policy/valid", "/v1/policy"), ("policy/invalid", "/v1/policy"),
    ("preference/valid", "/v1/preference"), ("preference/invalid", "/v1/preference"),
    ("completions_valid", "/v1/completions"), ("completions_invalid", "/v1/completions"),
)
# Members that no request of this test can see.
UNSEEN = {
    ("InferError", "name"): "while the server drains",
    ("InferError", "ready"): "while the server drains",
    ("InferError", "live"): "while the server drains",
}

checks = failures = 0


def check(good, what, evidence=""):
    global checks, failures
    checks += 1
    if not good:
        failures += 1
        print(f"answers: {what}: {str(evidence)[:300]}")


# ---- schemas ----

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def is_type(value, name):
    if name in ("number", "integer"):
        return isinstance(value, (int, float) if name == "number" else int) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


class Schemas:
    """A checker of the part of JSON Schema that the document uses.  It remembers which members it saw."""

    def __init__(self, document):
        self.named = document["components"]["schemas"]
        self.seen = set()
        self.keywords = {
            "$ref": self.ref, "type": self.type, "const": self.const, "enum": self.enum, "anyOf": self.any_of,
            "oneOf": self.any_of, "minimum": self.minimum, "maximum": self.maximum, "items": self.items,
            "prefixItems": self.prefix_items, "required": self.required, "properties": self.properties,
            "additionalProperties": self.additional, "description": lambda *_: None, "default": lambda *_: None}

    def faults(self, value, schema, path="", name=None):
        """What is wrong with a value, as texts.  `name` is that of the schema."""
        found = []
        for keyword, wanted in schema.items():
            if keyword not in self.keywords:
                found.append(f"{path}: the checker does not know {keyword}")
            else:
                found += self.keywords[keyword](value, wanted, path, (schema, name)) or []
        return found

    def ref(self, value, wanted, path, _):
        name = wanted.removeprefix("#/components/schemas/")
        return self.faults(value, self.named[name], path, name) if name in self.named else [f"{path}: no schema {name}"]

    def type(self, value, wanted, path, _):
        names = [wanted] if isinstance(wanted, str) else wanted
        return [] if any(is_type(value, name) for name in names) else [f"{path}: {value!r} is no {wanted}"]

    def const(self, value, wanted, path, _):
        return [] if value == wanted else [f"{path}: {value!r} is not {wanted!r}"]

    def enum(self, value, wanted, path, _):
        return [] if value in wanted else [f"{path}: {value!r} is none of {wanted}"]

    def any_of(self, value, wanted, path, _):
        tries = [self.faults(value, schema, path) for schema in wanted]
        return [] if not all(tries) else min(tries, key=len)

    def minimum(self, value, wanted, path, _):
        return [f"{path}: {value} is below {wanted}"] if is_type(value, "number") and value < wanted else []

    def maximum(self, value, wanted, path, _):
        return [f"{path}: {value} is above {wanted}"] if is_type(value, "number") and value > wanted else []

    def items(self, value, wanted, path, at):
        if not isinstance(value, list):
            return []
        rest = value[len(at[0].get("prefixItems", ())):]
        if wanted is False:
            return [f"{path}: there are more items"] if rest else []
        return [fault for item in rest for fault in self.faults(item, wanted, path + "/-")]

    def prefix_items(self, value, wanted, path, _):
        if not isinstance(value, list) or len(value) < len(wanted):
            return [f"{path}: has not {len(wanted)} items"]
        return [fault for item, schema in zip(value, wanted) for fault in self.faults(item, schema, path + "/-")]

    def required(self, value, wanted, path, _):
        return [f"{path}: has no {name}" for name in wanted if isinstance(value, dict) and name not in value]

    def properties(self, value, wanted, path, at):
        if not isinstance(value, dict):
            return []
        found = [] if "additionalProperties" in at[0] else [
            f"{path}: {name} has no row" for name in value if name not in wanted]
        for name in value:
            if name in wanted:
                self.seen.add((at[1], name))
                found += self.faults(value[name], wanted[name], f"{path}/{name}")
        return found

    def additional(self, value, wanted, path, at):
        if not isinstance(value, dict) or wanted is False:
            return []
        named = at[0].get("properties", {})
        return [fault for name in value if name not in named
                for fault in self.faults(value[name], wanted, f"{path}/{name}")]


# ---- answers ----


class Service:
    """The program, and its answers as they are told by /openapi.json."""

    def __init__(self, program):
        self.process = subprocess.Popen([program, "--port", "0"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                        text=True)
        address = self.process.stderr.readline().strip().removeprefix("listening on http://")
        self.connection = http.client.HTTPConnection(address, timeout=60)
        self.document = json.loads(self.ask("GET", "/openapi.json")[2])
        self.schemas = Schemas(self.document)

    def ask(self, method, path, body=None, headers=None):
        """The status, the head and the body of an answer."""
        self.connection.request(method, path, body, headers or {})
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def check(self, where, method, path, body=None, headers=None):
        """Ask, and hold the answer to the schema of its route."""
        status, head, answer = self.ask(method, path, body, headers)
        route = next(route for route in self.document["paths"] if re.fullmatch(re.sub(r"{\w+}", "[^/]+", route), path))
        responses = self.document["paths"][route][method.lower()]["responses"]
        contents = responses.get(str(status), responses["default"])["content"]
        kind = head["Content-Type"].split(";")[0]
        check(kind in contents, f"{where} has a type of content that is not told", kind)
        if kind == JSON or kind.endswith("+json"):
            self.check_value(where, json.loads(answer), contents[kind]["schema"])
        elif kind == "application/octet-stream":
            length = int(head["Inference-Header-Content-Length"])
            self.check_value(where, json.loads(answer[:length]), contents[JSON]["schema"])
        return answer

    def check_value(self, where, value, schema):
        faults = self.schemas.faults(value, schema)
        check(not faults, f"{where} does not fit its schema", "; ".join(faults[:5]))


def ask_folders(service):
    for folder, route in FOLDERS:
        for case in sorted((GOLDEN / folder).iterdir()):
            body = (case / "request.json").read_bytes()
            service.check(f"golden/{folder}/{case.name}", "POST", route, body, {"Content-Type": JSON})


def ask_infer(service):
    for case in sorted((GOLDEN / "infer").iterdir()):
        path, length = (case / "line").read_text().split()
        headers = {} if length == "-" else {"Inference-Header-Content-Length": length}
        service.check(f"golden/infer/{case.name}", "POST", path, (case / "request").read_bytes(), headers)
    service.check("a bad tensor", "POST", "/v2/models/score/infer", b"{}")
    service.check("the index of models", "POST", "/v2/repository/index", b"")


def ask_lines_of(service, folder, route, answer, last):
    """NDJSON: every golden request of one line, then a bad one."""
    cases = [(case / "request.json").read_bytes() for case in sorted((GOLDEN / folder).iterdir())]
    body = b"\n".join([case for case in cases if b"\n" not in case] + [b"{}"])
    *lines, totals = service.ask("POST", route, body, {"Content-Type": "application/x-ndjson"})[2].splitlines()
    check(len(lines) == body.count(b"\n") + 1, f"a line of NDJSON to {route} is not answered", len(lines))
    for number, line in enumerate(map(json.loads, lines), 1):
        name = "Problem" if "code" in line else answer
        service.check_value(f"line {number} to {route}", line, {"$ref": f"#/components/schemas/{name}"})
    service.check_value(f"the last line of {route}", json.loads(totals), {"$ref": f"#/components/schemas/{last}"})


def ask_lines(service):
    ask_lines_of(service, "valid", "/v1/score", "ScoreAnswer", "NdjsonTotals")
    ask_lines_of(service, "policy/valid", "/v1/policy", "PolicyAnswer", "PolicyLines")
    ask_lines_of(service, "preference/valid", "/v1/preference", "PreferenceAnswer", "PreferenceLines")


def ask_documents(service):
    for route, operations in service.document["paths"].items():
        if "get" in operations:
            service.check(f"GET {route}", "GET", route.replace("{name}", "score").replace("{version}", "1"))
    service.check("a model that is not there", "GET", "/v2/models/none")


def check_seen(service):
    """Each member of an answer's schema was in an answer.  Schemas of requests are closed, or are not seen at all."""
    of_requests = {"Tensor", "Counts", "CompletionRequest", "InferRequest"}
    for name, schema in service.schemas.named.items():
        if name in of_requests or schema.get("additionalProperties") is False:
            continue
        for member in schema.get("properties", ()):
            seen, hidden = (name, member) in service.schemas.seen, (name, member) in UNSEEN
            check(seen != hidden, f"{name}.{member} is in no answer" if not seen else f"{name}.{member} is in UNSEEN")


def check_families(service):
    """Each objective of a family is in a golden answer, by its name or by a label."""
    listed = json.loads(service.ask("GET", "/v1/objectives")[2])
    for family in ("policy", "preference"):
        asked = set()
        for case in sorted((GOLDEN / family / "valid").iterdir()):
            objectives = json.loads((case / "request.json").read_bytes()).get("objectives", [])
            asked |= {o["name"] if isinstance(o, dict) else o for o in objectives}
        for objective in listed[family]:
            check(objective["name"] in asked, f"no golden case of {family} asks for an objective", objective["name"])


def check_checker(service):
    """The checker finds what it is there to find."""
    schema = {"$ref": "#/components/schemas/ScoreAnswer"}
    good = json.loads((GOLDEN / "valid" / "design_answer" / "response.json").read_text())
    bad = (dict(good, more=1), {"totals": good["totals"]}, dict(good, model=1), dict(good, sequences={}),
           dict(good, sequences=[dict(good["sequences"][0], index="0")]))
    check(not service.schemas.faults(good, schema), "the golden answer does not fit")
    for answer in bad:
        check(service.schemas.faults(answer, schema), "an answer that is wrong fits", answer)


def main():
    service = Service(sys.argv[1])
    try:
        check_checker(service)
        service.schemas.seen.clear()
        for ask in (ask_folders, ask_infer, ask_lines, ask_documents, check_seen, check_families):
            ask(service)
    finally:
        service.process.terminate()
        service.process.wait(30)
    print(f"{100 * (checks - failures) // checks}%: Checks: {checks}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
