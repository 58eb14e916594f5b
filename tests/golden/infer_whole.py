#!/usr/bin/env python3
"""Writes the golden cases of models of /v2 whose inputs are whole tensors, beside those of infer.py: golden requests
of the models' routes, with their numbers in tensors.  What is right is what the oracle of the route says; the element
of `summary` is its answer.  Run: python3 tests/golden/infer_whole.py"""
import json

import infer
import oracle
import policy
import policy_oracle
import preference
import preference_cases

SIDES = [(source, side) for source in ("policy", "reference") for side in ("chosen", "rejected")]
# The golden requests of POST /v1/preference that are sums alone; how they are sent; outputs beside the summary.
PREFERENCES = (
    ("all_of_one_pair", True, ("loss.hinge", "margin.simpo", "chosen_reward.sigmoid", "rejected_reward.orpo", "loss.aot")),
    ("impossible", True, ("loss.sigmoid", "margin.sigmoid", "rejected_reward.cpo")),
    ("impossible", False, ("loss.sigmoid", "margin.sigmoid")),
    ("sweep", True, ("loss.b0.1", "margin.b0.5", "loss.a \"b\"")),
    ("margin_small", False, ("margin.sigmoid", "loss.ipo_sum")),
)
# Those of POST /v1/policy whose outputs are all log-probabilities.
POLICIES = (
    ("every_objective", True, "BOOL", ("loss.k3", "loss.gspo", "token_loss.dapo", "log_ratio.current_old")),
    ("every_objective", False, "UINT8", ("loss.cispo", "token_loss.gspo")),
    ("correction_token_truncate_normalized", True, "INT32", ("loss.ppo", "sequence_ratio.old_rollout")),
    ("correction_geometric_mask", False, "BOOL", ("geometric_ratio.current_rollout", "token_loss.ppo")),
    ("ratios", False, "BOOL", ("log_ratio.reference_current", "geometric_ratio.old_rollout")),
    ("masked", True, "UINT8", ("loss.ppo", "token_loss.reinforce", "sequence_ratio.current_old")),
    ("far", False, "INT32", ("log_ratio.current_old", "loss.grpo")),
)


def element(value, binary):
    """A number of an answer as response.json has it."""
    if value is None:
        return "NaN" if binary else None
    return value if binary or not isinstance(value, str) else None


def case(name, model, inputs, members, answer, outputs, binary):
    """inputs: (name, datatype, shape, values); outputs: (name, shape, values) beside the summary."""
    tensors, blobs = [], b""
    for key, datatype, shape, values in inputs:
        tensor = {"name": key, "datatype": datatype, "shape": shape}
        if binary:
            blob = infer.pack(datatype, values)
            blobs += blob
            tensor["parameters"] = {"binary_data_size": len(blob)}
        else:
            tensor["data"] = values
        tensors.append(tensor)
    head = {"parameters": {"request": json.dumps(members), "binary_data_output": binary}, "inputs": tensors,
            "outputs": [{"name": "summary"}] + [{"name": key} for key, _, _ in outputs]}
    right = [{"name": "summary", "datatype": "BYTES", "shape": [1], "binary": binary, "data": [answer]}]
    right += [{"name": key, "datatype": "FP64", "shape": shape, "binary": binary,
               "data": [element(value, binary) for value in values]} for key, shape, values in outputs]
    infer.write(name, f"/v2/models/{model}/infer", json.dumps(head).encode(), blobs,
                {"model_name": model, "model_version": "1", "outputs": right})


# ---- policy ----

SOURCES = ("current", "old", "rollout", "reference")


def padded(request):
    """The request with sequences of one length."""
    length = max(len(next(s[k]["logprobs"] for k in SOURCES if k in s)) for s in request["sequences"])
    for s in request["sequences"]:
        own = len(next(s[k]["logprobs"] for k in SOURCES if k in s))
        s["mask"] = s.get("mask", [1] * own) + [0] * (length - own)
        s.pop("id", None)  # no tensor has it
        for source in SOURCES:
            if source in s:
                s[source]["logprobs"] += [-1] * (length - own)
        if isinstance(s.get("advantages"), list):
            s["advantages"] += [None] * (length - own)
    return length


def advantages_of(sequences, length):
    """[B] where each sequence has one, else [B,T]."""
    given = [s.get("advantages") for s in sequences]
    if all(isinstance(a, (int, float)) for a in given):
        return [("advantages", "FP64", [len(given)], [float(a) for a in given])]
    rows = [a if isinstance(a, list) else [a] * length for a in given]
    flat = [0.0 if x is None else float(x) for row in rows for x in row]
    return [] if None in given else [("advantages", "FP64", [len(given), length], flat)]


def policy_inputs(sequences, length, mask):
    shape = [len(sequences), length]
    inputs = [("mask", mask, shape, [int(x) for s in sequences for x in s["mask"]])]
    for source in SOURCES:
        if all(source in s for s in sequences):
            inputs.append((source, "FP64", shape, [float(x) for s in sequences for x in s[source]["logprobs"]]))
    return inputs + advantages_of(sequences, length)


def policy_output(name, answer, length):
    """(shape, values)"""
    member, key = name.split(".", 1)
    sequences = answer["sequences"]
    if member == "loss":
        return [1], [answer["totals"]["objectives"][key]["loss"]]
    if member in ("sequence_ratio", "geometric_ratio"):
        return [len(sequences)], [s["ratios"][key][member] for s in sequences]
    columns = [s["tokens"][{"token_loss": "loss"}.get(member, member)][key] for s in sequences]
    return [len(sequences), length], [x for column in columns for x in column]


def policy_case(name, binary, mask, outputs):
    request = json.loads(json.dumps(policy.VALID[name]))
    request["per_token"] = True
    length = padded(request)
    answer = policy_oracle.answer(oracle.parse(json.dumps(request)))
    sequences = request.pop("sequences")
    y = [x for s in sequences for x in s["mask"]]
    values = []
    for output in outputs:
        shape, column = policy_output(output, answer, length)
        if len(shape) == 2:  # 0 outside y
            column = [v if m else 0.0 for v, m in zip(column, y)]
        values.append((output, shape, column))
    case(f"policy_{name}" + ("_binary" if binary else ""), "policy", policy_inputs(sequences, length, mask), request,
         answer, values, binary)


# ---- preference ----


def numbers(pairs, source, side, member):
    return [pair[side].get(source, {}).get(member) for pair in pairs]


def preference_inputs(pairs):
    """(name, datatype, values)"""
    inputs = []
    for source, side in SIDES:
        sums = numbers(pairs, source, side, "log_prob")
        if None not in sums:
            inputs.append((f"{source}_{side}", "FP64", [float(x) for x in sums]))
    for side, datatype in (("chosen", "INT64"), ("rejected", "INT32")):
        tokens = numbers(pairs, "policy", side, "tokens")
        if None not in tokens:
            inputs.append((f"tokens_{side}", datatype, tokens))
    return [(name, datatype, [len(values)], values) for name, datatype, values in inputs]


def preference_case(name, binary, outputs):
    request = json.loads(preference_cases.VALID[name])
    for pair in request["pairs"]:
        pair.pop("id", None)  # no tensor has it
    answer = preference.answer(oracle.parse(json.dumps(request)))
    pairs = request.pop("pairs")
    figures = []
    for output in outputs:
        member, key = output.split(".", 1)
        figures.append((output, [len(pairs)], [pair["objectives"][key][member] for pair in answer["pairs"]]))
    case(f"preference_{name}" + ("_binary" if binary else ""), "preference", preference_inputs(pairs), request, answer,
         figures, binary)


def main():
    for row in POLICIES:
        policy_case(*row)
    for row in PREFERENCES:
        preference_case(*row)


main()
