/* Steps about one number: from logits to a probability, which of two is better, and the conditional by two passes. */
import { el, svg } from "./dom.js";
import { fitted } from "./fit.js";
import { number, percent } from "./format.js";
import { ask, facts, formula, slider, step, term, total } from "./learn-parts.js";
import { STORY } from "./learn-words.js";
import { label, plot } from "./plots.js";

/* Bars below each other: [name, share of the width, number, class]. */
function shares(width, name, list) {
  const rows = list.map(([title, share, told, kind], i) => svg("g", {}, label(0, i * 44 + 14, title), label(width, i * 44 + 14, told, { anchor: "end" }),
    svg("rect", { class: "track", x: 0, y: i * 44 + 20, width, height: 14, rx: 3 }), svg("rect", { class: kind, x: 0, y: i * 44 + 20, width: Math.max(share * width, 1), height: 14, rx: 3 })));
  return plot(width, list.length * 44 - 4, name, rows);
}

function softmax(logits) {
  const most = Math.max(...logits);
  const sizes = logits.map((z) => Math.exp(z - most));
  return sizes.map((size) => size / total(sizes));
}

const NEXT = 2; // the token that followed

function logitsStep() {
  const shown = el("div", { class: "shown" });
  const logits = [0.5, -1, 2, 0.25].map((value, id) => slider(`Logit of token ${id}`, { min: -6, max: 6, step: 0.25, value }, update));
  const values = () => logits.map((one) => one.value);
  const drawn = fitted((width) => {
    const p = softmax(values());
    return shares(width, `Probabilities: ${p.map((x, id) => `token ${id} ${percent(x)}`).join(", ")}`, p.map((x, id) => [`token ${id}${id === NEXT ? ", which followed" : ""}`, x, percent(x), id === NEXT ? "bar-y" : "bar-joint"]));
  }, { most: 720 });
  const asked = ask({ request: () => ({ tokens: [0, NEXT], prompt_length: 1, objectives: ["conditional"], details: ["top:4"], logits: [values()] }),
    results: ({ sequences: [{ objectives: { conditional: one }, tokens }] }) => {
      const logs = softmax(values()).map(Math.log);
      const top = new Map(tokens.top[1]);
      return [["log_prob", logs[NEXT], one.log_prob], ["top", logs, logs.map((_, id) => top.get(id))]];
    } });
  function update() {
    const p = softmax(values());
    shown.replaceChildren(formula(`exp(${number(values()[NEXT])}) / (`, values().map((z) => `exp(${number(z)})`).join(" + "), ") = ", el("strong", {}, number(p[NEXT], 4))), formula("log P = ", el("strong", {}, number(Math.log(p[NEXT]), 5))));
    drawn.redraw();
    asked.fresh();
  }
  update();
  return step("From logits to a probability", [
    "At each position a model computes a row of logits: one number for each token that it knows, the higher the likelier. Softmax makes probabilities of them, which add up to 1.",
    "Only differences matter. Raise all logits by 1, and nothing changes; raise one by 1, and that token is e, about 2.7, times as likely beside each of the others."], [el("div", { class: "slides" }, logits.map((one) => one.node)), drawn, shown], asked);
}

function whichStep() {
  const shown = el("div", { class: "shown" });
  const [a, b] = [["A", -0.7], ["B", -0.4]].map(([name, value]) => slider(`log P of ${name}`, { min: -4, max: 0, step: 0.05, value }, update));
  const ofB = () => 1 / (1 + Math.exp(a.value - b.value));
  const drawn = fitted((width) => shares(width, `P of A is ${percent(Math.exp(a.value))}, P of B is ${percent(Math.exp(b.value))}`, [["P of A", Math.exp(a.value), percent(Math.exp(a.value)), "bar-x"], ["P of B", Math.exp(b.value), percent(Math.exp(b.value)), "bar-y"]]), { most: 720 });
  const asked = ask({ path: "/v1/rank", request: () => ({ choices: [{ id: "A", logprobs: [a.value] }, { id: "B", logprobs: [b.value] }] }),
    results: ({ questions: [{ choices, best }] }) => [["choices[1].probability", ofB(), choices[1].probability], ["best.log_prob", b.value > a.value ? 1 : 0, best.log_prob]] });
  function update() {
    const difference = b.value - a.value;
    const better = difference === 0 ? "Neither" : difference > 0 ? "B" : "A";
    shown.replaceChildren(facts([["Better", better, better === "Neither" ? "both are as likely" : "its log-probability is nearer to 0"], ["B − A", number(difference, 4), "a difference of logarithms"], ["As likely", `${number(Math.exp(difference), 4)} times`, "B beside A: exp(B − A)"], ["If it is A or B", percent(ofB()), "that it is B"]]));
    drawn.redraw();
    asked.fresh();
  }
  update();
  return step("Which is better: -0.7 or -0.4?", [
    "A prompt has two completions. Log-probabilities are at most 0, and the one that is nearer to 0 is the likelier.",
    "How much likelier? A difference of logarithms is the logarithm of a ratio: from -0.7 to -0.4 it is 0.3, and exp(0.3) = 1.35."], [el("div", { class: "slides" }, a.node, b.node), drawn, shown], asked);
}

function passesStep() {
  const lps = STORY.map(([, lp]) => lp);
  const shown = el("div", { class: "shown" });
  const at = slider("Tokens in the second pass", { min: 2, max: STORY.length, step: 1, value: 4, text: (n) => String(n) }, update);
  const sums = () => [total(lps.slice(1)), total(lps.slice(1, at.value))];
  const drawn = fitted((width) => {
    const [both, alone] = sums();
    return shares(width, `Both passes: ${number(both, 4)} and ${number(alone, 4)}`, [["x and y: log P(x,y)", 1, number(both, 5), "bar-joint"], ["x alone: log P(x)", alone / both, number(alone, 5), "bar-x"], ["what is left: log P(y|x)", (both - alone) / both, number(both - alone, 5), "bar-y"]]);
  }, { most: 720 });
  const pass = (id, length) => ({ id, tokens: STORY.slice(0, length).map((_, i) => i), logprobs: lps.slice(0, length) });
  const asked = ask({ request: () => ({ objectives: ["joint"], per_token: false, sequences: [pass("x and y", STORY.length), pass("x alone", at.value)] }),
    results: ({ sequences: [both, alone] }) => [["joint of x and y", sums()[0], both.objectives.joint.log_prob], ["joint of x", sums()[1], alone.objectives.joint.log_prob],
      ["their difference", sums()[0] - sums()[1], both.objectives.joint.log_prob - alone.objectives.joint.log_prob]] });
  function update() {
    const [both, alone] = sums();
    shown.replaceChildren(formula(`“${STORY.slice(0, at.value).map(([text]) => text).join("")}”`), formula("log P(y|x) = ", term(both, 5), " − ", term(alone, 5), " = ", el("strong", {}, number(both - alone, 5))));
    drawn.redraw();
    asked.fresh();
  }
  update();
  return step("The conditional by two passes", [
    "Some engines tell only the sum of a whole text. Then ask twice, for x with y and for x alone, and subtract.",
    "It works because a model that reads from left to right gives the tokens of x the same numbers in both passes. Where an engine tells every token, one pass is enough."], [at.node, drawn, shown], asked);
}

/** Steps by their place in the chapter. */
export { logitsStep, passesStep, whichStep };
