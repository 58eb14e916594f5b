/* The form that sends an example, and shows what comes back. */
import { sendAny } from "./api.js";
import { bodyFor, PARAMETERS, pretty } from "./docs-examples.js";
import { exampleOf } from "./docs-schema.js";
import { el, labelled } from "./dom.js";
import { number } from "./format.js";
import { busy } from "./pasted.js";
import { problem } from "./problem.js";

const LONGEST = 60000;

function exampleText(path, media) {
  const own = media.example ?? Object.values(media.examples ?? {})[0]?.value ?? bodyFor(path);
  return pretty(own ?? exampleOf(media.schema ?? {}));
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
    text ? el("pre", { tabindex: "0", "aria-label": "Answer" }, readable(text)) : el("p", { class: "note" }, "No body.")];
}

function parameterFields(operation) {
  return (operation.parameters ?? []).filter((one) => one.in === "path" || one.in === "query").map((one) => {
    const input = el("input", { value: one.in === "path" ? PARAMETERS[one.name] ?? "" : "", spellcheck: "false", autocomplete: "off" });
    return { ...one, input, node: labelled(`${one.name} (${one.in})`, input) };
  });
}

function targetOf(path, fields) {
  let target = path;
  const query = new URLSearchParams();
  for (const { name, in: place, input } of fields) {
    if (place === "path") target = target.replace(`{${name}}`, encodeURIComponent(input.value));
    else if (input.value !== "") query.set(name, input.value);
  }
  return query.size > 0 ? `${target}?${query}` : target;
}

function curlText(method, target, type, body) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const head = type && type !== "application/json" ? "" : type ? " -H 'Content-Type: application/json'" : "";
  return `curl${method === "GET" || body ? "" : ` -X ${method}`}${head} ${location.origin}${target}${body ? ` -d ${quoted(body)}` : ""}`;
}

/**
 * The form of an operation.
 * @param {string} method
 * @param {string} path
 * @param {Object} operation
 * @returns {HTMLElement}
 */
export function tryForm(method, path, operation) {
  const media = operation.requestBody?.content?.["application/json"];
  const fields = parameterFields(operation);
  const area = media ? el("textarea", { spellcheck: "false", autocomplete: "off", rows: "10" }) : null;
  if (area) area.value = exampleText(path, media);
  const answer = el("div", { class: "answer", role: "status" });
  const curl = el("pre", { tabindex: "0", "aria-label": "As curl" });
  const write = () => { curl.textContent = curlText(method, targetOf(path, fields), media ? "application/json" : null, area?.value); };
  const button = el("button", { type: "button", class: "button primary", onclick: () => busy(button, async () => {
    const since = performance.now();
    const options = media ? { method, headers: { "Content-Type": "application/json" }, body: area.value } : { method };
    answer.replaceChildren(...await shownAnswer(await sendAny(targetOf(path, fields), options), since));
  }, (error) => answer.replaceChildren(problem(error))) }, "Send");
  const details = el("details", { ontoggle: write }, el("summary", {}, "As curl"), curl);
  area?.addEventListener("input", write);
  fields.forEach(({ input }) => input.addEventListener("input", write));
  return el("section", { class: "try", "aria-label": `Try ${method} ${path}` }, el("h4", {}, "Try it"), fields.map((one) => one.node), area ? labelled("Body", area) : null, el("div", { class: "row" }, button), answer, details);
}
