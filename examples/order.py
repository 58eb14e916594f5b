#!/usr/bin/env python3
"""order.py [TEXT...] - what a model says of the same words in another order, as a request to POST /v1/score.

The model is a table, small enough to read.  It was "trained" on three sentences: the logit of a word is how often it
followed the word before it.  So a word that never came next has the logit 0.
Run: python3 examples/order.py | curl -H 'Content-Type: application/json' --data-binary @- localhost:8080/v1/score"""
import json
import sys

CORPUS = ("the dog bit the man", "the dog bit the man again", "the man ran")
TEXTS = ("the dog bit the man", "the man bit the dog", "dog the the man bit")
BEGIN = "<s>"  # stands before the first word, so that it has a row, too


def learn(corpus):
    """The vocabulary, and how often each word followed each."""
    sentences = [[BEGIN] + sentence.split() for sentence in corpus]
    words = list(dict.fromkeys(word for sentence in sentences for word in sentence))
    follows = [[0] * len(words) for _ in words]
    for sentence in sentences:
        for before, after in zip(sentence, sentence[1:]):
            follows[words.index(before)][words.index(after)] += 1
    return words, follows


def sequence(text, words, follows):
    """Row t is about token t + 1: a row for each token but the last one."""
    if unknown := set(text.split()) - set(words):
        sys.exit(f"order.py: the model does not know {', '.join(unknown)}; it knows {', '.join(words[1:])}")
    ids = [words.index(word) for word in [BEGIN] + text.split()]
    return {"id": text, "tokens": ids, "prompt_length": 1, "logits": [follows[i] for i in ids[:-1]]}


def main():
    table = learn(CORPUS)
    sequences = [sequence(text, *table) for text in sys.argv[1:] or TEXTS]
    json.dump({"model": "order", "objectives": ["conditional"], "sequences": sequences}, sys.stdout)


if __name__ == "__main__":
    main()
