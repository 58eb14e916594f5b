/* JSON as servers and Python write it: with NaN and infinities, and with the place of each value in the text. */

const BARE = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/**
 * Reads JSON; bare NaN and infinities become strings, as the server writes infinities.
 * @param {string} text
 * @returns {*} the value; undefined if it is not JSON
 */
export function parse(text) {
  try {
    return JSON.parse(text);
  } catch { /* perhaps as Python writes it */ }
  if (!/\b(?:NaN|Infinity)\b/.test(text)) return undefined;
  try {
    return JSON.parse(text.replace(BARE, (word) => (word[0] === '"' ? word : `"${word}"`)));
  } catch {
    return undefined;
  }
}

function space(text, at) {
  while (at < text.length && " \t\r\n".includes(text[at])) at++;
  return at;
}

function stringEnd(text, at) {
  for (let quote = text.indexOf('"', at + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let slash = quote;
    while (text[slash - 1] === "\\") slash--;
    if ((quote - slash) % 2 === 0) return quote + 1;
  }
  return text.length;
}

function containerEnd(text, at) {
  const sign = /["[\]{}]/g;
  let depth = 0;
  sign.lastIndex = at;
  for (let found = sign.exec(text); found; found = sign.exec(text)) {
    if (found[0] === '"') sign.lastIndex = stringEnd(text, found.index);
    else depth += found[0] === "[" || found[0] === "{" ? 1 : -1;
    if (depth === 0) return sign.lastIndex;
  }
  return text.length;
}

function valueEnd(text, at) {
  if (text[at] === '"') return stringEnd(text, at);
  if (text[at] === "[" || text[at] === "{") return containerEnd(text, at);
  const end = /[,\]}\s]/g;
  end.lastIndex = at;
  return end.exec(text)?.index ?? text.length;
}

/**
 * JSON objects and arrays that stand one behind another, as a printer of a stream leaves them: each in one line.
 * @param {string} text
 * @returns {string[]|null} null if there is anything else in the text
 */
export function documents(text) {
  const found = [];
  let end = 0;
  for (let at = space(text, 0); at < text.length; at = space(text, end)) {
    if (text[at] !== "{" && text[at] !== "[") return null;
    end = containerEnd(text, at);
    found.push(text.slice(at, end).replace(/[\r\n]+/g, " "));
  }
  return found;
}

/**
 * The members of the object, or the entries of the array, that begins at a place of valid JSON.
 * @returns {Generator<{name: string|number, from: number, start: number, end: number}>} from is where the name begins
 */
export function* children(text, at = 0) {
  let i = space(text, at);
  const named = text[i] === "{";
  if (!named && text[i] !== "[") return;
  i = space(text, i + 1);
  for (let n = 0; i < text.length && text[i] !== "}" && text[i] !== "]"; n++) {
    const from = i;
    let name = n;
    if (named) {
      const end = stringEnd(text, i);
      name = JSON.parse(text.slice(i, end));
      i = space(text, space(text, end) + 1);
    }
    const end = valueEnd(text, i);
    yield { name, from, start: i, end };
    i = space(text, end);
    if (text[i] === ",") i = space(text, i + 1);
  }
}

/**
 * Where the value is that a JSON pointer names; of a value that is missing, the nearest one around it.
 * @param {string} text valid JSON
 * @param {string} pointer
 * @returns {{from?: number, start: number, end: number, whole: boolean}|null} from is where its name begins
 */
export function place(text, pointer) {
  let found = { start: space(text, 0), end: text.trimEnd().length, whole: true };
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    let next = null;
    for (const child of children(text, found.start)) {
      if (String(child.name) === name) next = child;
      if (next) break;
    }
    if (!next) return { ...found, whole: false };
    found = { from: next.from, start: next.start, end: next.end, whole: true };
  }
  return found;
}

/** A text with some of its stretches replaced; the edits do not overlap. */
export function edited(text, edits) {
  let result = text;
  for (const { start, end, with: other } of [...edits].sort((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + other + result.slice(end);
  }
  return result;
}
