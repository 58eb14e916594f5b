/* What the steps of the chapter are made of: a card with words and something to play with, sliders, and the button
 * that asks the server whether it says the same. */
import { postJson } from "./api.js";
import { el } from "./dom.js";
import { number } from "./format.js";
import { busy } from "./pasted.js";
import { problem } from "./problem.js";

/**
 * A slider with its name and its value.
 * @param {string} name
 * @param {{min: number, max: number, step: number, value: number, text?: (x: number) => string}} range
 * @param {() => void} changed
 */
export function slider(name, { min, max, step, value, text = (x) => number(x, 4) }, changed) {
  const output = el("output", {}, text(value));
  const input = el("input", { type: "range", min: String(min), max: String(max), step: String(step), value: String(value), "aria-valuetext": text(value), oninput: () => moved() });
  function moved() {
    output.textContent = text(Number(input.value));
    input.setAttribute("aria-valuetext", output.textContent);
    changed();
  }
  return {
    node: el("label", { class: "slide" }, el("span", { class: "label" }, name), input, output),
    get value() { return Number(input.value); },
    set value(x) {
      input.value = String(x);
      output.textContent = text(Number(input.value));
      input.setAttribute("aria-valuetext", output.textContent);
    },
  };
}

/** A check box with its name. */
export function check(name, checked, changed) {
  const input = el("input", { type: "checkbox", checked, onchange: () => changed() });
  return { node: el("label", { class: "check" }, input, " ", name), get value() { return input.checked; }, input };
}

/** A line of a formula: its parts stand beside each other. */
export function formula(...parts) {
  return el("p", { class: "formula-line" }, parts);
}

/** Facts: [name, value, meaning]. */
export function facts(list) {
  return el("dl", { class: list.length === 4 ? "figures four" : "figures" }, list.map(([name, value, note]) => el("div", { class: "figure" }, el("dt", {}, name), el("dd", {}, value), note ? el("dd", { class: "note" }, note) : null)));
}

function agree(here, there) {
  if (Array.isArray(here)) return here.length === there.length && here.every((x, i) => agree(x, there[i]));
  return here === there || Math.abs(Number(here) - Number(there)) <= 1e-12 * Math.max(1, Math.abs(Number(there)));
}

const told = (value) => (Array.isArray(value) ? value.map((x) => number(x, 4)).join(", ") : number(value, 10));

function verdict(list) {
  const all = list.every(([, here, there]) => agree(here, there));
  const rows = list.map(([name, here, there]) => el("tr", {}, el("th", { scope: "row" }, el("code", {}, name)), el("td", {}, told(here)), el("td", {}, told(there), agree(here, there) ? " ✓" : " ✗")));
  return [el("p", { class: all ? "agrees" : "problem" }, all ? "✓ The server says the same." : "The server says something else."),
    el("div", { class: "table", tabindex: "0", role: "group", "aria-label": "What the server says" }, el("table", { class: "verdict" }, el("thead", {}, el("tr", {}, ["Number", "This page", "The server"].map((name) => el("th", { scope: "col" }, name)))), el("tbody", {}, rows)))];
}

/**
 * The box that asks the server.
 * @param {{path?: string, request: () => Object, results: (answer: Object) => Array}} of
 *   results gives [member, the page's number, the server's]
 */
export function ask({ path = "/v1/score", request, results }) {
  const said = el("div", { class: "said", role: "status" });
  const shown = el("pre", { tabindex: "0" });
  const button = el("button", { type: "button", class: "button", onclick: () => busy(button, async () => {
    const body = request();
    shown.textContent = `POST ${path}\n${JSON.stringify(body)}`;
    said.replaceChildren(...verdict(results(await postJson(path, body))));
  }, (error) => said.replaceChildren(problem(error))) }, "Ask the server");
  const node = el("div", { class: "ask" }, button, said, el("details", {}, el("summary", {}, "The request"), shown));
  const fresh = () => {
    shown.textContent = `POST ${path}\n${JSON.stringify(request())}`;
    said.replaceChildren();
  };
  return { node, fresh };
}

/**
 * A step of the chapter.
 * @param {string} title
 * @param {Array<string|Node>} words paragraphs
 * @param {Node[]} play
 * @param {{node: HTMLElement}} asked
 */
export function step(title, words, play, asked) {
  const paragraphs = words.map((one) => (typeof one === "string" ? el("p", {}, one) : one));
  return { title, node: el("section", { class: "card step" }, el("div", { class: "words" }, el("h3", { tabindex: "-1" }, title), paragraphs), el("div", { class: "play" }, play, asked.node)) };
}

/** A number between parentheses if it is below 0, for sums. */
export function term(x, digits = 4) {
  return x < 0 ? `(${number(x, digits)})` : number(x, digits);
}

/** The sum of some numbers. */
export function total(list) {
  return list.reduce((sum, x) => sum + x, 0);
}
