#!/usr/bin/env python3
"""Print a summary of a request, and its answer as a table.  Run: show.py REQUEST ANSWER [TEXTS NAME]"""
import json
import sys


def number(value):
    return "-" if value is None else value if isinstance(value, str) else "%.6g" % value


def shape(sequence):
    logits = sequence.get("logits")
    if isinstance(logits, dict):
        return "logits %s %s" % (logits["dtype"], logits["shape"])
    if logits is not None:
        return "logits %s" % [len(logits), len(logits[0])]
    return "logprobs %s" % sequence["logprobs"]


def show_request(request, texts):
    for text in [texts["prompt"]] if texts and texts["prompt"] else []:
        print("  prompt      %r" % text)
    for i, sequence in enumerate(request.get("sequences", [request])):
        merged = {**request, **sequence}
        if texts and texts["completions"][i]:
            print("  completion  %r" % texts["completions"][i])
        ids = merged.get("tokens") or merged.get("prompt", []) + merged.get("completion", [])
        split = merged.get("prompt_length", len(merged.get("prompt", [])))
        print("  %d tokens, %d of them prompt; %s" % (len(ids or merged["logprobs"]), split, shape(merged)))


def show_objectives(objectives):
    print("  %-12s %12s %7s %10s %11s %7s" % ("objective", "log_prob", "tokens", "loss", "perplexity", "greedy"))
    for name, o in objectives.items():
        print("  %-12s %12s %7d %10s %11s %7s" % (name, number(o["log_prob"]), o["tokens"], number(o["loss"]),
                                                 number(o["perplexity"]), json.dumps(o["greedy"])))


def show_choices(sequences, texts):
    sums = [s["objectives"]["conditional"]["log_prob"] for s in sequences]
    means = [-s["objectives"]["conditional"]["loss"] for s in sequences]
    print("  %-12s %12s %12s" % ("choice", "sum", "per token"))
    for i, sequence in enumerate(sequences):
        print("  %-12s %12s %12s  %s" % (sequence["id"], number(sums[i]), number(means[i]),
                                        repr(texts["completions"][i]) if texts else ""))
    print("  winner by sum: %s" % sequences[sums.index(max(sums))]["id"])
    print("  winner per token: %s" % sequences[means.index(max(means))]["id"])


def main():
    request, answer = (json.load(open(path)) for path in sys.argv[1:3])
    texts = json.load(open(sys.argv[3])).get(sys.argv[4]) if len(sys.argv) > 4 else None
    show_request(request, texts)
    if "sequences" in request:
        show_choices(answer["sequences"], texts)
    else:
        show_objectives(answer["sequences"][0]["objectives"])


main()
