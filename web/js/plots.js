/* Plots as SVG, with their numbers as text beside the marks. */
import { svg } from "./dom.js";
import { number } from "./format.js";

/**
 * An empty plot of a size in its own units; its name is what a screen reader says.
 * @returns {SVGElement}
 */
export function plot(width, height, name, ...children) {
  return svg("svg", { class: "plot", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": name }, ...children);
}

/** A text at a place: anchor is start, middle or end. */
export function label(x, y, text, { anchor = "start", soft = false } = {}) {
  return svg("text", { x, y, "text-anchor": anchor, class: soft ? "soft" : null }, text);
}

/**
 * A plot that is as wide as its place: x and widths in it are in per cent, heights in pixels, and texts keep their size.
 * @returns {SVGElement}
 */
export function fluid(height, name, ...children) {
  return svg("svg", { class: "plot", width: "100%", height, role: "img", "aria-label": name }, ...children);
}

/**
 * Horizontal bars: above each its name at the left and its number at the right.
 * @param {Array<{name: string, value: number, class?: string, from?: number, text?: string}>} list sizes; `from` is where one begins
 * @param {{name: string, max?: number, step?: number}} options name is what a screen reader says
 * @returns {SVGElement}
 */
export function bars(list, { name, max, step = 40 }) {
  const most = max ?? Math.max(1e-300, ...list.map((bar) => (bar.from ?? 0) + bar.value));
  const share = (x) => `${Math.min(Math.max((100 * x) / most, 0), 100)}%`;
  const rows = list.map((bar, i) => {
    const y = i * step;
    return svg("g", {},
      label(0, y + 14, bar.name),
      label("100%", y + 14, bar.text ?? number(bar.value), { anchor: "end" }),
      svg("rect", { class: "track", x: 0, y: y + 20, rx: 3, height: step - 30, width: "100%" }),
      svg("rect", { class: bar.class ?? "bar", x: share(bar.from ?? 0), y: y + 20, rx: 3, height: step - 30, width: share(bar.value) }));
  });
  return fluid(list.length * step, name, rows);
}
