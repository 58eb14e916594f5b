"""OpenAI: completions and chat completions."""
from .cases import INF, NAN, arrays, completion, content, invalid, piece, source, valid

ECHO = arrays(["Hi", " there", ",", " you"], [None, -1.5, -0.25, -3],
              [None, {" there": -1.5, "!": -0.5}, {",": -0.25, ".": -2}, {" you": -3, " all": -1}])
valid("openai_echo", {"outputs": completion(ECHO, (2, 2))},
      {"prompt_length": 2, "logprobs": [None, -1.5, -0.25, -3]}, source("openai", tokens=None),
      [("truncated_top", "/outputs/choices/0/logprobs/token_logprobs/1", 3)], [None, False, True, False])
valid("openai_tokens", {"tokens": [5, 6, 7, 8], "prompt_length": 3, "format": "openai", "outputs": completion(ECHO)},
      {"tokens": [5, 6, 7, 8], "prompt_length": 3, "logprobs": [None, -1.5, -0.25, -3]},
      source("openai", tokens="request", split="request", detected=False),
      [("truncated_top", "/outputs/choices/0/logprobs/token_logprobs/1", 3)], [None, False, True, False])
# lm-evaluation-harness: everything is the prompt, one token is made and left out.
valid("openai_one_more", {"tokens": [5, 6, 7], "prompt_length": 1, "outputs": completion(
    arrays(list("abcd"), [None, -1, -2, -3]), (3, 1))},
    {"tokens": [5, 6, 7], "prompt_length": 1, "logprobs": [None, -1, -2]},
    source("openai", tokens="request", split="request"),
    [("generated_left_out", "/outputs/choices/0/logprobs/token_logprobs/3", 1)])
valid("openai_one_more_untold", {"tokens": [5, 6, 7], "prompt_length": 1, "outputs": completion(
    arrays(list("abcd"), [None, -1, -2, -3]))},
    {"tokens": [5, 6, 7], "prompt_length": 1, "logprobs": [None, -1, -2]},
    source("openai", tokens="request", split="request"),
    [("generated_left_out", "/outputs/choices/0/logprobs/token_logprobs/3", 1)])
valid("openai_generated", {"prompt": [1, 2], "completion": [3, 4], "outputs": completion(
    arrays(["c", "d"], [-0.5, -0.125]), (2, 2))},
    {"prompt": [1, 2], "completion": [3, 4], "logprobs": [-0.5, -0.125]},
    source("openai", tokens="request", split="request", first=2))
# Without counts nothing tells what was generated.
valid("openai_generated_not_told", {"prompt_length": 1, "outputs": completion(arrays(list("abc"), [None, -1, -2]))},
      {"prompt_length": 1, "logprobs": [None, -1, -2]}, source("openai", tokens=None, split="request"),
      [("generated_untold", "/outputs/choices/0/logprobs/token_logprobs/0", 1)])
invalid("openai_drop_not_told", {"prompt_length": 1, "generated": "drop", "outputs": completion(
    arrays(list("abc"), [None, -1, -2]))}, 422, "out_of_range", "/generated")
invalid("openai_out_of_order", {"outputs": {"choices": [{"text": "", "logprobs": {
    "tokens": list("abc"), "token_logprobs": [None, -1, -2], "text_offset": [0, 2, 1]}}]}}, 422, "bad_outputs",
        "/outputs/choices/0/logprobs/token_logprobs/2")
invalid("openai_list_of_one", {"outputs": [completion(arrays(list("abc"), [None, -1, -2]))], "sequences": [{}, {}]}, 422,
        "bad_count", "/outputs")
valid("openai_token_ids", {"outputs": completion(arrays(["token_id:7", "token_id:11", "token_id:13"],
                                                        [None, -0.7, -0.4]), (1, 2))},
      {"tokens": [7, 11, 13], "prompt_length": 1, "logprobs": [None, -0.7, -0.4]}, source("openai"))
valid("openai_all_prompt", {"outputs": completion(arrays(["a", "b"], [None, -2]), (2, 0))},
      {"logprobs": [None, -2], "objectives": ["joint"], "unsplit": True}, source("openai", tokens=None, split=None))
valid("openai_lost_texts", {"outputs": completion(arrays(
    ["a", "b", "c"], [None, -2, -1], [None, {"b": -2, "x": -0.5, "y": -3}, {"c": -4}]), (1, 2))},
    {"prompt_length": 1, "logprobs": [None, -2, -1]}, source("openai", tokens=None),
    [("truncated_top", "/outputs/choices/0/logprobs/token_logprobs/1", 1),
     ("duplicate_text", "/outputs/choices/0/logprobs/token_logprobs/2", 2)], [None, False, True])
# The most likely of many stands last.
valid("openai_many_listed", {"outputs": completion(arrays(
    ["x", "a"], [None, -2], [None, {**{c: -2 - i / 4 for i, c in enumerate("abcdefghijkl")}, "z": -1}]), (1, 1))},
    {"prompt_length": 1, "logprobs": [None, -2]}, source("openai", tokens=None),
    [("truncated_top", "/outputs/choices/0/logprobs/token_logprobs/1", 1)], [None, False])
valid("openai_sentinel", {"outputs": completion(arrays(["a", "b"], [None, -9999.0]), (1, 1))},
      {"prompt_length": 1, "logprobs": [None, -9999]}, source("openai", tokens=None),
      [("sentinel", "/outputs/choices/0/logprobs/token_logprobs/1", 1)])
valid("openai_above_zero", {"outputs": completion(arrays(["a", "b", "c"], [None, 0.00390625, -1]), (1, 2))},
      {"prompt_length": 1, "logprobs": [None, 0.00390625, -1]}, source("openai", tokens=None),
      [("above_zero", "/outputs/choices/0/logprobs/token_logprobs/1", 1)])
valid("openai_infinite", {"outputs": completion(arrays(["a", "b", "c"], [None, -INF, -1]), (1, 2))},
      {"prompt_length": 1, "logprobs": [None, "-Infinity", -1]}, source("openai", tokens=None))
valid("openai_infinite_texts", {"outputs": completion(arrays(["a", "b", "c"], [None, "-Infinity", -1]), (1, 2))},
      {"prompt_length": 1, "logprobs": [None, "-Infinity", -1]}, source("openai", tokens=None))
valid("openai_overflow", '{"outputs":{"choices":[{"logprobs":{"tokens":["a","b","c"],'
      '"token_logprobs":[null,-1e400,-1]}}],"seed":18446744073709551615,"usage":{"prompt_tokens":1}}}',
      {"prompt_length": 1, "logprobs": [None, "-Infinity", -1]}, source("openai", tokens=None))
valid("openai_nan_unasked", {"tokens": [1, 2, 3], "prompt_length": 2, "objectives": ["conditional"],
                             "outputs": completion(arrays(["a", "b", "c"], [None, NAN, -1]))},
      {"tokens": [1, 2, 3], "prompt_length": 2, "objectives": ["conditional"], "logprobs": [None, None, -1]},
      source("openai", tokens="request", split="request"),
      [("null", "/outputs/choices/0/logprobs/token_logprobs/1", 1)])
valid("openai_null_unasked", {"tokens": [1, 2, 3, 4], "prompt_length": 3, "objectives": ["conditional"],
                              "outputs": completion(arrays(list("abcd"), [None, -1, None, -1]))},
      {"tokens": [1, 2, 3, 4], "prompt_length": 3, "objectives": ["conditional"], "logprobs": [None, None, None, -1],
       "known": {1: -1}},
      source("openai", tokens="request", split="request"),
      [("null", "/outputs/choices/0/logprobs/token_logprobs/2", 1)])
valid("openai_zeros", {"outputs": completion(arrays(list("abc"), [None, 0.0, 0.0]), (1, 2))},
      {"prompt_length": 1, "logprobs": [None, 0, 0]}, source("openai", tokens=None),
      [("all_zero", "/outputs/choices/0/logprobs/token_logprobs/2", 1)])
valid("openai_one_zero", {"outputs": completion(arrays(list("ab"), [None, 0.0]), (1, 1))},
      {"prompt_length": 1, "logprobs": [None, 0]}, source("openai", tokens=None),
      [("all_zero", "/outputs/choices/0/logprobs/token_logprobs/1", 1)])
valid("openai_mask", {"mask": [0, 1, 0, 1], "outputs": completion(arrays(list("abcd"), [None, -1, -2, -3]), (4, 0))},
      {"tokens": [0, 0, 0, 0], "mask": [0, 1, 0, 1], "logprobs": [None, -1, -2, -3], "hide": True},
      source("openai", tokens=None, split="request"))
TWO = {"choices": [{"index": 1, "text": "", "logprobs": arrays(["c", "d"], [None, -4])},
                   {"index": 0, "text": "", "logprobs": arrays(["a", "b"], [None, -2])}]}
valid("openai_dealt", {"outputs": TWO, "sequences": [{"tokens": [1, 2], "prompt_length": 1}, {"tokens": [3, 4], "prompt_length": 1}]},
      [{"tokens": [1, 2], "prompt_length": 1, "logprobs": [None, -2]},
       {"tokens": [3, 4], "prompt_length": 1, "logprobs": [None, -4]}],
      [source("openai", tokens="request", split="request"),
       source("openai", tokens="request", split="request", answer=1)], [[], []], [None, None])
valid("openai_as_many_sequences", {"prompt_length": 1, "outputs": TWO},
      [{"prompt_length": 1, "logprobs": [None, -2]}, {"prompt_length": 1, "logprobs": [None, -4]}],
      [source("openai", tokens=None, split="request"), source("openai", tokens=None, split="request", answer=1)],
      [[], []], [None, None])
# What usage tells is the sum of all answers, and tells nothing of one.
valid("openai_usage_of_all", {"prompt_length": 1, "outputs": {**TWO, "usage": {"prompt_tokens": 2, "completion_tokens": 2}}},
      [{"prompt_length": 1, "logprobs": [None, -2]}, {"prompt_length": 1, "logprobs": [None, -4]}],
      [source("openai", tokens=None, split="request"), source("openai", tokens=None, split="request", answer=1)],
      [[], []], [None, None])
valid("openai_one_for_all", {"outputs": completion(arrays(list("abc"), [None, -1, -2]), (3, 0)), "sequences": [
    {"prompt_length": 1}, {"prompt_length": 2}]},
    [{"prompt_length": 1, "logprobs": [None, -1, -2]}, {"prompt_length": 2, "logprobs": [None, -1, -2]}],
    [source("openai", tokens=None, split="request")] * 2, [[], []], [None, None])
valid("openai_one_of_several", {"tokens": [7, 8], "prompt_length": 1, "outputs": {"choices": [TWO["choices"][0]]}},
      {"tokens": [7, 8], "prompt_length": 1, "logprobs": [None, -4]}, source("openai", tokens="request", split="request"))
valid("openai_list", {"prompt_length": 1, "outputs": [completion(arrays(["a", "b"], [None, -2]), (2, 0)),
                                                    completion(arrays(["c", "d"], [None, -4]), (2, 0))]},
      [{"prompt_length": 1, "logprobs": [None, -2]}, {"prompt_length": 1, "logprobs": [None, -4]}],
      [source("openai", tokens=None, split="request"), source("openai", tokens=None, split="request", answer=1)],
      [[], []], [None, None])
valid("openai_own", {"sequences": [{"outputs": completion(arrays(["a", "b"], [None, -2]), (1, 1))},
                                   {"tokens": [0, 1], "prompt_length": 1, "logprobs": [None, -1]}]},
      [{"prompt_length": 1, "logprobs": [None, -2]}, {"tokens": [0, 1], "prompt_length": 1, "logprobs": [None, -1]}],
      [source("openai", tokens=None), None], [[], None], [None, None])
valid("openai_nan_first", {"outputs": completion(arrays(list("abc"), [NAN, -1, -2]), (2, 1))},
      {"prompt_length": 2, "logprobs": [None, -1, -2]}, source("openai", tokens=None))
# Texts that jansson does not take: a NUL, halves of surrogate pairs, whole pairs beside them.
valid("openai_texts_mended", {"outputs": completion(arrays(["x", "\0", "\ud83d", "\ude00\U0001f600"], [None, -1, -2, -3], [
    None, {"\0": -1, "y": -0.5}, {"\ud83d": -2, "\ufffd": -3, "\ud83e": -4}, {"\ude00\U0001f600": -3, "\\u0000": -4}]), (1, 3))},
      {"prompt_length": 1, "logprobs": [None, -1, -2, -3]}, source("openai", tokens=None),
      [("truncated_top", "/outputs/choices/0/logprobs/token_logprobs/1", 3)], [None, False, True, True])
# A name that is mended to one that is there, too.
invalid("openai_texts_meet", {"outputs": completion(arrays(["x", "y"], [None, -1], [None, {"\ue600": -1, "\ude00": -2}]))},
        400, "duplicate_name", None)
invalid("openai_nan_second", {"prompt_length": 1, "outputs": completion(arrays(list("abc"), [NAN, NAN, -1]))},
        422, "out_of_range", "/outputs/choices/0/logprobs/token_logprobs/1")
invalid("openai_without_logprobs", {"format": "openai", "outputs": completion(None)}, 422, "bad_outputs",
        "/outputs/choices/0")
invalid("openai_null_asked", {"prompt_length": 1, "outputs": completion(arrays(list("abc"), [None, -1, None]))},
        422, "bad_outputs", "/outputs/choices/0/logprobs/token_logprobs/2")
invalid("openai_nan_asked", {"prompt_length": 1, "outputs": completion(arrays(list("abc"), [None, NAN, -1]))},
        422, "out_of_range", "/outputs/choices/0/logprobs/token_logprobs/1")
invalid("openai_above", {"prompt_length": 1, "outputs": completion(arrays(list("ab"), [None, 0.02]))},
        422, "out_of_range", "/outputs/choices/0/logprobs/token_logprobs/1")
invalid("openai_plus_infinity", {"prompt_length": 1, "outputs": completion(arrays(list("ab"), [None, INF]))},
        422, "out_of_range", "/outputs/choices/0/logprobs/token_logprobs/1")
invalid("openai_text_number", {"prompt_length": 1, "outputs": completion(arrays(list("ab"), [None, "low"]))},
        400, "bad_shape", "/outputs/choices/0/logprobs/token_logprobs/1")
invalid("openai_count", {"tokens": [1, 2], "outputs": completion(arrays(list("abcd"), [None, -1, -2, -3]))},
        422, "bad_count", "/outputs/choices/0")
invalid("openai_arrays_disagree", {"outputs": completion(arrays(list("abc"), [None, -1]))}, 422, "bad_count",
        "/outputs/choices/0")
invalid("openai_ids_differ", {"tokens": [7, 12], "outputs": completion(arrays(["token_id:7", "token_id:11"], [None, -1]))},
        422, "out_of_range", "/tokens/1")
invalid("openai_joint_of_generated", {"prompt": [1], "completion": [2], "objectives": ["joint"],
                                      "outputs": completion(arrays(["b"], [-1]))}, 422, "undefined_objective",
        "/objectives/0")
invalid("openai_prompt_length", {"prompt_length": 2, "outputs": completion(arrays(["b"], [-1]))}, 422, "out_of_range",
        "/prompt_length")
invalid("openai_split_count", {"tokens": [1, 2, 3], "prompt_length": 1, "outputs": completion(arrays(["b"], [-1]))}, 422,
        "bad_count", "/outputs/choices/0")
# Generated tokens alone stand behind the prompt, as long as the answer says it was.
invalid("openai_one_more_generated", {"tokens": [5, 6, 7, 8], "prompt_length": 3, "outputs": completion(
    arrays([" x"], [-0.25]), (4, 1))}, 422, "not_of_the_prompt", "/outputs/choices/0")
invalid("openai_generated_as_all", {"tokens": [7, 8], "prompt_length": 1, "outputs": completion(
    arrays(["a", "b"], [-0.5, -0.25]), (2, 2))}, 422, "not_of_the_prompt", "/outputs/choices/0")
invalid("openai_generated_untold", {"tokens": [7, 8], "prompt_length": 1, "outputs": completion(
    arrays(["a", "b"], [-0.5, -0.25]))}, 422, "bad_count", "/outputs/choices/0")
valid("openai_echo_first_known", {"tokens": [7, 8], "outputs": completion(arrays(["a", "b"], [-0.5, -0.25]), (1, 1))},
      {"tokens": [7, 8], "prompt_length": 1, "logprobs": [-0.5, -0.25]}, source("openai", tokens="request"))
valid("openai_echo_usage_of_prompt", {"tokens": [7, 8], "outputs": {**completion(arrays(["a", "b"], [-0.5, -0.25])),
                                                                  "usage": {"prompt_tokens": 2}}},
      {"tokens": [7, 8], "logprobs": [-0.5, -0.25]}, source("openai", tokens="request", split=None))
valid("openai_texts_like_ids", {"outputs": completion(arrays(["token_id:7", "token_id:8x"], [None, -1]), (1, 1))},
      {"prompt_length": 1, "logprobs": [None, -1]}, source("openai", tokens=None))
# Generated tokens whose first one has none are no prompt, as usage tells.
for name, none in [("null", None), ("nan", NAN)]:
    place = "/outputs/choices/0/logprobs/token_logprobs/0"
    invalid("openai_generated_%s_first" % name, {"outputs": completion(arrays(list("de"), [none, -1]), (3, 2))}, 422,
            "bad_outputs" if none is None else "out_of_range", place)
    invalid("openai_generated_%s_as_many" % name, {"tokens": [5, 6, 7, 8], "prompt_length": 2, "outputs": completion(
        arrays(list("cd"), [none, -1]), (2, 2))}, 422, "bad_outputs" if none is None else "out_of_range", place)
    valid("openai_generated_%s_unasked" % name, {"tokens": [5, 6, 7, 8, 9], "mask": [0, 0, 0, 0, 1], "objectives": ["conditional"],
                                                "outputs": completion(arrays(list("de"), [none, -1]), (3, 2))},
          {"tokens": [5, 6, 7, 8, 9], "mask": [0, 0, 0, 0, 1], "objectives": ["conditional"], "logprobs": [None, None, None, None, -1]},
          source("openai", tokens="request", split="request", first=3), [("null", place, 1)])
invalid("openai_generated_null_as_all", {"tokens": [8, 9], "prompt_length": 1, "outputs": completion(
    arrays(list("de"), [None, -1]), (3, 2))}, 422, "not_of_the_prompt", "/outputs/choices/0")
# An echo alone, of which some servers say that one token was made all the same.
valid("openai_echo_none_made", {"tokens": [5, 6, 7], "prompt_length": 1, "outputs": completion(
    arrays(list("abc"), [None, -1, -2]), (3, 1), text="abc")}, {"tokens": [5, 6, 7], "prompt_length": 1, "logprobs": [None, -1, -2]},
    source("openai", tokens="request", split="request"))
# ... where the text shows that no token is missing.
invalid("openai_echo_entry_lost", {"tokens": [5, 6, 7], "prompt_length": 1, "outputs": completion(
    arrays(list("acd"), [None, -1, -2]), (3, 1), text="abcd")}, 422, "bad_count", "/outputs/choices/0")
invalid("openai_too_few_sequences", {"outputs": {"choices": [TWO["choices"][0]] * 3}, "sequences": [{}, {}]}, 422,
        "bad_count", "/outputs")
invalid("openai_several_for_one", {"sequences": [{"outputs": TWO}]}, 422, "bad_count", "/sequences/0/outputs")
invalid("openai_duplicate_key", '{"outputs":{"choices":[{"logprobs":{"tokens":["a"],"token_logprobs":[null],'
        '"top_logprobs":[{"a":-1,"a":-2}]}}]}}', 400, "duplicate_name", None)
invalid("openai_temperature", {"temperature": 2, "outputs": completion(ECHO, (2, 2))}, 422, "needs_logits", "/temperature")
invalid("openai_rank", {"details": ["rank"], "outputs": completion(ECHO, (2, 2))}, 422, "needs_logits", "/details/0")
invalid("openai_labels", {"labels": [-100, 1], "outputs": completion(arrays(list("ab"), [None, -1]))}, 400,
        "missing_member", "/tokens")

# ---- chat ----

# An entry lost, which only the text tells, or the offsets.
valid("chat_text_tells_more", {"outputs": content(piece(" a", -1), piece(" c", -3), message={"content": " a b c"})},
      {"logprobs": [-1, -3], "objectives": ["conditional"]}, source("openai_chat", tokens=None),
      [("text_not_listed", "/outputs/choices/0/logprobs/content/1/logprob", 1)])
valid("openai_offsets_tell_more", {"outputs": {"choices": [{"text": "", "logprobs": {
    "tokens": [" a", " c"], "token_logprobs": [-1, -3], "text_offset": [0, 4]}}], "usage": {"prompt_tokens": 5, "completion_tokens": 2}}},
      {"logprobs": [-1, -3], "objectives": ["conditional"]}, source("openai", tokens=None),
      [("text_not_listed", "/outputs/choices/0/logprobs/token_logprobs/1", 1)])
# A text of reasoning whose tokens are not listed, and in no count.
valid("chat_reasoning_not_listed", {"outputs": content(piece("4", -0.5), message={"content": "4", "reasoning_content": "hm"})},
      {"logprobs": [-0.5], "objectives": ["conditional"]}, source("openai_chat", tokens=None),
      [("generated_left_out", "/outputs/choices/0/logprobs/content/0/logprob", 1)])
invalid("chat_top_without_number", {"outputs": content({**piece("a", -1), "top_logprobs": [{"token": "a", "logprob": -1}, {"token": "b"}]})},
        422, "bad_outputs", "/outputs/choices/0/logprobs/content/0/logprob")
invalid("chat_top_contradicts_infinity", {"outputs": content(piece("a", -INF, ("a", -3), ("b", -0.5)))}, 422, "bad_outputs",
        "/outputs/choices/0/logprobs/content/0/logprob")
invalid("chat_top_above", {"outputs": content(piece("a", -1, ("a", -1), ("b", 5)))}, 422, "out_of_range",
        "/outputs/choices/0/logprobs/content/0/logprob")
valid("chat_not_in_top", {"outputs": content(piece("a", -0.25, ("b", -1.5), ("c", -2.5)))},
      {"logprobs": [-0.25], "objectives": ["conditional"]}, source("openai_chat", tokens=None),
      [("truncated_top", "/outputs/choices/0/logprobs/content/0/logprob", 1),
       ("not_in_top", "/outputs/choices/0/logprobs/content/0/logprob", 1)], [True])

CHAT = content(piece("The", -0.0193302184343338, ("The", -0.0193302184343338), ("Albert", -4.769330024719238)),
               piece(" end", -2.5, ("!", -0.5), (" end", -2.5)))
valid("chat", {"outputs": CHAT}, {"logprobs": [-0.0193302184343338, -2.5], "objectives": ["conditional"]},
      source("openai_chat", tokens=None),
      [("truncated_top", "/outputs/choices/0/logprobs/content/0/logprob", 2)], [True, False])
valid("chat_tokens", {"tokens": [9, 8, 7], "outputs": CHAT},
      {"tokens": [9, 8, 7], "prompt_length": 1, "logprobs": [-0.0193302184343338, -2.5]},
      source("openai_chat", tokens="request", first=1),
      [("truncated_top", "/outputs/choices/0/logprobs/content/0/logprob", 2)], [None, True, False])
valid("chat_ids", {"outputs": content(piece("a", -1, id=4), piece("b", -2, id=5))},
      {"tokens": [4, 5], "prompt_length": 0, "logprobs": [-1, -2], "objectives": ["conditional"]}, source("openai_chat"))
valid("chat_token_ids", {"tokens": [1, 7, 11], "outputs": content(
    piece("token_id:7", -0.5, ("token_id:7", -0.5), ("token_id:9", -2)), piece("token_id:11", -1))},
    {"tokens": [1, 7, 11], "prompt_length": 1, "logprobs": [-0.5, -1], "objectives": ["conditional"]},
    source("openai_chat", tokens="request", first=1),
    [("truncated_top", "/outputs/choices/0/logprobs/content/0/logprob", 1)], [None, True, None])
valid("chat_token_ids_alone", {"outputs": content(piece("token_id:7", -0.5), piece("token_id:11", -1))},
      {"tokens": [7, 11], "prompt_length": 0, "logprobs": [-0.5, -1], "objectives": ["conditional"]}, source("openai_chat"))
invalid("chat_token_ids_differ", {"tokens": [1, 8], "outputs": content(piece("token_id:7", -0.5))}, 422, "out_of_range",
        "/tokens/1")
valid("chat_sentinel", {"outputs": content(piece("a", -9999.0, ("b", -0.5)))},
      {"logprobs": [-9999], "objectives": ["conditional"]}, source("openai_chat", tokens=None),
      [("sentinel", "/outputs/choices/0/logprobs/content/0/logprob", 1)], [False])
valid("chat_same_texts", {"outputs": content(piece("\ufffd", -1, ("\ufffd", -1), ("\ufffd", -2)))},
      {"logprobs": [-1], "objectives": ["conditional"]}, source("openai_chat", tokens=None),
      [("truncated_top", "/outputs/choices/0/logprobs/content/0/logprob", 1),
       ("duplicate_text", "/outputs/choices/0/logprobs/content/0/logprob", 1)], [True])
invalid("chat_without_logprobs", {"format": "openai_chat", "outputs": {"choices": [{"message": {}, "logprobs": None}]}},
        422, "bad_outputs", "/outputs/choices/0")
invalid("chat_marginal", {"tokens": [9, 8, 7], "prompt_length": 1, "objectives": ["marginal"], "outputs": CHAT}, 422,
        "undefined_objective", "/objectives/0")
invalid("chat_null", {"outputs": content(piece("a", None))}, 422, "bad_outputs",
        "/outputs/choices/0/logprobs/content/0/logprob")
invalid("chat_entry", {"outputs": content(7)}, 400, "bad_shape", "/outputs/choices/0/logprobs/content/0/logprob")
