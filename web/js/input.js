/* From what was pasted to what is posted. A text is a request, the answer of an engine, a stream of it, or NDJSON;
 * where that cannot be told from its names, the server is asked in turn. */
import { ApiError, postJson, postLines } from "./api.js";
import { documents, parse } from "./json.js";
import { withDetails, withoutTexts } from "./request.js";

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isNumbers = (value) => Array.isArray(value) && value.every((x) => x === null || typeof x === "number" || typeof x === "string");

/* Members of engines' answers that have `outputs`, too. */
const OF_ENGINES = ["request_id", "finished", "prompt_token_ids", "prompt_logprobs", "context_logits", "token_ids"];

/* Whether an object is surely a request: it has an output beside what only requests have. */
function isRequest(value) {
  if (!isObject(value)) return false;
  if (Array.isArray(value.sequences) || Array.isArray(value.windows) || "logits" in value) return true;
  if (isNumbers(value.logprobs) && value.logprobs.length > 0 && !("choices" in value)) return true;
  return "outputs" in value && !OF_ENGINES.some((name) => name in value);
}

/* Whether an object has a member that requests have, too. */
const OF_REQUESTS = ["tokens", "prompt", "completion", "logits", "logprobs", "outputs", "sequences", "windows", "prompt_length", "mask", "labels"];
const mayBeRequest = (value) => isObject(value) && OF_REQUESTS.some((name) => name in value);

function asRequest(text, value, prefix = "") {
  const plain = withoutTexts(text);
  return { name: "request", prefix, value, plain, full: withDetails(plain) };
}

function asAnswer(text, value) {
  const plain = `{"outputs":${text}}`;
  return { name: "answer", prefix: "/outputs", value: { outputs: value }, plain, full: withDetails(plain) };
}

/* A text that the server takes apart itself: an event stream, objects of a stream a line each, a file as base64. */
function asText(text) {
  const plain = JSON.stringify({ outputs: text });
  return { name: "stream", prefix: null, value: { outputs: text }, plain, full: plain };
}

function asLines(lines) {
  const values = lines.map((line) => parse(line));
  const plain = lines.map((line, i) => (isObject(values[i]) ? withoutTexts(line) : line));
  const full = plain.map((line, i) => (isRequest(values[i]) ? withDetails(line) : line));
  return { name: "lines", prefix: null, values, plain: plain.join("\n"), full: full.join("\n"), lines: true, bare: !isRequest(values[0]) };
}

function isPiece(value) {
  return isObject(value) && (String(value.object).endsWith(".chunk") || "done" in value || (isObject(value.token) && !("details" in value)));
}

/* Objects that stand a line each; or over several lines each, one behind another. */
function linesOf(text) {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return lines.length > 1 && isObject(parse(lines[0])) ? lines : documents(text);
}

/* Whether two lines of a batch are the answer to one request. Each line alone is sound: the server must see all. */
function hasTwins(values) {
  const names = values.map((value) => value?.custom_id).filter((name) => typeof name === "string");
  return new Set(names).size < names.length;
}

function ofLines(text) {
  const lines = linesOf(text);
  const values = (lines ?? []).map((line) => parse(line));
  if (values.length < 2 || !isObject(values[0])) return null;
  const whole = asText(lines.join("\n"));
  if (hasTwins(values)) return [whole];
  const pieces = values.every(isPiece) && values.some((value) => value.done !== true);
  return pieces ? [whole, asLines(lines)] : [asLines(lines), whole];
}

function ofValue(text, value) {
  if (typeof value === "string") return [asText(value)];
  if (Array.isArray(value)) {
    if (isNumbers(value) && value.length > 0) return [asRequest(`{"logprobs":${text}}`, { logprobs: value }, "/logprobs")];
    if (value.length > 0 && value.every(isRequest)) return [asRequest(`{"sequences":${text}}`, { sequences: value }, "/sequences"), asAnswer(text, value)];
    return [asAnswer(text, value)];
  }
  if (!isObject(value)) return [asText(text)];
  if (isRequest(value)) return [asRequest(text, value), { ...asAnswer(text, value), hinted: true }];
  return mayBeRequest(value) ? [asAnswer(text, value), asRequest(text, value)] : [asAnswer(text, value)];
}

/* What people copy along with a text: the fence of Markdown, and the head of an HTTP answer. */
function unwrapped(text) {
  const inside = /^```[^\n]*\n([\s\S]*?)\n```$/.exec(text)?.[1] ?? text;
  return inside.replace(/^(?:HTTP\/\d[^\n]*\n(?:[\w-]+:[^\n]*\n)*\r?\n)+/, "").trim();
}

/**
 * In which ways a text can be posted, the likeliest first.
 * @param {string} text
 * @returns {Array<{name: string, prefix: string|null, plain: string, full: string, value?: *, values?: Array, lines?: boolean}>}
 */
export function readings(text) {
  const trimmed = unwrapped(text.trim());
  const value = parse(trimmed);
  if (value !== undefined) return ofValue(trimmed, value);
  if (/^(?:data|event|id|retry)?:/m.test(trimmed.slice(0, 4000)) && !trimmed.startsWith("{") && !trimmed.startsWith("[")) return [asText(trimmed)];
  if (/^[A-Za-z0-9+/\s]{16,}=*$/.test(trimmed.slice(0, 4000)) && trimmed.startsWith("X2xvZ2l0")) return [asText(trimmed)];
  return ofLines(trimmed) ?? [{ name: "text", prefix: "", value: null, plain: text, full: text }];
}

async function post(reading, body, signal) {
  if (!reading.lines) return { replies: [await postJson("/v1/score", body, { signal })] };
  const replies = await postLines("/v1/score", body, { signal });
  const refused = replies.filter((reply) => reply.status);
  if (refused.length > 0 && refused.length >= replies.length - 1) throw new ApiError(refused[0].status, refused[0]);
  return { replies };
}

/* The request with what the page adds; and without it, if the server does not take that. */
async function ask(reading, signal) {
  try {
    return await post(reading, reading.full, signal);
  } catch (error) {
    if (reading.full === reading.plain || !(error.status >= 400 && error.status < 500) || error.status === 401) throw error;
    return post(reading, reading.plain, signal);
  }
}

/* The server's word that a request is an engine's answer; and that a text is none. */
const isHint = (error) => /wrap all of the answer in outputs/.test(error.message);
const isUnknown = (error) => /recognised by its keys|neither JSON, nor/.test(error.message);

const ADVICE = "Ask the engine for log-probabilities (mostly with \"logprobs\": true, or with a number), and paste its whole answer; "
  + "or write a request: {\"tokens\": […], \"logprobs\": […]}.";

/**
 * Posts a text as what it is.
 * @param {string} text
 * @param {AbortSignal} [signal]
 * @returns {Promise<{reading: Object, replies: Array}>}
 */
export async function score(text, signal) {
  const failed = [];
  for (const reading of readings(text)) {
    if (reading.hinted && !failed.some(({ error }) => isHint(error) || isUnknown(error))) continue;
    try {
      return { reading, ...(await ask(reading, signal)) };
    } catch (error) {
      if (!(error instanceof ApiError) || ![400, 422].includes(error.status)) throw error; // not of the text
      failed.push({ error, reading });
    }
  }
  throw best(failed);
}

/* Whether a refusal is about a text that is neither a request nor an answer. */
function isForeign({ error, reading }) {
  if (reading.lines && error.code === "unknown_member") return !reading.values.some(mayBeRequest);
  return isUnknown(error) || (reading.name === "text" && !/^[{[]/.test(reading.plain.trim()));
}

/* The refusal that says most. */
function best(failed) {
  const told = failed.find((one) => !isForeign(one) && !isHint(one.error)) ?? failed[0];
  return Object.assign(told.error, { reading: told.reading, advice: isForeign(told) ? ADVICE : undefined });
}
