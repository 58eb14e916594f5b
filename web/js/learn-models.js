/* The last steps: two models, other units, and the order of words. */
import { el, svg } from "./dom.js";
import { fitted } from "./fit.js";
import { number, percent } from "./format.js";
import { ask, facts, formula, slider, step, total } from "./learn-parts.js";
import { label, plot } from "./plots.js";

function pairedPlot(width, a, b) {
  const [height, left] = [40 * a.length + 24, 58];
  const most = Math.max(1, ...a.map(Math.abs), ...b.map(Math.abs));
  const x = (lp) => left + (1 + lp / most) * (width - left - 12);
  const rows = a.map((lp, i) => {
    const y = 18 + i * 40;
    return svg("g", {}, label(0, y + 5, `token ${i + 1}`, { soft: true }), svg("line", { class: "rule", x1: left, x2: width - 12, y1: y, y2: y }),
      svg("line", { class: b[i] >= lp ? "up" : "down", x1: x(lp), x2: x(b[i]), y1: y, y2: y }), svg("circle", { class: "bar-x", cx: x(lp), cy: y, r: 7 }), svg("rect", { class: "bar-y", x: x(b[i]) - 6, y: y - 6, width: 12, height: 12 }));
  });
  return plot(width, height, `Log-probabilities of both models: ${a.map((lp, i) => `${number(lp, 3)} and ${number(b[i], 3)}`).join("; ")}`, rows, label(left, height - 2, number(-most, 3), { soft: true }), label(width - 12, height - 2, "0, certain", { anchor: "end", soft: true }));
}

function modelsStep() {
  const shown = el("div", { class: "shown" });
  const [a, b] = [[-0.9, -1.6, -0.3, -2.2], [-0.5, -1.2, -0.45, -1.1]].map((list, m) => list.map((value, i) => slider(`${"AB"[m]}, token ${i + 1}`, { min: -4, max: 0, step: 0.05, value }, update)));
  const values = (list) => list.map((one) => one.value);
  const differences = () => values(b).map((lp, i) => lp - a[i].value);
  const drawn = fitted((width) => pairedPlot(width, values(a), values(b)), { most: 720 });
  const asked = ask({ path: "/v1/compare", request: () => ({ tokens: [10, 11, 12, 13], prompt_length: 0, objectives: ["conditional"], models: [{ model: "A", logprobs: values(a) }, { model: "B", logprobs: values(b) }] }),
    results: ({ sequences: [{ objectives: { conditional: one } }] }) => {
      const { sum, mean, error } = spread(differences());
      return [["difference", sum, one.difference], ["difference_mean", mean, one.difference_mean], ["difference_error", error, one.difference_error], ["perplexity_ratio", Math.exp(-mean), one.perplexity_ratio]];
    } });
  function update() {
    const { sum, mean, error } = spread(differences());
    const sure = Math.abs(mean) > 2 * error;
    shown.replaceChildren(facts([["Sum of B − A", number(sum, 5), `the text is ${number(Math.exp(sum), 3)} times as likely under B`], ["Mean of a token", `${number(mean, 4)} ± ${number(error, 2)}`, sure ? "more than two standard errors from 0" : "within two standard errors of 0"], ["Perplexity, B / A", number(Math.exp(-mean), 4), "below 1: B is less perplexed"]]));
    drawn.redraw();
    asked.fresh();
  }
  update();
  return step("Which of two models is more confident?", [
    "Two models read the same tokens. The difference of their log-probabilities says how many times likelier a token is under B: exp(B − A).",
    "Take the difference token by token, before the mean. Both models find the same tokens hard, so the differences vary less than the losses, and their standard error is smaller. A circle is A, a square is B."],
  [el("div", { class: "pair slides" }, el("div", {}, a.map((one) => one.node)), el("div", {}, b.map((one) => one.node))), drawn, shown], asked);
}

function spread(list) {
  const sum = total(list);
  const mean = sum / list.length;
  const variance = total(list.map((x) => (x - mean) ** 2)) / (list.length - 1);
  return { sum, mean, error: Math.sqrt(variance / list.length) };
}

function dots(width, n) {
  const shown = Math.min(Math.round(n), 400);
  const across = Math.max(Math.floor(width / 14), 1);
  const marks = Array.from({ length: shown }, (_, i) => svg("circle", { class: i === 0 ? "bar-y" : "faint", cx: 7 + (i % across) * 14, cy: 7 + Math.floor(i / across) * 14, r: 5 }));
  return plot(width, Math.ceil(shown / across) * 14, `One token of ${number(n, 4)} that are equally likely`, marks);
}

function unitsStep() {
  const shown = el("div", { class: "shown" });
  const loss = slider("Loss, nats a token", { min: 0, max: 8, step: 0.01, value: 2.3, text: (x) => number(x, 4) }, update);
  const bytes = slider("Bytes a token", { min: 1, max: 8, step: 0.25, value: 4, text: (x) => number(x, 3) }, update);
  const drawn = fitted((width) => dots(width, Math.exp(loss.value)), { most: 720 });
  const byte = () => loss.value / Math.LN2 / bytes.value;
  const asked = ask({ request: () => ({ logprobs: [0, 0, 0, 0].map(() => -loss.value), counts: { bytes: 4 * bytes.value } }), results: ({ sequences: [{ objectives: { joint: one } }] }) => [
    ["loss", loss.value, one.loss], ["perplexity", Math.exp(loss.value), one.perplexity], ["bits_per_token", loss.value / Math.LN2, one.bits_per_token], ["bits_per_byte", byte(), one.bits_per_byte]] });
  function update() {
    const x = loss.value;
    shown.replaceChildren(facts([["Probability", percent(Math.exp(-x)), "the geometric mean, exp(-loss)"], ["Perplexity", number(Math.exp(x), 5), "exp(loss)"], ["Bits a token", number(x / Math.LN2, 4), "loss / ln 2"], ["Bits a byte", number(byte(), 4), "what a compressor would need"]]));
    drawn.redraw();
    asked.fresh();
  }
  update();
  return step("Perplexity and bits", [
    "The loss has a probability behind it: exp(-loss) is the geometric mean of the tokens’ probabilities. Its inverse, the perplexity, says among how many equally likely tokens the model would be as unsure.",
    "Divided by ln 2 the loss is in bits. Per byte of text it can be compared between models with different tokenizers; a loss per token cannot, because a tokenizer with longer tokens has fewer of them."], [loss.node, bytes.node, shown, drawn], asked);
}

const WORDS = ["<s>", "the", "dog", "bites", "man", "."];
const LOGITS = [[-3, 4, 0.5, -1, 0.5, -1], [-3, -2, 3, -1, 2.6, -2], [-3, -0.5, -2, 3.5, -1, 1.5], [-3, 3.2, 0.2, -3, 0.8, 0.5], [-3, -0.5, -1, 1.8, -2, 3], [1, 1, 0, -1, 0, -2]];

function logSoftmax(row, id) {
  const most = Math.max(...row);
  return row[id] - most - Math.log(total(row.map((x) => Math.exp(x - most))));
}

function orderStep() {
  let order = [1, 2, 3, 1, 4, 5];
  const words = el("div", { class: "order", role: "group", "aria-label": "Words" });
  const shown = el("div", { class: "shown" });
  const ids = () => [0, ...order];
  const lps = () => order.map((id, i) => logSoftmax(LOGITS[ids()[i]], id));
  const asked = ask({ request: () => ({ tokens: ids(), prompt_length: 1, objectives: ["joint"], dtype: "f64", logits: order.map((_, i) => LOGITS[ids()[i]]) }), results: ({ sequences: [one] }) => [["joint.log_prob", total(lps()), one.objectives.joint.log_prob], ...order.map((id, i) => [`log p(${WORDS[id]})`, lps()[i], one.tokens.log_prob[i + 1]])] });
  function move(i, by) {
    [order[i], order[i + by]] = [order[i + by], order[i]];
    update();
    const button = words.children[i + by].querySelectorAll("button")[by > 0 ? 1 : 0];
    (button.disabled ? words.children[i + by].querySelector("button:enabled") : button).focus();
  }
  const word = (id, i) => el("span", { class: "word-box" },
    el("button", { type: "button", class: "button small", disabled: i === 0, "aria-label": `${WORDS[id]}, word ${i + 1}: move to the left`, onclick: () => move(i, -1) }, "←"), el("span", { class: "mono" }, WORDS[id]), el("span", { class: "soft mono lp" }, number(lps()[i], 3)),
    el("button", { type: "button", class: "button small", disabled: i === order.length - 1, "aria-label": `${WORDS[id]}, word ${i + 1}: move to the right`, onclick: () => move(i, 1) }, "→"));
  function update() {
    words.replaceChildren(...order.map(word));
    const sum = total(lps());
    shown.replaceChildren(facts([["log P of this order", number(sum, 5), `P = ${number(Math.exp(sum), 3)}`], ["The same words in a bag", "no order", "a model that only counts words would not tell them apart"]]));
    asked.fresh();
  }
  const set = (name, list) => el("button", { type: "button", class: "button small", onclick: () => {
    order = [...list];
    update();
  } }, name);
  update();
  return step("Why order matters", [
    "“The dog bites the man” and “the man bites the dog” have the same words. Each word is predicted from the one before it, by a small table of logits; so its probability depends on where it stands.",
    "Move the words. The server gets a row of logits for each place, and adds up what the words are given there."],
  [words, el("div", { class: "row" }, set("the dog bites the man", [1, 2, 3, 1, 4, 5]), set("the man bites the dog", [1, 4, 3, 1, 2, 5]), set("bites the the dog man", [3, 1, 1, 2, 4, 5])), shown], asked);
}

/** The steps, made when the tab is shown first. */
export const STEPS = [modelsStep, unitsStep, orderStep];
