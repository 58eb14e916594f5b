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
 * Horizontal bars: each has its name at the left, its number at the right.
 * @param {Array<{name: string, value: number, class?: string, from?: number, text?: string}>} bars sizes; `from` is where it begins
 * @param {{name: string, width?: number, max?: number, left?: number, right?: number, step?: number}} options
 * @returns {SVGElement}
 */
export function bars(list, { name, width = 640, max, left = 130, right = 110, step = 30 }) {
  const most = max ?? Math.max(1e-300, ...list.map((bar) => (bar.from ?? 0) + bar.value));
  const scale = (width - left - right) / most;
  const rows = list.map((bar, i) => {
    const y = i * step;
    const from = left + (bar.from ?? 0) * scale;
    return svg("g", {},
      label(0, y + step * 0.62, bar.name),
      svg("rect", { class: bar.class ?? "bar", x: from, y: y + step * 0.14, rx: 2, height: step * 0.68, width: Math.max(bar.value * scale, 1) }),
      label(width, y + step * 0.62, bar.text ?? number(bar.value), { anchor: "end" }));
  });
  return plot(width, list.length * step, name, svg("line", { class: "axis", x1: left, x2: left, y1: 0, y2: list.length * step }), ...rows);
}
