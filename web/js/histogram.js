/* A histogram of numbers around zero: zero is the edge of two bins, so that no bin is of both signs. */
import { diverging } from "./colours.js";
import { svg } from "./dom.js";
import { number } from "./format.js";
import { label, plot } from "./plots.js";

/**
 * The bins of some numbers: their width is 1, 2 or 5 times a power of ten.
 * @param {number[]} values finite
 * @returns {{width: number, first: number, counts: number[]}} bin i begins at (first + i) * width
 */
function binsOf(values, wanted = 18) {
  const low = Math.min(0, ...extremes(values));
  const high = Math.max(0, ...extremes(values));
  const raw = (high - low || 1) / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const width = power * ([1, 2, 5].find((step) => step * power >= raw) ?? 10);
  const first = Math.floor(low / width);
  const counts = new Array(Math.max(Math.ceil(high / width) - first, 1)).fill(0);
  for (const value of values) counts[Math.min(Math.max(Math.floor(value / width) - first, 0), counts.length - 1)]++;
  return { width, first, counts };
}

function extremes(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return values.length > 0 ? [low, high] : [0];
}

function ticks(bins, xOf, base, width) {
  const every = Math.max(1, Math.ceil(bins.counts.length / Math.max(Math.floor(width / 90), 2)));
  const marks = [];
  for (let i = 0; i <= bins.counts.length; i++) {
    const edge = bins.first + i;
    if (edge % every !== 0) continue;
    marks.push(svg("line", { class: "axis", x1: xOf(edge), x2: xOf(edge), y1: base, y2: base + 5 }), label(xOf(edge), base + 20, number(edge * bins.width, 3), { anchor: "middle", soft: true }));
  }
  return marks;
}

/**
 * @param {number[]} values
 * @param {{name: string, unit: string, width: number, mean?: number, mode?: string}} options mode is light or dark, by default as the page is
 * @returns {SVGElement}
 */
export function histogram(values, { name, unit, width, mean, mode }) {
  const bins = binsOf(values, Math.min(18, Math.round(width / 28)));
  const [left, right, top, base, height] = [44, 16, 22, 200, 246];
  const most = Math.max(...bins.counts, 1);
  const step = (width - left - right) / bins.counts.length;
  const xOf = (edge) => left + (edge - bins.first) * step;
  const yOf = (n) => base - (n / most) * (base - top);
  const far = Math.max(...[bins.first, bins.first + bins.counts.length].map(Math.abs));
  const columns = bins.counts.map((n, i) => {
    const colour = diverging(0.25 * Math.sign(bins.first + i + 0.5) + (0.75 * (bins.first + i + 0.5)) / far, mode).background;
    return n === 0 ? null : svg("rect", { x: xOf(bins.first + i) + 1, y: yOf(n), width: Math.max(step - 2, 1), height: base - yOf(n), fill: colour, class: "hist" },
      svg("title", {}, `${n} from ${number((bins.first + i) * bins.width, 4)} to ${number((bins.first + i + 1) * bins.width, 4)}`));
  });
  const mark = mean === undefined || !Number.isFinite(mean) ? null : svg("g", {},
    svg("line", { class: "mean", x1: xOf(mean / bins.width), x2: xOf(mean / bins.width), y1: top - 6, y2: base }),
    label(xOf(mean / bins.width), top - 10, `mean ${number(mean, 3)}`, { anchor: mean > 0 ? "end" : "start" }));
  return plot(width, height, name,
    [0, 0.5, 1].map((share) => Math.round(share * most)).filter((n, i, all) => all.indexOf(n) === i).map((n) => svg("g", {},
      svg("line", { class: "rule", x1: left, x2: width - right, y1: yOf(n), y2: yOf(n) }), label(left - 8, yOf(n) + 4, String(n), { anchor: "end", soft: true }))),
    columns, svg("line", { class: "axis", x1: xOf(0), x2: xOf(0), y1: top, y2: base }), ticks(bins, xOf, base, width - left - right), mark,
    label(width / 2, height - 4, unit, { anchor: "middle", soft: true }));
}
