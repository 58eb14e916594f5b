"""torch_preference.py - DPO's losses from logits as TRL computes them, in PyTorch's float32, on one thread.

torch_preference.py PAIRS TOKENS WIDTH: for every line of standard input, goes over the bfloat16 logits of both
completions of each pair under policy and reference, and prints rows a second of processor time.
"""
import sys
import time

import torch

BETA = 0.1


def log_prob(logits, labels):
    """The sum of a completion's log-probabilities: TRL's selective_log_softmax, in float32."""
    return torch.log_softmax(logits.float(), -1).gather(1, labels[:, None]).sum()


def main():
    torch.set_num_threads(1)
    pairs, tokens, width = map(int, sys.argv[1:])
    torch.manual_seed(1)
    logits = (torch.randn(tokens, width) * 3).bfloat16()
    labels = torch.randint(0, width, (tokens,))
    for _ in sys.stdin:
        start = time.process_time()
        for _ in range(pairs):
            chosen, rejected = ([log_prob(logits, labels) for _ in ("policy", "reference")] for _ in "ab")
            margin = BETA * ((chosen[0] - chosen[1]) - (rejected[0] - rejected[1]))
            -torch.nn.functional.logsigmoid(margin)
        print(f"{4 * pairs * tokens / (time.process_time() - start):.3f}", flush=True)


main()
