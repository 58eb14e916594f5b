/* What leaves the page: a report, a table, plots and a link. Each stands alone, without a script and without the server. */
import { el, save, svg } from "./dom.js";
import { fragment } from "./state.js";

const SHEETS = ["/web/style.css", "/web/tabs.css", "/web/score.css"];
const PAINT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "opacity", "font-family", "font-size", "font-weight"];

/** A table as CSV (RFC 4180): null is an empty field, and a text that a spreadsheet would compute is kept a text. */
export function csvOf(head, rows) {
  return [head, ...rows].map((row) => row.map(csvField).join(",")).join("\r\n") + "\r\n";
}

function csvField(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) && !Number.isFinite(Number(value)) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/* A copy of a plot whose paint is in its own attributes; the original must be in the page. */
function painted(plot) {
  const copy = plot.cloneNode(true);
  const from = [plot, ...plot.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((node, i) => {
    const style = getComputedStyle(from[i]);
    for (const name of PAINT) node.setAttribute(name, style.getPropertyValue(name));
    node.removeAttribute("class");
    node.removeAttribute("style");
    node.removeAttribute("tabindex");
  });
  return copy;
}

/* In its own units, or in pixels if it is as wide as its place. */
function sizeOf(plot) {
  const { width, height } = plot.viewBox.baseVal ?? {};
  return width ? { width, height } : plot.getBoundingClientRect();
}

/* What a plot is called where it stands alone; else what stands above it in the page. */
function captionOf(plot) {
  if (plot.dataset.caption) return plot.dataset.caption;
  const around = plot.closest("figure, section");
  return around?.querySelector("figcaption strong, h2, h3")?.textContent ?? "";
}

const GAP = 24;

function sheetOf(width, height) {
  const { backgroundColor } = getComputedStyle(document.documentElement);
  return svg("svg", { width, height, viewBox: `0 0 ${width} ${height}` }, svg("rect", { width, height, fill: backgroundColor }));
}

/**
 * Several plots of the page as one SVG file, below each other, each with its caption.
 * @param {SVGElement[]} plots
 * @returns {string}
 */
function svgOf(plots) {
  const sizes = plots.map(sizeOf);
  const sheet = sheetOf(Math.max(...sizes.map((size) => size.width)) + 2 * GAP, sizes.reduce((sum, size) => sum + size.height + 2 * GAP, GAP));
  const { color, fontFamily } = getComputedStyle(document.body);
  let y = GAP;
  plots.forEach((plot, i) => {
    const copy = painted(plot);
    for (const [name, value] of Object.entries({ x: GAP, y: y + GAP, width: sizes[i].width, height: sizes[i].height })) copy.setAttribute(name, value);
    sheet.append(svg("text", { x: GAP, y: y + 12, fill: color, "font-family": fontFamily, "font-size": 15, "font-weight": 600 }, captionOf(plot)), copy);
    y += sizes[i].height + 2 * GAP;
  });
  return new XMLSerializer().serializeToString(sheet);
}

/* What only a script could answer to is taken out of a report. */
function still(node) {
  const copy = node.cloneNode(true);
  const all = [copy, ...(copy.querySelectorAll?.("*") ?? [])];
  for (const one of all) {
    if (one.matches?.("input, select, textarea, .no-print")) one.remove();
    for (const name of ["tabindex", "contenteditable", "aria-controls"]) one.removeAttribute?.(name);
  }
  for (const button of copy.querySelectorAll?.("button") ?? []) {
    const span = el("span", { class: button.className, title: button.title || null }, ...button.cloneNode(true).childNodes);
    span.style.cssText = button.style.cssText;
    button.replaceWith(span);
  }
  for (const plot of copy.querySelectorAll?.("svg.plot[viewBox]") ?? []) plot.style.maxWidth = `${plot.viewBox.baseVal.width}px`;
  for (const details of copy.querySelectorAll?.("details") ?? []) details.open = true;
  return copy;
}

/* A report is read on paper and in mails: always light. */
async function sheets() {
  const texts = await Promise.all(SHEETS.map(async (path) => {
    const answer = await fetch(path);
    return answer.ok ? answer.text() : "";
  }));
  const css = texts.join("\n").replaceAll("prefers-color-scheme: dark", "max-width: 0px").replaceAll("color-scheme: light dark", "color-scheme: light");
  return css.replaceAll(/<\//g, "<\\/");
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/**
 * A whole HTML document of some elements: its style is inside, and it has no script.
 * @param {string} title
 * @param {Element[]} nodes
 * @returns {Promise<string>}
 */
async function reportOf(title, nodes) {
  const made = `Made by logitd at ${location.origin} on ${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC.`;
  const body = el("main", { class: "report stack" }, el("h1", {}, title), el("p", { class: "note" }, made), ...nodes.map(still));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>
${await sheets()}
</style>
</head>
<body>
${body.outerHTML}
</body>
</html>
`;
}

async function copyLink(tab, state, say) {
  const mark = await fragment(tab, state);
  if (mark === null) {
    say("The input is too large for a link. Export a report instead.");
    return;
  }
  history.replaceState(null, "", mark);
  const link = location.href;
  try {
    await navigator.clipboard.writeText(link);
    say("The link is copied. It holds the input itself; nothing was sent.");
  } catch {
    say("The link is in the address bar. It holds the input itself; nothing was sent.");
  }
}

/**
 * The row of buttons below a result.
 * @param {{tab: string, title: string, report: () => Node[], csv: () => string, plots: () => SVGElement[], state: () => *}} of
 *   `report` gives elements built for the light palette, `state` what the tab's load() takes
 * @returns {HTMLElement}
 */
export function exportBar({ tab, title, report, csv, plots, state }) {
  const said = el("p", { class: "note", role: "status" });
  const say = (text) => { said.textContent = text; };
  const file = `logitd-${tab}`;
  const tell = (work) => async () => {
    try {
      say("");
      await work();
    } catch (error) {
      say(`That did not work: ${error.message}`);
    }
  };
  const button = (text, work) => el("button", { type: "button", class: "button", onclick: tell(work) }, text);
  return el("section", { class: "card export no-print", "aria-label": "Export" }, el("h3", {}, "Export"), el("div", { class: "row" },
    button("HTML report", async () => save(`${file}.html`, await reportOf(title, report()), "text/html")),
    button("CSV", () => save(`${file}.csv`, csv(), "text/csv")),
    button("SVG", () => save(`${file}.svg`, svgOf(plots()), "image/svg+xml")),
    button("Permanent link", () => copyLink(tab, state(), say))), said);
}
