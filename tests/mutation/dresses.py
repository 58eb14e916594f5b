"""dresses.py - the same answer sent in other ways: as text, in a list, as an event stream, as a line of a batch, in
sequences, as a line of NDJSON.  Each must get the same score."""
import json

JSON, LINES = "application/json", "application/x-ndjson"


def batch_line(answer):
    return {"id": "b", "custom_id": "r", "response": {"status_code": 200, "request_id": "q", "body": answer}, "error": None}


def of_one(base, answer):
    """Ways in which a response that is one answer is sent."""
    yield "a list of one", {**base.request, "outputs": [answer]}, JSON
    yield "a line of a batch", {**base.request, "outputs": [batch_line(answer)]}, JSON
    yield "an event stream", {**base.request, "outputs": "data: " + json.dumps(answer) + "\n\ndata: [DONE]\n\n"}, JSON
    if "sequences" not in base.request:
        yield "a sequence", {"sequences": [{**base.request, "outputs": answer}]}, JSON


def dresses(base, count):
    """(what it is, body, media type); `count` is the number of sequences that the answer gives."""
    answer = base.outputs
    if base.route != "/v1/score" or base.media != JSON or base.text or not isinstance(answer, dict):
        return
    if count == 1:
        yield from of_one(base, answer)
    yield "its text", {**base.request, "outputs": json.dumps(answer)}, JSON
    yield "its text in lines", {**base.request, "outputs": json.dumps(answer, indent=1) + "\n"}, JSON
    yield "a request as NDJSON", {**base.request, "outputs": answer}, LINES
    # TensorRT-LLM's names are not those of an answer alone.
    if not base.request and base.name != "tensorrt_llm":
        yield "an answer as NDJSON", answer, LINES
        yield "a batch as NDJSON", batch_line(answer), LINES
