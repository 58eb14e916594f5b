/* The tab Compare. */
import { el } from "./dom.js";

/** Fills the panel. */
export function start(panel) {
  panel.append(el("h2", {}, "Compare"), el("p", { class: "lead" }, "Two answers over the same tokens, and where they differ."));
}
