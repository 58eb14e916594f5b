"""Golden cases of POST /v1/rank: choices that are tokens of one distribution, which an engine lists.  rank.py writes them.

OUTPUTS has of each case its name, the request, and a plain request with the same answer (`mass` in it asks for the
mass: of all choices, or of those in a list), and then what is told of each choice; INVALID the body, status, code and pointer of each."""
import json
from decimal import Decimal as D

OUTPUTS = []


def outputs(*case):
    OUTPUTS.append(case)


def log_sum(*terms):
    """The log of the sum of exp of each, as a text for oracle.parse()."""
    return str(sum(D(term).exp() for term in terms).ln())


def source(format="openai", answer=0, first=0, tokens="request", split="request", alignment="same", detected=True,
           values="log_probs"):
    return {"format": format, "detected": detected, "answer": answer, "values": values, "alignment": alignment,
            "first_token": first, "tokens": tokens, "split": split}


def listed(*positions):
    """A chat answer with so many generated tokens; each lists (text, log-probability), its own first."""
    def content(tokens):
        return [{"token": t[0][0], "logprob": t[0][1], "bytes": list(t[0][0].encode()), "top_logprobs": [
            {"token": text, "logprob": p, "bytes": list(text.encode())} for text, p in t]} for t in tokens]
    return {"object": "chat.completion", "choices": [{
        "index": 0, "message": {"role": "assistant", "content": ""}, "finish_reason": "length",
        "logprobs": {"content": content(positions), "refusal": None}}],
        "usage": {"prompt_tokens": 9, "completion_tokens": len(positions)}}


def sglang(own, labels, tops=None, prompt=5):
    """SGLang's /generate with token_ids_logprob: (log-probability, id) of one generated token, and of labels."""
    meta = {"id": "y", "prompt_tokens": prompt, "completion_tokens": 1, "output_token_logprobs": [[own[0], own[1], None]],
            "output_token_ids_logprobs": [[[p, i, None] for p, i in labels]]}
    if tops:
        meta["output_top_logprobs"] = [[[p, i, None] for p, i in tops]]
    return {"text": "A", "meta_info": meta}


def label_source(format="openai_chat", tokens=None, **more):
    return source(format, tokens=tokens, **more)


CONTENT = "outputs/choices/0/logprobs/content/%d/logprob"
GRADES = listed([("4", -0.4), ("5", -1.5), (" 4", -3.25), ("3", -3.5), ("2", -6)])
TOP = ("truncated_top", "/" + CONTENT % 0, 1)
FLOOR = ("unlisted_floor", "/" + CONTENT % 0, 1)
outputs("labels_texts", {"outputs": GRADES, "gold": "four", "choices": [
    {"id": "three", "label": "3", "value": 3}, {"id": "four", "label": ["4", " 4"], "value": 4}, {"label": ["5", " 5"], "value": 5}]},
    {"mass": True, "gold": 1, "choices": [{"id": "three", "logprobs": [-3.5], "value": 3}, {
        "id": "four", "logprobs": [log_sum("-0.4", "-3.25")], "value": 4}, {"logprobs": [-1.5], "value": 5}]},
    [label_source(), False, TOP], [label_source(), True, TOP], [label_source(), False, TOP, ("label_unlisted", "/choices/2/label/1", 1)])
outputs("labels_floor", {"outputs": GRADES, "unlisted": "floor", "choices": [{"label": "4"}, {"label": ["1", " 1"]}, {"label": "0"}]},
        {"mass": [0], "choices": [{"logprobs": [-0.4]}, {"logprobs": [-6]}, {"logprobs": [-6]}]},
        [label_source(), True, TOP],
        *[[label_source(), False, TOP, FLOOR]] * 2)
outputs("labels_position", {"questions": [{"position": 1, "choices": [{"label": "A"}, {"label": "B"}], "outputs": listed(
    [("(", -0.1), ("A", -3)], [("B", -0.5), ("A", -1)], [(")", -0.01)], [("", -0.25)])}]},
    {"questions": [{"mass": True, "choices": [{"logprobs": [-1]}, {"logprobs": [-0.5]}]}]},
    [label_source(), False, ("truncated_top", "/questions/0/" + CONTENT % 0, 2), ("generated_left_out", "/questions/0/" + CONTENT % 2, 2)],
    [label_source(), True, ("truncated_top", "/questions/0/" + CONTENT % 0, 2), ("generated_left_out", "/questions/0/" + CONTENT % 2, 2)])
YES = listed([("yes", -0.75), ("no", -0.875)])
NO = listed([("no", -0.125), ("yes", -2.5), ("No", -4)])
outputs("labels_of_questions", {"gold": 0, "outputs": [YES, NO], "questions": [
    {"choices": [{"label": "yes", "value": 1}, {"label": "no", "value": 0}]},
    {"choices": [{"label": "yes", "value": 1}, {"label": ["no", "No", "NO"], "value": 0}]}]},
    {"questions": [
        {"mass": True, "gold": 0, "choices": [{"logprobs": [-0.75], "value": 1}, {"logprobs": [-0.875], "value": 0}]},
        {"mass": True, "gold": 0, "choices": [{"logprobs": [-2.5], "value": 1}, {"logprobs": [
            log_sum("-0.125", "-4")], "value": 0}]}]},
    *[[label_source(answer=i), greedy, ("truncated_top", "/outputs/%d/choices/0/logprobs/content/0/logprob" % i, 1), *lost]
      for i, greedy, *lost in ((0, True), (0, False), (1, False),
                               (1, True, ("label_unlisted", "/questions/1/choices/1/label/2", 1)))])
outputs("labels_some_unlisted", {"outputs": GRADES, "unlisted": "floor", "choices": [
    {"label": ["four", "4", "IV"]}, {"label": ["5", " 5"]}, {"label": ["1", " 1"]}]},
    {"mass": [0, 1], "choices": [{"logprobs": [-0.4]}, {"logprobs": [-1.5]}, {"logprobs": [-6]}]},
    [label_source(), True, TOP, ("label_unlisted", "/choices/0/label/0", 2)],
    [label_source(), False, TOP, ("label_unlisted", "/choices/1/label/1", 1)],
    [label_source(), False, TOP, FLOOR])
outputs("labels_floor_of_most", {"outputs": listed([("2", -0.5), ("3", -1.25), ("1", -3)]), "unlisted": "floor", "gold": 1,
        "choices": [{"label": str(i), "value": i} for i in (1, 2, 3, 4, 5)]},
        {"mass": [0, 1, 2], "gold": 1, "choices": [{"logprobs": [p], "value": i + 1} for i, p in enumerate((-3, -0.5, -1.25, -3, -3))]},
        [label_source(), False, TOP], [label_source(), True, TOP], [label_source(), False, TOP],
        *[[label_source(), False, TOP, FLOOR]] * 2)
outputs("labels_floor_of_all", {"outputs": listed([("x", -0.5), ("y", -3)]), "unlisted": "floor", "choices": [{"label": "A"}, {"label": "B"}]},
        {"mass": [], "choices": [{"logprobs": [-3]}, {"logprobs": [-3]}]}, *[[label_source(), False, TOP, FLOOR]] * 2)
outputs("labels_one_chosen", {"outputs": listed([("A", -0.25)]), "unlisted": "floor", "choices": [{"label": "A"}, {"label": "B"}]},
        {"mass": [0], "choices": [{"logprobs": [-0.25]}, {"logprobs": [-0.25]}]},
        [label_source(), True], [label_source(), False, FLOOR])
LABELS = sglang((-0.25, 362), [(-0.25, 362), (-2.5, 426), (-3.0, 356)])
outputs("labels_ids", {"outputs": LABELS, "choices": [{"token": 362}, {"token": [426, 356]}]},
        {"mass": True, "choices": [{"logprobs": [-0.25]}, {"logprobs": [log_sum("-2.5", "-3")]}]},
        [label_source("sglang", "request"), True], [label_source("sglang", "request"), False])
outputs("labels_some_ids_unlisted", {"outputs": LABELS, "questions": [{"choices": [{"token": 362}, {"token": [426, 7, 356]}]}]},
        {"questions": [{"mass": True, "choices": [{"logprobs": [-0.25]}, {"logprobs": [log_sum("-2.5", "-3")]}]}]},
        [label_source("sglang", "request"), True],
        [label_source("sglang", "request"), False, ("label_unlisted", "/questions/0/choices/1/token/1", 1)])
outputs("labels_completions", {"prompt": [1, 2, 3, 4, 5], "gold": 0, "choices": [
    {"completion": [362]}, {"completion": [426]}, {"completion": [356]}], "outputs": LABELS},
    {"mass": True, "gold": 0, "choices": [{"logprobs": [-0.25]}, {"logprobs": [-2.5]}, {"logprobs": [-3]}]},
    *[[label_source("sglang", "request", first=5), greedy] for greedy in (True, False, False)])
OTHER = sglang((-1.25, 7), [(-2.5, 426), (-1.5, 362), (-3.0, 356)], prompt=1)
outputs("labels_tokens", {"choices": [{"tokens": [9, 362], "prompt_length": 1}, {"tokens": [9, 426], "prompt_length": 1}], "outputs": OTHER},
        {"mass": True, "choices": [{"logprobs": [-1.5]}, {"logprobs": [-2.5]}]},
        *[[label_source("sglang", "request", first=1), False]] * 2)
outputs("labels_unknown_top", {"choices": [{"token": 7}, {"token": 426}], "outputs": OTHER},
        {"mass": True, "choices": [{"logprobs": [-1.25]}, {"logprobs": [-2.5]}]},
        [label_source("sglang", "request")], [label_source("sglang", "request"), False])
outputs("labels_listed_twice", {"choices": [{"token": 7}, {"token": 426}], "outputs": sglang(
    (-1.25, 7), [(-2.5, 426), (-1.25, 7)], [(-1.25, 7), (-1.5, 362), (-2.5, 426)])},
    {"mass": True, "choices": [{"logprobs": [-1.25]}, {"logprobs": [-2.5]}]},
    *[[label_source("sglang", "request"), greedy, ("truncated_top", "/outputs/meta_info/output_token_logprobs/0/0", 1)]
      for greedy in (True, False)])

outputs("labels_tiny", {"choices": [{"token": [1, 2], "value": 1}, {"token": 3, "value": 4}], "outputs": sglang(
    (-0.0, 9), [(-801.5, 1), (-802.0, 2), (-800.25, 3)])},
    {"mass": True, "choices": [{"logprobs": [log_sum("-801.5", "-802")], "value": 1}, {"logprobs": [-800.25], "value": 4}]},
    *[[label_source("sglang", "request"), False]] * 2)
TWINS = {"text": "A", "meta_info": {"prompt_tokens": 5, "completion_tokens": 1, "output_token_logprobs": [[-0.5, 32, "A"]],
                                    "output_top_logprobs": [[[-0.5, 32, "A"], [-2, 362, "A"], [-3, 33, "B"]]]}}
outputs("labels_texts_of_several_ids", {"outputs": TWINS, "questions": [
    {"choices": [{"label": "A"}, {"label": "B"}]}, {"choices": [{"token": 32}, {"token": 362}]}, {"choices": [{"label": ["B", "A"]}]}]},
    {"questions": [{"mass": True, "choices": [{"logprobs": [log_sum("-0.5", "-2")]}, {"logprobs": [-3]}]},
                   {"mass": True, "choices": [{"logprobs": [-0.5]}, {"logprobs": [-2]}]},
                   {"mass": True, "choices": [{"logprobs": [log_sum("-0.5", "-2", "-3")]}]}]},
    *[[label_source("sglang", tokens), greedy, ("truncated_top", "/outputs/meta_info/output_token_logprobs/0/0", 1)]
      for tokens, greedy in ((None, True), (None, False), ("request", True), ("request", False), (None, True))])
outputs("labels_ids_as_texts", {"choices": [{"token": 362}, {"token": 426}], "outputs": {
    "object": "text_completion", "choices": [{"index": 0, "text": "A", "logprobs": {
        "tokens": ["token_id:362"], "token_logprobs": [-0.25], "top_logprobs": [{"token_id:362": -0.25, "token_id:426": -2.5}]}}]}},
    {"mass": True, "choices": [{"logprobs": [-0.25]}, {"logprobs": [-2.5]}]},
    *[[label_source("openai", "request"), greedy, ("truncated_top", "/outputs/choices/0/logprobs/token_logprobs/0", 1)]
      for greedy in (True, False)])
outputs("labels_sentinel", {"choices": [{"label": "A"}, {"label": "B"}], "outputs": listed([("A", -0.5), ("B", -9999)])},
        {"mass": True, "choices": [{"logprobs": [-0.5]}, {"logprobs": [-9999]}]},
        [label_source(), True, TOP], [label_source(), False, ("sentinel", "/" + CONTENT % 0, 1), TOP])

# Scoring routes: probabilities of labels, or of items.
SCORES = {"scores": [[0.5, 0.25, 0.0]], "model": "m", "object": "scoring",
          "usage": {"prompt_tokens": 3, "completion_tokens": 0, "total_tokens": 3}}
LOG_SCORES = [{"logprobs": [str(D("0.5").ln())]}, {"logprobs": [str(D("0.25").ln())]}, {"logprobs": [-float("inf")]}]


def score_warnings(path, zero=0):
    return [("label_scores", path, 1)] + ([("zero_score", path + "/%d" % zero, 1)] if zero else [])


outputs("scores_sglang", {"outputs": SCORES, "choices": [{"token": 5}, {"token": [6]}, {"token": 7}]},
        {"mass": True, "choices": LOG_SCORES},
        *[[label_source("sglang_score", "request"), *greedy, *score_warnings("/outputs/scores/0", 2)] for greedy in ((), (False,), (False,))])
outputs("scores_sglang_completions", {"outputs": SCORES, "prompt": [1, 2, 3], "choices": [{"completion": [i]} for i in (5, 6, 7)]},
        {"mass": True, "choices": LOG_SCORES},
        *[[label_source("sglang_score", "request", first=3), *greedy, *score_warnings("/outputs/scores/0", 2)]
          for greedy in ((), (False,), (False,))])
outputs("scores_sglang_items", {"outputs": {"scores": [[0.5, 0.25], [0.125, 0.75]], "object": "scoring"}, "questions": [
    {"choices": [{"token": 5}, {"token": 6}]}, {"choices": [{"token": 5}, {"token": 6}]}]},
    {"questions": [{"mass": True, "choices": LOG_SCORES[:2]}, {"mass": True, "choices": [
        {"logprobs": [str(D(p).ln())]} for p in ("0.125", "0.75")]}]},
    *[[label_source("sglang_score", "request", answer=i), *greedy, *score_warnings("/outputs/scores/%d" % i)]
      for i, greedy in ((0, ()), (0, (False,)), (1, (False,)), (1, ()))])
ITEMS = {"id": "x", "object": "list", "created": 1, "model": "m", "data": [
    {"index": 1, "object": "score", "score": 0.875}, {"index": 0, "object": "score", "score": 0.25}],
    "usage": {"prompt_tokens": 12, "completion_tokens": 2, "total_tokens": 14}}
outputs("scores_vllm", {"outputs": ITEMS, "gold": 1, "choices": [{"text": "Paris"}, {"text": "Rome"}]},
        {"gold": 1, "choices": [{"text": "Paris", "logprobs": [str(D("0.25").ln())]}, {"text": "Rome", "logprobs": [str(D("0.875").ln())]}]},
        *[[source("vllm_score", answer=i, tokens=None, split="outputs"), *score_warnings("/outputs/data/%d" % (1 - i))] for i in (0, 1)])

INVALID = {
    "scores_count": ('{"outputs":%s,"choices":[{"token":5},{"token":6}]}' % json.dumps(SCORES), 422, "bad_count", "/outputs/scores/0"),
    "scores_label": ('{"outputs":%s,"choices":[{"token":5},{"token":6},{"label":"A"}]}' % json.dumps(SCORES), 422, "bad_outputs", "/choices/2/label"),
    "scores_several_ids": ('{"outputs":%s,"choices":[{"token":5},{"token":6},{"token":[7,8]}]}' % json.dumps(SCORES), 422, "bad_outputs", "/choices/2/token"),
    "scores_of_one_choice": ('{"choices":[{"prompt":[1],"completion":[5,6,7],"outputs":%s}]}' % json.dumps(SCORES), 422, "bad_outputs", "/choices/0/outputs"),
    "scores_without_tokens": ('{"outputs":%s,"choices":[{},{},{}]}' % json.dumps(SCORES), 422, "bad_outputs", "/outputs"),
    "scores_items": ('{"outputs":{"scores":[[0.5],[0.25]]},"choices":[{"token":5},{"token":6}]}', 422, "bad_count", "/outputs"),
    "scores_no_probability": ('{"outputs":{"scores":[[0.5,1.5]]},"choices":[{"token":5},{"token":6}]}', 422, "out_of_range", "/outputs/scores/0/1"),
    "scores_sum": ('{"outputs":{"scores":[[0.5,0.75]]},"choices":[{"token":5},{"token":6}]}', 422, "bad_outputs", "/outputs/scores/0"),
    "scores_type": ('{"outputs":{"scores":[[0.5,null]]},"choices":[{"token":5},{"token":6}]}', 400, "bad_shape", "/outputs/scores/0/1"),
    "scores_vllm_tokens": ('{"outputs":%s,"prompt":[1],"choices":[{"completion":[5]},{"completion":[6]}]}' % json.dumps(ITEMS), 422, "bad_outputs", "/outputs"),
    "scores_vllm_label": ('{"outputs":{"data":[{"index":0,"score":0.5}]},"choices":[{"token":5},{"token":6}]}', 422, "bad_outputs", "/choices/0/token"),
    "scores_vllm_labels": ('{"outputs":%s,"choices":[{"label":"Paris"},{"label":"Rome"}]}' % json.dumps(ITEMS), 422, "bad_count", "/outputs"),
    "scores_vllm_one": ('{"outputs":{"data":[{"index":0,"score":0.5}]},"choices":[{},{}]}', 422, "bad_count", "/outputs"),
    "scores_vllm_logit": ('{"outputs":{"data":[{"index":0,"score":-1.5},{"index":1,"score":3}]},"choices":[{},{}]}', 422, "out_of_range", "/outputs/data/0"),
    "labels_unlisted": ('{"outputs":%s,"choices":[{"label":"4"},{"label":["1"," 1"]}]}' % json.dumps(GRADES), 422, "bad_outputs", "/choices/1/label"),
    "labels_unlisted_id": ('{"outputs":%s,"choices":[{"token":362},{"token":1}]}' % json.dumps(LABELS), 422, "bad_outputs", "/choices/1/token"),
    "labels_unlisted_completion": ('{"outputs":%s,"prompt":[1,2,3,4,5],"choices":[{"completion":[362]},{"completion":[1]}]}' % json.dumps(LABELS), 422, "bad_outputs", "/choices/1/completion"),
    "labels_without_ids": ('{"outputs":%s,"choices":[{"token":4},{"token":5}]}' % json.dumps(GRADES), 422, "bad_outputs", "/choices/0/token"),
    "labels_without_texts": ('{"outputs":%s,"choices":[{"label":"4"},{"label":"5"}]}' % json.dumps(LABELS), 422, "bad_outputs", "/choices/0/label"),
    "labels_same": ('{"outputs":%s,"choices":[{"label":["4"," 4"]},{"label":"5"},{"label":" 4"}]}' % json.dumps(GRADES), 422, "out_of_range", "/choices/2/label"),
    "labels_same_unlisted": ('{"outputs":%s,"unlisted":"floor","choices":[{"label":"x"},{"label":["4","x"]}]}' % json.dumps(GRADES), 422, "out_of_range", "/choices/1/label/1"),
    "labels_same_completion": ('{"outputs":%s,"prompt":[1,2,3,4,5],"choices":[{"completion":[362]},{"completion":[362]}]}' % json.dumps(LABELS), 422, "out_of_range", "/choices/1/completion/0"),
    "labels_position_too_large": ('{"outputs":%s,"position":1,"choices":[{"label":"4"},{"label":"5"}]}' % json.dumps(GRADES), 422, "bad_outputs", "/outputs/choices/0"),
    "labels_position_of_completion": ('{"outputs":%s,"position":1,"prompt":[1,2,3,4,5],"choices":[{"completion":[362]},{"completion":[426]}]}' % json.dumps(LABELS), 400, "conflicting_members", "/position"),
    "labels_own_outputs": ('{"choices":[{"label":"4","outputs":%s},{"label":"5"}]}' % json.dumps(GRADES), 400, "conflicting_members", "/choices/0/outputs"),
    "labels_two_answers": ('{"outputs":[%s,%s],"choices":[{"label":"yes"},{"label":"no"}]}' % (json.dumps(YES), json.dumps(NO)), 422, "bad_count", "/outputs"),
    "labels_prompt_differs": ('{"outputs":%s,"prompt":[1,2,3],"choices":[{"token":362},{"token":426}]}' % json.dumps(LABELS), 422, "bad_count", "/outputs"),
    "labels_completion_in_prompt": ('{"outputs":%s,"prompt":[1,2,3,4],"choices":[{"completion":[362]},{"completion":[426]}]}' % json.dumps(LABELS), 422, "bad_count", "/outputs"),
    "labels_of_rows": ('{"outputs":{"context_logits":[[1,2]]},"choices":[{"token":0},{"token":1}]}', 422, "bad_outputs", "/outputs"),
    "labels_sum": ('{"outputs":%s,"choices":[{"label":"A"},{"label":"B"}]}' % json.dumps(listed([("A", -0.25), ("B", -0.5), ("C", -0.75)])), 422, "bad_outputs", "/" + CONTENT % 0),
    "labels_probabilities": ('{"outputs":%s,"choices":[{"label":"A"},{"label":"B"}]}' % json.dumps(listed([("A", -0.25), ("B", 0.125)])), 422, "out_of_range", "/" + CONTENT % 0),
    "labels_ambiguous": ('{"outputs":%s,"choices":[{"label":"A"},{"label":"\\ufffd"}]}' % json.dumps(listed([("A", -0.25), ("\ufffd", -2), ("\ufffd", -3)])), 422, "bad_outputs", "/choices/1/label"),
    "labels_same_text": ('{"outputs":%s,"choices":[{"label":"A"},{"label":["B","A"]}]}' % json.dumps(TWINS), 422, "out_of_range", "/choices/1/label/1"),
    "labels_same_behind_several": ('{"outputs":%s,"choices":[{"label":"B"},{"label":["A","B"]}]}' % json.dumps(TWINS), 422, "out_of_range", "/choices/1/label/1"),
    "labels_same_text_twice": ('{"outputs":%s,"choices":[{"label":["A","A"]},{"label":"B"}]}' % json.dumps(TWINS), 422, "out_of_range", "/choices/0/label/1"),
    "labels_contradict": ('{"outputs":%s,"choices":[{"token":7},{"token":426}]}' % json.dumps(sglang((-1.25, 7), [(-2.5, 426)], [(-1.25, 7), (-2, 426)])), 422, "bad_outputs", "/outputs/meta_info/output_token_logprobs/0/0"),
    "labels_own_contradicts": ('{"outputs":%s,"choices":[{"token":7},{"token":426}]}' % json.dumps(sglang((-1.25, 7), [(-1.5, 7), (-2, 426)])), 422, "bad_outputs", "/outputs/meta_info/output_token_logprobs/0/0"),
    "labels_nothing_listed": ('{"outputs":%s,"choices":[{"token":7},{"token":426}]}' % json.dumps({"text": "", "meta_info": {"prompt_tokens": 3, "completion_tokens": 1, "output_token_logprobs": []}}), 422, "bad_outputs", "/outputs"),
    "labels_temperature": ('{"temperature":2,"outputs":%s,"choices":[{"label":"4"},{"label":"5"}]}' % json.dumps(GRADES), 422, "needs_logits", "/temperature"),
    "labels_and_row": ('{"logits":[[1,2]],"outputs":%s,"choices":[{"label":"4"},{"label":"5"}]}' % json.dumps(GRADES), 400, "conflicting_members", "/outputs"),
}
