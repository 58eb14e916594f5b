"""What results are: dataclasses, rows, DataFrames, a heat map; numbers are floats with the bits that were sent."""
import copy
import dataclasses
import html.parser
import json
import math
import pickle
import re
import unittest

from support import TOKENS, Running, logitd, pandas, rows


class Names(html.parser.HTMLParser):
    """The tags of a text, and whether each is closed."""

    def __init__(self, text):
        super().__init__()
        self.seen, self.open, self.titles, self.texts = set(), [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.titles += [value for name, value in attrs if name == "title"]
        if tag not in ("wbr", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.texts.append(data)


class Results(Running, unittest.TestCase):
    def score(self, **options):
        return self.client.score(TOKENS, rows(), 2, **options)

    def test_dataclasses(self):
        score = self.score()
        for value in (score, score.conditional, score.totals):
            self.assertTrue(dataclasses.is_dataclass(value))
        self.assertEqual(score.conditional, score.objectives["conditional"])
        self.assertEqual(score.to_dict()["objectives"]["joint"]["log_prob"], score.joint.log_prob)
        self.assertEqual(score.totals.joint.tokens, 4)
        json.dumps(score.to_dict())

    def results(self):
        """One of each kind."""
        scores = self.client.score([TOKENS, TOKENS], [rows(), rows()], 2)
        side = {"policy": {"log_prob": -1}, "reference": {"log_prob": -2}}
        question = {"prompt": [1], "choices": [{"completion": [2], "logits": rows(2)}]}
        yield from (scores, scores[0], scores.totals, scores[0].joint, self.client.rank(question),
                    self.client.compare(TOKENS, rows(), rows(), 2), self.client.completions(TOKENS, rows()),
                    self.client.policy(current=[[-1]], old=[[-2]], advantages=[1], objectives=["grpo"]),
                    self.client.preference([{"chosen": side, "rejected": side}]))

    def test_what_all_results_can_do(self):
        for result in self.results():
            with self.subTest(type(result).__name__):
                self.assertEqual(pickle.loads(pickle.dumps(result)), result)
                self.assertEqual(copy.deepcopy(result), result)
                self.assertLess(len(repr(result)), 250)
                self.assertEqual(Names(result._repr_html_()).open, [])
                self.assertTrue(result.to_rows() and all(type(row) is dict for row in result.to_rows()))
                self.assertEqual(json.loads(json.dumps(result.to_dict())), result.to_dict())

    def test_to_dict_is_the_callers_own(self):
        """A plain dict, and what is done to it is not done to the result."""

        def check(value):
            self.assertIn(type(value), (dict, list, str, int, float, bool, type(None)))
            for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
                check(item)

        for result in self.results():
            before = repr(result.to_dict())
            check(result.to_dict())
            result.to_dict().clear()
            self.assertEqual(repr(result.to_dict()), before)

    def test_numbers_are_floats(self):
        score = self.client.score([1, 2, 3], logprobs=[None, -1, -2], prompt_length=1)
        self.assertEqual([type(value) for value in score.log_probs], [type(None), float, float])
        for name in ("log_prob", "loss", "loss_sum", "weight", "perplexity"):
            self.assertIs(type(getattr(score.conditional, name)), float, name)
        self.assertIs(type(score.conditional.tokens), int)
        self.assertEqual(score.conditional.token_loss, [0.0, 1.0, 2.0])

    def test_the_bits_that_were_sent(self):
        """Each number of an answer is the double that its text is."""
        body = self.client._request("POST", "/v1/score", logitd._Writer().body({"tokens": TOKENS, "logits": rows()}))
        wanted = [float(text) for text in json.loads(re.sub(rb'"log_prob":\[null,([^]]*)\]', rb'"log_prob":["\1"]', body))
                  ["sequences"][0]["tokens"]["log_prob"][0].split(",")]
        self.assertEqual(self.score().log_probs[1:], wanted)

    def test_infinities(self):
        score = self.client.score([1, 2], [[-math.inf, 0, -math.inf]], 1)
        self.assertEqual((score.conditional.log_prob, score.conditional.loss), (-math.inf, math.inf))
        self.assertEqual(score.to_rows()[1]["probability"], 0)
        named = self.client.score([1, 2], logprobs=[None, -math.inf], id="-Infinity")
        self.assertEqual((named.id, named.log_probs[1]), ("-Infinity", -math.inf))

    def test_more_members(self):
        score = self.score(text="abcdef", temperature=[1, 2], measures={"min_k": [0.5]},
                           details=["rank", "entropy", "top:2", "kept"], candidates=[1, 2])
        self.assertEqual(score.joint.characters, 6)
        self.assertIs(type(score.joint.byte_perplexity), float)
        self.assertEqual(score.conditional.by_temperature[1].temperature, 2.0)
        self.assertEqual(len(score.conditional.measures.min_k), 1)
        row = score.to_rows()[3]
        self.assertEqual([type(value) for value in row["top"][0]], [int, float])
        self.assertEqual([type(value) for value in row["candidates"][1]], [int, float, int])
        self.assertIs(type(row["rank"]), int)
        self.assertTrue(set(row) >= {"position", "id", "completion", "log_prob", "probability", "entropy", "kept"})

    def test_what_is_not_there(self):
        score = self.client.score(TOKENS, rows(), per_token=False)
        self.assertEqual((score.to_rows(), score.log_probs), ([], []))
        for name in ("conditional", "nothing"):
            with self.assertRaises(AttributeError):
                getattr(score, name)
        with self.assertRaisesRegex(AttributeError, "prompt_length="):
            getattr(score, "marginal")
        with self.assertRaisesRegex(AttributeError, "there are: log_prob"):
            getattr(logitd.Record(log_prob=1), "logprob")

    def test_documents_of_a_pack(self):
        scores = self.client.score(TOKENS, rows(), [1, 2], cu_seqlens=[0, 2, 5])
        self.assertEqual([(score.data.document, score.completion) for score in scores], [(0, None), (1, None)])

    @unittest.skipUnless(pandas, "pandas is not installed")
    def test_pandas(self):
        frame = self.score().to_pandas()
        self.assertEqual((len(frame), list(frame["id"])), (5, TOKENS))
        frame = self.client.score([[1, 2], [3, 4]], logprobs=[[None, -1], [None, -2]]).to_pandas()
        self.assertEqual(list(frame["sequence"]), [0, 0, 1, 1])

    def test_no_pandas(self):
        saved, logitd._module = logitd._module, lambda name: None
        try:
            with self.assertRaisesRegex(ImportError, "to_rows gives the same"):
                self.score().to_pandas()
        finally:
            logitd._module = saved


class Notebook(Running, unittest.TestCase):
    def test_tokens(self):
        texts = ["<script>alert(1)</script>", "\n", "\t\"'", " a", ""]
        shown = self.client.score(TOKENS, rows(), 2, token_texts=texts)._repr_html_()
        seen = Names(shown)
        self.assertEqual(seen.open, [])
        self.assertFalse(seen.seen & {"script", "style", "link", "img"})
        self.assertNotIn("http", shown)  # nothing comes from elsewhere
        self.assertIn("<script>alert(1)</script>", "".join(seen.texts))
        for visible in ("\u21b5", "\u21e5", "\u00b7a", "\u2205"):
            self.assertIn(visible, "".join(seen.texts))
        self.assertEqual(len(seen.titles), 5)
        self.assertIn("probability", seen.titles[1])

    def test_colours(self):
        """Nothing sets the colour of the text, and backgrounds let that of the page through: light or dark."""
        shown = self.client.score([0, 1, 2], logprobs=[None, 0, -9], prompt_length=1)._repr_html_()
        self.assertEqual(set(re.findall(r"[;'\"]color:(\w+)", shown)), {"inherit"})
        strengths = [float(found) for found in re.findall(r"title=[^>]*rgba\(213,94,0,([\d.]+)\)", shown)]
        self.assertEqual(strengths[0], 0)
        self.assertTrue(.6 < strengths[1] <= .65)

    def test_texts_by_a_function(self):
        score = self.client.score(TOKENS, rows(), token_texts=lambda ids: [f"<{i}>" for i in ids])
        self.assertEqual(score.to_rows()[0]["text"], "<1>")
        with self.assertRaisesRegex(ValueError, "2 texts for 5 tokens"):
            self.client.score(TOKENS, rows(), token_texts=["a", "b"])
        with self.assertRaisesRegex(ValueError, "1 texts for 5 tokens"):
            self.client.score(TOKENS, rows(), token_texts=lambda ids: ["a"])
        with self.assertRaisesRegex(TypeError, "one text for all tokens"):
            self.client.score(TOKENS, rows(), token_texts=lambda ids: "abcde")

    def test_pieces_of_tokenizers_are_read(self):
        """As convert_ids_to_tokens gives them; the result keeps them as they are."""
        cases = [(["Once", "\u0120upon", "\u010a", "\u00c3\u00b1", "\u00f0\u0141\u013b"],
                  ["Once", "\u00b7upon", "\u21b5\n", "\u00f1", "\\xf0\\x9f\\x99"]),
                 (["\u2581Once", "\u2581", "upon", "\u00f1", "<0x0A>"], ["\u00b7Once", "\u00b7", "upon", "\u00f1", "<0x0A>"]),
                 (["A", " \u0120g", "wien", "!", "\u00c3\u00b1"], ["A", "\u00b7\u0120g", "wien", "!", "\u00c3\u00b1"])]  # texts
        for pieces, texts in cases:
            score = self.client.score(TOKENS, rows(), token_texts=pieces)
            shown = "".join(Names(score._repr_html_()).texts)
            self.assertIn("".join(texts), shown)
            self.assertEqual(score.texts, pieces)

    def test_control_characters_are_seen(self):
        texts = ["\x00", "\x1b[31m", "\u202eabc", "a\u00a0b", "\u200b"]
        shown = self.client.score(TOKENS, rows(), token_texts=texts)._repr_html_()
        for letter in "\x00\x1b\u202e\u00a0\u200b":
            self.assertNotIn(letter, shown)
            self.assertIn(f"\\u{ord(letter):04x}", shown)

    def test_many_and_batches(self):
        score = self.client.score(list(range(3000)), logprobs=[None] + [-1] * 2999)
        self.assertIn("1000 more tokens", score._repr_html_())
        scores = self.client.score([[1, 2]] * 25, logprobs=[[None, -1]] * 25)
        self.assertIn("5 more sequences", scores._repr_html_())
        self.assertEqual(Names(scores._repr_html_()).open, [])

    def test_warnings_are_shown(self):
        score = self.client.score([9, 1, 2], logprobs=[None, None, -1], prompt_length=1, attention_mask=[0, 1, 1])
        self.assertIn("prompt_length_of_tokens", score._repr_html_())
        self.assertTrue(repr(score).endswith(", 1 warning>"))


class Members(Running, unittest.TestCase):
    """The members that are whole numbers are those that /openapi.json tells."""

    def kinds(self, schema):
        """The names of the types that a value may have, also within lists."""
        if "$ref" in schema:
            return {schema["$ref"].rsplit("/", 1)[1]}
        kinds = schema.get("type", [])
        found = {kinds} if isinstance(kinds, str) else set(kinds)
        for part in [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *filter(None, [schema.get("items")])]:
            found |= self.kinds(part) if isinstance(part, dict) else set()
        return found

    def reached(self, schemas, name, seen):
        if name in seen or name not in schemas:
            return
        seen.add(name)
        for found in re.findall(r'"#/components/schemas/(\w+)"', json.dumps(schemas[name])):
            self.reached(schemas, found, seen)

    def test_integers(self):
        schemas = json.loads(self.client._request("GET", "/openapi.json", None))["components"]["schemas"]
        seen = set()
        for answer in ("ScoreAnswer", "RankAnswer", "CompareAnswer", "PolicyAnswer", "PreferenceAnswer", "Completion"):
            self.reached(schemas, answer, seen)
        self.assertGreater(len(seen), 40)
        for name in seen - {"BestChoices"}:
            for member, schema in schemas[name].get("properties", {}).items():
                kinds = self.kinds(schema)
                if kinds & {"number", "Number"} and member not in logitd._PAIRS:
                    self.assertTrue(member not in logitd._INTEGERS or (name, member) == ("RunningMean", "count"),
                                    (name, member))
                elif "integer" in kinds:
                    self.assertIn(member, logitd._INTEGERS, name)


if __name__ == "__main__":
    unittest.main()
