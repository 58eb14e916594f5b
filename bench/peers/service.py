"""service.py - what logitd does, as its users would write it: FastAPI and PyTorch.

service.py PORT
"""
import json
import sys

import numpy
import torch
import uvicorn
from fastapi import FastAPI, Request

app = FastAPI()


@app.post("/v1/score")
async def score(request: Request):
    body = await request.json()
    tokens = torch.tensor(body["tokens"])
    prompt_length = body["prompt_length"]
    logits = torch.tensor(body["logits"], dtype=torch.float32)
    length = len(tokens)
    log_probs = torch.log_softmax(logits[: length - 1], dim=-1)
    token_log_probs = log_probs.gather(1, tokens[1:, None])[:, 0]
    parts = {
        "marginal": token_log_probs[: prompt_length - 1],
        "conditional": token_log_probs[prompt_length - 1:],
        "joint": token_log_probs,
    }
    return {
        "objectives": {
            name: {
                "log_prob": part.sum().item(),
                "loss": -part.mean().item() if len(part) else None,
                "tokens": len(part),
            }
            for name, part in parts.items()
        },
        "tokens": {"id": body["tokens"], "log_prob": [None] + token_log_probs.tolist()},
    }


@app.post("/v2/models/logprobs/infer")
async def infer(request: Request):
    body = await request.body()
    length = int(request.headers["inference-header-content-length"])
    head = json.loads(body[:length])
    tensors, at = {}, length
    for tensor in head["inputs"]:
        size = tensor["parameters"]["binary_data_size"]
        kind = {"FP32": numpy.float32, "INT64": numpy.int64}[tensor["datatype"]]
        values = numpy.frombuffer(body, kind, size // kind().itemsize, at)
        tensors[tensor["name"]] = torch.from_numpy(values.reshape(tensor["shape"]).copy())
        at += size
    log_probs = torch.log_softmax(tensors["logits"], dim=-1)
    token_log_probs = log_probs.gather(2, tensors["targets"][..., None])[..., 0]
    return {
        "model_name": "logprobs",
        "outputs": [
            {"name": "logprobs", "datatype": "FP32", "shape": list(token_log_probs.shape),
             "data": token_log_probs.flatten().tolist()},
            {"name": "loss", "datatype": "FP32", "shape": [len(token_log_probs)],
             "data": (-token_log_probs.mean(dim=1)).tolist()},
        ],
    }


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
