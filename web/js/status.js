/* The tab Status. */
import { el } from "./dom.js";

/** Fills the panel. */
export function start(panel) {
  panel.append(el("h2", {}, "Status"), el("p", { class: "lead" }, "What the server is doing."));
}
