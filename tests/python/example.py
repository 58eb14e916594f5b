"""A program that uses the client, for the type checker: what it holds of results is what their types say."""
from typing import List, Optional

import logitd


def losses(client: logitd.Client, tokens: List[int], rows: List[List[float]]) -> List[Optional[float]]:
    score: logitd.Score = client.score(tokens, rows, prompt_length=1, details=["rank"])
    scores: logitd.Scores = client.score([tokens, tokens], [rows, rows], prompt_length=[1, 1])
    conditional: logitd.Objective = score.conditional
    text: str = score._repr_html_() + client.version()
    assert text and conditional.log_prob <= 0.0 and scores.totals.joint.tokens > 0
    return [conditional.loss, scores[0].joint.loss, *score.log_probs]


def explain(error: logitd.LogitdError) -> str:
    place: Optional[str] = error.pointer
    return f"{error.status} {error.code} {place or 'nowhere'}: {error.detail}"


with logitd.Server() as server, server.client(timeout=30) as checked:
    try:
        print(losses(checked, [0, 1], [[0.5, 1.5]]))
    except logitd.LogitdConnectionError as lost:
        print(explain(lost))
