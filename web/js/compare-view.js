/* What an answer of POST /v1/compare looks like. */
import { column } from "./answer.js";
import { contrastTable, percentileTable, withError } from "./compare-table.js";
import { diverging, sequential } from "./colours.js";
import { measureOf, reach, sizesOf, stillMap } from "./diffmap.js";
import { el, labelled, select } from "./dom.js";
import { csvOf, exportBar } from "./export.js";
import { fitted } from "./fit.js";
import { counted, number, percent, visible } from "./format.js";
import { Heatmap } from "./heatmap.js";
import { histogram } from "./histogram.js";
import { listsOf, textsOf } from "./texts.js";

const SHOWN = [
  ["difference", "log-probability, b − a", true], ["delta_p", "probability, b − a", true], ["kl_ab", "KL(a‖b)", false], ["kl_ba", "KL(b‖a)", false],
  ["jsd", "Jensen-Shannon divergence", false], ["total_variation", "total variation", false], ["divergence", "distillation", false],
];

const MOST_LISTED = 30;

/* The texts of tokens: what the request says, or the first answer of an engine that names them all, or else the most. */
function textsOfBoth(columns, ids, { texts: own, outputs }, tokenizer) {
  let best = null;
  let most = -1;
  for (const [i, logProb] of columns.entries()) {
    const found = textsOf({ length: logProb.length, logProb, ids, top: null, rank: null }, { own, lists: listsOf(outputs[i]), index: 0, tokenizer });
    const named = found.named.filter(Boolean).length;
    if (named > most) [best, most] = [found, named];
    if (named === logProb.length) break;
  }
  return best;
}

/* What the models are called: a and b, or their labels if these tell them apart. */
function namesOf(one) {
  const names = [0, 1].map((i) => one.models?.[i] || "ab"[i]);
  return names[0] === names[1] ? names.map((name, i) => `${name} (${"ab"[i]})`) : names;
}

/* One sequence of an answer, with its values in columns. */
function sequenceOf(one, side, models, tokenizer) {
  const [a, b] = [column(one.tokens.a), column(one.tokens.b)];
  const { texts, named } = textsOfBoth([a, b], one.tokens.id ?? null, side, tokenizer);
  const columns = Object.fromEntries(SHOWN.filter(([name]) => one.tokens[name]).map(([name]) => [name, column(one.tokens[name])]));
  const main = one.objectives.conditional ? "conditional" : Object.keys(one.objectives)[0];
  return { length: a.length, texts, named, ids: one.tokens.id ?? null, columns, a, b, objectives: one.objectives, main, models };
}

const tokenText = (text) => visible(text) || "∅";

function figure(name, value, note) {
  return el("div", { class: "figure" }, el("dt", {}, name), el("dd", {}, value), note ? el("dd", { class: "note" }, note) : null);
}

/* The sentence and the numbers that most people look for. */
function headline(sequence) {
  const c = sequence.objectives[sequence.main];
  const [a, b] = sequence.models;
  if (!c) return el("p", {}, "No objective is known for both.");
  const better = c.difference === null || Number(c.difference) === 0 ? null : Number(c.difference) > 0;
  const sure = c.difference_error !== null && Math.abs(c.difference_mean) > 2 * c.difference_error;
  const what = { conditional: "the completion", marginal: "the prompt", joint: "the text" }[sequence.main];
  const text = better === null ? `Both models give ${what} the same log-probability.`
    : `${better ? b : a} gives ${what} more: ${number(Math.abs(c.difference), 4)} nats over ${counted(c.tokens, "token")}${sure ? "" : ", which is within two standard errors of no difference"}.`;
  return el("div", {}, el("p", { class: "sentence" }, text), el("dl", { class: "figures" },
    figure("Mean difference", withError(c.difference_mean, c.difference_error, 4), "nats a token, b − a"),
    figure("Perplexity", `${number(c.a.perplexity, 4)} → ${number(c.b.perplexity, 4)}`, `${a} → ${b}`),
    figure("b is higher for", c.win_rate === null ? "–" : percent(c.win_rate), "of the tokens"),
    c.kl_ab ? figure("KL(a‖b)", withError(c.kl_ab.mean, c.kl_ab.error, 3), "nats a token") : null,
    c.same_top !== undefined ? figure("Same top token", percent(c.same_top), `of ${counted(c.rows, "row")}`) : null));
}

function scaleOf(map, mode) {
  const { most } = map;
  const steps = Array.from({ length: 11 }, (_, i) => (map.signed ? diverging((i - 5) / 5, mode) : sequential(i / 10, mode)).background);
  const bar = el("span", { class: "ramp", "aria-hidden": "true" }, steps.map((background) => {
    const step = el("i", {});
    step.style.backgroundColor = background;
    return step;
  }));
  return el("p", { class: "scale" }, map.signed ? `a higher, ${number(-most, 3)}` : "0", bar, map.signed ? `b higher, +${number(most, 3)}` : number(most, 3));
}

function detail(sequence, i) {
  const p = (x) => (Number.isNaN(x) ? "–" : `${percent(Math.exp(x))} (${number(x, 4)})`);
  const rows = [["Token", el("span", { class: "mono" }, sequence.named[i] ? tokenText(sequence.texts[i]) : "–")], ["Place, id", `${i}, ${sequence.ids?.[i] ?? "–"}`],
    [sequence.models[0], p(sequence.a[i])], [sequence.models[1], p(sequence.b[i])],
    ...SHOWN.filter(([name]) => sequence.columns[name]).map(([name, text]) => [text, number(sequence.columns[name][i], 4)])];
  return el("dl", { class: "facts" }, rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}

/* The places of the largest values, the largest first; of two that are alike, the one before. */
function largestOf(values) {
  const least = sizesOf(values).at(-MOST_LISTED) ?? 0;
  const far = Array.from(values.keys()).filter((i) => Math.abs(values[i]) >= least);
  return far.sort((i, j) => Math.abs(values[j]) - Math.abs(values[i]) || i - j).slice(0, MOST_LISTED);
}

function largest(sequence, name, go) {
  const values = sequence.columns[name];
  const p = (x) => percent(Math.exp(x));
  return el("ol", { class: "largest" }, largestOf(values).map((i) => el("li", {}, el("button", { type: "button", class: "jump", onclick: () => go(i) },
    el("span", { class: "mono word" }, tokenText(sequence.texts[i])), " ", el("span", { class: "soft" }, `at ${i}`), " ",
    el("span", { class: "soft" }, `${p(sequence.a[i])} → ${p(sequence.b[i])}`), " ", el("strong", {}, number(values[i], 3))))));
}

function csv(sequence) {
  const names = Object.keys(sequence.columns);
  const rows = sequence.texts.map((text, i) => [i, sequence.ids?.[i], sequence.named[i] ? text : null, sequence.a[i], sequence.b[i], ...names.map((name) => sequence.columns[name][i])]);
  return csvOf(["token", "id", "text", "a", "b", ...names], rows);
}

/* The one heat map of the tab; each view puts it into its own place. */
let map = null;
let looked = () => {};

function theMap() {
  if (!map) {
    const box = el("div", { class: "map dmap", role: "group", "aria-label": "Differences", "aria-describedby": "compare-keys" });
    map = Object.assign(new Heatmap(box, { inspect: (i) => looked(i), described: "compare-detail" }), { box });
  }
  return map;
}

/* One sequence: its map, its largest differences, its histogram and its table. */
class View {
  constructor(sequence, totals, state) {
    Object.assign(this, { sequence, totals, state });
    this.detail = el("div", { id: "compare-detail", class: "dmap-detail" });
    this.scale = el("div", {});
    this.largest = el("div", { class: "largest-box", tabindex: "0", role: "group", "aria-label": "Largest differences" });
    this.histogram = fitted((width) => this.#histogram(width));
    this.node = el("div", { class: "stack" }, this.#summary(), this.#tokens(), this.#numbers(), this.#export());
  }

  /** Draws what needs a place in the page, and so a width. */
  placed() {
    const { sequence } = this;
    looked = (i) => this.detail.replaceChildren(detail(sequence, i));
    theMap().show(sequence);
    this.#show("difference");
    looked(Math.max(0, sequence.a.findIndex((x) => !Number.isNaN(x))));
  }

  /** Draws anew what has the colours of light or dark in it; the map does it itself. */
  redraw() {
    this.scale.replaceChildren(scaleOf(this.shown));
    this.histogram.redraw();
  }

  #show(name) {
    const [, text, signed] = SHOWN.find(([one]) => one === name);
    const values = this.sequence.columns[name];
    this.shown = { name, text, signed, values, most: reach(values), texts: this.sequence.texts };
    theMap().paint(measureOf(this.shown));
    this.largest.replaceChildren(largest(this.sequence, name, (i) => theMap().focus(i)));
    this.redraw();
  }

  #histogram(width, mode) {
    const { text } = this.shown;
    const values = this.shown.values.filter(Number.isFinite);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    return histogram(values, { name: `Histogram of ${text}: ${counted(values.length, "token")}, mean ${number(mean, 3)}`, unit: text, width, mean, mode });
  }

  #summary() {
    return el("section", { class: "card", "aria-label": "Summary" }, headline(this.sequence));
  }

  #tokens() {
    const known = SHOWN.filter(([name]) => this.sequence.columns[name]);
    const choose = select(known.map(([name, text]) => [name, text]), { onchange: (event) => this.#show(event.target.value) });
    return el("section", { class: "card stack", "aria-label": "Difference map" },
      el("div", { class: "row spread" }, el("h3", {}, "Difference map"), labelled("Shown", choose)), this.scale,
      el("div", { class: "dmap-and-detail" }, theMap().box, this.detail),
      el("p", { class: "note", id: "compare-keys" }, "Point at a token, or go from one to the next with the arrow keys. · is a space, ↵ a new line."));
  }

  #numbers() {
    const percentiles = percentileTable(this.totals?.[this.sequence.main]);
    return el("div", { class: "stack" }, el("div", { class: "grid2" },
      el("section", { class: "card", "aria-label": "Largest" }, el("h3", {}, "Largest differences"), this.largest),
      el("section", { class: "card", "aria-label": "Histogram" }, el("h3", {}, "Histogram"), this.histogram)),
    el("section", { class: "card stack", "aria-label": "Table" }, el("h3", {}, "All measures, with standard errors"), contrastTable(this.sequence.objectives), percentiles));
  }

  #report() {
    const section = (title, ...nodes) => el("section", { class: "card" }, el("h3", {}, title), ...nodes);
    return [section("Summary", headline(this.sequence)), section(`Difference map: ${this.shown.text}`, scaleOf(this.shown, "light"), stillMap(this.shown)),
      section("Largest differences", largest(this.sequence, this.shown.name, () => {})), section("Histogram", this.#histogram(720, "light")), section("All measures", contrastTable(this.sequence.objectives))];
  }

  #export() {
    const { sequence } = this;
    return exportBar({ tab: "compare", title: `${sequence.models[0]} and ${sequence.models[1]} over the same tokens`, report: () => this.#report(),
      csv: () => csv(sequence), plots: () => [this.histogram.querySelector("svg")], state: this.state });
  }
}

function totalsView(answer) {
  return el("section", { class: "card stack", "aria-label": "Totals" }, el("h3", {}, `All ${answer.sequences.length} sequences`),
    contrastTable(answer.totals.objectives), percentileTable(answer.totals.objectives.conditional));
}

function chooser(sequences, chosen, show) {
  const names = sequences.map((one, i) => [String(i), one.id !== undefined ? `${i + 1}: ${one.id}` : String(i + 1)]);
  const control = select(names, { onchange: (event) => show(Number(event.target.value)) });
  control.value = String(chosen);
  return el("div", { class: "row" }, labelled("Sequence", control));
}

/**
 * Shows an answer.
 * @param {HTMLElement} place in the page
 * @param {Object} answer of POST /v1/compare
 * @param {Array} sides of pair.js
 * @param {{state: () => *, tokenizer: Object|null, chosen?: number}} options state is what a permanent link brings back
 * @returns {{redraw: () => void, chosen: number}}
 */
export function comparison(place, answer, sides, { state, tokenizer, chosen = 0 }) {
  const box = el("div", {});
  const result = { chosen, redraw: () => {} };
  const sideOf = (one, i) => sides[one.sequence ?? i] ?? sides.at(-1);
  const show = (i) => {
    const one = answer.sequences[i];
    const view = one.tokens ? new View(sequenceOf(one, sideOf(one, i), namesOf(one), tokenizer), answer.totals?.objectives, state) : null;
    Object.assign(result, { chosen: i, redraw: () => view?.redraw() });
    box.replaceChildren(view ? view.node : el("section", { class: "card" }, contrastTable(one.objectives)));
    view?.placed();
  };
  const several = answer.sequences.length > 1 ? [totalsView(answer), chooser(answer.sequences, chosen, show)] : null;
  place.replaceChildren(el("div", { class: "stack" }, several, box));
  show(chosen);
  return result;
}
