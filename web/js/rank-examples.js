/* Examples for the tab Rank. The first has the log-probabilities of a real model, stories260K; those of the others are made up. */

const ANIMAL = {
  id: "Question: What did the dog say? Answer:", gold: 0,
  choices: [
    { text: " \"Woof! Woof!\"", logprobs: [-2.2594, -1.7217, -4.6663, -0.4982, -0.8282, -0.9904, -1.5399, -5.5902, -0.6445, -1.3185, -0.5466] },
    { text: " \"Meow! Meow!\"", logprobs: [-2.2594, -3.404, -3.3381, -0.5133, -1.427, -4.4991, -2.6879, -1.7138, -1.5906, -0.6392] },
    { text: " \"I want to play!\"", logprobs: [-2.2594, -1.5139, -2.3471, -0.1931, -2.3947, -3.0687, -0.2638] },
  ],
};
const LENGTH = {
  id: "One day, Lily went to", gold: 1,
  choices: [
    { text: " bed.", logprobs: [-5.3544, -0.9905, -3.3958] },
    { text: " the park with her mom and dad.", logprobs: [-0.184, -0.2871, -0.0118, -0.0016, -0.3001, -0.254, -0.0603, -2.4114, -0.5788, -0.0009, -0.0315] },
    { text: " the park.", logprobs: [-0.184, -0.2871, -0.0118, -0.0016, -2.6037] },
  ],
};
const PMI = {
  id: "The stuntman who studies opals is an", gold: 1,
  choices: [
    { text: " expert", logprobs: [-2.6], unconditional: -6.9 },
    { text: " opalescent gemmologist", logprobs: [-1.9, -0.8, -0.4], unconditional: -16.2 },
    { text: " actor", logprobs: [-1.4], unconditional: -6.1 },
  ],
};

const FACTS = [
  ["The capital of France is", 0, [[" Paris", -0.22], [" Lyon", -4.1], [" Marseille", -4.6], [" Nice", -5.2]]],
  ["Water freezes at", 1, [[" 100 °C", -2.9], [" 0 °C", -0.41], [" 32 °C", -2.2], [" -40 °C", -4.4]]],
  ["The largest planet is", 2, [[" Earth", -1.95], [" Saturn", -1.6], [" Jupiter", -0.52], [" Mars", -3.7]]],
  ["A triangle’s angles add up to", 0, [[" 180°", -0.12], [" 360°", -2.8], [" 90°", -4.3], [" 270°", -5.6]]],
  ["The author of Hamlet is", 3, [[" Marlowe", -2.4], [" Jonson", -3.5], [" Milton", -3.1], [" Shakespeare", -0.33]]],
  ["The chemical sign of gold is", 1, [[" Gd", -1.1], [" Au", -1.25], [" Go", -2.4], [" Ag", -1.9]]],
  ["The first day of the week in ISO 8601 is", 0, [[" Monday", -1.4], [" Sunday", -0.62], [" Saturday", -2.7], [" Friday", -4.0]]],
  ["Light takes from the Sun about", 2, [[" 8 seconds", -2.2], [" 8 hours", -3.4], [" 8 minutes", -0.37], [" 8 days", -4.8]]],
  ["The square root of 144 is", 1, [[" 14", -1.9], [" 12", -0.29], [" 16", -3.2], [" 13", -3.0]]],
  ["Mount Everest is in", 3, [[" the Andes", -3.3], [" the Alps", -2.9], [" the Rockies", -4.2], [" the Himalayas", -0.18]]],
  ["The year has leap days every", 0, [[" 4 years", -0.55], [" 5 years", -1.9], [" 10 years", -2.8], [" 2 years", -2.3]]],
  ["The opposite of entropy is called", 2, [[" enthalpy", -0.9], [" energy", -1.3], [" negentropy", -1.45], [" inertia", -3.2]]],
];

function quiz(shift = 0) {
  return FACTS.map(([id, gold, choices], q) => ({
    id, gold, choices: choices.map(([text, lp], i) => ({ text, logprobs: [Number(Math.min(lp + (i === gold ? -shift : shift) * ((q % 4) - 1), -0.01).toFixed(3))] })),
  }));
}

function twoModels() {
  const [large, small] = [quiz(), quiz(0.55)];
  return large.map((question, q) => ({
    id: question.id, gold: question.gold,
    choices: question.choices.map((choice, i) => ({ text: choice.text, models: [{ model: "large", logprobs: choice.logprobs }, { model: "small", logprobs: small[q].choices[i].logprobs }] })),
  }));
}

const pretty = (value) => JSON.stringify(value, null, 1).replace(/\[\s+([^[\]{}]*?)\s+\]/g, (_, inner) => `[${inner.replace(/\s*\n\s*/g, " ")}]`);

/** [name, request] of each example. */
export const EXAMPLES = [
  ["Two questions: normalisations disagree", () => pretty({ questions: [ANIMAL, LENGTH] })],
  ["A quiz with gold: calibration", () => pretty({ calibration: { bins: 10, curve: true }, questions: quiz() })],
  ["Two models on one quiz", () => pretty({ questions: twoModels() })],
  ["With log P(y) of each choice: PMI", () => pretty(PMI)],
  ["Letters of one distribution, graded", () => pretty({ choices: ["A", "B", "C", "D", "E"].map((id, i) => ({ id, text: ` ${id}`, value: i + 1, logprobs: [[-3.2, -2.1, -0.95, -0.9, -2.6][i]] })) })],
];
