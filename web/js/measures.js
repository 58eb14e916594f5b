/* What a token can be coloured by: its number, and how striking that number is (0 calm, 1 striking). */
import { number, percent } from "./format.js";

function largest(sequence, at) {
  let most = 0;
  for (let i = 0; i < sequence.length; i++) {
    const x = at(i);
    if (Number.isFinite(x) && x > most) most = x;
  }
  return most;
}

const MAKERS = {
  probability: (sequence) => ({
    name: "probability", at: (i) => Math.exp(sequence.logProb[i]), share: (p) => 1 - p, text: percent, low: 0, high: 1, step: 0.005, ticks: [1, 0.75, 0.5, 0.25, 0],
  }),
  loss: (sequence) => {
    const high = Math.ceil(Math.max(largest(sequence, (i) => sequence.loss[i]), 0.01) * 100) / 100;
    return { name: "loss", at: (i) => sequence.loss[i], share: (x) => 1 - Math.exp(-x / 2.5), text: (x) => number(x, 4), low: 0, high, step: 0.01, ticks: [0, 1, 2, 4, 8] };
  },
  entropy: (sequence) => {
    if (!sequence.entropy) return null;
    const high = Math.ceil(Math.max(largest(sequence, (i) => sequence.entropy[i]), 0.01) * 100) / 100;
    const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => share * high);
    return { name: "entropy", at: (i) => sequence.entropy[i], share: (x) => x / high, text: (x) => number(x, 3), low: 0, high, step: 0.01, ticks };
  },
  rank: (sequence) => {
    if (!sequence.rank) return null;
    const high = Math.max(largest(sequence, (i) => sequence.rank[i]), 2);
    return { name: "rank", at: (i) => sequence.rank[i], share: (x) => Math.log(x) / Math.log(Math.max(high, 50)), text: (x) => number(x), low: 1, high, step: 1, ticks: [1, 2, 5, 20, 50] };
  },
};

/** The names of all measures, in the order of the select. */
export const NAMES = Object.keys(MAKERS);

/**
 * A measure over a sequence; null where the answer does not have it.
 * @param {string} name
 * @param {Object} sequence of answer.js
 */
export function measure(name, sequence) {
  return MAKERS[name](sequence);
}
