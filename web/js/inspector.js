/* What is known of one token: beside the map, for the token under the pointer or with the focus. */
import { count, number, percent, visible } from "./format.js";
import { el } from "./dom.js";
import { bars } from "./plots.js";

/* How many characters are shown of a text: as a name beside others, and of the token that is looked at. */
const NAME = 24;
const WHOLE = 2000;

function fact(name, value) {
  return el("div", { class: "fact" }, el("dt", {}, name), el("dd", {}, value));
}

function optional(name, column, i, digits) {
  return column && !Number.isNaN(column[i]) ? fact(name, number(column[i], digits)) : null;
}

function nameOf(one) {
  return one.text !== undefined ? visible(one.text, NAME) || "∅" : `id ${one.id}`;
}

/* Whether an entry of the list is the token itself. */
function isOwn(one, sequence, i) {
  if (one.id !== undefined && sequence.ids) return one.id === sequence.ids[i];
  return one.text === sequence.texts[i];
}

/* The most likely tokens; and the token itself behind them, if it is not among them. */
function topBars(sequence, i) {
  const top = sequence.top?.[i];
  if (!top || top.length === 0) return null;
  const list = top.slice(0, 8).map((one) => ({ name: nameOf(one), value: Math.exp(one.lp), text: percent(Math.exp(one.lp)), class: isOwn(one, sequence, i) ? "bar own" : "bar" }));
  if (!top.some((one) => isOwn(one, sequence, i))) {
    const p = Math.exp(sequence.logProb[i]);
    list.push({ name: visible(sequence.texts[i], NAME), value: p, text: percent(p), class: "bar own" });
  }
  const plot = bars(list, { name: `The ${top.length} most likely tokens`, max: 1 });
  plot.dataset.caption = `Most likely at position ${i}`;
  return el("div", { class: "likely" }, el("h4", {}, "Most likely here"), plot);
}

/** The panel about token i of a sequence. */
export function inspect(sequence, i) {
  const lp = sequence.logProb[i];
  const p = Math.exp(lp);
  const id = sequence.ids?.[i];
  const where = `position ${count(i)}${id === undefined ? "" : `, id ${id}`}`;
  const facts = Number.isNaN(lp)
    ? el("p", { class: "note" }, i === 0 ? "Nothing predicts the first token, so it has no probability." : "No log-probability is known for this token.")
    : el("dl", { class: "token-facts" }, fact("log-probability", number(lp)), fact("probability", percent(p)), optional("rank", sequence.rank, i),
      optional("entropy", sequence.entropy, i, 4), fact("loss", number(sequence.loss[i])));
  return [el("p", { class: "token-now" }, visible(sequence.texts[i], WHOLE) || "∅"), el("p", { class: "note", id: "token-now" },
    where, el("span", { class: "visually-hidden" }, Number.isNaN(lp) ? ", no probability" : `, probability ${percent(p)}, log-probability ${number(lp)}`)), facts, topBars(sequence, i)];
}

/** The places of the tokens that the model expected least, the least first. */
export function leastOf(sequence, most = 12) {
  const found = [];
  for (let i = 0; i < sequence.length; i++) {
    const lp = sequence.logProb[i];
    if (Number.isNaN(lp) || (found.length === most && lp >= sequence.logProb[found[most - 1]])) continue;
    let at = found.length;
    while (at > 0 && sequence.logProb[found[at - 1]] > lp) at--;
    found.splice(at, 0, i);
    found.length = Math.min(found.length, most);
  }
  return found;
}

/** The list of the tokens that the model expected least; `jump` gets the index of one. */
export function leastLikely(sequence, jump) {
  return leastOf(sequence).map((i) => el("li", {}, el("button", { type: "button", class: "least", onclick: () => jump(i) },
    el("span", { class: "mono" }, visible(sequence.texts[i], NAME) || "∅"), " ", el("span", { class: "soft" }, `at ${count(i)}`), " ", el("span", { class: "value" }, percent(Math.exp(sequence.logProb[i]))))));
}
