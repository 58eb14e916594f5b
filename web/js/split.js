/* The line between x and y: a strip of all tokens with a handle, and the sums on both sides of it. */
import { onTheme, sequential } from "./colours.js";
import { count, number } from "./format.js";
import { el, svg } from "./dom.js";
import { bars } from "./plots.js";

const BINS = 320;

/* The mean share of the tokens in each bin. */
function binned(sequence, measure) {
  const bins = Math.min(BINS, sequence.length);
  return Array.from({ length: bins }, (_, b) => {
    const [from, to] = [Math.floor((b * sequence.length) / bins), Math.floor(((b + 1) * sequence.length) / bins)];
    let [sum, known] = [0, 0];
    for (let i = from; i < to; i++) {
      const x = measure.at(i);
      if (Number.isNaN(x)) continue;
      sum += measure.share(x);
      known++;
    }
    return known > 0 ? sum / known : null;
  });
}

/** The strip with its slider. `moved` gets the new length of the prompt. */
export class Split {
  #strip; #handle; #cells = []; #sequence = null; #measure = null; #at = 0; #moved; #shade;

  constructor(moved) {
    this.#moved = moved;
    this.#handle = el("div", { class: "handle", role: "slider", tabindex: "0", "aria-label": "Prompt length", "aria-valuemin": "0", "aria-valuemax": "0", "aria-valuenow": "0" });
    this.#shade = el("div", { class: "shade", "aria-hidden": "true" });
    this.#strip = el("div", { class: "strip" }, this.#shade, this.#handle);
    this.#strip.addEventListener("pointerdown", (event) => this.#press(event));
    this.#strip.addEventListener("pointermove", (event) => this.#strip.hasPointerCapture(event.pointerId) && this.#point(event));
    this.#handle.addEventListener("keydown", (event) => this.#key(event));
    onTheme(() => this.#measure && this.paint(this.#measure));
  }

  /** The element to place. */
  get element() {
    return this.#strip;
  }

  show(sequence, at) {
    this.#sequence = sequence;
    this.#handle.setAttribute("aria-valuemax", String(sequence.length));
    this.move(at);
  }

  /** Colours the strip by a measure. */
  paint(measure) {
    this.#measure = measure;
    const shares = binned(this.#sequence, measure);
    const step = 100 / shares.length;
    const cells = shares.map((share, i) => svg("rect", { x: `${i * step}%`, y: 0, width: `${step + 0.04}%`, height: "100%", class: share === null ? "none" : null, fill: share === null ? null : sequential(share).background }));
    const drawing = svg("svg", { "aria-hidden": "true", class: "cells", "data-caption": `Tokens, coloured by ${measure.name}` }, cells);
    this.#strip.querySelector("svg")?.remove();
    this.#strip.prepend(drawing);
  }

  move(at) {
    this.#at = at;
    const share = this.#sequence.length > 0 ? at / this.#sequence.length : 0;
    this.#handle.style.left = this.#shade.style.width = `${100 * share}%`;
    this.#handle.setAttribute("aria-valuenow", String(at));
    this.#handle.setAttribute("aria-valuetext", `${at} of ${this.#sequence.length} tokens`);
  }

  #press(event) {
    if (!this.#sequence) return;
    event.preventDefault();
    this.#strip.setPointerCapture(event.pointerId);
    this.#handle.focus({ preventScroll: true });
    if (event.target !== this.#handle) this.#point(event);
  }

  #point(event) {
    const box = this.#strip.getBoundingClientRect();
    this.#go(Math.round(((event.clientX - box.x) / box.width) * this.#sequence.length));
  }

  #go(at) {
    const next = Math.min(Math.max(at, 0), this.#sequence.length);
    if (next !== this.#at) this.#moved(next);
  }

  #key(event) {
    if (!this.#sequence) return;
    const far = Math.max(10, Math.round(this.#sequence.length / 20));
    const step = event.shiftKey ? 10 : 1;
    const to = { ArrowLeft: this.#at - step, ArrowDown: this.#at - step, ArrowRight: this.#at + step, ArrowUp: this.#at + step,
      PageUp: this.#at + far, PageDown: this.#at - far, Home: 0, End: this.#sequence.length }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#go(to);
  }
}

const WORDS = [["marginal", "log P(x)", "x"], ["conditional", "log P(y|x)", "y"], ["joint", "log P(x,y)", "joint"]];

/** marginal + conditional = joint, as numbers in a row and as bars below. */
export function sumsFigure(values) {
  const size = (name) => Math.min(Math.abs(values[name].log_prob), 1e300);
  const most = Math.max(size("joint"), size("marginal"), size("conditional"), 1e-12);
  const signs = ["", "+", "="];
  const terms = WORDS.flatMap(([name, formula, kind], i) => [
    signs[i] && el("span", { class: "sign", "aria-hidden": "true" }, signs[i]),
    el("div", { class: `term ${kind}` }, el("span", { class: "term-name" }, name), el("span", { class: "term-value", "data-objective": name }, number(values[name].log_prob)),
      el("span", { class: "term-note" }, `${formula}, ${count(values[name].tokens)} ${values[name].tokens === 1 ? "token" : "tokens"}`)),
  ]);
  return el("div", { class: "sums" }, el("div", { class: "terms" }, terms), barsOf(values, size, most));
}

function barsOf(values, size, most) {
  const text = (name) => number(values[name].log_prob);
  const list = WORDS.map(([name, formula, kind]) => ({ name: formula, text: text(name), class: `bar-${kind}`, value: size(name) }));
  list[1].from = Math.min(size("marginal"), Math.max(most - size("conditional"), 0));
  const plot = bars(list, { name: `marginal ${text("marginal")} plus conditional ${text("conditional")} is joint ${text("joint")}`, max: most });
  plot.dataset.caption = "marginal + conditional = joint";
  return plot;
}
