/* The tab Learn. */
import { el } from "./dom.js";

/** Fills the panel. */
export function start(panel) {
  panel.append(el("h2", {}, "Learn"), el("p", { class: "lead" }, "From the idea to the number, in steps to play with."));
}
