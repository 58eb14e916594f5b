/* What an answer of POST /v1/rank looks like. */
import { reliability, riskCoverage } from "./calibration-plots.js";
import { withError } from "./compare-table.js";
import { el, labelled, select } from "./dom.js";
import { csvOf, exportBar } from "./export.js";
import { fitted } from "./fit.js";
import { count, counted, number, percent, visible } from "./format.js";
import { accuracyBars, choiceBars, NORMS } from "./rank-bars.js";

const MOST = 200;
const MOST_CHOICES = 40;

const card = (name, ...nodes) => el("section", { class: "card", "aria-label": name }, el("h3", {}, name), ...nodes);
const scrolled = (name, table, kind = "table") => el("div", { class: kind, tabindex: "0", role: "group", "aria-label": name }, table);
const listed = (value) => (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]);

/* The name of a choice: what it says, or else what it is called. */
function choiceName(choice, i) {
  const text = choice?.text ?? listed(choice?.label)[0];
  if (text !== undefined) return visible(String(text)).replaceAll("·", " ").trim() || "∅";
  return choice?.id !== undefined ? String(choice.id) : `choice ${i}`;
}

/* gold tells an index or an id; an integer is an id if a choice has it. */
function goldOf(question, choices) {
  return listed(question?.gold).map((one) => {
    const byId = choices.findIndex((choice) => choice?.id !== undefined && choice.id === one);
    return byId >= 0 ? byId : Number.isInteger(one) ? one : -1;
  });
}

/** The questions of an answer beside what was asked. */
function questionsOf(answer, request) {
  const asked = request.questions ?? [request];
  return answer.questions.map((question, q) => {
    const choices = asked[q]?.choices ?? request.choices ?? [];
    return { ...question, names: question.choices.map((_, i) => choiceName(choices[i], i)), gold: goldOf({ ...request, ...asked[q] }, choices), name: String(question.id ?? asked[q]?.id ?? `Question ${q + 1}`) };
  });
}

/* The choices that are drawn: all, or of many the best, and those that are right. */
function shownChoices(norm, question) {
  const all = question.choices.map((_, i) => i);
  if (all.length <= MOST_CHOICES) return all;
  const value = (i) => Number(question.choices[i][norm.member] ?? -Infinity);
  const order = all.sort((i, j) => value(j) - value(i) || i - j);
  return order.filter((i, place) => place < MOST_CHOICES || question.gold.includes(i));
}

const normsOf = (questions) => NORMS.filter((norm) => questions.some((question) => question.best[norm.best] !== null));

function overview(questions, norms, chosen) {
  const mark = (question, norm) => {
    const best = question.best[norm.best];
    if (best === null) return "–";
    const right = question.gold.length === 0 ? "" : question.gold.includes(best) ? " ✓" : " ✗";
    return `${question.names[best]}${right}`;
  };
  const rows = questions.slice(0, MOST).map((question, q) => el("tr", {},
    el("th", { scope: "row" }, el("button", { type: "button", class: "link", onclick: () => chosen(q) }, question.name)),
    norms.map((norm) => el("td", { class: "clip" }, mark(question, norm))), el("td", {}, percent(Math.max(...question.choices.map((one) => one.probability ?? NaN))))));
  const table = el("table", {}, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Question"), norms.map((norm) => el("th", { scope: "col" }, norm.title)), el("th", { scope: "col" }, "Confidence"))), el("tbody", {}, rows));
  return [scrolled("Questions", table, "table long"), questions.length > MOST ? el("p", { class: "note" }, `The first ${MOST} of ${count(questions.length)} questions; the CSV has all.`) : null];
}

function figures(list) {
  return el("dl", { class: "figures eight" }, list.map(([name, value, note]) => el("div", { class: "figure" }, el("dt", {}, name), el("dd", {}, value), el("dd", { class: "note" }, note))));
}

function accuracies(totals, kind) {
  return NORMS.filter((norm) => totals[norm.acc]?.mean !== null && totals[norm.acc] !== undefined)
    .map((norm) => ({ name: `${norm.title} (${norm.acc})`, mean: totals[norm.acc].mean, error: totals[norm.acc].standard_error, class: kind }));
}

function calibrationFigures(one) {
  return figures([
    ["ECE", number(one.ece, 4), "how far apart, on average"], ["MCE", number(one.mce, 4), "how far, at worst"],
    ["Brier", number(one.brier, 4), "calibrated and sharp is low"], ["AUROC", number(one.auroc, 4), "right ones are surer"],
    ["AURC", number(one.aurc, 4), "errors if it may abstain"], ["MRR", withError(one.mrr?.mean, one.mrr?.standard_error, 4), "how near the top"],
    ["Confidence", percent(one.confidence), "on average"], ["Accuracy", percent(one.accuracy), `of ${counted(one.questions, "question")}`]]);
}

function paired(answer) {
  const rows = Object.entries(answer.paired).filter(([, one]) => one && typeof one === "object").map(([name, one]) => el("tr", {}, el("th", { scope: "row" }, el("code", {}, name)),
    [one.both, one.only_a, one.only_b, one.neither].map((n) => el("td", {}, count(n))), el("td", {}, withError(one.difference, one.standard_error, 4)), el("td", {}, number(one.mcnemar?.exact, 4))));
  const head = ["Accuracy", "both right", `only ${answer.models[0].model ?? "a"}`, `only ${answer.models[1].model ?? "b"}`, "neither", "difference, b − a", "McNemar, exact p"];
  return card("The two models, on the same questions", scrolled("Paired", el("table", {}, el("thead", {}, el("tr", {}, head.map((name) => el("th", { scope: "col" }, name)))), el("tbody", {}, rows))));
}

/* One ranking: all questions, one of them, the accuracies and the calibration. */
class Ranking {
  constructor(answer, request, state, title) {
    this.questions = questionsOf(answer, request);
    Object.assign(this, { totals: answer.totals, norms: normsOf(this.questions), title, state, chosen: 0 });
    this.one = el("div", {});
    this.fits = [];
    this.node = el("div", { class: "stack" }, this.#accuracy(), this.questions.length > 1 ? card("Questions", overview(this.questions, this.norms, (q) => this.#show(q, true))) : null,
      this.one, this.#calibration(), this.#export());
    this.#show(0, false);
  }

  #show(q, move) {
    this.chosen = q;
    const question = this.questions[q];
    const known = this.norms.filter((norm) => question.best[norm.best] !== null);
    const places = known.map((norm) => shownChoices(norm, question));
    this.bars = known.map((norm, i) => fitted((width) => choiceBars(norm, { ...question, best: question.best[norm.best], places: places[i] }, width), { most: 900 }));
    const heading = el("h3", { tabindex: "-1" }, question.name);
    const numbers = [question.brier !== undefined && question.brier !== null ? `Brier score ${number(question.brier, 4)}` : "", question.mass !== undefined ? `mass of the choices ${percent(question.mass)}` : "",
      question.expected_value !== undefined ? `expected value ${number(question.expected_value, 5)}` : ""].filter(Boolean).join(", ");
    this.one.replaceChildren(el("section", { class: "card", "aria-label": "Choices" }, heading, el("p", { class: "note" }, [numbers, question.gold.length > 0 ? "★ is the best choice, ✓ the right one" : "★ is the best choice"].filter(Boolean).join(". "), "."),
      el("div", { class: "norms" }, known.map((norm, i) => el("figure", {}, el("figcaption", {}, el("strong", {}, norm.title), " ", el("span", { class: "note" }, `bars: ${norm.bar}${places[i].length < question.choices.length ? `; the best ${MOST_CHOICES} of ${count(question.choices.length)}, and gold` : ""}`)), this.bars[i])))));
    if (move) {
      heading.focus({ preventScroll: true });
      this.one.scrollIntoView({ block: "nearest" });
    }
  }

  #accuracy() {
    const list = accuracies(this.totals);
    if (list.length === 0) return null;
    this.accuracy = fitted((width) => accuracyBars(list, width), { most: 2200 });
    return card("Accuracy", el("p", { class: "note above" }, `Of ${counted(this.totals.acc.questions, "question")} with gold, how many have a right best choice; ± is one standard error.`), this.accuracy);
  }

  #calibration() {
    const one = this.totals.calibration;
    if (!one) return null;
    if (one.questions === 0) return card("Calibration", el("p", { class: "note" }, "No question with gold has a confidence by this normalisation."));
    this.reliability = fitted((width) => reliability(one, width), { most: 760 });
    this.risk = one.curve?.length > 1 ? fitted((width) => riskCoverage(one.curve, width), { most: 760 }) : null;
    return el("section", { class: "card", "aria-label": "Calibration" }, el("h3", {}, "Calibration"), calibrationFigures(one), el("div", { class: "grid2 curves" },
      el("figure", {}, el("figcaption", {}, el("strong", {}, "Reliability diagram"), el("p", { class: "note" }, "A bar is how often the model is right at that confidence. What parts it from the diagonal is the miscalibration; larger points have more questions.")), this.reliability),
      this.risk ? el("figure", {}, el("figcaption", {}, el("strong", {}, "Risk and coverage"), el("p", { class: "note" }, "If only the most confident questions are answered, how many answers are wrong.")), this.risk) : null));
  }

  #plots() {
    return [this.accuracy, ...this.bars, this.reliability, this.risk].filter(Boolean).map((box) => box.querySelector("svg")).filter(Boolean);
  }

  #csv() {
    const rows = this.questions.flatMap((question) => question.choices.map((choice, i) => [question.index, question.name, i, question.names[i], question.gold.length > 0 ? Number(question.gold.includes(i)) : null, choice.tokens, choice.probability,
      ...NORMS.flatMap((norm) => [choice[norm.member], question.best[norm.best] === null ? null : Number(question.best[norm.best] === i)])]));
    return csvOf(["question", "id", "choice", "text", "gold", "tokens", "probability", ...NORMS.flatMap((norm) => [norm.member, `best_${norm.best}`])], rows);
  }

  #export() {
    return exportBar({ tab: "rank", title: this.title, state: this.state, csv: () => this.#csv(), plots: () => this.#plots(),
      report: () => [...this.node.children].filter((node) => !node.matches(".export")) });
  }
}

/**
 * The view of an answer.
 * @param {Object} answer of POST /v1/rank
 * @param {Object} request that it is the answer of
 * @param {() => *} state what a permanent link brings back
 * @returns {HTMLElement}
 */
export function ranking(answer, request, state) {
  const title = (one) => `Ranking${one.model ? ` by ${one.model}` : ""}`;
  if (!answer.models) return new Ranking(answer, request, state, title(answer)).node;
  const box = el("div", {}, new Ranking(answer.models[0], request, state, title(answer.models[0])).node);
  const choose = select(answer.models.map((one, i) => [String(i), one.model ?? "ab"[i]]), {
    onchange: (event) => {
      const one = answer.models[Number(event.target.value)];
      box.replaceChildren(new Ranking(one, request, state, title(one)).node);
    },
  });
  return el("div", { class: "stack" }, paired(answer), el("div", { class: "row" }, labelled("Model", choose)), box);
}
