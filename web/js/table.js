/* The table of objectives. */
import { count, number } from "./format.js";
import { el } from "./dom.js";

function yes({ greedy, tokens }) {
  if (tokens === 0) return "–";
  return greedy === null || greedy === undefined ? "not known" : greedy ? "yes" : "no";
}

/* exp(log P), also where it is below the smallest double. */
function probability(logProb) {
  if (logProb > -700 || !Number.isFinite(logProb)) return number(Math.exp(logProb), 4);
  const exponent = Math.floor(logProb / Math.LN10);
  return `${(10 ** (logProb / Math.LN10 - exponent)).toFixed(1)}e${exponent}`;
}

const ROWS = [
  ["log P", "the sum of log-probabilities, in nats", (one) => number(one.log_prob)],
  ["P", "the probability of all its tokens, exp(log P)", (one) => probability(Number(one.log_prob))],
  ["loss", "the mean loss, in nats for each token", (one) => number(one.loss)],
  ["perplexity", "exp(-log P / tokens)", (one) => number(one.perplexity)],
  ["bits per token", "the binary logarithm of perplexity", (one) => number(one.bits_per_token)],
  ["tokens", "how many were added up", (one) => count(one.tokens)],
  ["greedy", "whether each token was the most likely one", yes],
];

/** The table of marginal, conditional and joint; a column for each that is there. */
export function objectiveTable(values) {
  const names = ["marginal", "conditional", "joint"].filter((name) => values[name]);
  const head = el("tr", {}, el("th", { scope: "col" }, "Objective"), names.map((name) => el("th", { scope: "col" }, name)));
  const rows = ROWS.map(([name, meaning, text]) => el("tr", {}, el("th", { scope: "row", title: meaning }, name), names.map((one) => el("td", { "data-objective": one }, text(values[one])))));
  return el("table", { class: "objectives" }, el("thead", {}, head), el("tbody", {}, rows));
}
