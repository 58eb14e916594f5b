/* Breaking tokens into rows: how wide each is, and which rows there are. Rows have one height, so that a place in a
 * text of any length is found without drawing it. */
import { visible } from "./format.js";

const PADDING = 8;
const GAP = 2;
const LONGEST = 200;

/** Makes a ruler: called, it gives a function that measures a text in the font that the element has now. */
export function makeRuler(element) {
  const context = document.createElement("canvas").getContext("2d");
  const widths = new Map();
  let font = "";
  const widthOf = (shown) => {
    let width = widths.get(shown);
    if (width === undefined) {
      width = context.measureText(shown).width + PADDING + GAP;
      widths.set(shown, width);
    }
    return width;
  };
  return () => {
    const style = getComputedStyle(element);
    const now = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    if (now !== font) {
      font = now;
      context.font = font;
      widths.clear();
    }
    return widthOf;
  };
}

/**
 * The rows of tokens at a width: entry r is the first token of row r.
 * @param {string[]} shown what is drawn of each token
 * @param {string[]} texts
 * @param {(shown: string) => number} widthOf
 * @param {number} width
 * @returns {Int32Array}
 */
export function breakRows(shown, texts, widthOf, width) {
  const starts = [];
  let used = Infinity;
  for (let i = 0; i < shown.length; i++) {
    const own = Math.min(widthOf(shown[i]), width);
    if (used + own > width) {
      starts.push(i);
      used = 0;
    }
    used += own;
    if (texts[i].includes("\n")) used = Infinity;
  }
  return Int32Array.from(starts);
}

/** The row in which a token is. */
export function rowOf(starts, token) {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= token) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** What is drawn of each token: signs for white space; of a text as long as several rows, the beginning. */
export function shownTexts(texts) {
  const known = new Map();
  return texts.map((text) => {
    if (!known.has(text)) known.set(text, visible(text, LONGEST) || "∅");
    return known.get(text);
  });
}
