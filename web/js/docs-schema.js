/* A JSON Schema as a list of members: types, limits and what they are for. What lies deeper is made when it is opened;
 * a schema inside itself is told by its name. */
import { el } from "./dom.js";

const PREFIX = "#/components/schemas/";
const FEW = 5;
const HELD = ["oneOf", "anyOf", "allOf"];

let schemas = {};

/** Sets where references lead. */
export function setSchemas(components) {
  schemas = components ?? {};
}

const nameOf = (schema) => (schema?.$ref?.startsWith(PREFIX) ? schema.$ref.slice(PREFIX.length) : null);

/* What a schema says, with what its reference leads to; what stands beside the reference wins. */
function resolved(schema) {
  let result = schema ?? {};
  for (let steps = 0; nameOf(result) && steps < 20; steps++) {
    const { $ref, ...beside } = result;
    result = { ...(schemas[nameOf({ $ref })] ?? {}), ...beside };
  }
  return result;
}

const codes = (list, between) => list.flatMap((value, i) => [i > 0 ? between : "", el("code", {}, JSON.stringify(value))]);
const isPlain = (schema) => !schema.properties && !schema.items && !schema.prefixItems && !HELD.some((name) => schema[name]);
const kinds = (schema) => HELD.flatMap((name) => schema[name] ?? []);

/** The type of a schema as words; a name is a link to its schema. */
export function typeWords(schema, depth = 0) {
  const name = nameOf(schema);
  const target = name ? schemas[name] ?? {} : schema;
  if (name && !(isPlain(target) && !target.enum)) return [el("a", { href: `#schema-${name}` }, name)];
  return plainWords(name ? resolved(schema) : schema, depth);
}

function plainWords(schema, depth) {
  if (schema === undefined || depth > 4) return ["any value"];
  if (schema.const !== undefined) return [el("code", {}, JSON.stringify(schema.const))];
  if (schema.enum) return schema.enum.length > FEW ? [`one of ${schema.enum.length} values`] : codes(schema.enum, " or ");
  const parts = kinds(schema);
  if (parts.length > 0) return parts.flatMap((one, i) => [...(i > 0 ? [" or "] : []), ...typeWords(one, depth + 1)]);
  if (schema.type === "array" || (schema.items && !schema.type)) return ["array", ...(schema.items ? [" of ", ...typeWords(schema.items, depth + 1)] : [])];
  if (Array.isArray(schema.type)) return [schema.type.join(" or "), ...(schema.items ? [" of ", ...typeWords(schema.items, depth + 1)] : [])];
  if (schema.format === "binary") return ["a file"];
  return [schema.type ?? (schema.properties ? "object" : "any value")];
}

const range = (low, high, unit = "") => {
  if (low !== undefined && high !== undefined) return low === high ? `${low}${unit}` : `${low} to ${high}${unit}`;
  if (low !== undefined) return `at least ${low}${unit}`;
  return high === undefined ? null : `at most ${high}${unit}`;
};

/* The limits of a schema, of its alternatives, and of its entries where these are plain values. */
function ownLimits(given, depth) {
  const schema = resolved(given);
  const texts = [schema, ...kinds(schema).map(resolved)].flatMap((one) => [
    range(one.minimum, one.maximum), one.exclusiveMinimum === undefined ? null : `above ${one.exclusiveMinimum}`, one.exclusiveMaximum === undefined ? null : `below ${one.exclusiveMaximum}`,
    range(one.minItems, one.maxItems, one.maxItems === 1 || (one.minItems === 1 && one.maxItems === undefined) ? " entry" : " entries"), range(one.minLength, one.maxLength, " characters"),
    one.pattern ? `matches ${one.pattern}` : null, one.contentEncoding ?? null,
    ...(one.items && depth < 3 ? ownLimits(one.items, depth + 1).map((limit) => `each ${limit}`) : [])]);
  return [...new Set(texts.filter(Boolean))];
}

/** The limits of a schema, as short texts. */
export function limitsOf(given) {
  const schema = resolved(given);
  const own = ownLimits(schema, 0);
  return schema.default === undefined ? own : [...own, `default ${JSON.stringify(schema.default)}`];
}

function enumOf(given) {
  const schema = resolved(given);
  const values = schema.enum ?? resolved(schema.items ?? {}).enum ?? kinds(schema).map(resolved).find((one) => one.enum)?.enum;
  if (!values || values.length <= FEW) return null;
  const told = () => el("p", { class: "limits enum" }, codes(values, ", "));
  return values.length <= 3 * FEW ? told() : lazily(`${values.length} values`, () => [told()]);
}

/** A part that is made when it is opened first. */
export function lazily(title, make, attributes) {
  const details = el("details", attributes, el("summary", {}, title));
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) details.append(...make());
  });
  return details;
}

/* The schemas with members that are inside a value: of its own, of its entries, of its alternatives. */
function inside(given, seen, found = [], depth = 0) {
  if (!given || depth > 6) return found;
  const name = nameOf(given);
  if (name && seen.includes(name)) return found;
  const schema = resolved(given);
  const path = name ? [...seen, name] : seen;
  if (schema.properties || schema.patternProperties) found.push({ name, schema, seen: path });
  for (const one of [schema.items, typeof schema.additionalProperties === "object" ? schema.additionalProperties : null, ...(schema.prefixItems ?? []), ...kinds(schema)]) inside(one, path, found, depth + 1);
  return found;
}

function nested(schema, seen) {
  const unique = new Map(inside(schema, seen).map((one) => [one.name ?? one.schema, one]));
  return [...unique.values()].map((one) => lazily(one.name ? `Members of ${one.name}` : "Its members", () => [memberList(one.schema, one.seen)]));
}

function member(name, schema, required, seen) {
  const limits = limitsOf(schema);
  const about = schema.description ?? resolved(schema).description;
  return el("li", {}, el("div", { class: "member-head" }, el("code", { class: "name" }, name), el("span", { class: "type" }, typeWords(schema)), required ? el("span", { class: "required" }, "required") : null,
    limits.length > 0 ? el("span", { class: "limits" }, limits.join("; ")) : null), about ? el("p", { class: "about" }, about) : null, enumOf(schema), nested(schema, seen));
}

function memberList(schema, seen) {
  const required = new Set(schema.required ?? []);
  const named = Object.entries({ ...schema.properties, ...schema.patternProperties });
  return el("ul", { class: "members" }, named.map(([name, one]) => member(name, one, required.has(name), seen)));
}

/**
 * A schema, its members open and what is in them closed.
 * @param {Object} schema
 * @returns {Node[]}
 */
export function schemaView(schema) {
  const name = nameOf(schema);
  const full = resolved(schema);
  const seen = name ? [name] : [];
  const head = el("p", { class: "type" }, name ? [el("a", { href: `#schema-${name}` }, name), full.type === "object" || full.properties ? ", object" : [", ", plainWords(full, 0)].flat()] : typeWords(schema));
  const about = full.description ? el("p", { class: "about" }, full.description) : null;
  if (full.properties) return [head, about, memberList(full, seen)].filter(Boolean);
  const limits = limitsOf(full);
  return [head, about, limits.length > 0 ? el("p", { class: "limits" }, limits.join("; ")) : null, enumOf(full), ...nested(full, seen)].filter(Boolean);
}

/* An example that a schema allows: what is required, as small as can be. */
function example(given, depth) {
  const schema = resolved(given);
  for (const one of [schema.example, schema.examples?.[0], schema.default, schema.const, schema.enum?.[0]]) if (one !== undefined) return one;
  const [first] = kinds(schema);
  if (first && depth < 6) return example(first, depth + 1);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "object" || schema.properties) return Object.fromEntries((schema.required ?? []).map((name) => [name, depth < 6 ? example(schema.properties?.[name], depth + 1) : null]));
  if (type === "array") return schema.minItems > 0 && depth < 6 ? [example(schema.items, depth + 1)] : [];
  return { string: "", boolean: false, null: null }[type] ?? schema.minimum ?? 0;
}

/** The smallest value that a schema allows, for an operation without an example. */
export function exampleOf(schema) {
  return example(schema, 0);
}
