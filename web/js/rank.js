/* The tab Rank: choices of questions, by how likely they are. */
import { postJson } from "./api.js";
import { el, labelled, select } from "./dom.js";
import { parse } from "./json.js";
import { busy, pasted } from "./pasted.js";
import { problem } from "./problem.js";
import { NORMS } from "./rank-bars.js";
import { EXAMPLES } from "./rank-examples.js";
import { ranking } from "./rank-view.js";

let parts = null;

/* Why a text is not JSON, in the browser's words. */
function reasonOf(text) {
  try {
    JSON.parse(text);
  } catch (error) {
    return error.message;
  }
  return "It is no request.";
}

/* A request, a list of questions, or a question a line. */
function requestOf(text) {
  if (text.trim() === "") throw new Error("There is nothing to rank yet. Paste a request, or choose an example.");
  const value = parse(text.trim());
  if (Array.isArray(value)) return { questions: value };
  if (value !== undefined) return value;
  const lines = text.split("\n").filter((line) => line.trim() !== "").map((line) => parse(line));
  if (lines.length > 1 && lines.every((line) => line && typeof line === "object")) return { questions: lines };
  throw Object.assign(new Error(reasonOf(text)), { title: "This is not JSON" });
}

function hasGold(request) {
  return request.gold !== undefined || (request.questions ?? []).some((question) => question?.gold !== undefined);
}

/* What is posted: with the calibration of the fields, if the reader changed them or the request has none. */
function completed(request) {
  if (typeof request !== "object" || request === null || !hasGold(request)) return request;
  if (request.calibration && !parts.changed) return request;
  return { ...request, calibration: { by: parts.by.value, bins: Number(parts.bins.value), scheme: parts.scheme.value, curve: true } };
}

function tell(calibration) {
  if (!calibration) return;
  parts.by.value = calibration.by ?? "log_prob";
  parts.bins.value = String(calibration.bins ?? 15);
  parts.scheme.value = calibration.scheme ?? "equal_width";
}

async function run() {
  await busy(parts.button, async () => {
    const request = completed(requestOf(parts.text.area.value));
    const answer = await postJson("/v1/rank", request);
    tell(request.calibration);
    parts.result.replaceChildren(ranking(answer, request, save));
  }, (error) => parts.result.replaceChildren(problem(error)));
}

function change() {
  parts.changed = true;
  run();
}

function example(event) {
  const chosen = EXAMPLES[Number(event.target.value)];
  if (!chosen || event.target.value === "") return;
  parts.text.area.value = chosen[1]();
  parts.changed = false;
  run();
}

function fieldsOf() {
  return {
    changed: false, text: pasted("Request", { rows: 12, placeholder: '{"questions": [{"gold": 0, "choices": [{"text": " yes", "logprobs": [-0.5]}, {"text": " no", "logprobs": [-2.5]}]}]}' }),
    by: select(NORMS.map((norm) => [norm.best, norm.title]), { onchange: change }), bins: el("input", { type: "number", min: "1", max: "1000", value: "10", onchange: change }),
    scheme: select([["equal_width", "equal width"], ["equal_mass", "equal mass"]], { onchange: change }),
    button: el("button", { type: "button", class: "button primary", onclick: run }, "Rank"), result: el("div", { class: "stack" }),
  };
}

/** Fills the panel. */
export function start(panel) {
  parts = fieldsOf();
  parts.text.area.addEventListener("input", () => { parts.changed = false; });
  const examples = select([["", "Choose one…"], ...EXAMPLES.map(([name], i) => [String(i), name])], { onchange: example });
  panel.append(el("div", { class: "stack" },
    el("header", {}, el("h2", {}, "Rank"), el("p", { class: "lead" }, "Which choice does a model take? By the sum of log-probabilities long choices lose; each normalisation weighs length in its own way. With gold, the answer also has accuracies, and says whether confidence is to be believed.")),
    el("section", { class: "card stack", "aria-label": "Input" }, el("div", { class: "row" }, labelled("Example", examples)), parts.text.node,
      el("fieldset", { class: "row plain" }, el("legend", { class: "label" }, "Calibration, where there is gold"), labelled("By", parts.by), labelled("Bins", parts.bins), labelled("Scheme", parts.scheme)),
      el("div", { class: "row" }, parts.button)),
    parts.result));
}

/** The state of a permanent link. */
export function save() {
  const own = parts.changed ? { by: parts.by.value, bins: parts.bins.value, scheme: parts.scheme.value } : null;
  return { text: parts.text.area.value, calibration: own };
}

/** Brings a state back, and ranks. */
export function load(state) {
  parts.text.area.value = String(state.text ?? "");
  parts.changed = Boolean(state.calibration);
  tell(state.calibration);
  run();
}
