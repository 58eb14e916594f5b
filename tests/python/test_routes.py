"""The other routes, and many requests."""
import unittest

from support import PROGRAM, TOKENS, Running, logitd, numpy, rows, torch


def arrays():
    """The same rows as each kind of array that is there."""
    yield rows(3)
    if numpy:
        yield numpy.array(rows(3), "float16")
    if torch:
        yield torch.tensor(rows(3)).bfloat16()


class Routes(Running, unittest.TestCase):
    def test_rank(self):
        wanted = self.client.score([1, 2, 3], rows(3), 2).conditional.log_prob
        for logits in arrays():
            question = {"prompt": [1, 2], "gold": 0, "logits": logits, "choices": [{"completion": [3]}, {"completion": [4]}]}
            ranking = self.client.rank([question, question], calibration={"bins": 2})
            self.assertEqual(ranking.questions[0].choices[0].log_prob, wanted)
            self.assertEqual(ranking.totals.acc.questions, 2)
            best = ranking.questions[0].best.log_prob
            self.assertEqual([row["best"] for row in ranking.to_rows()], [best == 0, best == 1] * 2)
            self.assertEqual(self.client.rank(question).questions[0].choices, ranking.questions[0].choices)

    def test_rank_of_two_models(self):
        models = [{"logits": rows(3)}, {"logits": rows(3), "temperature": 2}]
        ranking = self.client.rank({"prompt": [1, 2], "models": models, "gold": 1,
                                    "choices": [{"completion": [3]}, {"completion": [4]}]})
        self.assertEqual([row["model"] for row in ranking.to_rows()], ["a", "a", "b", "b"])

    def test_compare(self):
        for logits in arrays():
            comparison = self.client.compare([1, 2, 3], logits, {"model": "b", "logits": logits, "temperature": 2}, 1)
            a, b = (self.client.score([1, 2, 3], logits, 1, temperature=heat).conditional.log_prob for heat in (1, 2))
            contrast = comparison.totals.objectives.conditional
            self.assertEqual((contrast.a.log_prob, contrast.b.log_prob), (a, b))
            self.assertEqual([row["id"] for row in comparison.to_rows()], [1, 2, 3])
        self.assertEqual(len(self.client.compare([1, 2, 3], rows(3), rows(3), 1, per_token=False).to_rows()), 3)

    def test_compare_a_batch(self):
        ids, labels, mask = [[0, 1, 2], [3, 4, 5]], [[-100, -100, 2], [-100, 4, 5]], [[0, 1, 1], [1, 1, 1]]
        comparison = self.client.compare(ids, [rows(3)] * 2, [rows(3)] * 2, labels=labels, attention_mask=mask)
        self.assertEqual([pair.tokens.id for pair in comparison.sequences], [[1, 2], [3, 4, 5]])
        self.assertEqual(comparison.totals.objectives.conditional.difference, 0.0)
        with self.assertRaisesRegex(ValueError, "two models"):
            self.client.compare(ids, [rows(3)] * 2)

    def test_policy(self):
        sequences = [{"prompt": [1, 2], "completion": [3], "advantages": 0.5, "current": {"logits": rows(3)},
                      "old": {"logprobs": [-1]}}]
        wanted = self.client.score([1, 2, 3], rows(3), 2).conditional.log_prob + 1
        answer = self.client.policy(sequences, objectives=["grpo"])
        self.assertAlmostEqual(answer.totals.ratios.current_old.log_ratio.mean, wanted, delta=1e-14)
        self.assertEqual(answer.to_rows()[0]["objectives"[:-1]], "grpo")
        self.assertEqual(self.client.policy(sequences).to_rows()[0]["ratio"], "current_old")

    def test_policy_of_arrays(self):
        current, old, mask = [[-0.5, -1, -9], [-2, -3, -4]], [[-1, -1, -1], [-2, -2, -2]], [[1, 1, 0], [1, 1, 1]]
        wanted = self.client.policy([
            {"mask": m, "advantages": a, "current": {"logprobs": c}, "old": {"logprobs": o}}
            for m, a, c, o in zip(mask, (1, -1), current, old)], objectives=["grpo"])
        kinds = [list] + ([numpy.array] if numpy else []) + ([torch.tensor] if torch else [])
        for kind in kinds:
            answer = self.client.policy(current=kind(current), old=kind(old), mask=kind(mask), advantages=kind([1.0, -1.0]),
                                        objectives=["grpo"])
            self.assertEqual(answer, wanted)
        for wrong in ({"old": old[:1]}, {"advantages": [1, 2, 3]}):
            with self.assertRaisesRegex(ValueError, "one length"):
                self.client.policy(current=current, **wrong)

    def test_policy_of_logits(self):
        """The logits of a batch with padding; they go as bytes, as from each sequence alone."""
        ids, mask = [[0, 1, 2], [3, 4, 5]], [[0, 1, 1], [1, 1, 1]]
        labels = [[-100, -100, 2], [-100, 4, 5]]
        wanted = self.client.policy([
            {"tokens": i, "attention_mask": m, "labels": l, "advantages": a, "current": {"logits": rows(3)},
             "old": {"logprobs": [None, -1, -2]}} for i, m, l, a in zip(ids, mask, labels, (1, -1))], objectives=["grpo"])
        batch, old = [rows(3), rows(3)], [[None, -1, -2]] * 2
        kinds = [batch, {"logits": batch}] + ([numpy.array(batch, "float16")] if numpy else [])
        if torch:
            kinds += [torch.tensor(batch).bfloat16(), type("Output", (dict,), {"logits": torch.tensor(batch)})()]
        for logits in kinds:
            answer = self.client.policy(tokens=ids, current=logits, old=old, labels=labels, attention_mask=mask,
                                        advantages=[1, -1], objectives=["grpo"])
            self.assertEqual(answer, wanted)

    def test_preference(self):
        side = {"completion": [3], "policy": {"logits": rows(3)}, "reference": {"log_prob": -1}}
        answer = self.client.preference([{"prompt": [1, 2], "chosen": side, "rejected": side}], objectives=["sigmoid", "hinge"])
        self.assertEqual(answer.pairs[0].chosen.log_prob, self.client.score([1, 2, 3], rows(3), 2).conditional.log_prob)
        self.assertEqual([(row["pair"], row["objective"], row["margin"]) for row in answer.to_rows()],
                         [(0, "sigmoid", 0.0), (0, "hinge", 0.0)])
        example = {"label": True, "policy": {"log_prob": -1}, "reference": {"log_prob": -2}}
        answer = self.client.preference(examples=[example], kl=0)
        self.assertEqual(answer.to_rows()[0]["objective"], "kto")

    def test_preference_of_arrays(self):
        names = ("policy_chosen", "policy_rejected", "reference_chosen", "reference_rejected")
        sums = dict(zip(names, ([-12.5, -3], [-14.5, -4], [-13, -3.5], [-14, -6])))
        side = [[{"policy": {"log_prob": sums[f"policy_{side}"][at], "tokens": 4},
                  "reference": {"log_prob": sums[f"reference_{side}"][at], "tokens": 4}} for side in ("chosen", "rejected")]
                for at in range(2)]
        wanted = self.client.preference([{"chosen": chosen, "rejected": rejected} for chosen, rejected in side], beta=0.5,
                                        objectives=["sigmoid_norm"])
        for kind in [list] + ([numpy.array] if numpy else []) + ([torch.tensor] if torch else []):
            arrays = {name: kind(column) for name, column in {**sums, "tokens_chosen": [4, 4], "tokens_rejected": [4, 4]}.items()}
            self.assertEqual(self.client.preference(**arrays, objectives=["sigmoid_norm"], beta=0.5), wanted)
        for wrong in ([-1, -2], -1):
            with self.assertRaisesRegex(ValueError, "one length"):
                self.client.preference(policy_chosen=[-1], policy_rejected=wrong)

    def test_completions(self):
        wanted = self.client.score([1, 2, 3], rows(3)).log_probs
        for logits in arrays():
            self.assertEqual(self.client.completions([1, 2, 3], logits).choices[0].logprobs.token_logprobs, wanted)
            answer = self.client.completions([[1, 2, 3], [1, 2, 3]], [logits, logits], max_tokens=1)
            self.assertEqual([row["log_prob"] for row in answer.to_rows()][4:7], wanted)
        with self.assertRaises(logitd.LogitdError) as caught:
            self.client.completions([1, 2, 9], rows(3))
        self.assertEqual((caught.exception.code, caught.exception.pointer), ("out_of_range", "/prompt/2"))

    def test_documents(self):
        self.assertRegex(self.client.version(), r"^\d+\.\d+")
        self.assertEqual(self.client.objectives()["objectives"][0]["name"], "marginal")
        answer = self.client.post("/v1/score", {"tokens": TOKENS, "logits": rows()})
        self.assertEqual(answer.totals.objectives.joint.tokens, 4)

    def test_texts(self):
        """Any text goes out as JSON; half of a character is told as what it is."""
        answer = self.client.post("/v1/score", {"id": "Ġ猫 \U0001f408", "logprobs": [-1]})
        self.assertEqual(answer.sequences[0].id, "Ġ猫 \U0001f408")
        with self.assertRaisesRegex(logitd.LogitdError, "half of a surrogate pair") as caught:
            self.client.post("/v1/score", {"id": "\ud83d", "logprobs": [-1]})
        self.assertEqual(caught.exception.pointer, "/id")

    def test_objects_with_logits(self):
        """What models of Hugging Face return, a mapping with attributes, is logits in every route."""

        class Output(dict):
            logits = property(lambda self: self["logits"])

        output, wanted = Output(logits=rows(3), past_key_values=()), self.client.score([1, 2, 3], rows(3), 1)
        self.assertEqual(self.client.score([1, 2, 3], output, 1).joint, wanted.joint)
        contrast = self.client.compare([1, 2, 3], output, {"logits": output}, 1).totals.objectives.conditional
        self.assertEqual((contrast.a.log_prob, contrast.b.log_prob), (wanted.conditional.log_prob,) * 2)
        batch = Output(logits=[rows(3)] * 2)
        self.assertEqual(len(self.client.compare([[1, 2, 3]] * 2, batch, batch).sequences), 2)
        question = {"prompt": [1], "choices": [{"completion": [2, 3], "logits": output}]}
        self.assertEqual(self.client.rank(question).questions[0].choices[0].log_prob, wanted.conditional.log_prob)
        self.assertEqual(self.client.completions([1, 2, 3], output).choices[0].logprobs.token_logprobs, wanted.log_probs)

    def test_logits_are_last(self):
        """So that the server streams them, wherever the caller has put them."""
        body = logitd._Writer().body({"choices": [{"logits": [[1]], "completion": [1]}], "z": 1, "logits": None,
                                      "a": [{"b": 1}]})
        text = b"".join(body.pieces())
        self.assertEqual(len(text), body.size)
        self.assertRegex(text, rb'^\{.*"z":1.*"choices":\[\{"completion":\[1\],"logits":\{"dtype":"f64".*\}\}\]\}$')

    def test_answers_of_an_engines_client(self):
        answer = {"object": "text_completion", "choices": [{"index": 0, "text": " a", "logprobs": {
            "tokens": [" a"], "token_logprobs": [-0.5], "top_logprobs": None, "text_offset": [0]}}]}
        model = type("Completion", (), {"model_dump": lambda self, **_: answer})()
        self.assertEqual(self.client.score(outputs=model).conditional.log_prob, -0.5)


class Many(Running, unittest.TestCase):
    def requests(self, count):
        for number in range(count):
            if number % 3:
                yield {"tokens": [1, 2], "logprobs": [None, -number], "id": number}
            else:
                yield {"tokens": TOKENS, "logits": rows(), "id": number}

    def test_order(self):
        for concurrency in (1, 4, 9):
            results = list(self.client.score_many(self.requests(300), progress=False, concurrency=concurrency))
            self.assertEqual([result.id for result in results], list(range(300)))
            self.assertEqual([result.joint.log_prob for result in results if result.id % 3],
                             [-float(number) for number in range(300) if number % 3])

    def test_it_reads_a_little_ahead(self):
        read = []
        requests = (read.append(number) or (TOKENS, rows(), 2) for number in range(1000))
        results = self.client.score_many(requests, progress=False, concurrency=2)
        next(results)
        self.assertLess(len(read), 6)
        results.close()
        self.assertLess(len(read), 6)

    def test_items(self):
        one = self.client.score(TOKENS, rows(), 2)
        batch = {"tokens": [TOKENS, TOKENS], "logits": [rows(), rows()], "prompt_length": 2, "token_texts": [list("abcde")] * 2}
        first, second, third = self.client.score_many([(TOKENS, rows(), 2), [TOKENS, rows()], batch])
        self.assertEqual((first.objectives, second.joint), (one.objectives, self.client.score(TOKENS, rows()).joint))
        self.assertEqual((len(third), third[1].texts), (2, list("abcde")))
        with self.assertRaisesRegex(TypeError, "not a int"):
            list(self.client.score_many([3]))

    def test_errors(self):
        bad = {"tokens": [1, 2], "logprobs": [None, 3]}
        good = {"tokens": [1, 2], "logprobs": [None, -3]}
        results = self.client.score_many([good, bad, (TOKENS, rows(), 9), good], progress=False, errors="return")
        self.assertEqual([getattr(result, "pointer", "good") for result in results],
                         ["good", "/logprobs/1", "/prompt_length", "good"])
        results = self.client.score_many([good, bad, good], progress=False)
        self.assertEqual(next(results).joint.log_prob, -3.0)
        with self.assertRaisesRegex(logitd.LogitdError, "^item 1 of score_many: 422 ") as caught:
            next(results)
        self.assertEqual(caught.exception.item, 1)
        with self.assertRaises(ValueError):
            self.client.score_many([], errors="ignore")
        with self.assertRaisesRegex(TypeError, "an iterable of requests"):
            self.client.score_many(good)

    def test_what_cannot_be_sent(self):
        """Such a request is an error in its place, as one that the server refuses: what stands around it is answered."""
        good = {"tokens": [1, 2], "logprobs": [None, -3]}
        for bad in ((TOKENS, [rows()] * 2), (TOKENS, "text"), 3, (TOKENS, rows(), 2, 1), {**good, "token_texts": ["a"]},
                    {"tokens": TOKENS, "logits": (row for row in [rows()[0], "text"])}):
            with self.subTest(str(bad)):
                results = list(self.client.score_many([good, bad, good, good], progress=False, errors="return"))
                self.assertIsInstance(results[1], (TypeError, ValueError))
                self.assertEqual([type(result) for result in results[:1] + results[2:]], [logitd.Score] * 3)
                results = self.client.score_many([good, bad, good], progress=False)
                self.assertEqual(next(results).joint.log_prob, -3.0)
                with self.assertRaisesRegex((TypeError, ValueError), "^item 1 of score_many: "):
                    next(results)

    def test_requests_that_fail_midway(self):
        """All that was given before is answered; then the error of the generator comes out."""
        for item in ({"tokens": [1, 2], "logprobs": [None, -3]}, {"tokens": TOKENS, "logits": rows()}):
            def requests():
                yield from [item] * 10
                raise KeyError("the caller's own")

            results = self.client.score_many(requests(), progress=False, concurrency=8)
            self.assertEqual([next(results).tokens.id for _ in range(10)], [item["tokens"]] * 10)
            with self.assertRaisesRegex(KeyError, "the caller's own"):
                next(results)

    def test_it_leaves_nothing_behind(self):
        """Neither threads nor connections, also where the caller stops early."""
        import itertools
        import threading
        before = threading.active_count()
        for item in ({"tokens": [1, 2], "logprobs": [None, -3]}, (TOKENS, rows())):
            with self.server.client() as client:
                for number, _ in enumerate(client.score_many(itertools.repeat(item), progress=False, concurrency=8)):
                    if number == 20:
                        break
                self.assertEqual((threading.active_count(), len(client._connections.idle)), (before, 0))

    def test_a_bar_begins_with_the_first_result(self):
        seen = []
        saved, logitd._bar = logitd._bar, lambda requests: seen.append(requests)
        try:
            results = self.client.score_many([(TOKENS, rows())])
            self.assertEqual(seen, [])
            list(results)
            self.assertEqual(len(seen), 1)
        finally:
            logitd._bar = saved

    def test_a_body_of_lines_that_is_too_large(self):
        """Its lines are asked one by one."""
        with logitd.Server(PROGRAM, max_body="20KiB") as server, server.client() as client:
            many = [{"tokens": [1, 2], "logprobs": [None, -1], "id": "x" * 1000}] * 40
            self.assertEqual(len(list(client.score_many(many, progress=False))), 40)

    def test_more_than_the_server_takes_at_a_time(self):
        with logitd.Server(PROGRAM, max_in_flight=1) as server, server.client(retries=20) as client:
            results = list(client.score_many([(TOKENS, rows(), 2)] * 40, progress=False, concurrency=8))
            self.assertEqual(len(results), 40)

    def test_nothing(self):
        self.assertEqual(list(self.client.score_many([])), [])


if __name__ == "__main__":
    unittest.main()
