/* The tab Compare: two outputs over the same tokens, and where they differ. */
import { postJson } from "./api.js";
import { chip } from "./chip.js";
import { onTheme } from "./colours.js";
import { EXAMPLES } from "./compare-examples.js";
import { comparison } from "./compare-view.js";
import { el, labelled, select } from "./dom.js";
import { isTensorFile } from "./files.js";
import { count } from "./format.js";
import { pairOf } from "./pair.js";
import { busy, pasted } from "./pasted.js";
import { problem } from "./problem.js";
import { tokenizerIn } from "./tokenizer.js";

let fields = null;
let answered = null; // what the server said last, beside what it was asked
let result = null;   // how it is shown
let tokenizer = null;

function put(texts) {
  [fields.a.area.value, fields.b.area.value] = texts;
}

function fail(error) {
  answered = result = null;
  fields.result.replaceChildren(problem(error));
}

/* Shows the answer, again where a tokenizer came or went. */
function show(chosen = 0) {
  const state = () => ({ a: fields.a.area.value, b: fields.b.area.value });
  result = comparison(fields.result, answered.answer, answered.sides, { state, tokenizer, chosen });
}

async function run() {
  await busy(fields.button, async () => {
    const { request, sides } = pairOf(fields.a.area.value, fields.b.area.value);
    answered = { answer: await postJson("/v1/compare", request), sides };
    show();
  }, fail);
}

function useTokenizer(value, note) {
  tokenizer = value;
  fields.held.replaceChildren(...(note ? [note] : []));
  if (answered) show(result.chosen);
}

/* Files that are no output of a model in JSON: a tokenizer.json is used, and logits belong elsewhere. */
async function special(file) {
  if (isTensorFile(file)) {
    fail(new Error(`${file.name} holds logits alone. Score it in the tab Score; here, paste a request or an answer.`));
    return true;
  }
  const read = await tokenizerIn(file);
  if (!read) return false;
  useTokenizer(read, chip(`${file.name}: the texts of ${count(read.size)} tokens`, () => useTokenizer(null, null)));
  return true;
}

/* What is dropped beside the fields can only be a tokenizer. */
async function dropped(event) {
  event.preventDefault();
  for (const file of [...event.dataTransfer.files]) {
    if (!await special(file)) fail(new Error(`Drop ${file.name} on the field of A or of B.`));
  }
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
    fail(error);
  }
}

/** Fills the panel. */
export function start(panel) {
  const examples = select([["", "Choose one…"], ...EXAMPLES.map(([name], i) => [String(i), name])], { onchange: example });
  fields = {
    a: pasted("Output A, the base", { placeholder: '{"model": "base", "tokens": [1, 5, 3], "prompt_length": 1, "logits": [[…], […]]}', special }),
    b: pasted("Output B", { placeholder: "The same tokens, with the output of another model", special }),
    button: el("button", { type: "button", class: "button primary", onclick: run }, "Compare"),
    held: el("div", { class: "held" }), result: el("div", { class: "stack" }),
  };
  panel.append(el("div", { class: "stack" },
    el("header", {}, el("h2", {}, "Compare"), el("p", { class: "lead" }, "Two models over the same tokens: two requests, or what two engines answered. The differences are b − a, so above 0 means that b finds the token likelier.")),
    el("section", { class: "card stack", "aria-label": "Input" },
      el("div", { class: "row" }, labelled("Example", examples)),
      el("div", { class: "grid2" }, fields.a.node, fields.b.node), fields.held,
      el("div", { class: "row" }, fields.button, el("span", { class: "note" }, "A may also be a whole request to POST /v1/compare; B then stays empty. A tokenizer.json can be dropped here, for the texts of ids."))),
    fields.result));
  panel.addEventListener("dragover", (event) => event.preventDefault());
  panel.addEventListener("drop", dropped);
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
