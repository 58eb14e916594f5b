/* The tab Score. */
import { el } from "./dom.js";

/** Fills the panel. */
export function start(panel) {
  panel.append(el("h2", {}, "Score"), el("p", { class: "lead" }, "The probability of every token, and what the tokens add up to."));
}
