/* The tab Status: the server's metrics, read every two seconds while the tab is seen. */
import { getText, onKey } from "./api.js";
import { el } from "./dom.js";
import { bucketsOf, quantile, readMetrics, sumOf } from "./exposition.js";
import { count, number } from "./format.js";
import { problem } from "./problem.js";
import { PANELS, sample } from "./status-panels.js";
import { fitted } from "./fit.js";
import { sparkline } from "./sparkline.js";

const SECONDS = 2;
const TIMES = 151;
const WINDOWS = [31, 61, TIMES];

let parts = null;
let open = false;
let timer = null;
let asking = false;
let refused = false;
let before = null;
const samples = [];

/* Which tab or key it is does not matter to the server; so one request at a time, and none while nobody looks. */
function plan() {
  clearTimeout(timer);
  if (open && !document.hidden && !refused) timer = setTimeout(refresh, SECONDS * 1000);
}

function add(one) {
  samples.push(one);
  if (samples.length > TIMES) samples.shift();
}

/* Where the server says nothing, the plots have a gap, and no number is left standing as if it were of now. */
function fail(error) {
  refused = error.status === 401 || error.status === 403;
  add(null);
  parts.panels.forEach((panel) => panel.draw());
  parts.problem.replaceChildren(problem(error));
  parts.state.textContent = refused ? "Waiting for the key" : "No answer; trying again";
  parts.state.classList.remove("ready");
}

async function refresh() {
  if (asking || !open || document.hidden) return;
  asking = true;
  try {
    const metrics = readMetrics(await getText("/metrics"));
    const now = { metrics, at: performance.now(), started: sumOf(metrics, "process_start_time_seconds") };
    add(sample(now, before?.started === now.started ? before : null));
    before = now;
    draw(metrics);
    parts.problem.replaceChildren();
  } catch (error) {
    fail(error);
  } finally {
    asking = false;
    plan();
  }
}

function seriesOf(panel) {
  return panel.series.map((one) => ({ ...one, values: samples.map((each) => (each ? each[one.key] : null)) }));
}

function panelOf(panel) {
  const value = el("p", { class: "now" }, "–");
  const note = el("p", { class: "note" });
  const box = fitted((width) => {
    const series = seriesOf(panel);
    const times = WINDOWS.find((size) => size >= samples.length) ?? TIMES;
    return sparkline({ name: `${panel.name}: ${value.textContent}`, series, base: panel.base, text: panel.text, times, seconds: SECONDS }, width);
  }, { least: 160, most: 900 });
  const keys = panel.series.length > 1 ? el("p", { class: "keys" }, panel.series.map((one) => el("span", { class: `series ${one.class}` }, one.name))) : null;
  const node = el("section", { class: "card spark-card", "aria-label": panel.name }, el("h3", {}, panel.name), value, note, el("div", {}, box, keys));
  return { node, draw() {
    const last = samples.at(-1);
    value.textContent = last ? panel.value(last) : "–";
    note.textContent = last ? panel.note(last) : "";
    box.redraw();
  } };
}

const ms = (seconds) => (seconds === null ? "–" : seconds < 1 ? `${number(1000 * seconds, 3)} ms` : `${number(seconds, 3)} s`);

/* The routes that were asked for, with their times since the server started. */
function routesOf(metrics) {
  const byRoute = new Map();
  for (const { labels, value } of metrics.get("logitd_http_requests_total") ?? []) {
    const one = byRoute.get(labels.route) ?? { requests: 0, errors: 0 };
    one.requests += value;
    if (Number(labels.code) >= 400) one.errors += value;
    byRoute.set(labels.route, one);
  }
  return [...byRoute].sort((a, b) => b[1].requests - a[1].requests).map(([route, one]) => {
    const buckets = bucketsOf(metrics, "logitd_http_request_duration_seconds", (labels) => labels.route === route);
    const sum = sumOf(metrics, "logitd_http_request_duration_seconds_sum", (labels) => labels.route === route);
    const n = buckets.at(-1)?.[1] ?? 0;
    return { route, ...one, mean: n > 0 ? sum / n : null, half: quantile(buckets, [], 0.5), most: quantile(buckets, [], 0.95) };
  });
}

function tableOf(name, head, rows) {
  return el("div", { class: "table", tabindex: "0", role: "group", "aria-label": name }, el("table", {}, el("thead", {}, el("tr", {}, head.map((one) => el("th", { scope: "col" }, one)))),
    el("tbody", {}, rows.map(([first, ...others]) => el("tr", {}, el("th", { scope: "row" }, el("code", {}, first)), others.map((one) => el("td", {}, one)))))));
}

/* A table that is scrolled or focused is not taken away from under the reader. */
function put(place, node) {
  const scrolled = place.firstElementChild?.scrollLeft ?? 0;
  const focused = place.contains(document.activeElement);
  place.replaceChildren(node);
  node.scrollLeft = scrolled;
  if (focused) node.focus({ preventScroll: true });
}

function draw(metrics) {
  parts.panels.forEach((panel) => panel.draw());
  put(parts.routes, tableOf("Routes", ["Route", "Requests", "Errors", "Mean", "Half within", "95 % within"], routesOf(metrics).map((one) => [one.route, count(one.requests), count(one.errors), ms(one.mean), ms(one.half), ms(one.most)])));
  const reasons = (metrics.get("logitd_rejects_total") ?? []).filter((one) => one.value > 0).sort((a, b) => b.value - a.value);
  put(parts.rejects, reasons.length === 0 ? el("p", { class: "note" }, "None since it started.") : tableOf("Errors", ["Code", "Requests"], reasons.map((one) => [one.labels.reason, count(one.value)])));
  const build = metrics.get("logitd_build_info")?.[0]?.labels ?? {};
  const started = sumOf(metrics, "process_start_time_seconds");
  parts.build.replaceChildren(`Version ${build.version ?? "–"}, kernel ${build.kernel ?? "–"}, compiler ${build.compiler ?? "–"}. Started ${new Date(1000 * started).toISOString().slice(0, 16).replace("T", " ")} UTC.`);
  parts.state.textContent = sumOf(metrics, "logitd_ready") === 1 ? "Ready" : "Draining";
  parts.state.classList.toggle("ready", parts.state.textContent === "Ready");
}

/** Fills the panel. */
export function start(panel) {
  parts = { state: el("span", { class: "state" }, "…"), problem: el("div", {}), panels: PANELS.map(panelOf), routes: el("div", {}), rejects: el("div", {}), build: el("p", { class: "note" }) };
  panel.append(el("div", { class: "stack" },
    el("header", {}, el("h2", {}, "Status ", parts.state), el("p", { class: "lead" }, `What the server is doing, from /metrics, every ${SECONDS} seconds while this tab is open. The requests of this tab itself are not counted in the plots.`)),
    parts.problem, el("div", { class: "sparks" }, parts.panels.map((one) => one.node)),
    el("div", { class: "grid2 wide-left" }, el("section", { class: "card", "aria-label": "By route" }, el("h3", {}, "By route, since it started"), parts.routes), el("section", { class: "card", "aria-label": "By error" }, el("h3", {}, "Errors, by code"), parts.rejects)), parts.build));
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : refresh()));
  onKey(() => {
    refused = false;
    refresh();
  });
}

/** The tab is shown: the metrics are read, at once and then again and again. */
export function shown() {
  open = true;
  refused = false;
  refresh();
}

/** The tab is left. */
export function hidden() {
  open = false;
  clearTimeout(timer);
}
