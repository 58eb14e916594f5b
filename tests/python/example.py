"""A program that uses the client, for the type checker: what it holds of results is what their types say."""
from typing import Any, Iterator, List, Optional

import logitd


class Array:
    """Its type does not tell how many dimensions it has, as that of a tensor does not."""

    def __init__(self, rows: List[List[int]]) -> None:
        self.rows = rows

    def tolist(self) -> List[Any]:
        return self.rows

    def __iter__(self) -> Iterator[List[int]]:
        return iter(self.rows)


def losses_of_a_batch(client: logitd.Client, ids: Array, rows: List[List[float]]) -> List[Optional[float]]:
    return [score.joint.loss for score in client.score(ids, [rows, rows], attention_mask=Array([[1, 1], [1, 1]]))]


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
        assert losses_of_a_batch(checked, Array([[0, 1], [0, 1]]), [[0.5, 1.5]]) == [0.3132616875182228] * 2
        print(losses(checked, [0, 1], [[0.5, 1.5]]))
    except logitd.LogitdConnectionError as lost:
        print(explain(lost))
