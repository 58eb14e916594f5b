/* The map of differences: the tokens of the heat map (heatmap.js), each in the colour of its value. */
import { diverging, sequential } from "./colours.js";
import { el } from "./dom.js";
import { number } from "./format.js";
import { shownTexts } from "./layout.js";

const MOST_STILL = 5000;

/** The finite sizes of some values, the smallest first. */
export function sizesOf(values) {
  return values.filter(Number.isFinite).map(Math.abs).sort();
}

/** The largest size of a value that still has a colour of its own: all but the last hundredth, if there are many. */
export function reach(values) {
  const sizes = sizesOf(values);
  return sizes[sizes.length > 200 ? Math.floor(sizes.length * 0.99) : sizes.length - 1] || 1;
}

/**
 * What the heat map takes for a column of values.
 * @param {{values: Float64Array, signed: boolean, most: number}} column most is its reach()
 */
export function measureOf({ values, signed, most }) {
  return { at: (i) => values[i], share: (x) => x / most, palette: signed ? diverging : sequential };
}

/**
 * Tokens that stand still, for a report.
 * @param {{texts: string[], values: Float64Array, signed: boolean, most: number}} column
 */
export function stillMap(column) {
  const { at, share, palette } = measureOf(column);
  const shown = shownTexts(column.texts.slice(0, MOST_STILL)).map((text, i) => {
    const unknown = Number.isNaN(at(i));
    const token = el("span", { class: unknown ? "token unknown" : "token", title: unknown ? "not compared" : number(at(i), 4) }, text);
    if (!unknown) {
      const { background, ink } = palette(share(at(i)), "light");
      Object.assign(token.style, { backgroundColor: background, color: ink });
    }
    return token;
  });
  const more = column.texts.length - MOST_STILL;
  return el("div", {}, el("div", { class: "still-map dmap" }, shown), more > 0 ? el("p", { class: "note" }, `… and ${more} tokens more`) : null);
}
