/* Bars of choices, for each normalisation: the longer, the better. */
import { svg } from "./dom.js";
import { number, percent } from "./format.js";
import { label, plot } from "./plots.js";

const exp = (value) => Math.exp(Number(value));

/** Each normalisation: the name in `best`, the member of a choice, the accuracy, the title, and what a bar is. */
export const NORMS = [
  { best: "log_prob", member: "log_prob", acc: "acc", title: "Sum of log-probabilities", bar: "probability among the choices", share: (choice) => choice.probability },
  { best: "per_token", member: "log_prob_per_token", acc: "acc_tokens", title: "Per token", bar: "mean probability of a token" },
  { best: "per_character", member: "log_prob_per_character", acc: "acc_norm", title: "Per character", bar: "mean probability of a character" },
  { best: "per_byte", member: "log_prob_per_byte", acc: "acc_bytes", title: "Per byte", bar: "mean probability of a byte" },
  { best: "per_word", member: "log_prob_per_word", acc: "acc_words", title: "Per word", bar: "mean probability of a word" },
  { best: "pmi", member: "pmi", acc: "acc_mutual_info", title: "PMI: less log P(y)", bar: "nats more than without the prompt", signed: true },
];

const cut = (text, most) => (text.length > most ? `${text.slice(0, Math.max(most - 1, 1))}…` : text);

/* Where a bar begins and how long it is, in shares of the width. */
function extent(norm, choices) {
  if (!norm.signed) {
    return (choice) => [0, norm.share ? norm.share(choice) ?? 0 : exp(choice[norm.member])];
  }
  const values = choices.map((choice) => Number(choice[norm.member])).filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const share = (x) => (Math.min(Math.max(x, low), high) - low) / (high - low || 1);
  return (choice) => {
    const ends = [share(0), share(Number(choice[norm.member]))].sort((a, b) => a - b);
    return [ends[0], ends[1] - ends[0]];
  };
}

function valueText(norm, choice) {
  const value = number(choice[norm.member], 4);
  if (norm.signed) return value;
  return `${percent(norm.share ? norm.share(choice) : exp(choice[norm.member]))}  (${value})`;
}

/**
 * The choices of a question under one normalisation.
 * @param {Object} norm one of NORMS
 * @param {{choices: Object[], names: string[], best: number, gold: number[], places: number[]}} question places are the choices to draw
 * @param {number} width
 * @returns {SVGElement}
 */
export function choiceBars(norm, { choices, names, best, gold, places }, width) {
  const step = 46;
  const place = extent(norm, choices);
  const isTie = (i) => i !== best && choices[i][norm.member] === choices[best]?.[norm.member];
  const rows = places.map((i, row) => {
    const [choice, y] = [choices[i], row * step];
    const [from, length] = place(choice);
    const marks = [i === best ? "★ best" : "", isTie(i) ? "= tie" : "", gold.includes(i) ? "✓ gold" : ""].filter(Boolean).map((mark) => (width < 330 ? mark[0] : mark)).join(width < 330 ? " " : "  ");
    const text = valueText(norm, choice);
    const room = Math.floor((width - 7.4 * (text.length + marks.length + 4)) / 7.6);
    return svg("g", {}, svg("text", { x: 0, y: y + 14 }, svg("tspan", { class: i === best ? "strong" : null }, cut(names[i], Math.max(room, 4))), marks && svg("tspan", { class: "marks", dx: 8 }, marks)),
      label(width, y + 14, text, { anchor: "end" }),
      svg("rect", { class: "track", x: 0, y: y + 21, width, height: 13, rx: 3 }),
      svg("rect", { class: `choice${i === best ? " best" : ""}${gold.includes(i) ? " gold" : ""}`, x: from * width, y: y + 21, width: Math.max(length * width, 1.5), height: 13, rx: 3 }));
  });
  const spoken = places.map((i) => `${names[i]}: ${valueText(norm, choices[i])}${i === best ? ", best" : ""}${isTie(i) ? ", tie" : ""}${gold.includes(i) ? ", gold" : ""}`).join("; ");
  return plot(width, places.length * step - 8, `${norm.title}. ${spoken}`, rows);
}

/**
 * Accuracies with their standard errors.
 * @param {Array<{name: string, mean: number, error: number|null, class?: string}>} list
 * @param {number} width
 */
export function accuracyBars(list, width) {
  const step = 40;
  const x = (share) => Math.min(Math.max(share, 0), 1) * width;
  const rows = list.map(({ name, mean, error, class: kind }, i) => {
    const y = i * step;
    const whisker = error ? svg("path", { class: "whisker", d: `M${x(mean - error)} ${y + 25}H${x(mean + error)}M${x(mean - error)} ${y + 20}v10M${x(mean + error)} ${y + 20}v10` }) : null;
    return svg("g", {}, label(0, y + 13, name), label(width, y + 13, `${percent(mean)}${error === null ? "" : ` ± ${number(100 * error, 2)}`}`, { anchor: "end" }),
      svg("rect", { class: "track", x: 0, y: y + 19, width, height: 12, rx: 3 }), svg("rect", { class: kind ?? "bar", x: 0, y: y + 19, width: Math.max(x(mean), 1), height: 12, rx: 3 }), whisker);
  });
  return plot(width, list.length * step, `Accuracies: ${list.map((one) => `${one.name} ${percent(one.mean)}`).join(", ")}`, rows);
}
