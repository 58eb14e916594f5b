"""torch_compare.py - the divergences that POST /v1/compare answers, in PyTorch, on one thread.

torch_compare.py BITS TOKENS WIDTH: in float32 or float64 (BITS), for every line of standard input, computes from the float32 logits of two models, whose
distributions are close, both KL divergences, the Jensen-Shannon divergence, the total variation and whether the most
likely token is the same, of each row, and prints rows a second of processor time.
"""
import math
import sys
import time

import torch


def kl(log_p, log_q):
    return (log_p.exp() * (log_p - log_q)).sum(-1)


def divergences(a, b):
    log_p, log_q = torch.log_softmax(a, -1), torch.log_softmax(b, -1)
    log_m = torch.logaddexp(log_p, log_q) - math.log(2)
    return (kl(log_p, log_q), kl(log_q, log_p), (kl(log_p, log_m) + kl(log_q, log_m)) / 2,
            (log_p.exp() - log_q.exp()).abs().sum(-1) / 2, a.argmax(-1) == b.argmax(-1))


def main():
    torch.set_num_threads(1)
    bits, tokens, width = map(int, sys.argv[1:])
    dtype = {32: torch.float32, 64: torch.float64}[bits]
    torch.manual_seed(1)
    a = torch.randn(tokens, width) * 3
    b = a + torch.randn(tokens, width) * 0.1
    for _ in sys.stdin:
        start = time.process_time()
        divergences(a.to(dtype), b.to(dtype))
        print(f"{tokens / (time.process_time() - start):.3f}", flush=True)


main()
