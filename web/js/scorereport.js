/* What leaves the tab Score: a report that needs no script, and a table. */
import { sequential } from "./colours.js";
import { el } from "./dom.js";
import { csvOf } from "./export.js";
import { count, number, percent, visible } from "./format.js";
import { leastOf } from "./inspector.js";
import { legend } from "./scoreview.js";
import { objectiveTable } from "./table.js";
import { sumsFigure } from "./split.js";

const orNull = (column, i) => (column && !Number.isNaN(column[i]) ? column[i] : null);

/** A row for each token. */
export function tokensCsv({ sequence, isY }) {
  const head = ["position", "id", "text", "part", "log_prob", "probability", "loss", "rank", "entropy"];
  const rows = Array.from({ length: sequence.length }, (_, i) => {
    const lp = orNull(sequence.logProb, i);
    return [i, sequence.ids?.[i] ?? null, sequence.texts[i], isY(i) ? "y" : "x", lp, lp === null ? null : Math.exp(lp), lp === null ? null : sequence.loss[i],
      orNull(sequence.rank, i), orNull(sequence.entropy, i)];
  });
  return csvOf(head, rows);
}

function token({ sequence, isY }, by, i) {
  const value = by.at(i);
  const lp = sequence.logProb[i];
  const title = Number.isNaN(lp) ? "no probability" : `${percent(Math.exp(lp))}, log-probability ${number(lp)}`;
  const node = el("span", { class: `token${Number.isNaN(value) ? " unknown" : ""}${isY(i) ? " y" : ""}`, title }, visible(sequence.texts[i], 1000) || "∅");
  if (Number.isNaN(value)) return node;
  const { background, ink } = sequential(by.share(value), "light");
  node.style.backgroundColor = background;
  node.style.color = ink;
  return node;
}

/* The tokens that were expected least, with the numbers that the map has under the pointer only. */
function leastTable({ sequence }) {
  const head = ["Position", "Token", "Probability", "Log-probability", "Rank"];
  const rows = leastOf(sequence).map((i) => [count(i), visible(sequence.texts[i], 60) || "∅", percent(Math.exp(sequence.logProb[i])), number(sequence.logProb[i]), number(orNull(sequence.rank, i))]);
  return el("div", { class: "table" }, el("table", { class: "least-table" }, el("thead", {}, el("tr", {}, head.map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((text) => el("td", {}, text)))))));
}

/**
 * The parts of the report: all tokens in the light palette, the sums and the table.
 * @param {{sequence: Object, isY: Function, values: Object}} now
 * @param {Object} by the measure that colours
 */
export function reportParts(now, by) {
  const map = el("div", { class: "still-map" });
  for (let i = 0; i < now.sequence.length; i++) {
    map.append(token(now, by, i));
    if (now.sequence.texts[i].includes("\n")) map.append(el("br"));
  }
  return [el("section", { class: "card" }, el("h2", {}, "Tokens"), el("p", { class: "note" }, `Coloured by ${by.name}; underlined are the prompt x and the completion y. A token's numbers show under the pointer.`),
    map, el("div", { class: "legend" }, legend(by, (share) => sequential(share, "light")))),
    el("section", { class: "card" }, el("h2", {}, "Sums"), sumsFigure(now.values)), el("section", { class: "card" }, el("h2", {}, "Objectives"), objectiveTable(now.values)),
    el("section", { class: "card" }, el("h2", {}, "Least likely"), leastTable(now))];
}
