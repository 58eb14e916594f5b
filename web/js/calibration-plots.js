/* Whether confidence is to be believed: the reliability diagram, and what abstaining would save. */
import { svg } from "./dom.js";
import { counted, number, percent } from "./format.js";
import { label, plot } from "./plots.js";

const LEFT = 58;
const BOTTOM = 44;
const TOP = 12;

function frame(width, height, across, up) {
  const x = (share) => LEFT + share * (width - LEFT - 14);
  const y = (share) => TOP + (1 - share) * (height - TOP - BOTTOM);
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => svg("g", {},
    svg("line", { class: "rule", x1: x(0), x2: x(1), y1: y(share), y2: y(share) }),
    label(x(0) - 8, y(share) + 4, number(share), { anchor: "end", soft: true }), label(x(share), y(0) + 18, number(share), { anchor: "middle", soft: true })));
  const names = [label((x(0) + x(1)) / 2, height - 6, across, { anchor: "middle", soft: true }),
    svg("text", { class: "soft", transform: `translate(14 ${(y(0) + y(1)) / 2}) rotate(-90)`, "text-anchor": "middle" }, up)];
  return { x, y, marks: [...grid, ...names] };
}

/* A bin: its accuracy as a bar, how far its confidence is from it, and how many questions it has. */
function binMarks(bin, x, y, most) {
  if (bin.questions === 0) return null;
  const [left, right] = [x(bin.low), x(bin.high)];
  const middle = (left + right) / 2;
  const told = `${counted(bin.questions, "question")} with confidence ${number(bin.low, 3)} to ${number(bin.high, 3)}: mean confidence ${percent(bin.confidence)}, right ${percent(bin.accuracy)}`;
  const wide = Math.max(right - left - 2, 2);
  return svg("g", {}, svg("title", {}, told),
    svg("rect", { class: "bin", x: middle - wide / 2, y: y(bin.accuracy), width: wide, height: Math.max(y(0) - y(bin.accuracy), 1) }),
    svg("rect", { class: "gap", x: middle - wide / 2, y: Math.min(y(bin.accuracy), y(bin.confidence)), width: wide, height: Math.max(Math.abs(y(bin.accuracy) - y(bin.confidence)), 1) }),
    svg("circle", { class: "point", cx: x(bin.confidence), cy: y(bin.accuracy), r: 3.5 + 4 * Math.sqrt(bin.questions / most) }));
}

/**
 * The reliability diagram.
 * @param {Object} calibration of an answer's totals
 * @param {number} width
 */
export function reliability(calibration, width) {
  const height = Math.min(width, 420);
  const { x, y, marks } = frame(width, height, "confidence", "share that is right");
  const most = Math.max(...calibration.bins.map((bin) => bin.questions));
  const bins = calibration.bins.filter((bin) => bin.questions > 0);
  const spoken = bins.map((bin) => `confidence ${number(bin.confidence, 3)}, right ${number(bin.accuracy, 3)}, ${counted(bin.questions, "question")}`).join("; ");
  return plot(width, height, `Reliability diagram. ${spoken}`, marks,
    calibration.bins.map((bin) => binMarks(bin, x, y, most)),
    svg("line", { class: "ideal", x1: x(0), y1: y(0), x2: x(1), y2: y(1) }));
}

/** The error that is left when only the most confident questions are answered. */
export function riskCoverage(curve, width) {
  const height = Math.min(width, 420);
  const { x, y, marks } = frame(width, height, "share of questions answered", "share of these that is wrong");
  const points = curve.map(([coverage, risk]) => `${x(coverage)},${y(risk)}`);
  return plot(width, height, `Risk and coverage: all answered, ${percent(curve.at(-1)[1])} are wrong`, marks,
    svg("polyline", { class: "curve", points: [`${x(0)},${y(curve[0][1])}`, ...points].join(" ") }),
    curve.length <= 60 ? curve.map(([coverage, risk]) => svg("circle", { class: "point", cx: x(coverage), cy: y(risk), r: 3 })) : []);
}
