"""What the generators of golden cases share: rows that many requests have, and the files of a case."""
import json
import os

import oracle

HERE = os.path.dirname(os.path.abspath(__file__))

L3 = "[[0.5,-1,2,0.25],[1,3,-0.5,0],[-2,0.125,0,4]]"
TENSOR = '{"dtype":"f32","shape":[1,4],"data":"AAAAPwAAgL8AAABAAACAPg=="}'  # 0.5 -1 2 0.25
LP = '"logprobs":[-1]'


class Cases:
    """The golden cases of a folder beside this file ("": this one)."""

    def __init__(self, folder=""):
        self.folder = os.path.join(HERE, folder)

    def write(self, kind, name, files):
        case = os.path.join(self.folder, kind, name)
        os.makedirs(case, exist_ok=True)
        for file, text in files.items():
            with open(os.path.join(case, file), "w", encoding="utf-8", newline="") as opened:
                opened.write(text)

    def answered(self, name, body, response):
        self.write("valid", name, {"request.json": body, "response.json": json.dumps(response, ensure_ascii=False) + "\n"})

    def valid(self, cases, answer):
        """Requests by name, and the function that answers one."""
        for name, body in cases.items():
            self.answered(name, body, answer(oracle.parse(body)))

    def invalid(self, cases):
        """(request, status, code, pointer[, what the detail says]) by name; without a pointer any will do."""
        for name, (body, status, code, pointer, *says) in cases.items():
            expect = {"status": status, "code": code}
            if pointer is not None:
                expect["pointer"] = pointer
            if says:
                expect["says"], = says
            self.write("invalid", name, {"request.json": body, "expect.json": json.dumps(expect) + "\n"})


def print_answer(answer, path):
    print(json.dumps(answer(oracle.load(path)), indent=1))
