/* The form that sends an example, and shows what comes back. */
import { sendAny } from "./api.js";
import { exampleOf } from "./docs-schema.js";
import { el, labelled, select } from "./dom.js";
import { number } from "./format.js";
import { busy } from "./pasted.js";
import { problem } from "./problem.js";

const LONGEST = 60000;
const JSON_TYPE = "application/json";

/* A short text for a value: short arrays and objects stay on one line. */
function pretty(value, indent = "") {
  const flat = JSON.stringify(value, null, 1)?.replace(/\n\s*(?=[\]}])|(?<=[[{])\n\s*/g, "").replace(/\n\s*/g, " ") ?? "null";
  if (typeof value !== "object" || value === null || flat.length + indent.length < 64) return flat;
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((one) => inner + pretty(one, inner)).join(",\n")}\n${indent}]`;
  return `{\n${Object.entries(value).map(([name, one]) => `${inner}${JSON.stringify(name)}: ${pretty(one, inner)}`).join(",\n")}\n${indent}}`;
}

/* The examples of an operation, of each media type; the smallest value that its schema allows, where there is none. */
function examplesOf(operation) {
  const content = operation.requestBody?.content ?? {};
  const all = Object.entries(content).flatMap(([type, media]) => Object.values(media.examples ?? {}).map(({ summary, value }) => ({ type, summary, text: typeof value === "string" ? value : pretty(value) })));
  if (all.length > 0 || !content[JSON_TYPE]) return all;
  return [{ type: JSON_TYPE, summary: "The smallest", text: pretty(exampleOf(content[JSON_TYPE].schema ?? {})) }];
}

/* An answer as text that people read: JSON with lines, anything else as it is. */
function readable(text) {
  const start = text.length > LONGEST ? `${text.slice(0, LONGEST)}\n… ${text.length - LONGEST} characters more` : text;
  if (text.length > LONGEST) return start;
  try {
    return pretty(JSON.parse(text));
  } catch {
    return text;
  }
}

async function shownAnswer(response, since) {
  const text = await response.text();
  const took = performance.now() - since;
  const type = response.headers.get("Content-Type") ?? "no content type";
  return [el("p", { class: `status-line ${response.ok ? "good" : "wrong"}` }, `${response.status} ${response.statusText}`, el("span", { class: "soft" }, ` · ${number(took, 3)} ms · ${type}`)),
    text ? el("pre", { tabindex: "0", role: "group", "aria-label": "Answer" }, readable(text)) : el("p", { class: "note" }, "No body.")];
}

function parameterField({ name, in: place, schema }, changed) {
  const values = schema?.enum;
  const control = values ? select(values.map((value) => [value, value]), { onchange: changed }) : el("input", { value: place === "path" ? exampleOf(schema ?? {}) : "", spellcheck: "false", autocomplete: "off", oninput: changed });
  return { name, place, control, node: labelled(`${name} (${place})`, control) };
}

function targetOf(path, fields) {
  let target = path;
  const query = new URLSearchParams();
  for (const { name, place, control } of fields) {
    if (place === "path") target = target.replace(`{${name}}`, encodeURIComponent(control.value));
    else if (control.value !== "") query.set(name, control.value);
  }
  return query.size > 0 ? `${target}?${query}` : target;
}

function curlText(method, target, type, body) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const head = type ? ` -H 'Content-Type: ${type}'` : "";
  return `curl${method === "GET" || body ? "" : ` -X ${method}`}${head} ${location.origin}${target}${body ? ` --data-binary ${quoted(body)}` : ""}`;
}

/* The field of the body, with a choice where there are several examples. */
function bodyOf(operation, changed) {
  const examples = examplesOf(operation);
  if (examples.length === 0) return { nodes: [], options: () => ({}), type: null, text: () => undefined };
  const body = { type: examples[0].type, text: () => area.value };
  const area = el("textarea", { spellcheck: "false", autocomplete: "off", rows: "10", oninput: changed });
  const choose = select(examples.map(({ summary }, i) => [String(i), summary]), { onchange: () => take(examples[Number(choose.value)]) });
  function take({ type, text }) {
    body.type = type;
    area.value = text;
    changed();
  }
  area.value = examples[0].text;
  body.nodes = [examples.length > 1 ? labelled("Example", choose) : null, labelled("Body", area)];
  body.options = () => ({ headers: { "Content-Type": body.type }, body: area.value });
  return body;
}

/**
 * The form of an operation.
 * @param {string} method
 * @param {string} path
 * @param {Object} operation
 * @returns {HTMLElement}
 */
export function tryForm(method, path, operation) {
  const curl = el("pre", { tabindex: "0", role: "group", "aria-label": "As curl" });
  const write = () => { curl.textContent = curlText(method, targetOf(path, fields), body.type, body.text()); };
  const fields = (operation.parameters ?? []).filter((one) => one.in === "path" || one.in === "query").map((one) => parameterField(one, () => write()));
  const body = bodyOf(operation, () => write());
  const answer = el("div", { class: "answer", role: "status" });
  const button = el("button", { type: "button", class: "button primary", onclick: () => busy(button, async () => {
    const since = performance.now();
    answer.replaceChildren(...await shownAnswer(await sendAny(targetOf(path, fields), { method, ...body.options() }), since));
  }, (error) => answer.replaceChildren(problem(error))) }, "Send");
  const details = el("details", { ontoggle: write }, el("summary", {}, "As curl"), curl);
  return el("section", { class: "try", "aria-label": `Try ${method} ${path}` }, el("h4", {}, "Try it"), fields.map((one) => one.node), body.nodes, el("div", { class: "row" }, button), answer, details);
}
