#!/usr/bin/env python3
"""Several documents end to end in one object (cu_seqlens).  cases.py writes VALID and INVALID among the golden cases.
The oracle answers a pack as it answers its documents, each in an object of its own: documents() takes it apart.
Run: python3 tests/golden/packed.py checks that a pack of one document is answered as that document."""
import json
import random

WIDTH = 6
NOWHERE = [float("nan")] * WIDTH  # a row that must not be looked at


def rows_of_pack(seed, count, nowhere=()):
    draw = random.Random(seed)
    return [NOWHERE if r in nowhere else [draw.randrange(-40, 40) / 8 for _ in range(WIDTH)] for r in range(count)]


ROWS = rows_of_pack(1, 7, (2, 3))  # documents of 3, 1 and 3 tokens
T7, CUT = '"tokens":[3,4,1,2,1,1,5]', '"cu_seqlens":[0,3,4,7]'
LP7 = "[null,-1.5,-0.25,null,null,-2,-0.125]"


def text(rows):
    return json.dumps(rows)


VALID = {
    "pack": '{%s,%s,"logits":%s}' % (T7, CUT, text(ROWS)),
    "pack_short": '{%s,%s,"details":["rank","entropy","top:3"],"logits":%s}' % (T7, CUT, text(ROWS[:-1])),
    "pack_prompt_lengths": '{"id":"p",%s,%s,"prompt_length":[1,0,2],"logits":%s}' % (T7, CUT, text(ROWS)),
    "pack_prompt_length": '{%s,%s,"prompt_length":1,"objectives":["conditional"],"logits":%s}' % (T7, CUT, text(ROWS)),
    "pack_mask": '{%s,%s,"mask":[0,1,1,0,0,0,1],"weights":[1,2,3,4,5,6,7],"logits":%s}' % (T7, CUT, text(ROWS)),
    "pack_labels": '{%s,%s,"labels":[-100,4,1,2,-100,-100,5],"label_smoothing":0.1,"logits":%s}' % (T7, CUT, text(ROWS)),
    "pack_same": '{%s,%s,"alignment":"same","prompt_length":[0,1,1],"logits":%s}' % (T7, CUT, text(rows_of_pack(2, 7))),
    "pack_offset": '{%s,%s,"prompt_length":[3,1,1],"offset":3,"objectives":["conditional"],"logits":%s}' % (T7, CUT, text(ROWS[3:])),
    "pack_padded": '{"tokens":[9,9,3,4,1,2,1,1,5,9],"attention_mask":[0,0,1,1,1,1,1,1,1,0],%s,"prompt_length":[1,1,2],"logits":%s}'
                   % (CUT, text([NOWHERE] * 2 + ROWS + [NOWHERE])),
    "pack_logprobs": '{%s,%s,"logprobs":%s}' % (T7, CUT, LP7),
    "pack_logprobs_split": '{%s,%s,"prompt_length":[1,1,3],"per_token":false,"statistics":true,"logprobs":%s}' % (T7, CUT, LP7),
    "pack_logprobs_alone": '{%s,"logprobs":[-1,-2,-3,-4,-5,-6,-7]}' % CUT,
    "pack_logprobs_odd": '{%s,%s,"logprobs":[0,0.001,-1,0,null,0.002,0.003]}' % (T7, CUT),
    "pack_of_one": '{%s,"cu_seqlens":[0,7],"prompt_length":[2],"logits":%s}' % (T7, text(rows_of_pack(3, 7))),
    "pack_of_tokens": '{"cu_seqlens":[0,1,2,3],"tokens":[1,2,3],"logits":%s}' % text([NOWHERE] * 3),
    "packs": '{"cu_seqlens":[0,2,5],"statistics":true,"sequences":[{"id":1,"tokens":[1,2,3,4,5],"logits":%s},{"id":2,"cu_seqlens":[0,4],"tokens":[1,2,3,4],"logits":%s},{"tokens":[5,4,3,2,1],"logprobs":[null,-1,-2,-3,-4]}]}'
             % (text(rows_of_pack(4, 5)), text(rows_of_pack(5, 3))),
    "packs_shared": '{"tokens":[1,2,3,4,5],"sequences":[{"cu_seqlens":[0,2,5]},{"cu_seqlens":[0,1,3,5],"temperature":0.5},{}],"logits":%s}' % text(rows_of_pack(6, 4)),
}

L7 = text(rows_of_pack(7, 7))
INVALID = {
    "pack_not_increasing": ('{%s,"cu_seqlens":[0,3,3,7],"logprobs":%s}' % (T7, LP7), 422, "out_of_range", "/cu_seqlens/2"),
    "pack_decreasing": ('{"sequences":[{%s,"cu_seqlens":[0,5,4,7],"logprobs":%s}]}' % (T7, LP7), 422, "out_of_range", "/sequences/0/cu_seqlens/2"),
    "pack_first": ('{%s,"cu_seqlens":[1,3,7],"logprobs":%s}' % (T7, LP7), 422, "bad_count", "/cu_seqlens"),
    "pack_last": ('{%s,"cu_seqlens":[0,3,6],"logits":%s}' % (T7, L7), 422, "bad_count", "/cu_seqlens"),
    "pack_beyond": ('{%s,"cu_seqlens":[0,3,8],"logits":%s}' % (T7, L7), 422, "bad_count", "/cu_seqlens"),
    "pack_last_default": ('{"cu_seqlens":[0,3,4,7],"sequences":[{%s,"logprobs":%s},{"tokens":[1],"logprobs":[-1]}]}' % (T7, LP7), 422, "bad_count", "/cu_seqlens"),
    "pack_of_none": ('{%s,"cu_seqlens":[0],"logprobs":%s}' % (T7, LP7), 422, "bad_count", "/cu_seqlens"),
    "pack_empty": ('{%s,"cu_seqlens":[],"logprobs":%s}' % (T7, LP7), 422, "out_of_range", "/cu_seqlens"),
    "pack_type": ('{%s,"cu_seqlens":7,"logprobs":%s}' % (T7, LP7), 400, "bad_shape", "/cu_seqlens"),
    "pack_entry_type": ('{%s,"cu_seqlens":[0,3.5,7],"logprobs":%s}' % (T7, LP7), 400, "bad_shape", "/cu_seqlens/1"),
    "pack_entry_negative": ('{%s,"cu_seqlens":[0,-3,7],"logprobs":%s}' % (T7, LP7), 422, "out_of_range", "/cu_seqlens/1"),
    "pack_prompt_count": ('{%s,%s,"prompt_length":[1,1],"logits":%s}' % (T7, CUT, L7), 422, "bad_count", "/prompt_length"),
    "pack_prompt_entry": ('{%s,%s,"prompt_length":[1,2,1],"logits":%s}' % (T7, CUT, L7), 422, "out_of_range", "/prompt_length/1", "2 is more than the 1 tokens of a document"),
    "pack_prompt_length": ('{%s,%s,"prompt_length":2,"logits":%s}' % (T7, CUT, L7), 422, "out_of_range", "/prompt_length"),
    "pack_prompt_entry_type": ('{%s,%s,"prompt_length":[1,null,1],"logits":%s}' % (T7, CUT, L7), 400, "bad_shape", "/prompt_length/1"),
    "prompt_lengths_without_pack": ('{%s,"prompt_length":[1,1,1],"logits":%s}' % (T7, L7), 400, "bad_shape", "/prompt_length", "only with cu_seqlens"),
    "pack_of_prompt": ('{"prompt":[1],"completion":[2],"cu_seqlens":[0,2],"logprobs":[null,-1]}', 400, "conflicting_members", "/cu_seqlens"),
    "pack_of_completion": ('{"cu_seqlens":[0,2],"sequences":[{"prompt":[1],"completion":[2],"logprobs":[null,-1]}]}', 400, "conflicting_members", "/sequences/0/prompt"),
    "pack_with_outputs": ('{%s,%s,"outputs":{}}' % (T7, CUT), 400, "conflicting_members", "/outputs"),
    "pack_logprobs_count": ('{%s,"cu_seqlens":[0,3,7],"prompt_length":[2,1],"logprobs":[-1,-1,-1,-1]}' % T7, 422, "bad_count", "/logprobs"),
    "pack_logprobs_of_one": ('{%s,"cu_seqlens":[0,3,7],"prompt_length":[3,0],"logprobs":[-1,-1,-1,-1]}' % T7, 422, "bad_count", "/logprobs"),
    "pack_logprobs_null": ('{%s,%s,"logprobs":[null,-1,-1,null,null,null,-1]}' % (T7, CUT), 422, "out_of_range", "/logprobs/5"),
    "pack_rows": ('{%s,%s,"logits":%s}' % (T7, CUT, text(ROWS[:5])), 422, "bad_count", "/logits"),
    "pack_rows_too_many": ('{%s,%s,"logits":%s}' % (T7, CUT, text(ROWS + ROWS[:1])), 422, "bad_count", "/logits"),
    "pack_row_bad": ('{%s,%s,"logits":%s}' % (T7, CUT, text(ROWS[:4] + [NOWHERE] + ROWS[5:])), 422, "bad_row", "/logits/4/0"),
    "pack_mask_count": ('{%s,%s,"mask":[0,1,1],"logits":%s}' % (T7, CUT, L7), 422, "bad_count", "/mask"),
    "pack_weights_count": ('{%s,%s,"weights":[1,1,1],"logits":%s}' % (T7, CUT, L7), 422, "bad_count", "/weights"),
    **{"pack_with_" + name: ('{%s,%s,"prompt_length":1,"logprobs":%s,"%s":%s}' % (T7, CUT, LP7, name, value), 400, "conflicting_members", "/" + name)
       for name, value in (("text", '"a"'), ("prompt_text", '"a"'), ("completion_text", '"a"'), ("counts", '{"bytes":1}'),
                           ("prompt_counts", "{}"), ("completion_counts", "{}"))},
}


def documents(s, rows_of):
    """The documents of the members of a sequence: (index, members, how many entries stand before its own)."""
    if "cu_seqlens" not in s:
        return [(None, s, 0)]
    cut, real = s["cu_seqlens"], [i for i, m in enumerate(s.get("attention_mask", [1] * s["cu_seqlens"][-1])) if float(m) == 1]
    shared = {k: v for k, v in s.items() if k not in ("cu_seqlens", "attention_mask", "offset")}
    if "logits" in s:
        rows = rows_of(s)
        shared["logits"] = [[0.0] * len(rows[0])] * s.get("offset", 0) + rows
    found = []
    for d, (start, end) in enumerate(zip(cut, cut[1:])):
        at = real[start:end]
        members = dict(shared)
        for name in ("tokens", "mask", "labels", "weights", "logprobs", "logits"):
            if name in shared:
                members[name] = shared[name][at[0]:at[-1] + 1]
        if isinstance(s.get("prompt_length"), list):
            members["prompt_length"] = s["prompt_length"][d]
        found.append((d, members, at[0]))
    return found


def rename(one, s, document, before):
    """Let the warnings of a document be about the members of its pack.  `before` as documents() tells it."""
    for warning in one.warnings:
        head, _, last = warning["pointer"].rpartition("/")
        if head.endswith("/logprobs"):
            warning["pointer"] = "%s/%d" % (head, int(last) + before)
        elif last == "prompt_length" and isinstance(s["prompt_length"], list):
            warning["pointer"] += "/%d" % document
    if document == 0 and before > 0 and "prompt_length" in s:
        one.warn("prompt_length_of_tokens", "/prompt_length", before)
        one.warnings.insert(0, one.warnings.pop())


def main():
    import oracle
    pack = json.loads(VALID["pack_of_one"])
    one = dict(pack, prompt_length=pack["prompt_length"][0])
    del one["cu_seqlens"]
    answers = [oracle.answer(oracle.parse(json.dumps(request))) for request in (pack, one)]
    for name in ("sequence", "document"):
        del answers[0]["sequences"][0][name]
    if answers[0] != answers[1]:
        raise SystemExit("a pack of one document is answered otherwise than the document")


if __name__ == "__main__":
    main()
