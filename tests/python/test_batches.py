"""Batches as trainers have them: padding, labels, masks; the numbers are those of a softmax in float64."""
import math
import random
import unittest
import warnings

from support import Running, numpy, torch

PADS, PROMPTS, COUNT, WIDTH = (0, 3, 5, 1), (4, 5, 2, 8), 17, 50


def log_softmax(row, token):
    top = max(row)
    return row[token] - top - math.log(math.fsum(math.exp(value - top) for value in row))


def batch(side="left"):
    """input_ids, attention_mask, labels, logits as lists; logits that bfloat16 holds."""
    draw = random.Random(7)
    ids = [[draw.randrange(WIDTH) for _ in range(COUNT)] for _ in PADS]
    logits = [[[draw.randrange(-128, 128) / 16 for _ in range(WIDTH)] for _ in range(COUNT)] for _ in PADS]
    masks = [[0] * pad + [1] * (COUNT - pad) for pad in PADS]
    labels = [[-100] * (pad + prompt) + row[pad + prompt:] for pad, prompt, row in zip(PADS, PROMPTS, ids)]
    if side == "right":
        masks = [mask[::-1] for mask in masks]
        labels = [row[pad:] + [-100] * pad for pad, row in zip(PADS, labels)]
        labels = [[token if label != -100 else -100 for token, label in zip(row, some)] for row, some in zip(ids, labels)]
    return ids, masks, labels, logits


class Batches(Running, unittest.TestCase):
    def holds(self, scores, side="left"):
        ids, masks, labels, logits = batch(side)
        self.assertEqual(len(scores), len(PADS))
        for index, score in enumerate(scores):
            first = masks[index].index(1)
            kept = [token for token, flag in zip(ids[index], masks[index]) if flag]
            own = [log_softmax(logits[index][first + at - 1], token) for at, token in enumerate(kept) if at]
            is_y = [label != -100 for label, flag in zip(labels[index], masks[index]) if flag]
            self.assertEqual(score.tokens.id, kept)
            self.assertEqual(score.completion, is_y)
            self.assertIsNone(score.log_probs[0])
            for mine, theirs in zip(own, score.log_probs[1:]):
                self.assertAlmostEqual(mine, theirs, delta=1e-13 * max(1, -mine))
            wanted = math.fsum(value for value, inside in zip(own, is_y[1:]) if inside)
            self.assertAlmostEqual(score.conditional.log_prob, wanted, delta=1e-12)
            self.assertEqual(score.conditional.tokens, sum(is_y))
            self.assertEqual(score.joint.log_prob, score.marginal.log_prob + score.conditional.log_prob)
        count = sum(score.conditional.tokens for score in scores)
        self.assertEqual(scores.totals.conditional.tokens, count)
        mean = -math.fsum(score.conditional.log_prob for score in scores) / count
        self.assertAlmostEqual(scores.totals.conditional.loss, mean, delta=1e-13)

    def test_lists(self):
        for side in ("left", "right"):
            ids, masks, labels, logits = batch(side)
            self.holds(self.client.score(ids, logits, attention_mask=masks, labels=labels), side)
            flags = [[label != -100 for label in row] for row in labels]
            self.holds(self.client.score(ids, logits, attention_mask=masks, mask=flags), side)

    def test_prompt_lengths(self):
        ids, masks, _, logits = batch()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            scores = self.client.score(ids, logits, PROMPTS, attention_mask=masks)
        self.holds(scores)
        self.assertEqual(scores[1].warnings[0].code, "prompt_length_of_tokens")

    @unittest.skipUnless(numpy, "NumPy is not installed")
    def test_numpy(self):
        ids, masks, labels, logits = map(numpy.array, batch())
        self.holds(self.client.score(ids, logits.astype("float16"), attention_mask=masks == 1, labels=labels))
        self.holds(self.client.score(ids, list(logits), attention_mask=masks.astype("float32"), labels=labels))

    @unittest.skipUnless(torch, "PyTorch is not installed")
    def test_torch_bfloat16(self):
        ids, masks, labels, logits = map(torch.tensor, batch())
        for rows in (logits.bfloat16(), logits.bfloat16().transpose(0, 1).contiguous().transpose(0, 1)):
            self.holds(self.client.score(ids, rows, attention_mask=masks, labels=labels))
            self.holds(self.client.score(ids, rows, torch.tensor(PROMPTS), attention_mask=masks.bool()))

    @unittest.skipUnless(torch, "PyTorch is not installed")
    def test_the_loss_of_a_trainer(self):
        ids, masks, labels, logits = map(torch.tensor, batch())
        loss = torch.nn.functional.cross_entropy(logits[:, :-1].double().flatten(0, 1), labels[:, 1:].flatten())
        scores = self.client.score(ids, logits.bfloat16(), attention_mask=masks, labels=labels)
        self.assertAlmostEqual(scores.totals.conditional.loss, loss.item(), delta=1e-12)

    def test_sequences_of_other_lengths(self):
        ids, masks, _, logits = batch()
        short = [row[pad:] for pad, row in zip(PADS, ids)]
        self.holds(self.client.score(short, logits, PROMPTS, padding="left"))
        self.holds(self.client.score(short, [rows[pad:] for pad, rows in zip(PADS, logits)], list(PROMPTS)))

    def test_a_length_that_counts_padding(self):
        ids, masks, _, logits = batch()
        for length in ([pad + prompt for pad, prompt in zip(PADS, PROMPTS)],) + ((numpy.array([4, 8, 7, 9]),) if numpy else ()):
            self.holds(self.client.score(ids, logits, attention_mask=masks, padded_prompt_length=length))
        generated = self.client.score(ids, logits, attention_mask=masks, padded_prompt_length=9)
        self.assertEqual([score.conditional.tokens for score in generated], [8] * 4)
        one = self.client.score(ids[1], logits[1], attention_mask=masks[1], padded_prompt_length=9)
        self.assertEqual(one.conditional, generated[1].conditional)
        with self.assertRaisesRegex(ValueError, "2 entries for 4"):
            self.client.score(ids, logits, padded_prompt_length=[1, 2])

    def test_one_length_for_different_padding_warns(self):
        ids, masks, _, logits = batch()
        for length in (2, [2, 2, 2, 2]):
            with self.assertWarnsRegex(UserWarning, "padded_prompt_length"):
                self.client.score(ids, logits, length, attention_mask=masks)

    def test_a_batch_of_one_is_a_batch(self):
        ids, _, _, logits = batch()
        self.assertEqual(len(self.client.score(ids[:1], logits[:1])), 1)
        self.assertEqual(self.client.score(ids[:1], logits[:1])[0].joint, self.client.score(ids[0], logits[0]).joint)

    def test_what_is_of_each_sequence(self):
        scores = self.client.score([[1, 2], [3, 4]], logprobs=[[None, -1], [None, -2]], prompt_length=[0, 1], id=["a", 7],
                                   text=["ab", "cde"], weights=[[1, 2], [1, 3]], token_texts=[["x", "y"], ["z", "w"]])
        self.assertEqual([(score.id, score.texts, score.joint.characters) for score in scores],
                         [("a", ["x", "y"], 2), (7, ["z", "w"], 3)])
        self.assertEqual([score.joint.loss_sum for score in scores], [2.0, 6.0])

    def test_counts_that_do_not_agree(self):
        ids, masks, labels, logits = batch()
        for options in ({"labels": labels[:2]}, {"prompt_length": [1, 2]}, {"attention_mask": masks[:3]}):
            with self.assertRaisesRegex(ValueError, "entries for 4 sequences"):
                self.client.score(ids, logits, **options)
        with self.assertRaisesRegex(ValueError, r"shape \[3, 17, 50\].*\[4, T, V\]"):
            self.client.score(ids, self.stacked(logits[:3]))

    @staticmethod
    def stacked(logits):
        import array
        import logitd
        flat = array.array("d", sum(sum(logits, []), []))
        return logitd._Tensor("f64", (3, COUNT, WIDTH), lambda: iter([flat.tobytes()]))


if __name__ == "__main__":
    unittest.main()
