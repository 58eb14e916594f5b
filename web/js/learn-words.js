/* The first steps: a probability, the sum of its logarithms, and the chain rule. */
import { el, svg } from "./dom.js";
import { fitted } from "./fit.js";
import { count, number, percent } from "./format.js";
import { ask, facts, formula, slider, step, term, total } from "./learn-parts.js";
import { label, plot } from "./plots.js";

/* The first words of a story, as stories260K sees them. */
export const STORY = [["Once", null], [" upon", -0.2437], [" a", -0.0175], [" time", -0.0121], [",", -0.0007], [" there", -0.0317], [" was", -0.0684], [" a", -0.016], [" little", -0.494], [" girl", -0.4459]];

function curveOf(width, p) {
  const [height, left, base, top] = [200, 44, 164, 14];
  const x = (share) => left + share * (width - left - 14);
  const y = (loss) => base - (Math.min(loss, 5) / 5) * (base - top);
  const points = Array.from({ length: 100 }, (_, i) => (i + 1) / 100).map((share) => `${x(share).toFixed(1)},${y(-Math.log(share)).toFixed(1)}`);
  return plot(width, height, `The loss is -ln p: at p = ${number(p, 3)} it is ${number(-Math.log(p), 3)}`,
    [0, 1, 2, 3, 4, 5].map((loss) => svg("g", {}, svg("line", { class: "rule", x1: left, x2: width - 14, y1: y(loss), y2: y(loss) }), label(left - 8, y(loss) + 4, String(loss), { anchor: "end", soft: true }))),
    [0, 0.5, 1].map((share) => label(x(share), base + 18, String(share), { anchor: "middle", soft: true })),
    label(width / 2, height - 2, "probability p; upwards: loss -ln p", { anchor: "middle", soft: true }),
    svg("polyline", { class: "curve", points: points.join(" ") }), svg("circle", { class: "point", cx: x(p), cy: y(-Math.log(p)), r: 6 }));
}

function probability() {
  const shown = el("div", {});
  const p = slider("Probability of a token", { min: 0.005, max: 1, step: 0.005, value: 0.5, text: (x) => percent(x) }, update);
  const curve = fitted((width) => curveOf(width, p.value), { most: 720 });
  const asked = ask({ request: () => ({ logprobs: [Math.log(p.value)] }), results: ({ sequences: [{ objectives: { conditional: one } }] }) => [
    ["log_prob", Math.log(p.value), one.log_prob], ["loss", -Math.log(p.value), one.loss], ["perplexity", 1 / p.value, one.perplexity], ["bits_per_token", -Math.log2(p.value), one.bits_per_token]] });
  function update() {
    const x = p.value;
    shown.replaceChildren(facts([["Log-probability", number(Math.log(x), 4), "ln p, in nats"], ["Loss", number(-Math.log(x) || 0, 4), "-ln p"], ["Surprise, in bits", number(-Math.log2(x) || 0, 4), "-log2 p"], ["As a choice", `1 in ${number(1 / x, 4)}`, "perplexity, 1 / p"]]));
    curve.redraw();
    asked.fresh();
  }
  update();
  return step("A probability and its logarithm", [
    "A model gives every token of its vocabulary a probability. Many small probabilities multiplied are soon too small to write down, so one adds their logarithms.",
    "The log-probability is 0 for a token that is certain, and falls without end as the token gets less likely. Its negative is the loss: what the token costs."], [p.node, shown, curve], asked);
}

/* Log-probabilities of a completion, a slider each. */
function sumStep() {
  const box = el("div", { class: "slides" });
  const shown = el("div", { class: "shown" });
  let list = [];
  const values = () => list.map((one) => one.value);
  const asked = ask({ request: () => ({ logprobs: values() }), results: ({ sequences: [{ objectives: { conditional: one } }] }) => [["log_prob", total(values()), one.log_prob], ["loss", -total(values()) / list.length, one.loss], ["tokens", list.length, one.tokens]] });
  const more = el("button", { type: "button", class: "button small", onclick: () => add(-1) }, "Add a token");
  const less = el("button", { type: "button", class: "button small", onclick: () => drop() }, "Take one away");
  function add(value) {
    const one = slider(`Token ${list.length + 1} of y`, { min: -4, max: 0, step: 0.05, value }, update);
    list.push(one);
    box.append(one.node);
    update();
  }
  function drop() {
    list.pop().node.remove();
    update();
  }
  function update() {
    less.disabled = list.length < 2;
    more.disabled = list.length > 7;
    const sum = total(values());
    shown.replaceChildren(formula("log P(y|x) = ", values().map((x) => term(x)).join(" + "), " = ", el("strong", {}, number(sum, 6))),
      formula("P(y|x) = ", values().map((x) => number(Math.exp(x), 3)).join(" × "), " = ", el("strong", {}, number(Math.exp(sum), 4))),
      formula("loss = ", term(-sum), ` / ${count(list.length)} = `, el("strong", {}, number(-sum / list.length, 6)), " nats a token"));
    asked.fresh();
  }
  [-0.7, -0.4].forEach(add);
  return step("log P(y|x): -0.7 and -0.4", [
    "A completion y of two tokens follows a prompt x. The model gives the first token the log-probability -0.7, and the second, after it, -0.4.",
    "Adding them is multiplying the probabilities: about one half times about two thirds is one third. The sum is what the model says of the whole completion.",
    "A longer completion has a smaller sum, whatever it says. The mean, the loss, does not depend on the length in that way."], [box, el("div", { class: "row" }, more, less), shown], asked);
}

function stretch(width, name, parts) {
  const sizes = parts.map(([, value]) => -value);
  const most = Math.max(...[sizes[0] + sizes[1], sizes[2]]);
  const scale = (width - 2) / (most || 1);
  const rows = parts.map(([title, value, kind], i) => {
    const y = i * 44;
    const from = i === 1 ? sizes[0] * scale : 0;
    return svg("g", {}, label(0, y + 14, title), label(width, y + 14, number(value, 5), { anchor: "end" }), svg("rect", { class: "track", x: 0, y: y + 20, width, height: 14, rx: 3 }), svg("rect", { class: kind, x: from, y: y + 20, width: Math.max(sizes[i] * scale, 1), height: 14, rx: 3 }));
  });
  return plot(width, 128, name, rows);
}

function chainStep() {
  const lps = STORY.map(([, lp]) => lp ?? 0);
  const shown = el("div", { class: "shown" });
  const words = el("p", { class: "story" });
  const at = slider("Tokens of x", { min: 1, max: STORY.length, step: 1, value: 4, text: (n) => String(n) }, update);
  const sums = () => [total(lps.slice(0, at.value)), total(lps.slice(at.value)), total(lps)];
  const drawn = fitted((width) => {
    const [x, y, all] = sums();
    return stretch(width, `marginal ${number(x, 4)} plus conditional ${number(y, 4)} is joint ${number(all, 4)}`, [["marginal, log P(x)", x, "bar-x"], ["conditional, log P(y|x)", y, "bar-y"], ["joint, log P(x,y)", all, "bar-joint"]]);
  }, { most: 720 });
  const asked = ask({ request: () => ({ tokens: STORY.map((_, i) => i), prompt_length: at.value, logprobs: STORY.map(([, lp]) => lp) }), results: ({ sequences: [{ objectives: o }] }) => {
    const [x, y, all] = sums();
    return [["marginal.log_prob", x, o.marginal.log_prob], ["conditional.log_prob", y, o.conditional.log_prob], ["joint.log_prob", all, o.joint.log_prob]];
  } });
  function update() {
    words.replaceChildren(...STORY.map(([text], i) => el("span", { class: i < at.value ? "in-x" : "in-y" }, text)));
    const [x, y, all] = sums();
    shown.replaceChildren(formula("marginal ", term(x), " + conditional ", term(y), " = joint ", el("strong", {}, number(all, 5))), el("p", { class: "note" }, "And so conditional = joint − marginal: two passes give it, one over x and y, one over x alone."));
    drawn.redraw();
    asked.fresh();
  }
  update();
  return step("The chain rule: where x ends and y begins", [
    "Every token is predicted from those before it. So the log-probability of the whole text is the sum over its tokens, and it can be cut anywhere: P(x,y) = P(x) P(y|x).",
    "The tokens of x alone make the marginal, log P(x). Those of y, which come after x, make the conditional, log P(y|x). Move the line: the parts change, the whole does not.",
    "So any two of them give the third: the marginal is the joint minus the conditional."], [words, at.node, drawn, shown], asked);
}

/** Steps by their place in the chapter. */
export { chainStep, probability, sumStep };
