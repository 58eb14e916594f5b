/* A thing that is held beside a field, and can be taken away: a file, a tokenizer. */
import { el } from "./dom.js";

/** A chip with its text and a button that calls `remove`. */
export function chip(text, remove) {
  return el("p", { class: "chip" }, el("span", {}, text), el("button", { type: "button", class: "button small", onclick: remove }, "Remove"));
}
