/* The page of the API: /openapi.json, made readable. */
import { getJson, onKey, setKey } from "./api.js";
import { lazily, limitsOf, schemaView, setSchemas, typeWords } from "./docs-schema.js";
import { tryForm } from "./docs-try.js";
import { el } from "./dom.js";
import { problem } from "./problem.js";

const METHODS = ["get", "post", "put", "patch", "delete", "head", "options"];
const place = document.getElementById("document");
const contents = document.getElementById("contents");

/* Operations by what they are for: their tag, or where their path begins. */
function groupOf(path, operation) {
  if (operation.tags?.length > 0) return operation.tags[0];
  if (path.startsWith("/v1/")) return "Scores and losses";
  return path.startsWith("/v2") ? "Open Inference Protocol" : "About the service";
}

function operationsOf(api) {
  return Object.entries(api.paths ?? {}).flatMap(([path, item]) => METHODS.filter((method) => item[method]).map((method) => {
    const operation = { ...item[method], parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])] };
    return { method, path, operation, id: operation.operationId ?? `${method}${path.replace(/\W+/g, "-")}`, group: groupOf(path, operation) };
  }));
}

function needsKey({ operation }) {
  return !(operation.security !== undefined && (operation.security.length === 0 || operation.security.some((one) => Object.keys(one).length === 0)));
}

function parameters(list) {
  if (list.length === 0) return null;
  return el("div", {}, el("h4", {}, "Parameters"), el("ul", { class: "members" }, list.map((one) => el("li", {}, el("div", { class: "member-head" }, el("code", { class: "name" }, one.name), el("span", { class: "type" }, `${one.in}: `, typeWords(one.schema ?? {})),
    one.required ? el("span", { class: "required" }, "required") : null, el("span", { class: "limits" }, limitsOf(one.schema ?? {}).join("; "))), one.description ? el("p", { class: "about" }, one.description) : null))));
}

function medias(title, content, open) {
  const kinds = Object.entries(content ?? {});
  return kinds.map(([type, media], i) => el("div", { class: "schema-box" }, el("h4", {}, title, " ", el("code", {}, type)), media.schema ? (open && i === 0 ? schemaView(media.schema) : lazily("Its members", () => schemaView(media.schema))) : el("p", { class: "note" }, "Binary.")));
}

function responses(operation) {
  return Object.entries(operation.responses ?? {}).map(([status, response]) => el("div", { class: "op-part" }, response.content
    ? medias(status === "default" ? `Answer if something is wrong: ${response.description}` : `Answer ${status}: ${response.description}`, response.content, false)
    : el("h4", {}, `Answer ${status}: ${response.description}`)));
}

function operationView(one, open) {
  const { method, path, operation, id } = one;
  const tried = method === "get" || operation.requestBody?.content?.["application/json"] || !operation.requestBody;
  return el("details", { class: "card op", id, open },
    el("summary", {}, el("div", { class: "op-head" }, el("h3", {}, el("span", { class: `method ${method}` }, method.toUpperCase()), el("span", {}, path)), el("span", { class: "chip-key" }, needsKey(one) ? "key, where the server has keys" : "no key"),
      operation.summary ? el("p", { class: "op-summary" }, operation.summary) : null)),
    operation.description ? el("p", { class: "about" }, operation.description) : null,
    el("div", { class: "op-body two" }, tried ? tryForm(method.toUpperCase(), path, operation) : null, el("div", { class: "op-part" }, parameters(operation.parameters), medias("Request", operation.requestBody?.content, true), responses(operation))));
}

let allOpen = false; // also of operations that are not there yet

/* One button for all operations: the page is short when they are closed, and can be searched either way. */
function openAll() {
  const button = el("button", { type: "button", class: "button small", "aria-expanded": "false", onclick: () => {
    allOpen = !allOpen;
    for (const one of place.querySelectorAll(".op")) one.open = allOpen;
    button.setAttribute("aria-expanded", String(allOpen));
    button.textContent = allOpen ? "Close all operations" : "Open all operations";
  } }, "Open all operations");
  return el("div", { class: "row open-all" }, button);
}

const later = () => new Promise((done) => setTimeout(done));

function byGroup(operations) {
  const groups = new Map();
  for (const one of operations) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return groups;
}

function navigation(groups, names) {
  const list = el("details", { class: "list", open: matchMedia("(min-width: 64rem)").matches }, el("summary", {}, "All operations and schemas"));
  const filter = el("input", { type: "search", placeholder: "Find an operation or a schema", "aria-label": "Find an operation or a schema" });
  const link = (one) => el("li", { "data-text": `${one.method} ${one.path} ${one.operation.summary ?? ""}`.toLowerCase() }, el("a", { href: `#${one.id}`, title: one.operation.summary ?? null }, el("span", { class: `method ${one.method}` }, one.method.toUpperCase()), el("span", {}, one.path)));
  const part = (title, items) => el("div", {}, el("h2", {}, title), el("ul", {}, items));
  list.append(...[...groups].map(([title, some]) => part(title, some.map(link))), part("Schemas", names.map((name) => el("li", { "data-text": name.toLowerCase() }, el("a", { class: "plain", href: `#schema-${name}` }, name)))));
  filter.addEventListener("input", () => {
    const wanted = filter.value.trim().toLowerCase();
    if (wanted !== "") list.open = true;
    for (const item of list.querySelectorAll("li")) item.hidden = !item.dataset.text.includes(wanted);
    for (const group of list.querySelectorAll(":scope > div")) group.hidden = !group.querySelector("li:not([hidden])");
  });
  contents.replaceChildren(filter, list);
}

function schemaList(schemas) {
  const items = Object.keys(schemas).map((name) => lazily(el("code", {}, name), () => schemaView({ $ref: `#/components/schemas/${name}` }), { id: `schema-${name}` }));
  return el("section", { class: "group", "aria-labelledby": "schemas-title" }, el("h2", { id: "schemas-title" }, "Schemas"), el("details", { class: "card" }, el("summary", {}, `All ${items.length} schemas`), el("div", { class: "schema-list" }, items)));
}

/* What the fragment names is opened and brought into view. */
function follow() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target || target === place) return;
  for (let around = target.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  target.querySelector("summary")?.focus({ preventScroll: true });
  target.scrollIntoView({ block: "start" });
}

/* A group at a time, so that the page can be used meanwhile. */
async function show(api) {
  setSchemas(api.components?.schemas);
  const groups = byGroup(operationsOf(api));
  navigation(groups, Object.keys(api.components?.schemas ?? {}));
  const info = api.info ?? {};
  place.replaceChildren(el("header", {}, el("h2", {}, info.title ?? "API", " ", el("span", { class: "soft" }, info.version ?? "")), el("p", { class: "lead" }, info.description ?? "", " The description for programs is ", el("a", { href: "/openapi.json" }, "/openapi.json"), `, OpenAPI ${api.openapi ?? ""}.`), openAll()));
  let first = true;
  for (const [title, some] of groups) {
    const box = el("section", { class: "group", "aria-label": title }, el("h2", {}, title));
    place.append(box);
    for (const one of some) {
      box.append(operationView(one, allOpen || (first && location.hash.length < 2)));
      first = false;
      await later();
    }
  }
  place.append(schemaList(api.components?.schemas ?? {}));
  follow();
}

async function load() {
  try {
    await show(await getJson("/openapi.json"));
  } catch (error) {
    place.replaceChildren(problem(error));
  }
}

const field = document.getElementById("api-key");
field.addEventListener("input", () => setKey(field.value));
onKey(() => {
  if (contents.childElementCount === 0) load();
});
addEventListener("hashchange", follow);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (link && link.hash === location.hash) follow();
});
load();
