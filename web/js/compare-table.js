/* The table of POST /v1/compare: each measure with its error, a column for each objective. */
import { el } from "./dom.js";
import { number, percent } from "./format.js";

const NAMES = { marginal: "marginal, x", conditional: "conditional, y given x", joint: "joint, x and y" };
const FORMULAS = { marginal: "log P(x)", conditional: "log P(y|x)", joint: "log P(x,y)" };

const share = (value) => (value === null || value === undefined ? "–" : percent(value));

/** A number with its error. */
export function withError(value, error, digits = 5) {
  if (value === null || value === undefined) return "–";
  return error === null || error === undefined ? number(value, digits) : `${number(value, digits)} ± ${number(error, 2)}`;
}

const spread = (one) => one && withError(one.mean, one.error);
const ends = (one) => one && (one.min === null ? "–" : `${number(one.min, 3)} to ${number(one.max, 3)}`);

/* [heading] or [name, member, what of a contrast] */
const ROWS = [
  ["Each model"],
  ["Tokens compared", "tokens", (c) => number(c.tokens)],
  ["Log-probability of a", "a.log_prob", (c) => number(c.a.log_prob)],
  ["Log-probability of b", "b.log_prob", (c) => number(c.b.log_prob)],
  ["Perplexity of a", "a.perplexity", (c) => withError(c.a.perplexity, c.a.perplexity_error)],
  ["Perplexity of b", "b.perplexity", (c) => withError(c.b.perplexity, c.b.perplexity_error)],
  ["Difference, b − a"],
  ["Sum of the differences", "difference", (c) => number(c.difference)],
  ["Mean of a token", "difference_mean", (c) => withError(c.difference_mean, c.difference_error)],
  ["Tokens for which b is higher", "win_rate", (c) => share(c.win_rate)],
  ["Correlation", "correlation", (c) => number(c.correlation)],
  ["Ratio of perplexities, b / a", "perplexity_ratio", (c) => withError(c.perplexity_ratio, c.perplexity_ratio_error)],
  ["Difference of perplexities", "perplexity_difference", (c) => withError(c.perplexity_difference, c.perplexity_difference_error)],
  ["Change of the token’s probability", "delta_p", (c) => spread(c.delta_p)],
  ["… root mean square", "delta_p.root_mean_square", (c) => number(c.delta_p?.root_mean_square, 5)],
  ["… from, to", "delta_p.min, .max", (c) => ends(c.delta_p)],
  ["Sequences, taken as independent"],
  ["Sequences compared", "by_sequence.sequences", (c) => c.by_sequence && number(c.by_sequence.sequences)],
  ["Mean of a sequence", "by_sequence.difference_mean", (c) => c.by_sequence && withError(c.by_sequence.difference_mean, c.by_sequence.difference_error)],
  ["Mean of a token, with that error", "by_sequence.token_difference_error", (c) => c.by_sequence && withError(c.difference_mean, c.by_sequence.token_difference_error)],
  ["Sequences for which b is higher", "by_sequence.win_rate", (c) => c.by_sequence && share(c.by_sequence.win_rate)],
  ["Divergence of whole rows"],
  ["Rows of both models", "rows", (c) => c.rows !== undefined && number(c.rows)],
  ["KL(a‖b), nats", "kl_ab", (c) => spread(c.kl_ab)],
  ["… largest", "kl_ab.max", (c) => c.kl_ab && number(c.kl_ab.max, 5)],
  ["KL(b‖a), nats", "kl_ba", (c) => spread(c.kl_ba)],
  ["Jensen-Shannon divergence", "jsd", (c) => spread(c.jsd)],
  ["Total variation", "total_variation", (c) => spread(c.total_variation)],
  ["Same most likely token", "same_top", (c) => c.same_top !== undefined && withError(c.same_top, c.same_top_error)],
];
const KNOWN = new Set(["a", "b", "difference_error", "perplexity_ratio_error", "perplexity_difference_error", "same_top_error", ...ROWS.map((row) => String(row[1]).split(".")[0])]);

/* Members that only some requests ask for: distillation, cross_entropy, speculative. */
function others(contrasts) {
  const names = [...new Set(contrasts.flatMap(Object.keys))].filter((name) => !KNOWN.has(name));
  const flat = names.flatMap((name) => {
    const inner = contrasts.map((one) => one[name]).find((one) => one && typeof one === "object");
    if (!inner || "mean" in inner) return [[name, name, (c) => c[name]]];
    return Object.keys(inner).map((key) => [`${name}: ${key}`, `${name}.${key}`, (c) => c[name]?.[key]]);
  });
  return flat.map(([name, member, get]) => [name.replaceAll("_", " "), member, (c) => {
    const value = get(c);
    return value && typeof value === "object" ? spread(value) : value !== undefined && number(value);
  }]);
}

function line(row, contrasts) {
  const cells = contrasts.map(row[2]);
  if (!cells.some(Boolean)) return null;
  return el("tr", {}, el("th", { scope: "row" }, row[0], " ", el("code", { class: "member" }, row[1])), cells.map((cell) => el("td", {}, cell || "–")));
}

/* The rows below a heading; without a row, no heading either. */
function sections(contrasts) {
  const more = others(contrasts);
  const lines = [];
  let heading = null;
  for (const row of more.length > 0 ? [...ROWS, ["Also asked for"], ...more] : ROWS) {
    if (row.length === 1) {
      heading = el("tr", { class: "heading" }, el("th", { scope: "colgroup", colspan: String(contrasts.length + 1) }, row[0]));
      continue;
    }
    const made = line(row, contrasts);
    if (made && heading) lines.push(heading);
    if (made) {
      lines.push(made);
      heading = null;
    }
  }
  return lines;
}

/**
 * @param {Object} objectives those of a sequence, or of totals
 * @returns {HTMLElement}
 */
export function contrastTable(objectives) {
  const names = Object.keys(NAMES).filter((name) => objectives[name]);
  const head = names.map((name) => el("th", { scope: "col", title: NAMES[name] }, name, " ", el("span", { class: "formula" }, FORMULAS[name])));
  return el("div", { class: "table", tabindex: "0", role: "group", "aria-label": "Measures" }, el("table", { class: "contrast" },
    el("caption", { class: "visually-hidden" }, "Measures of the difference for each objective, with standard errors"),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Measure"), head)), el("tbody", {}, sections(names.map((name) => objectives[name])))));
}

const PERCENTILES = ["max", "p99_9", "p99", "p95", "p90", "p75", "median", "p25", "p10", "p5", "p1", "p0_1", "min"];

/** How the values are spread, where the answer's totals tell percentiles; else null. */
export function percentileTable(contrast) {
  const names = ["delta_p", "kl_ab", "kl_ba", "jsd", "total_variation"].filter((name) => contrast?.[name]);
  const rows = PERCENTILES.filter((row) => names.some((name) => contrast[name][row] !== undefined));
  if (names.length === 0 || rows.length < 3) return null;
  return el("details", {}, el("summary", {}, "Percentiles over the tokens"), el("div", { class: "table", tabindex: "0", role: "group", "aria-label": "Percentiles" }, el("table", {},
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Percentile"), names.map((name) => el("th", { scope: "col" }, el("code", {}, name))))),
    el("tbody", {}, rows.map((row) => el("tr", {}, el("th", { scope: "row" }, row.replace(/^p(\d+)_?(\d*)$/, (_, a, b) => `${a}${b ? `.${b}` : ""} %`)), names.map((name) => el("td", {}, number(contrast[name][row], 4)))))))));
}
