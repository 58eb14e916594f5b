/* A request for each operation, small enough to read; the description of the interface has none. */

const SCORE = { tokens: [0, 2, 1, 3], prompt_length: 2, logits: [[0.5, -1, 2, 0.25], [1, 3, -0.5, 0], [-2, 0.125, 0, 4]] };
const INFER = {
  id: "42", inputs: [
    { name: "targets", shape: [1, 2], datatype: "INT64", data: [1, 0] },
    { name: "logits", shape: [1, 2, 3], datatype: "FP32", data: [0, 0.6931472, -1, 1, 2, 3] }],
};

const BODIES = {
  "/v1/score": SCORE,
  "/v1/rank": {
    calibration: { bins: 4 }, questions: [
      { id: "q1", gold: 1, choices: [{ text: " went home.", logprobs: [-2.5, -0.75] }, { text: " went to sleep.", logprobs: [-0.5, -1, -2] }] },
      { id: "q2", gold: 0, choices: [{ text: " yes", logprobs: [-0.5] }, { text: " no", logprobs: [-2.5] }] }],
  },
  "/v1/compare": {
    tokens: [0, 2, 1], prompt_length: 1, models: [
      { model: "base", logits: [[1, 2, 3], [0, 1, 0]] }, { model: "q4", logits: [[1, 2.1, 3], [0, 1, 0.2]] }],
  },
  "/v1/policy": {
    objectives: ["grpo", { name: "grpo", label: "wider", clip_high: 0.28 }], sequences: [
      { prompt: [1, 5], completion: [4, 9], advantages: 0.7, current: { logprobs: [-0.5, -0.4] }, old: { logprobs: [-0.6, -0.7] } },
      { prompt: [1, 5], completion: [8], advantages: -0.7, current: { logprobs: [-2.5] }, old: { logprobs: [-2.0] } }],
  },
  "/v1/preference": {
    objectives: ["sigmoid", "orpo"], pairs: [
      { prompt: [1, 5], chosen: { completion: [4, 9], policy: { logprobs: [-0.5, -0.7] }, reference: { log_prob: -1.5 } },
        rejected: { completion: [8], policy: { logprobs: [-2.5] }, reference: { log_prob: -2.1 } } }],
  },
  "/v1/completions": { model: "tiny", prompt: [0, 2, 1], echo: true, max_tokens: 1, logprobs: 1, logits: [[0.5, -1, 2, 0.25], [1, 3, -0.5, 0], [0.5, 7, 6.5, -1]] },
  "/v2/models/{name}/infer": INFER,
  "/v2/models/{name}/versions/{version}/infer": INFER,
};

/** What a parameter of a path is where nothing else is said. */
export const PARAMETERS = { name: "logprobs", version: "1" };

/** The example for a path, or undefined. */
export function bodyFor(path) {
  return BODIES[path];
}

/** A short text for a value: short arrays and objects stay on one line. */
export function pretty(value, indent = "") {
  const flat = JSON.stringify(value, null, 1)?.replace(/\n\s*(?=[\]}])|(?<=[[{])\n\s*/g, "").replace(/\n\s*/g, " ") ?? "null";
  if (typeof value !== "object" || value === null || flat.length + indent.length < 64) return flat;
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((one) => inner + pretty(one, inner)).join(",\n")}\n${indent}]`;
  return `{\n${Object.entries(value).map(([name, one]) => `${inner}${JSON.stringify(name)}: ${pretty(one, inner)}`).join(",\n")}\n${indent}}`;
}
