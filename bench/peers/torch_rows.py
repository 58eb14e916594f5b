"""torch_rows.py - PyTorch's float32 log_softmax and gather over fresh rows, on one thread.

torch_rows.py WIDTH ROWS: goes over at least 512 MB of logits for every line of standard input, ROWS
rows of them at a time, and prints gigabytes of logits a second of processor time.
"""
import sys
import time

import torch

MEMORY = 512 << 20


def score(logits, targets):
    return torch.log_softmax(logits, -1).gather(1, targets)


def main():
    torch.set_num_threads(1)
    width, rows = int(sys.argv[1]), int(sys.argv[2])
    batches = MEMORY // (4 * width * rows)
    logits = (torch.randn(batches * rows, width) * 3).split(rows)
    targets = torch.randint(0, width, (batches * rows, 1)).split(rows)
    for _ in sys.stdin:
        start = time.process_time()
        for batch, wanted in zip(logits, targets):
            score(batch, wanted)
        seconds = time.process_time() - start
        print(f"{4e-9 * width * rows * batches / seconds:.3f}", flush=True)


main()
