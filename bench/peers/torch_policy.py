"""torch_policy.py - what POST /v1/policy answers, in PyTorch's float32, on one thread.

torch_policy.py SEQUENCES TOKENS: for every line of standard input, computes from the log-probabilities of
four sources the statistics of their four ratios and the losses of GRPO and of DAPO, and prints millions of
tokens a second of processor time.
"""
import sys
import time

import torch

PERCENTILES = torch.tensor([0.999, 0.99, 0.95, 0.9, 0.75, 0.5, 0.25, 0.1, 0.05, 0.01, 0.001])
PAIRS = [("current", "old"), ("old", "rollout"), ("current", "rollout"), ("reference", "current")]


def spread(x):
    return (x.mean(), x.std() / x.numel() ** 0.5, x.square().mean().sqrt(), x.max(), x.min(),
            torch.quantile(x, PERCENTILES))


def ratio(p, q):
    l = p - q
    r = l.exp()
    sums, means = l.sum(1), l.mean(1)
    sequence, geometric = sums.exp(), means.exp()
    return [
        *map(spread, (r.flatten(), l.flatten(), l.abs().flatten(), (p.exp() - q.exp()).abs().flatten())),
        -l.mean(), l.square().mean() / 2, (r - 1 - l).mean(), r.square().mean() - 1,
        r.sum() ** 2 / (r.numel() * r.square().sum()), (-p.mean()).exp(), (-q.mean()).exp(), (-l.mean()).exp(),
        *map(spread, (sequence, geometric, (-p.mean(1)).exp(), (-q.mean(1)).exp(), (-means).exp())),
        -means, l.square().mean(1) / 2, (r - 1 - l).mean(1), l.abs().max(1),
    ]


def loss(source, advantages, high, kl_coef):
    r = (source["current"] - source["old"]).exp()
    clipped = r.clamp(0.8, 1 + high)
    values = torch.maximum(-advantages * r, -advantages * clipped)
    l = source["reference"] - source["current"]
    values = values + kl_coef * (l.exp() - 1 - l)
    below, above = (r < 0.8) & (advantages < 0), (r > 1 + high) & (advantages > 0)
    return values.mean(1), values.mean(), values.mean(1).mean(), below.float().mean(), above.float().mean()


def main():
    torch.set_num_threads(1)
    sequences, tokens = int(sys.argv[1]), int(sys.argv[2])
    torch.manual_seed(1)
    old = -torch.rand(sequences, tokens) * 4
    source = {name: (old + 0.1 * torch.randn(sequences, tokens)).clamp(max=0)
              for name in ("current", "rollout", "reference")} | {"old": old}
    advantages = torch.randn(sequences, 1)
    for _ in sys.stdin:
        start = time.process_time()
        for p, q in PAIRS:
            ratio(source[p], source[q])
        loss(source, advantages, 0.2, 0)
        loss(source, advantages, 0.28, 0.001)
        print(f"{1e-6 * sequences * tokens / (time.process_time() - start):.3f}", flush=True)


main()
