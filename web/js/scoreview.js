/* The elements of the tab Score, in their places. */
import { el, labelled, select, takesLongTexts } from "./dom.js";
import { EXAMPLES } from "./examples.js";
import { NAMES } from "./measures.js";

function inputCard(parts) {
  return el("section", { class: "card input", "aria-labelledby": "score-title" },
    el("div", { class: "head" }, el("div", {}, el("h2", { id: "score-title" }, "Score"),
      el("p", { class: "lead" }, "What did a model think of each token? Paste a request, or what an engine answered.")),
    labelled("Example", parts.example)),
    labelled("Request or engine answer", parts.text, { class: "field wide" }),
    parts.problem, parts.held, parts.forms,
    el("div", { class: "foot" }, el("div", { class: "row actions" }, parts.button, parts.open, parts.picker, parts.status),
      el("p", { class: "note hint" }, "Files can be dropped anywhere: JSON, NDJSON, a saved stream, .npy, .safetensors; and a tokenizer.json, for the texts of ids.")));
}

function controls(parts) {
  return el("div", { class: "controls row" }, parts.sequenceField, labelled("Colour", parts.colour),
    el("div", { class: "field limit" }, el("label", { for: "limit", class: "label" }, "Hide above"), el("div", { class: "range" }, parts.limit, parts.limitText)));
}

function tokensCard(parts) {
  return el("section", { class: "card tokens-card" }, controls(parts), parts.map, parts.unnamed, el("div", { class: "row between under" },
    el("p", { class: "note", id: "map-help" }, "Arrow keys go from token to token. · is a space, ↵ a new line, → a tab."), parts.legend));
}

function splitCard(parts) {
  return el("section", { class: "card split-card", "aria-labelledby": "split-title" },
    el("div", { class: "row between" }, el("h3", { id: "split-title" }, "The line between x and y"), parts.back),
    el("p", { class: "note" }, "Drag it, here or in the text, or use the arrow keys. The sums follow; nothing is sent."),
    parts.strip, parts.splitNote, parts.sums);
}

function side(parts) {
  return el("div", { class: "aside" },
    el("section", { class: "card inspector", "aria-labelledby": "inspector-title" }, el("h3", { id: "inspector-title" }, "Token"), parts.inspector),
    el("section", { class: "card least-card", "aria-labelledby": "least-title" }, el("h3", { id: "least-title" }, "Least likely"), parts.least));
}

function results(parts) {
  return el("div", { class: "results", hidden: true },
    el("div", { class: "main stack" }, parts.notices, tokensCard(parts), splitCard(parts),
      el("section", { class: "card table-card", "aria-labelledby": "table-title" }, el("h3", { id: "table-title" }, "Objectives"), parts.table), parts.exports,
      el("section", { class: "card copy-card", "aria-labelledby": "copy-title" }, el("h3", { id: "copy-title" }, "The request, to copy"), parts.snippets)),
    side(parts));
}

function choose() {
  return select([["", "Choose one…"], ...EXAMPLES], {});
}

/**
 * Makes the parts of the tab and puts them into its panel.
 * @returns {Object<string, HTMLElement>}
 */
export function build(panel) {
  const sequence = el("select", {});
  const parts = {
    example: choose(), text: takesLongTexts(el("textarea", { rows: 7, spellcheck: "false", autocapitalize: "off", autocomplete: "off", placeholder: "{\"tokens\": [1, 403, 407, 261], \"prompt_length\": 2, \"logprobs\": [null, -1.9, -0.7, -0.4]}" })),
    held: el("div", { class: "held" }), forms: el("div", { class: "forms" }),
    button: el("button", { type: "button", class: "button primary" }, "Score"), open: el("button", { type: "button", class: "button" }, "Open files…"),
    picker: el("input", { type: "file", multiple: true, class: "visually-hidden", tabindex: "-1", "aria-label": "Files" }),
    status: el("p", { class: "note", role: "status" }), problem: el("div", { class: "problems" }),
    sequence, sequenceField: labelled("Sequence", sequence, { hidden: true }), colour: select(NAMES.map((name) => [name, name]), {}),
    limit: el("input", { type: "range", id: "limit", min: "0", max: "1", step: "0.01", value: "1" }), limitText: el("output", { class: "note", for: "limit" }),
    legend: el("div", { class: "legend" }), map: el("div", { class: "map", role: "region", "aria-label": "Tokens", "aria-describedby": "map-help" }),
    unnamed: el("p", { class: "note", hidden: true }, "These are ids. Drop a tokenizer.json on the page to see texts."),
    strip: el("div", {}), exports: el("div", {}), back: el("button", { type: "button", class: "button small", hidden: true }, "Back to the request’s split"),
    splitNote: el("p", { class: "note" }), sums: el("div", {}), inspector: el("div", { class: "about" }), least: el("ol", { class: "least-list", "aria-labelledby": "least-title" }),
    table: el("div", { class: "table", tabindex: "0", role: "group", "aria-label": "Table of objectives" }), snippets: el("div", { class: "snippets" }), notices: el("div", { class: "notices" }),
  };
  parts.results = results(parts);
  panel.append(el("div", { class: "score" }, inputCard(parts), parts.results));
  return parts;
}

/** The legend of a measure: its colours, from calm to striking, with their numbers. */
export function legend(measure, sequential) {
  return measure.ticks.map((tick) => {
    const { background, ink } = sequential(measure.share(tick));
    const box = el("span", { class: "swatch" }, measure.text(tick));
    box.style.background = background;
    box.style.color = ink;
    return box;
  });
}

/** What the server noticed, and lines of NDJSON that it refused. */
export function notices(sequence, refused) {
  const warnings = sequence.warnings.map((one) => el("li", {}, el("code", {}, one.code), ` ${one.detail}`, one.count > 1 ? ` (${one.count} times)` : ""));
  const lines = refused.map((one) => el("li", {}, el("strong", {}, `Line ${one.line}: `), el("code", {}, one.code), ` ${one.detail}`));
  const format = sequence.source ? el("p", { class: "note" }, "Read as ", el("strong", {}, sequence.source.format), sequence.source.detected ? ", as its keys tell." : ".") : null;
  const misfit = sequence.misfit ? el("p", { class: "note" }, sequence.misfit) : null;
  return [format, misfit, lines.length > 0 && el("div", { class: "problem" }, el("ul", {}, lines)), warnings.length > 0 && el("details", {}, el("summary", {}, `${warnings.length} ${warnings.length === 1 ? "warning" : "warnings"}`), el("ul", {}, warnings))];
}
