/* The tab Rank. */
import { el } from "./dom.js";

/** Fills the panel. */
export function start(panel) {
  panel.append(el("h2", {}, "Rank"), el("p", { class: "lead" }, "Choices of a question, by how likely they are."));
}
