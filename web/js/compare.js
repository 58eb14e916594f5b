/* The tab Compare: two outputs over the same tokens, and where they differ. */
import { postJson } from "./api.js";
import { onTheme } from "./colours.js";
import { EXAMPLES } from "./compare-examples.js";
import { comparison } from "./compare-view.js";
import { el, labelled, select } from "./dom.js";
import { pairOf } from "./pair.js";
import { busy, pasted } from "./pasted.js";
import { problem } from "./problem.js";

let fields = null;
let result = null;

function put(texts) {
  [fields.a.area.value, fields.b.area.value] = texts;
}

async function run() {
  await busy(fields.button, async () => {
    const { request, sides } = pairOf(fields.a.area.value, fields.b.area.value);
    const answer = await postJson("/v1/compare", request);
    result = comparison(answer, sides, () => ({ a: fields.a.area.value, b: fields.b.area.value }));
    fields.result.replaceChildren(result.node);
  }, (error) => {
    result = null;
    fields.result.replaceChildren(problem(error));
  });
}

async function example(event) {
  const wanted = event.target.value;
  if (wanted === "") return;
  try {
    const texts = await EXAMPLES[Number(wanted)][1]();
    if (event.target.value !== wanted) return;
    put(texts);
    run();
  } catch (error) {
    fields.result.replaceChildren(problem(error));
  }
}

/** Fills the panel. */
export function start(panel) {
  const examples = select([["", "Choose one…"], ...EXAMPLES.map(([name], i) => [String(i), name])], { onchange: example });
  fields = {
    a: pasted("Output A, the base", { placeholder: '{"model": "base", "tokens": [1, 5, 3], "prompt_length": 1, "logits": [[…], […]]}' }),
    b: pasted("Output B", { placeholder: "The same tokens, with the output of another model" }),
    button: el("button", { type: "button", class: "button primary", onclick: run }, "Compare"),
    result: el("div", { class: "stack" }),
  };
  panel.append(el("div", { class: "stack" },
    el("header", {}, el("h2", {}, "Compare"), el("p", { class: "lead" }, "Two models over the same tokens: two requests, or what two engines answered. The differences are b − a, so above 0 means that b finds the token likelier.")),
    el("section", { class: "card stack", "aria-label": "Input" },
      el("div", { class: "row" }, labelled("Example", examples)),
      el("div", { class: "grid2" }, fields.a.node, fields.b.node),
      el("div", { class: "row" }, fields.button, el("span", { class: "note" }, "A may also be a whole request to POST /v1/compare; B then stays empty."))),
    fields.result));
  onTheme(() => result?.redraw());
}

/** The state of a permanent link. */
export function save() {
  return { a: fields.a.area.value, b: fields.b.area.value };
}

/** Brings a state back, and compares. */
export function load(state) {
  put([String(state.a ?? ""), String(state.b ?? "")]);
  run();
}
