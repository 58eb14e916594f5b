#!/usr/bin/env python3
"""Documents that a model was shown in windows (windows).  cases.py writes VALID and INVALID among the golden cases.
Run: python3 tests/golden/windowed.py checks that the oracle answers windows as it answers one output with the row of the
first window about each token."""
import base64
import json
import random
import struct

WIDTH = 5
NOWHERE = [float("nan")] * WIDTH  # a row that must not be looked at
T9 = [0, 3, 1, 4, 2, 2, 0, 1, 3]


def rows(seed, count, nowhere=()):
    draw = random.Random(seed)
    return [NOWHERE if r in nowhere else [draw.randrange(-40, 40) / 8 for _ in range(WIDTH)] for r in range(count)]


def window(start, end, extra=0, nowhere=(), **more):
    """A window with its rows under `next`; `extra` adds the unused one."""
    count = end - start - (0 if more.get("alignment") == "same" else 1) + extra
    return {"start": start, "end": end, **more, "logits": rows(start + 10 * end, count, nowhere)}


def numbers(start, end, *logprobs):
    return {"start": start, "end": end, "logprobs": list(logprobs)}


def answer(start, end, *logprobs):
    """An answer of vLLM to the tokens of a window as its prompt."""
    listed = [None] + [{str(i): {"logprob": value, "rank": 1 if value > -1 else 2, "decoded_token": "x"}}
                       for i, value in zip(T9[start + 1:end], logprobs)]
    return {"start": start, "end": end, "outputs": {
        "object": "text_completion", "model": "m", "usage": {"prompt_tokens": end - start, "completion_tokens": 0},
        "choices": [{"index": 0, "text": "", "logprobs": None, "finish_reason": "length", "prompt_logprobs": listed,
                     "prompt_token_ids": T9[start:end]}]}}


def tensor(start, end):
    found = rows(start + 10 * end, end - start)
    flat = struct.pack("<%df" % (len(found) * WIDTH), *[x for row in found for x in row])
    return {"start": start, "end": end, "logits": {"dtype": "f32", "shape": [len(found), WIDTH], "data": base64.b64encode(flat).decode()}}


def request(*windows, **members):
    return json.dumps({"tokens": T9, **members, "windows": list(windows)})


THREE = window(0, 5), window(4, 7), window(5, 9, 1, (0, 3))
LP = numbers(0, 5, None, -1, -2.5, -0.25, -3), numbers(3, 9, None, -9, -9, -0.5, "-Infinity", -1.25)
VALID = {
    "windows": request(*THREE),
    "windows_details": request(*THREE, prompt_length=2, details=["rank", "entropy", "variance", "collision", "margin", "mean_log_prob", "top:2"], weights=[1, 2, 3, 4, 5, 6, 7, 8, 9]),
    "windows_options": request(*THREE, prompt_length=2, label_smoothing=0.1, z_loss=0.001, temperature=0.8, softcap=4, id="w", model="m"),
    "windows_lower": request(*THREE, mask=[0, 0, 1, 1, 0, 0, 0, 1, 1], per_token=False),
    "windows_labels": request(*THREE, labels=[-100, -100, -100, 4, 2, 2, -100, 1, 3], objectives=["conditional"]),
    "windows_rolling": request(window(0, 4), window(3, 7), window(5, 9, nowhere=(0,)), prompt_length=1, objectives=["conditional"]),
    "windows_in_any_order": request(window(5, 9), window(0, 6), window(3, 8, nowhere=range(4))),
    "windows_same": request(window(0, 5, alignment="same"), window(5, 9, alignment="same")),
    "windows_all_same": request({**window(0, 5, 1), "logits": rows(1, 5)}, {**window(3, 9), "logits": rows(2, 6, (0, 1))}, alignment="same", details=["rank"]),
    "windows_own_transform": request(window(0, 5, temperature=2), window(4, 9, softcap=3), temperature=0.5),
    "windows_own_dtype": '{"tokens":[0,1,0],"windows":[{"start":0,"end":2,"dtype":"f64","logits":[[0.1,0.7]]},{"start":1,"end":3,"logits":[[0.1,0.7]]}]}',
    "windows_dtype_behind": '{"tokens":[0,1,0],"windows":[{"start":0,"end":2,"logits":[[0.1,0.7]],"dtype":"f64"},{"start":1,"end":3,"logits":[[0.1,0.7]]}]}',
    "windows_tensors": request(tensor(0, 5), window(4, 7), tensor(6, 9), details=["top:3"]),
    "windows_logprobs": request(*LP, prompt_length=2),
    "windows_logprobs_unasked": request(*LP, prompt_length=4, objectives=["conditional"]),
    "windows_logprobs_first": request(numbers(0, 5, -4, -1, -2, -3, -4), numbers(5, 9, -1, -2, -3, -4)),
    "windows_logprobs_of_two": request(numbers(0, 5, None, -1, None, -0.25, -3), numbers(2, 9, -7, -9, -9, -0.5, -0.125, -1.25, -2)),
    "windows_mixed": request(window(0, 5), numbers(4, 9, None, -1, -2, -3, -4), objectives=["joint"]),
    "windows_mixed_turned": request(numbers(4, 9, None, -1, -2, -3, -4), window(0, 9, nowhere=range(4, 8))),
    "windows_outputs": request(answer(0, 5, -0.5, -1.5, -2, -0.25), answer(3, 9, -9, -0.125, -0.5, -3, -0.75), prompt_length=2),
    "windows_logprobs_odd": request(numbers(0, 5, 0, 0.001, -1, 0, 0.002), numbers(4, 9, 0, -1, 0.003, 0.004, -2)),
    "windows_of_y": request(window(3, 7), window(6, 9), prompt_length=4, objectives=["conditional"]),
    "windows_of_nothing": request(window(0, 9, nowhere=range(8)), mask=[0] * 9, objectives=["conditional"]),
    "windows_of_one_token": request(window(0, 9), window(4, 5, 1, (0,))),
    "windows_one": request(window(0, 9, 1), prompt_length=3),
    "windows_twice": request(window(0, 9), window(0, 9, 0, range(8))),
    "windows_in_two": '{"prompt":%s,"completion":%s,"windows":%s}' % (T9[:3], T9[3:], json.dumps(THREE)),
    "windows_texts": request(*LP[:1], numbers(4, 9, None, -1, -2, -1, -3), prompt_length=3, prompt_text="ab c", completion_text="d\u00e9f g", statistics=True),
    "windows_batch_of_one": json.dumps({"tokens": [T9], "windows": list(THREE)}),
    "windows_padded": json.dumps({"tokens": [4, 4] + T9 + [4], "attention_mask": [0, 0] + [1] * 9 + [0], "windows": list(THREE)}),
    "windows_in_sequences": json.dumps({"details": ["entropy"], "statistics": True, "sequences": [
        {"id": 1, "tokens": T9, "windows": THREE}, {"tokens": T9[:3], "logits": rows(77, 2)},
        {"tokens": T9[:6], "prompt_length": 5, "windows": [window(0, 4), window(2, 6)]}]}),
    "windows_default": json.dumps({"tokens": T9, "sequences": [{"windows": THREE}, {"prompt_length": 1, "temperature": 2, "windows": THREE[:1] + (window(4, 9),)}]}),
    "windows_infinite": '{"tokens":[0,1,2],"windows":[{"start":0,"end":3,"logits":[[1,-Infinity,2],[0,0,3]]}]}',
}

ONE = window(0, 9)
INVALID = {
    "windows_beside_sequences": (json.dumps({"windows": [ONE], "sequences": [{"tokens": T9}]}), 400, "conflicting_members", "/sequences", "put windows into the elements of sequences"),
    "windows_gap": (request(window(0, 5), window(5, 9)), 422, "bad_count", "/windows", "about token 5"),
    "windows_gap_of_prompt": (request(window(3, 7), window(6, 9), prompt_length=4), 422, "bad_count", "/windows"),
    "windows_short": (request(window(0, 5), window(4, 8)), 422, "bad_count", "/windows", "about token 8"),
    "windows_gap_in_sequence": (json.dumps({"sequences": [{"tokens": [1], "logprobs": [-1]}, {"tokens": T9, "windows": [window(0, 8)]}]}), 422, "bad_count", "/sequences/1/windows"),
    "windows_gap_of_numbers": (request(numbers(0, 4, None, -1, None, -1), numbers(3, 9, None, -1, -1, -1, -1, -1)), 422, "bad_count", "/windows", "about token 2"),
    "windows_same_without_first": (request(window(1, 9, alignment="same"), alignment="same"), 422, "bad_count", "/windows", "about token 0"),
    "windows_empty": (request(), 422, "out_of_range", "/windows"),
    "windows_type": (json.dumps({"tokens": T9, "windows": 3}), 400, "bad_shape", "/windows"),
    "windows_object": (json.dumps({"tokens": T9, "windows": ONE}), 400, "bad_shape", "/windows"),
    "window_type": (request(ONE, 5), 400, "bad_shape", "/windows/1"),
    "window_member": (request({**ONE, "stop": 9}), 400, "unknown_member", "/windows/0/stop"),
    "window_tokens": (request({**ONE, "tokens": T9}), 400, "unknown_member", "/windows/0/tokens"),
    "window_without_start": (request({"end": 9, "logits": ONE["logits"]}), 400, "missing_member", "/windows/0/start"),
    "window_without_end": (request(ONE, {"start": 3, "logits": ONE["logits"]}), 400, "missing_member", "/windows/1/end"),
    "window_without_output": (request(ONE, {"start": 3, "end": 9}), 400, "missing_member", "/windows/1/logits"),
    "window_start_type": (request({**ONE, "start": 0.5}), 400, "bad_shape", "/windows/0/start"),
    "window_end_type": (request({**ONE, "end": "9"}), 400, "bad_shape", "/windows/0/end"),
    "window_start_negative": (request({**ONE, "start": -1}), 422, "out_of_range", "/windows/0/start"),
    "window_start_beyond": (request(ONE, {"start": 9, "end": 10, "logits": [[0] * WIDTH]}), 422, "out_of_range", "/windows/1/start"),
    "window_end_beyond": (request({**ONE, "end": 10}), 422, "out_of_range", "/windows/0/end"),
    "window_end_at_start": (request(ONE, {"start": 4, "end": 4, "logits": []}), 422, "out_of_range", "/windows/1/end"),
    "window_end_before": (request(ONE, {"start": 4, "end": 3, "logits": []}), 422, "out_of_range", "/windows/1/end"),
    "window_start_of_sequence": (json.dumps({"tokens": T9, "start": 0, "windows": [ONE]}), 400, "unknown_member", "/start"),
    "window_rows_missing": (request({**ONE, "logits": ONE["logits"][:7]}), 422, "bad_count", "/windows/0/logits"),
    "window_rows_missing_unasked": (request(ONE, {**window(2, 8), "logits": rows(1, 3)}), 422, "bad_count", "/windows/1/logits"),
    "window_rows_too_many": (request({**ONE, "logits": rows(1, 10)}), 422, "bad_count", "/windows/0/logits"),
    "window_rows_of_same": (request({**ONE, "alignment": "same"}), 422, "bad_count", "/windows/0/logits"),
    "window_no_rows": (request({**ONE, "logits": []}), 422, "bad_count", "/windows/0/logits"),
    "window_logprobs_count": (request(numbers(0, 9, *[-1] * 8)), 422, "bad_count", "/windows/0/logprobs"),
    "window_logprobs_of_y": (request(ONE, numbers(0, 9, *[-1] * 5), prompt_length=4), 422, "bad_count", "/windows/1/logprobs"),
    "window_logprob_positive": (request(numbers(0, 9, None, *[-1] * 7, 1)), 422, "out_of_range", "/windows/0/logprobs/8"),
    "window_logprob_text": (request(numbers(0, 9, None, *[-1] * 7, "x")), 400, "bad_shape", "/windows/0/logprobs/8"),
    "window_row_bad": (request(window(0, 9, 0, (3,))), 422, "bad_row", "/windows/0/logits/3/0"),
    "window_row_ragged": (request(THREE[0], {**window(4, 9), "logits": rows(1, 3) + [[1, 2]]}), 422, "bad_row", "/windows/1/logits/3"),
    "window_widths": (request(THREE[0], {**window(4, 9), "logits": [[1] * 6] * 4}), 422, "bad_row", "/windows/1/logits/0", "those of windows before it have 5"),
    "window_id": (request(THREE[0], {**window(4, 9), "logits": [[1] * 5] * 4}, tokens=[0, 3, 1, 4, 2, 2, 0, 9, 3]), 422, "out_of_range", "/tokens/7"),
    "window_details_of_numbers": (request(THREE[0], *LP, details=["rank"]), 422, "needs_logits", "/details/0"),
    "window_temperature_of_numbers": (request({"temperature": 2, **LP[0]}), 422, "needs_logits", "/windows/0/temperature"),
    "window_outputs": (request(answer(0, 9, -1, -1, -1)), 422, "bad_count", "/windows/0/outputs/choices/0"),
    "window_outputs_ids": (request(answer(0, 5, -1, -1, -1, -1), answer(4, 9, -1, -1, -1, -1), tokens=T9[:7] + [4, 4]), 422, "out_of_range", "/tokens/7"),
    "window_two_outputs": (request({**ONE, "logprobs": [-1] * 9}), 400, "conflicting_members", "/windows/0/logprobs"),
    "windows_and_logits": (json.dumps({"tokens": T9, "windows": [ONE], "logits": ONE["logits"]}), 400, "conflicting_members", "/logits"),
    "windows_and_logits_before": (json.dumps({"tokens": T9, "logits": ONE["logits"], "windows": [ONE]}), 400, "conflicting_members", "/windows"),
    "windows_and_logprobs": (json.dumps({"tokens": T9, "windows": [ONE], "logprobs": [-1] * 9}), 400, "conflicting_members", "/logprobs"),
    "windows_and_outputs": (json.dumps({"tokens": T9, "windows": [ONE], "outputs": {}}), 400, "conflicting_members", "/outputs"),
    "windows_and_default_logits": (json.dumps({"logits": ONE["logits"], "sequences": [{"tokens": T9, "windows": [ONE]}]}), 400, "conflicting_members", "/sequences/0/windows"),
    "windows_and_offset": (json.dumps({"tokens": T9, "windows": [ONE], "offset": 0}), 400, "conflicting_members", "/offset"),
    "windows_and_offset_before": (json.dumps({"tokens": T9, "offset": 1, "windows": [ONE]}), 400, "conflicting_members", "/windows"),
    "window_offset": (request({**ONE, "offset": 1}), 400, "conflicting_members", "/windows/0/offset"),
    "windows_and_pack": (json.dumps({"tokens": T9, "windows": [ONE], "cu_seqlens": [0, 9]}), 400, "conflicting_members", "/cu_seqlens"),
    "pack_and_windows": (json.dumps({"tokens": T9, "cu_seqlens": [0, 9], "windows": [ONE]}), 400, "conflicting_members", "/windows"),
    "windows_and_sequences": (json.dumps({"windows": [ONE], "sequences": [{"tokens": T9}]}), 400, "conflicting_members", "/sequences"),
    "sequences_and_windows": (json.dumps({"sequences": [{"tokens": T9, "logprobs": [-1] * 9}], "windows": [ONE]}), 400, "conflicting_members", "/windows"),
    "windows_without_tokens": (json.dumps({"windows": [ONE]}), 400, "missing_member", "/tokens"),
    "windows_prompt_length": (request(*THREE, prompt_length=10), 422, "out_of_range", "/prompt_length"),
    "windows_mask_count": (request(*THREE, mask=[1]), 422, "bad_count", "/mask"),
    "windows_objective": (request(*THREE, objectives=["conditional"]), 422, "undefined_objective", "/objectives/0"),
    "windows_weights_count": (request(*THREE, weights=[1]), 422, "bad_count", "/weights"),
    "windows_in_window": (request({**ONE, "windows": [ONE]}), 400, "unknown_member", "/windows/0/windows"),
}


def numbers_of(w):
    """The log-probabilities of a window and whether its tokens are the likeliest.  None: it has rows."""
    if "logits" in w:
        return None
    if "logprobs" in w:
        return w["logprobs"], [None] * len(w["logprobs"])
    listed = [entry and next(iter(entry.values())) for entry in w["outputs"]["choices"][0]["prompt_logprobs"]]
    return [one and one["logprob"] for one in listed], [one and one["rank"] == 1 for one in listed]


def remarks(w, found, scored, place, details):
    """What the answer says of a window beside its counts; `scored`: the tokens that it scored."""
    if "outputs" in w:
        return {"source": {"format": "vllm", "detected": True, "answer": 0, "values": "log_probs", "alignment": "same",
                           "first_token": 0, "tokens": "request", "split": "request"}, "warnings": []}
    value = {i - w["start"]: float(found[i - w["start"]]) for i in scored} if "logprobs" in w else {}
    odd = [("first_zero", [i for i in value if i == 0 and value[i] == 0]), ("above_zero", [i for i in value if value[i] > 0])]
    warnings = [{"code": code, "detail": details[code], "pointer": "%s/logprobs/%d" % (place, entries[0]), "count": len(entries)}
                for code, entries in odd if entries]
    return {"warnings": warnings} if warnings else {}


def main():
    import oracle
    whole = oracle.parse(VALID["windows_details"])
    first = {}
    for w in whole["windows"]:
        for i, row in enumerate(w["logits"][:w["end"] - w["start"] - 1]):
            first.setdefault(w["start"] + 1 + i, row)
    one = {name: value for name, value in whole.items() if name != "windows"}
    one["logits"] = [first[i] for i in range(1, len(T9))]
    answers = oracle.answer(whole), oracle.answer(one)
    del answers[0]["sequences"][0]["windows"]
    if answers[0] != answers[1]:
        raise SystemExit("windows are answered otherwise than one output of the same rows")


if __name__ == "__main__":
    main()
