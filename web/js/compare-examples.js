/* Examples for the tab Compare. The story is the output of a real model; the others are small enough to read. */
import { example } from "./examples.js";

const WORDS = ["<s>", "the", "cat", "dog", "sat", "slept", "on", "under", "mat", "sofa", "and", "."];
const TEXTS = ["<s>", " the", " cat", " dog", " sat", " slept", " on", " under", " mat", " sofa", " and", "."];

/* How likely each word is to follow another, as logits of a model of bigrams. */
const FOLLOWS = {
  "<s>": { the: 5.25, and: 0.75 },
  the: { cat: 3.4, dog: 3.15, mat: 2.65, sofa: 2.3 },
  cat: { sat: 3.35, slept: 2.8, and: 1.6, ".": 0.4 },
  dog: { slept: 3.3, sat: 2.7, and: 1.45, ".": 0.6 },
  sat: { on: 3.9, under: 2.2, ".": 1.3 },
  slept: { under: 2.9, on: 2.85, ".": 1.9, and: 1.7 },
  on: { the: 5.6 },
  under: { the: 5.15 },
  mat: { and: 2.95, ".": 3.3 },
  sofa: { and: 2.7, ".": 3.55 },
  and: { the: 4.7, slept: 1.35, sat: 1.2 },
  ".": { the: 2.1, "<s>": 1.8 },
};
const STORY = ("<s> the cat sat on the mat and the dog slept under the sofa . the dog sat under the mat . "
  + "the cat slept on the sofa and the dog sat on the cat .").split(" ");

function rowsOf(step) {
  const rounded = (x) => Math.round(x / step) * step;
  return STORY.slice(0, -1).map((word) => WORDS.map((next) => Number(rounded(FOLLOWS[word][next] ?? -1.3).toFixed(4))));
}

function bigrams(model, step) {
  const tokens = STORY.map((word) => WORDS.indexOf(word));
  return { model, tokens, prompt_length: 7, token_texts: tokens.map((id) => TEXTS[id]), logits: rowsOf(step) };
}

const SENTENCE = ["Water", " boils", " at", " 100", " degrees", " Celsius", " at", " sea", " level", ",", " and", " earlier", " in", " the", " mountains", "."];
const LARGE = [-6.12, -1.31, -0.09, -0.62, -0.18, -0.35, -0.21, -0.04, -0.01, -0.88, -1.02, -5.91, -0.74, -0.12, -0.58, -0.03];
const SMALL = [-6.4, -2.87, -0.15, -0.71, -0.93, -0.3, -0.66, -0.12, -0.02, -0.8, -1.41, -7.35, -0.69, -0.2, -1.77, -0.05];

function completion(model, logprobs) {
  return {
    id: "cmpl-1", object: "text_completion", model,
    choices: [{ index: 0, text: SENTENCE.join(""), finish_reason: "stop", logprobs: { tokens: SENTENCE, token_logprobs: [null, ...logprobs.slice(1)] } }],
  };
}

function request(model, temperature) {
  return { ...bigrams(model, 0.05), temperature };
}

const pretty = (value) => JSON.stringify(value, null, 1).replace(/\[\s+([^[\]{}]*?)\s+\]/g, (_, inner) => `[${inner.replace(/\s*\n\s*/g, " ")}]`);

/* The numbers of a tensor (f32, base64), each cut to the nearest multiple of a step: what few bits leave of logits. */
function coarse(tensor, step) {
  const bytes = Uint8Array.from(atob(tensor.data), (sign) => sign.charCodeAt(0));
  const numbers = new Float32Array(bytes.buffer);
  numbers.forEach((x, i) => { numbers[i] = Math.round(x / step) * step; });
  let text = "";
  for (const byte of new Uint8Array(numbers.buffer)) text += String.fromCharCode(byte);
  return { ...tensor, data: btoa(text) };
}

async function story() {
  const { logits, ...rest } = JSON.parse(await example("story.json"));
  return [{ ...rest, model: "float32", logits }, { ...rest, model: "steps of 1", logits: coarse(logits, 1) }].map((one) => JSON.stringify(one));
}

/** [name, the texts A and B] of each example; the texts may come later. */
export const EXAMPLES = [
  ["A small model and its rounded copy (logits)", () => [bigrams("full precision", 0.05), bigrams("rounded to 1.5", 1.5)].map(pretty)],
  ["A story: logits of a model, and the same cut to few bits", story],
  ["Two engines’ answers: a large and a small model", () => [completion("large", LARGE), completion("small", SMALL)].map(pretty)],
  ["One model at temperature 1 and 2", () => [request("temperature 1", 1), request("temperature 2", 2)].map(pretty)],
  ["Log-probabilities without logits", () => [
    pretty({ model: "base", tokens: [1, 403, 407, 261, 378], prompt_length: 2, logprobs: [null, -1.9, -0.7, -0.4, -2.25] }),
    pretty({ model: "tuned", tokens: [1, 403, 407, 261, 378], prompt_length: 2, logprobs: [null, -2.1, -0.5, -0.45, -0.75] })]],
];
