/* The tab Score: from a text or a file to the map of its tokens, the line between x and y, and the sums. */
import { readAnswer } from "./answer.js";
import { hasKey, lacksKey } from "./api.js";
import { chip } from "./chip.js";
import { onTheme, sequential } from "./colours.js";
import { el } from "./dom.js";
import { EXAMPLES, example } from "./examples.js";
import { exportBar } from "./export.js";
import { FileForm, isTensorFile, refuseOther, refuseVocabulary } from "./files.js";
import { count } from "./format.js";
import { Heatmap } from "./heatmap.js";
import { score } from "./input.js";
import { inspect, leastLikely } from "./inspector.js";
import { excerpt, select as selectPlace, stretchOf } from "./mark.js";
import { measure, NAMES } from "./measures.js";
import { parse } from "./json.js";
import { problem } from "./problem.js";
import { reportParts, tokensCsv } from "./scorereport.js";
import { build, legend, notices } from "./scoreview.js";
import { snippets } from "./snippets.js";
import { Split, sumsFigure } from "./split.js";
import { objectives } from "./sums.js";
import { objectiveTable } from "./table.js";
import { readFile } from "./tensors.js";
import { tokenizerIn } from "./tokenizer.js";

const LARGE = 3_000_000;

let parts, map, split;
let scored = null;        // what the server answered last
let sequences = [];
let sequence = null;      // the one that is shown
let at = 0;               // the line
let asked = true;         // whether the line is where the request has it
let tokenizer = null;
let form = null;          // of a dropped file
let ids = null;           // of tokens, from a file, until their logits come
let held = null;          // a text too large for the textarea
let edits = 0;            // how often the text changed
let shownEdits = 0;       // and how often, when what is shown was sent
let loading = Promise.resolve();
let running = null;       // what is being scored: its text (null: a file), the way to stop it, and whether it waits for an example
let waiting = false;      // for a key

/** Fills the panel, and begins with the first example. */
export function start(panel) {
  parts = build(panel);
  map = new Heatmap(parts.map, { inspect: show, line: move, described: "token-now" });
  split = new Split(move);
  parts.strip.replaceWith(split.element);
  parts.exports.replaceWith(makeExport());
  listen(panel);
  onTheme(paintLegend);
}

/** Shows the first example where nothing else is asked for. */
export function shown(linked) {
  if (linked || scored || running || parts.text.value) return;
  parts.example.value = EXAMPLES[0][0];
  chooseAndRun();
}

function listen(panel) {
  parts.button.addEventListener("click", run);
  parts.example.addEventListener("change", chooseAndRun);
  parts.text.addEventListener("input", () => {
    dropFile();
    edits++;
    parts.example.value = "";
    if (sequence) tell();
  });
  parts.text.addEventListener("keydown", (event) => (event.ctrlKey || event.metaKey) && event.key === "Enter" && run());
  parts.open.addEventListener("click", () => parts.picker.click());
  parts.picker.addEventListener("change", () => take(parts.picker.files));
  parts.sequence.addEventListener("change", () => showSequence(Number(parts.sequence.value)));
  parts.colour.addEventListener("change", () => paint(true));
  parts.limit.addEventListener("input", () => paint(false));
  parts.back.addEventListener("click", toAsked);
  panel.addEventListener("dragover", (event) => event.preventDefault());
  panel.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length > 0) take(event.dataTransfer.files);
    else if (event.dataTransfer.getData("text")) setText(event.dataTransfer.getData("text"));
  });
}

function setText(text) {
  edits++;
  held = null;
  parts.held.replaceChildren();
  parts.text.value = text;
}

/* Loads an example; one that comes after the reader has written something else is dropped. */
function chooseAndRun() {
  if (!parts.example.value) return;
  const before = edits;
  loading = Promise.all([example(parts.example.value), lacksKey()]).then(([text, locked]) => {
    if (edits !== before) return;
    dropFile();
    setText(text);
    if (locked) waitForKey();
    else if (!running?.waits) run();
  }).catch((error) => {
    parts.example.value = "";
    fail(error);
  });
}

/* An example was not asked for in so many words: that there is no key yet is no error of it. */
function waitForKey() {
  clear();
  waiting = true;
  parts.status.textContent = "This server asks for a key. Type it into the field “API key” at the top and press Enter: then this is scored.";
}

/** Scores what has waited for a key. */
export function keyed() {
  if (waiting && hasKey()) run();
}

/* ---- files ---- */

/* A text or a tokenizer is used at once; logits wait for their tokens. */
async function take(files) {
  for (const file of [...files]) {
    try {
      await (isTensorFile(file) ? takeTensor(file) : takeText(file));
    } catch (error) {
      fail(error);
    }
  }
  parts.picker.value = "";
}

/* What an example has is not about the file. */
function knownOf() {
  if (ids) return { ids };
  if (!parts.example.value) return parse(parts.text.value);
  parts.example.value = "";
  setText("");
  return undefined;
}

async function takeTensor(file) {
  const read = await readFile(file);
  if (read.tensors.length === 0) return takeIds(file.name, read.ids);
  form = new FileForm(read, knownOf(), dropFile);
  parts.forms.replaceChildren(form.element);
  parts.problem.replaceChildren();
}

/* A file of ids belongs to the logits that were dropped, or that will be. */
function takeIds(name, rows) {
  if (form) return form.setIds(rows);
  ids = rows;
  const tokens = rows.reduce((sum, row) => sum + row.length, 0);
  parts.forms.replaceChildren(chip(`${name}: the ids of ${count(tokens)} tokens; drop the file of their logits, too`, dropFile));
}

function dropFile() {
  form = ids = null;
  parts.forms.replaceChildren();
}

async function takeText(file) {
  refuseOther(file);
  const found = await tokenizerIn(file);
  if (found) return takeTokenizer(file.name, found);
  refuseVocabulary(file);
  const text = await file.text();
  dropFile();
  parts.example.value = "";
  setText(text.length < LARGE ? text : "");
  if (text.length >= LARGE) hold(file.name, text);
  return run();
}

function hold(name, text) {
  held = text;
  parts.held.replaceChildren(chip(`${name}: ${count(Math.round(text.length / 1e6))} MB, too large to be shown; it is sent as it is`, () => setText("")));
}

function takeTokenizer(name, one) {
  tokenizer = one;
  const remove = () => {
    tokenizer = null;
    note.remove();
    if (scored) read(false);
  };
  const note = chip(`${name}: the texts of ${count(tokenizer.size)} tokens`, remove);
  note.classList.add("tokenizer");
  parts.forms.parentNode.querySelector(".tokenizer")?.remove();
  parts.forms.before(note);
  if (scored) read(false);
}

/* ---- asking the server ---- */

function fail(error) {
  if (error.name === "AbortError") return;
  waiting = error.status === 401;
  parts.status.textContent = "";
  const text = held === null && !form ? parts.text.value : "";
  const stretch = text ? stretchOf(text, error) : null;
  const box = problem(error);
  if (stretch) {
    box.append(excerpt(text, stretch), el("button", { type: "button", class: "button small", onclick: () => selectPlace(parts.text, stretch) }, "Show it in the text"));
    selectPlace(parts.text, stretch);
  }
  parts.problem.replaceChildren(box);
  parts.text.setAttribute("aria-invalid", "true");
}

function clear() {
  parts.problem.replaceChildren();
  parts.text.removeAttribute("aria-invalid");
  parts.status.textContent = "";
  scored = sequence = null;
  map.clear();
  parts.results.hidden = true;
}

async function ask(mine) {
  await loading;
  Object.assign(mine, { waits: false, edits });
  const { signal } = mine.stop;
  const text = held ?? parts.text.value;
  if (!form && text.trim() === "") throw new Error("There is nothing to score yet. Paste a request, or choose an example.");
  return form ? form.score(signal) : score(text, signal);
}

/** Posts what is in the textarea, or the file, and shows the answer. A text that is being scored is not sent again. */
export async function run() {
  const text = form ? null : held ?? parts.text.value;
  if (running && text !== null && running.text === text) return;
  running?.stop.abort();
  const mine = { text, stop: new AbortController(), waits: true };
  running = mine;
  waiting = false;
  clear();
  parts.status.textContent = "Scoring…";
  try {
    const answer = await ask(mine);
    if (running !== mine) return;
    scored = answer;
    shownEdits = mine.edits;
    read(true);
  } catch (error) {
    if (running === mine) {
      parts.results.hidden = true;
      fail(error);
    }
  } finally {
    if (running === mine) running = null;
  }
}

/* Reads the answer, again where a tokenizer came or went. */
function read(anew) {
  const { sequences: all, refused } = readAnswer(scored, tokenizer);
  sequences = all;
  scored.refused = refused;
  if (all.length === 0) throw new Error("The answer has no tokens to show.");
  parts.results.hidden = false;
  parts.sequence.replaceChildren(...all.map((one, i) => el("option", { value: i }, one.name)));
  parts.sequenceField.hidden = all.length < 2;
  const { reading } = scored;
  parts.snippets.replaceChildren(...snippets({ body: reading.plain, lines: Boolean(reading.lines), bare: reading.bare, form: reading.form }, hasKey()).filter(Boolean));
  showSequence(anew ? 0 : Math.max(sequences.findIndex((one) => sequence && one.raw === sequence.raw), 0), anew);
}

/* ---- showing ---- */

function showSequence(i, anew = true) {
  sequence = sequences[i];
  parts.sequence.value = String(i);
  if (anew) {
    at = sequence.split.at;
    asked = true;
  }
  for (const option of parts.colour.options) option.disabled = measure(option.value, sequence) === null;
  if (parts.colour.selectedOptions[0].disabled) parts.colour.value = NAMES[0];
  map.show(sequence);
  split.show(sequence, at);
  paint(true);
  drawSplit();
  parts.inspector.parentNode.classList.toggle("tall", sequence.top !== null);
  parts.unnamed.hidden = sequence.named.some(Boolean);
  parts.notices.replaceChildren(...notices(sequence, scored.refused).filter(Boolean));
  parts.least.replaceChildren(...leastLikely(sequence, (token) => map.focus(token)));
  show(firstScored());
  tell();
}

/* What is shown is of the text that was sent, which may be another by now. */
function tell() {
  const said = `${count(sequence.length)} ${sequence.length === 1 ? "token" : "tokens"} scored.`;
  parts.status.textContent = edits === shownEdits ? said : `${said} The text has changed since.`;
}

function firstScored() {
  const found = sequence.logProb.findIndex((x) => !Number.isNaN(x));
  return Math.max(found, 0);
}

function show(i) {
  parts.inspector.replaceChildren(...inspect(sequence, i).filter(Boolean));
}

function paintLegend() {
  if (sequence) parts.legend.replaceChildren(...legend(measure(parts.colour.value, sequence), sequential));
}

/* Colours the map; a new measure begins with nothing hidden. */
function paint(reset) {
  if (!sequence) return;
  const by = measure(parts.colour.value, sequence);
  if (reset) {
    Object.assign(parts.limit, { min: by.low, max: by.high, step: by.step });
    parts.limit.value = String(by.high);
    split.paint(by);
    paintLegend();
  }
  const limit = Number(parts.limit.value);
  const all = limit >= by.high;
  map.paint(by, all ? Infinity : limit);
  const text = all ? `${by.name} ${by.text(by.high)}: nothing is hidden` : `${by.name} ${by.text(limit)}: ${count(above(by, limit))} hidden`;
  parts.limitText.textContent = text;
  parts.limit.setAttribute("aria-valuetext", text);
}

function above(by, limit) {
  let hidden = 0;
  for (let i = 0; i < sequence.length; i++) if (by.at(i) > limit) hidden++;
  return hidden;
}

/* ---- the line ---- */

function isY(i) {
  return asked && sequence.split.mask ? sequence.split.mask[i] === 1 : i >= at;
}

function move(to) {
  if (!sequence || to === at) return;
  at = Math.min(Math.max(to, 0), sequence.length);
  asked = at === sequence.split.at && !sequence.split.mask;
  split.move(at);
  drawSplit();
}

function toAsked() {
  at = sequence.split.at;
  asked = true;
  split.move(at);
  drawSplit();
}

function splitNote() {
  if (asked && sequence.split.mask) return "The request has a mask: y is in several stretches. Moving the line makes y all that is behind it.";
  if (asked && !sequence.split.known) return "The request has no split, so all tokens are y.";
  return `x has ${count(at)} ${at === 1 ? "token" : "tokens"}, y has ${count(sequence.length - at)}.`;
}

/* Where the line is as asked, what the server computed; elsewhere the sums over the tokens. */
function valuesNow() {
  return { ...objectives(sequence, isY), ...(asked ? sequence.objectives : {}) };
}

function drawSplit() {
  const values = valuesNow();
  map.split(asked && sequence.split.mask ? null : at, isY);
  parts.back.hidden = asked;
  parts.splitNote.textContent = splitNote();
  parts.sums.replaceChildren(sumsFigure(values));
  parts.table.replaceChildren(objectiveTable(values));
}

/* ---- what leaves the page ---- */

function makeExport() {
  const now = () => ({ sequence, isY, values: valuesNow() });
  return exportBar({
    tab: "score", title: "Scored tokens", state: save, csv: () => tokensCsv(now()), report: () => reportParts(now(), measure(parts.colour.value, sequence)),
    plots: () => [...parts.results.querySelectorAll("svg.cells, svg.plot")],
  });
}

/** The state for a permanent link. */
export function save() {
  return { text: parts.text.value, at: asked ? null : at, colour: parts.colour.value, sequence: Number(parts.sequence.value || 0) };
}

/** Brings a state back, and scores it. */
export async function load(state) {
  setText(String(state.text ?? ""));
  parts.example.value = "";
  await run();
  if (!sequence) return;
  if (sequences[state.sequence]) showSequence(state.sequence);
  if (Number.isInteger(state.at)) move(state.at);
  if (NAMES.includes(state.colour) && measure(state.colour, sequence)) {
    parts.colour.value = state.colour;
    paint(true);
  }
}

