/* Small plots of a few minutes: a line, its last value as text, and its largest value at the edge. */
import { svg } from "./dom.js";
import { label, plot } from "./plots.js";

const HEIGHT = 104;
const TOP = 10;
const BASE = 80;

/* A path through the points that are known; a gap where one is not. */
function pathOf(values, x, y) {
  let path = "";
  let open = false;
  values.forEach((value, i) => {
    if (value === null || value === undefined || !Number.isFinite(value)) {
      open = false;
      return;
    }
    path += `${open ? "L" : "M"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
    open = true;
  });
  return path;
}

/* The next round number; of bytes, in the unit that they are told in. */
function roundUp(value, base) {
  if (value <= 0) return 1;
  const unit = base ** Math.max(Math.floor(Math.log(value) / Math.log(base)), 0);
  const power = 10 ** Math.floor(Math.log10(value / unit));
  return Math.min(unit * power * [1, 2, 5, 10].find((step) => step * power * unit >= value), unit * base);
}

/**
 * @param {{name: string, series: Array<{name: string, values: Array<number|null>, class: string}>, base?: number, text: (x: number) => string, times: number, seconds: number}} of
 *   `times` is how many samples fit, `seconds` how far they are apart
 * @param {number} width
 * @returns {SVGElement}
 */
export function sparkline({ name, series, base = 10, text, times, seconds }, width) {
  const known = series.flatMap((one) => one.values).filter((value) => Number.isFinite(value) && value !== null);
  const top = roundUp(Math.max(0, ...known), base);
  const left = 0;
  const x = (i, length) => left + ((i + times - length) / (times - 1)) * (width - left);
  const y = (value) => BASE - (Math.min(value, top) / top) * (BASE - TOP);
  const lines = series.map((one) => svg("path", { class: `spark ${one.class}`, d: pathOf(one.values, (i) => x(i, one.values.length), y) }));
  const dots = series.map((one) => {
    const last = one.values.at(-1);
    return Number.isFinite(last) && last !== null ? svg("circle", { class: `spark-dot ${one.class}`, cx: x(one.values.length - 1, one.values.length) - 3, cy: y(last), r: 3.5 }) : null;
  });
  const minutes = Math.round(((times - 1) * seconds) / 60);
  return plot(width, HEIGHT, name, svg("line", { class: "rule", x1: left, x2: width, y1: TOP, y2: TOP }), svg("line", { class: "axis", x1: left, x2: width, y1: BASE, y2: BASE }),
    lines, dots, label(left, TOP + 14, text(top), { soft: true }), label(left, HEIGHT - 4, minutes === 1 ? "1 minute ago" : `${minutes} minutes ago`, { soft: true }), label(width, HEIGHT - 4, "now", { anchor: "end", soft: true }));
}
