/* Requests to the server this page is from. The key is kept in memory only. */

let key = "";
let wanted = null; // whether the server asks for a key: a promise, once it was asked
let settled = 0;
const waiting = [];

/** The key of all requests from now on; an empty one sends none. */
export function setKey(value) {
  key = value.trim();
  clearTimeout(settled);
  settled = setTimeout(() => waiting.forEach((callback) => callback()), 400);
}

/** Calls back when another key was typed. */
export function onKey(callback) {
  waiting.push(callback);
}

/** Whether requests carry a key. */
export function hasKey() {
  return key !== "";
}

async function askIndex() {
  try {
    const index = await fetch("/", { headers: { Accept: "application/json" }, cache: "no-store" });
    return (await index.json()).needs_key === true;
  } catch {
    return false; // it did not tell: the request itself will
  }
}

/** Whether the server asks for a key, and none is there. */
export async function lacksKey() {
  if (key) return false;
  wanted ??= askIndex();
  return (await wanted) && !key;
}

/** A refusal of the server, or no answer from it: code, detail, pointers and status. */
export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? `status ${status}`);
    this.name = "ApiError";
    this.status = status;
    this.code = problem.code ?? "";
    this.title = problem.title ?? "";
    this.errors = problem.errors ?? [];
    this.requestId = problem.request_id ?? "";
    this.retryAfter = problem.retryAfter ?? null;
  }

  /** The JSON pointer of the first place, or null. */
  get pointer() {
    return this.errors.length > 0 ? this.errors[0].pointer : null;
  }

  /** What is wrong there, without the pointer in front. */
  get detail() {
    return this.errors.length > 0 ? this.errors[0].detail : this.message;
  }
}

async function problemOf(response) {
  const text = await response.text();
  let problem = { detail: text.slice(0, 300) || response.statusText };
  try {
    const parsed = JSON.parse(text);
    problem = typeof parsed.error === "object" && parsed.error ? { detail: parsed.error.message, code: parsed.error.code } : parsed;
    if (typeof parsed.error === "string") problem = { detail: parsed.error };
  } catch { /* not JSON: the text itself is the detail */ }
  return new ApiError(response.status, { ...problem, retryAfter: response.headers.get("Retry-After") });
}

/**
 * Sends a request with the key; the answer may be an error.
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
export async function sendAny(path, options = {}) {
  const headers = new Headers(options.headers);
  if (key) headers.set("Authorization", `Bearer ${key}`);
  try {
    return await fetch(path, { ...options, headers, cache: "no-store" });
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new ApiError(0, { code: "no_answer", title: "The server does not answer", detail: `Nothing came from ${location.origin} (${failure.message}). Look whether the server runs, and try again.` });
  }
}

function keyMissing() {
  return new ApiError(401, { code: "key_missing", title: "This server asks for a key", detail: "There is no key yet, so nothing was sent." });
}

/* Files of the page are for everyone. */
const isOpen = (path) => path.startsWith("/web/");

/** Sends a request with the key; an error is thrown, and so is a key that is missing. The answer is checked, not read. */
export async function send(path, options) {
  if (!isOpen(path) && (await lacksKey())) throw keyMissing();
  const response = await sendAny(path, options);
  if (!response.ok) throw await problemOf(response);
  return response;
}

/** The answer of a GET as JSON. */
export async function getJson(path, options) {
  return (await send(path, { ...options, headers: { Accept: "application/json" } })).json();
}

/** The answer of a GET as text. */
export async function getText(path, options) {
  return (await send(path, options)).text();
}

/** Posts a body (text of JSON, or a value) and reads the JSON of the answer. */
export async function postJson(path, body, options) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers = { "Content-Type": "application/json" };
  return (await send(path, { ...options, method: "POST", headers, body: text })).json();
}

/** Posts NDJSON and reads the answer, an object for each line. */
export async function postLines(path, text, options) {
  const headers = { "Content-Type": "application/x-ndjson" };
  const answer = await (await send(path, { ...options, method: "POST", headers, body: text })).text();
  return answer.split("\n").filter((line) => line.trim() !== "").map((line) => JSON.parse(line));
}

/** Posts a form with files (multipart/form-data) and reads the JSON of the answer. */
export async function postForm(path, form, options) {
  return (await send(path, { ...options, method: "POST", body: form })).json();
}
