/* Showing the place of an error in the text that it is about. */
import { el } from "./dom.js";
import { place } from "./json.js";

function ofLine(text, line) {
  let start = 0;
  for (let n = 1; n < line && start >= 0; n++) start = text.indexOf("\n", start) + 1;
  const end = text.indexOf("\n", start);
  return { start, end: end < 0 ? text.length : end };
}

/* "not JSON at byte 37, line 1, column 38" counts bytes in a column; signs beyond ASCII are rare before an error. */
function ofColumn(text, detail) {
  const told = /line (\d+), column (\d+)/.exec(detail);
  if (!told) return null;
  const line = ofLine(text, Number(told[1]));
  const start = Math.min(line.start + Number(told[2]) - 1, Math.max(text.length - 1, 0));
  return { start, end: Math.min(start + 1, text.length) };
}

/**
 * The stretch of a text that an error is about, or null.
 * @param {string} text
 * @param {Error} error an ApiError; `reading` tells how the text was posted
 */
export function stretchOf(text, error) {
  if (error.code === "bad_json") return ofColumn(text, error.message);
  const prefix = error.reading?.prefix;
  if (typeof prefix !== "string" || !error.pointer?.startsWith(prefix)) return null;
  const found = place(text, error.pointer.slice(prefix.length));
  if (!found?.whole || error.pointer === prefix) return null;
  return error.code === "unknown_member" ? { start: found.from, end: found.end } : found;
}

/** A few words around a stretch, with the stretch marked. */
export function excerpt(text, { start, end }) {
  const shown = text.slice(start, Math.min(end, start + 80));
  const line = text.slice(0, start).split("\n").length;
  const before = text.slice(Math.max(0, start - 40), start).split("\n").at(-1);
  const behind = text.slice(end, end + 30).split("\n")[0];
  return el("p", { class: "excerpt" }, el("span", { class: "note" }, `Line ${line}: `),
    el("code", {}, start > 40 ? "…" : "", before, el("mark", {}, shown, shown.length < end - start ? "…" : ""), behind, end + 30 < text.length ? "…" : ""));
}

/* How far down a place is: a copy of the text before it, as wide as the textarea, is measured. */
function heightBefore(area, at) {
  if (at > 200_000) return (area.scrollHeight * at) / Math.max(area.value.length, 1);
  const copy = el("div", { class: "measure", "aria-hidden": "true" }, area.value.slice(0, at));
  const style = getComputedStyle(area);
  for (const name of ["font", "padding", "lineHeight"]) copy.style[name] = style[name];
  copy.style.width = `${area.clientWidth}px`;
  document.body.append(copy);
  const height = copy.scrollHeight;
  copy.remove();
  return height;
}

/** Selects a stretch in a textarea and scrolls to it. */
export function select(area, { start, end }) {
  area.focus({ preventScroll: true });
  area.setSelectionRange(start, end);
  area.scrollTop = Math.max(0, heightBefore(area, start) - area.clientHeight / 2);
}
