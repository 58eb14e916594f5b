/* The tab Learn: from the idea to the number, in steps to play with. */
import { el } from "./dom.js";
import { logitsStep, passesStep, whichStep } from "./learn-first.js";
import { STEPS as LOSSES } from "./learn-loss.js";
import { STEPS as MODELS } from "./learn-models.js";
import { chainStep, probability, sumStep } from "./learn-words.js";

/** Fills the panel. */
export function start(panel) {
  const steps = [logitsStep, probability, whichStep, sumStep, chainStep, passesStep, ...LOSSES, ...MODELS].map((make) => make());
  const go = ({ node }) => {
    node.querySelector("h3").focus({ preventScroll: true });
    node.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  };
  const contents = el("nav", { class: "contents", "aria-label": "Steps" }, el("ol", {}, steps.map((one) => el("li", {}, el("button", { type: "button", class: "link", onclick: () => go(one) }, one.title)))));
  panel.append(el("div", { class: "stack" },
    el("header", {}, el("h2", {}, "Learn"), el("p", { class: "lead" }, "From the idea to the number. Every step has something to move; the numbers follow at once. Then ask the server whether it says the same.")),
    el("div", { class: "chapter" }, contents, el("div", { class: "stack steps" }, steps.map((one) => one.node)))));
}
