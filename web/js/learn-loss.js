/* Steps about losses: which tokens are in the sum, and why the smallest cross-entropy is the largest likelihood. */
import { el, svg } from "./dom.js";
import { fitted } from "./fit.js";
import { number, percent } from "./format.js";
import { ask, check, facts, formula, slider, step, total } from "./learn-parts.js";
import { label, plot } from "./plots.js";

const TASK = [["<s>", null, 0], ["Translate", -5.1, 0], [" to", -0.9, 0], [" French", -2.3, 0], [":", -0.4, 0], [" cat", -6.2, 0], [" chat", -0.7, 1], ["</s>", -0.2, 1]];

function lossTable(tokens, rows) {
  const line = (name, list) => el("tr", {}, el("th", { scope: "row" }, name), list.map((one) => el("td", { class: one.off ? "off" : null }, one.text)));
  return el("div", { class: "table", tabindex: "0", role: "group", "aria-label": "Loss of each token" }, el("table", { class: "tokens-table" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Token"), tokens.map(([text]) => el("th", { scope: "col", class: "mono" }, text.replace(" ", "·"))))), el("tbody", {}, rows.map(([name, list]) => line(name, list)))));
}

function instructionStep() {
  const shown = el("div", { class: "shown" });
  const on = check("Loss on the instruction, too", false, update);
  const objective = () => (on.value ? "joint" : "conditional");
  const losses = () => TASK.map(([, lp, y]) => (lp !== null && (y || on.value) ? -lp : 0));
  const used = () => TASK.filter(([, lp, y]) => lp !== null && (y || on.value)).length;
  const asked = ask({
    request: () => ({ tokens: TASK.map((_, i) => i), prompt_length: 6, objectives: [objective()], logprobs: TASK.map(([, lp]) => lp) }),
    results: ({ sequences: [{ objectives }] }) => {
      const one = objectives[objective()];
      const name = objective();
      return [[`${name}.loss_sum`, total(losses()), one.loss_sum], [`${name}.loss`, total(losses()) / used(), one.loss], [`${name}.token_loss`, losses(), one.token_loss]];
    },
  });
  function update() {
    const list = losses();
    shown.replaceChildren(
      lossTable(TASK, [["-log p", TASK.map(([, lp]) => ({ text: lp === null ? "–" : number(-lp) }))], ["in the loss", list.map((x) => ({ text: number(x), off: x === 0 }))]]),
      formula(`${objective()} loss = `, number(total(list), 5), ` / ${used()} tokens = `, el("strong", {}, number(total(list) / used(), 5))));
    asked.fresh();
  }
  update();
  return step("Joint loss and conditional loss", [
    "Pre-training takes the joint loss: every token of the text counts. Supervised fine-tuning takes the conditional one: the model reads the instruction x, but is asked only for the answer y, so the loss of x is 0.",
    "Switch the loss on the instruction on. The sum grows by what x costs, and the mean is now over all tokens: instructions are often long and hard to guess, so they outweigh the answer."], [on.node, shown], asked);
}

const TURNS = [["system", ["Be", " brief", "."], [-2.1, -1.7, -0.3]], ["user", ["Hi", "!"], [-1.9, -0.8]], ["assistant", ["Hello", "."], [-0.6, -0.25]], ["user", ["2", "+", "2", "?"], [-3.2, -1.1, -0.9, -0.5]], ["assistant", ["4", "."], [-0.15, -0.35]]];

function turnsStep() {
  const shown = el("div", { class: "shown" });
  const boxes = TURNS.map(([role], i) => check(`${i + 1}. ${role}`, role === "assistant", update));
  const labels = check("Send labels (-100 for what is not trained on) in place of a mask", false, update);
  const tokens = TURNS.flatMap(([, texts, lps], turn) => texts.map((text, i) => [text, lps[i], turn]));
  const flags = () => tokens.map(([, , turn]) => (boxes[turn].value ? 1 : 0));
  const lossSum = () => total(tokens.map(([, lp], i) => (flags()[i] ? -lp : 0)));
  /* Token 0 has a log-probability only because a beginning-of-sequence token is in front of it. */
  const ids = [1, ...tokens.map((_, i) => 10 + i)];
  const marked = () => (labels.value ? { labels: ids.map((id, i) => (i > 0 && flags()[i - 1] ? id : -100)) } : { mask: [0, ...flags()] });
  const asked = ask({ request: () => ({ tokens: ids, ...marked(), objectives: ["conditional"], logprobs: [null, ...tokens.map(([, lp]) => lp)] }),
    results: ({ sequences: [{ objectives: { conditional: one } }] }) => {
      const n = total(flags());
      return [["conditional.loss_sum", lossSum(), one.loss_sum], ["conditional.tokens", n, one.tokens], ["conditional.loss", n ? lossSum() / n : null, one.loss]];
    } });
  function update() {
    const on = flags();
    const n = total(on);
    shown.replaceChildren(
      lossTable(tokens, [["-log p", tokens.map(([, lp]) => ({ text: number(-lp) }))], ["mask", on.map((x) => ({ text: String(x), off: !x }))], ["labels", on.map((x, i) => ({ text: x ? String(ids[i + 1]) : "-100", off: !x }))], ["in the loss", tokens.map(([, lp], i) => ({ text: number(on[i] ? -lp : 0), off: !on[i] }))]]),
      formula("conditional loss = ", number(lossSum(), 5), ` / ${n} tokens = `, el("strong", {}, n ? number(lossSum() / n, 5) : "–")));
    asked.fresh();
  }
  update();
  return step("Masks and turns", [
    "In a conversation y is not one stretch at the end: it is what the assistant said, in every turn. A mask has 1 for a token of y and 0 for all others.",
    "Trainers write the same as labels: the token’s id where it counts, and -100 where it does not. Both give one conditional loss over all turns of the assistant, each predicted from everything before it."],
  [el("fieldset", { class: "checks plain" }, el("legend", { class: "label" }, "Train on"), boxes.map((one) => one.node)), labels.node, shown], asked);
}

const crossEntropy = (share, q) => -(share === 0 ? 0 : share * Math.log(q)) - (share === 1 ? 0 : (1 - share) * Math.log(1 - q));

function entropyPlot(width, share, q) {
  const [height, left, base, top] = [220, 44, 178, 12];
  const x = (value) => left + value * (width - left - 14);
  const y = (value) => base - (Math.min(value, 3) / 3) * (base - top);
  const points = Array.from({ length: 197 }, (_, i) => 0.01 + i * 0.005).map((one) => `${x(one).toFixed(1)},${y(crossEntropy(share, one)).toFixed(1)}`);
  const best = Math.min(Math.max(share, 0.01), 0.99);
  return plot(width, height, `Cross-entropy for each q; it is smallest at q = ${number(share, 2)}`,
    [0, 1, 2, 3].map((value) => svg("g", {}, svg("line", { class: "rule", x1: left, x2: width - 14, y1: y(value), y2: y(value) }), label(left - 8, y(value) + 4, String(value), { anchor: "end", soft: true }))),
    [0, 0.5, 1].map((value) => label(x(value), base + 18, String(value), { anchor: "middle", soft: true })), label(width / 2, height - 4, "q; upwards: cross-entropy, nats", { anchor: "middle", soft: true }),
    svg("line", { class: "mean", x1: x(best), x2: x(best), y1: top, y2: base }), svg("polyline", { class: "curve", points: points.join(" ") }), svg("circle", { class: "point", cx: x(q), cy: y(crossEntropy(share, q)), r: 6 }));
}

function likelihoodStep() {
  const [n, shown] = [10, el("div", { class: "shown" })];
  const heads = slider("Texts that go on with “yes”, of 10", { min: 0, max: n, step: 1, value: 7, text: (x) => String(x) }, update);
  const q = slider("What the model gives “yes”, q", { min: 0.01, max: 0.99, step: 0.01, value: 0.4, text: (x) => percent(x) }, update);
  const drawn = fitted((width) => entropyPlot(width, heads.value / n, q.value), { most: 720 });
  const lps = () => Array.from({ length: n }, (_, i) => Math.log(i < heads.value ? q.value : 1 - q.value));
  const asked = ask({ request: () => ({ logprobs: lps() }), results: ({ sequences: [{ objectives: { conditional: one } }] }) => [["log_prob", total(lps()), one.log_prob], ["loss", crossEntropy(heads.value / n, q.value), one.loss]] });
  function update() {
    const share = heads.value / n;
    const entropy = share === 0 || share === 1 ? 0 : crossEntropy(share, share);
    const cross = crossEntropy(share, q.value);
    shown.replaceChildren(facts([["Log-likelihood", number(-n * cross, 5), "of the ten texts: as high as it can be"], ["Cross-entropy", number(cross, 5), "its mean, negated: as low as it can be"], ["Entropy of the data", number(entropy, 5), "what no model can go below"], ["KL(data‖model)", number(Math.max(cross - entropy, 0), 4), "what is left to learn"]]));
    drawn.redraw();
    asked.fresh();
  }
  update();
  const toBest = el("button", { type: "button", class: "button small", onclick: () => {
    q.value = Math.min(Math.max(heads.value / n, 0.01), 0.99);
    update();
  } }, "Go to the best q");
  return step("Maximum likelihood is minimum cross-entropy", [
    "Ten texts begin alike; some go on with “yes”, the others with “no”. A model says “yes” with probability q. How likely are the ten texts under it?",
    "The loss is the log-likelihood with its sign turned, divided by the number of tokens. So the q that makes the texts most likely is the q with the smallest cross-entropy: the share of “yes” in the data.",
    "What remains there is the entropy of the data. The distance to it is the KL divergence of the model from the data."], [heads.node, q.node, el("div", { class: "row" }, toBest), drawn, shown], asked);
}

/** The steps, made when the tab is shown first. */
export const STEPS = [instructionStep, likelihoodStep, turnsStep];
