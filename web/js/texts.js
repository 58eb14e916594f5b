/* The texts of tokens: from the request, from the engine's answer, from a tokenizer, or the ids.
 * Lists of tokens in an answer are found by their shape, and laid against the server's log-probabilities by their
 * numbers: so no format has to be known here. */
import { parse } from "./json.js";
import { bytesText, pieceText } from "./tokenizer.js";

const NUMBER = ["logprob", "log_prob", "log_probability", "logProbability", "likelihood"];
const TEXT = ["token", "text", "decoded_token", "tokenStr"];

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const numberOf = (entry) => NUMBER.map((name) => entry[name]).find((x) => x !== undefined);
const value = (x) => (x === null || x === undefined || x === "NaN" ? NaN : Number(x));

/* vLLM's return_tokens_as_token_ids writes "token_id:42" in place of a text. */
function namedId(text) {
  const found = typeof text === "string" ? /^token_id:(\d+)$/.exec(text) : null;
  return found ? Number(found[1]) : undefined;
}

/* A token as { text, id, lp, rank, top }; top is a list of the same. */
function ofObject(entry) {
  const text = TEXT.map((name) => entry[name]).find((one) => typeof one === "string");
  const named = namedId(text);
  const id = named ?? [entry.id, entry.token_id, entry.tokenId, entry.token].find(Number.isInteger);
  const tops = entry.top_logprobs ?? entry.top_tokens ?? entry.topTokens;
  if (named !== undefined) return { text: undefined, id, lp: value(numberOf(entry)), rank: entry.rank, top: topsOf(tops) };
  return { text: exactText(text, entry.bytes), id, lp: value(numberOf(entry)), rank: entry.rank, top: topsOf(tops) };
}

/* Bytes tell more than a text in which a part of a character became a sign of its own, or was written in letters. */
function exactText(text, bytes) {
  if (Array.isArray(bytes) && bytes.length > 0 && (text === undefined || /\ufffd|^bytes:|\\x[0-9a-f]{2}/i.test(text))) return bytesText(Uint8Array.from(bytes));
  return text;
}

/* { "id or text": number or { logprob, rank, decoded_token } } */
function ofMap(map) {
  return Object.entries(map).map(([name, one]) => {
    if (isObject(one)) return { text: one.decoded_token ?? undefined, id: /^\d+$/.test(name) ? Number(name) : undefined, lp: value(numberOf(one)), rank: one.rank };
    return { text: name, id: undefined, lp: value(one) };
  });
}

/* [log-probability, id, text] */
const ofTuple = (tuple) => ({ text: typeof tuple[2] === "string" ? tuple[2] : undefined, id: tuple[1], lp: value(tuple[0]) });
const isTuple = (one) => Array.isArray(one) && one.length >= 2 && one.length <= 3 && (one[0] === null || typeof one[0] === "number") && Number.isInteger(one[1]);

function topsOf(tops) {
  if (isObject(tops)) return ofMap(tops);
  if (!Array.isArray(tops) || tops.length === 0) return null;
  if (tops.every(isTuple)) return tops.map(ofTuple);
  return tops.every(isObject) ? tops.map(ofObject) : null;
}

function parallel(node) {
  const numbers = node.token_logprobs ?? (Array.isArray(node.logprobs) && !isObject(node.logprobs[0]) ? node.logprobs : null);
  const texts = node.tokens ?? node.token_strings;
  const ids = node.token_ids;
  if (!Array.isArray(numbers) || (!Array.isArray(texts) && !Array.isArray(ids)) || numbers.some(Array.isArray)) return null;
  return numbers.map((lp, i) => {
    const text = texts?.[i];
    const named = namedId(text);
    return {
      text: typeof text === "string" && named === undefined ? text : undefined, id: named ?? (Number.isInteger(text) ? text : ids?.[i]),
      lp: value(lp), top: topsOf(node.top_logprobs?.[i]),
    };
  });
}

const isMaps = (list) => list.length > 0 && list.some(isObject) && list.every((one) => one === null
  || (isObject(one) && Object.entries(one).every(([name, inner]) => /^\d+$/.test(name) && (typeof inner === "number" || isObject(inner)))));

/* Runs of tokens: { text, token_ids, logprobs } */
function isRuns(list) {
  return list.length > 0 && list.every((one) => isObject(one) && Array.isArray(one.token_ids) && Array.isArray(one.logprobs) && !one.logprobs.some(isObject));
}

/* A token, or a run of them, that stands alone: a piece of a stream. */
function ofAlone(node) {
  if (isObject(node.token) && numberOf(node.token) !== undefined) return [{ ...ofObject(node.token), top: topsOf(node.top_tokens) }];
  return isObject(node.logprobs) && isRuns([node.logprobs]) ? runs([node.logprobs]) : null;
}

function runs(list) {
  return list.flatMap((run) => run.token_ids.map((id, i) => ({ text: run.token_ids.length === 1 ? run.text : undefined, id, lp: value(run.logprobs[i]) })));
}

/* A token has no lists of tokens in it, but for the likely ones beside it. */
function isLeaf(entry) {
  return isObject(entry) && Object.entries(entry).every(([name, one]) => !Array.isArray(one) || !isObject(one[0]) || /^top/.test(name));
}

function ofArray(list) {
  if (isMaps(list)) return list.map((map) => (map === null ? { lp: NaN } : { lp: NaN, any: ofMap(map) }));
  if (isRuns(list)) return runs(list);
  if (list.length > 0 && list.every(isTuple)) return list.map(ofTuple);
  const first = list.find(isObject);
  return first && list.every(isLeaf) && list.some((one) => numberOf(one) !== undefined) ? list.map(ofObject) : null;
}

/* TGI's details and Gemini's chosen candidates have their most likely tokens in a list beside them. */
const BESIDE = { tokens: "top_tokens", input_token_logprobs: "input_top_logprobs", output_token_logprobs: "output_top_logprobs",
  chosen_candidates: "top_candidates", chosenCandidates: "topCandidates" };

function withTops(entries, tops) {
  if (!Array.isArray(tops) || tops.length !== entries.length) return entries;
  return entries.map((entry, i) => ({ ...entry, top: topsOf(tops[i]?.candidates ?? tops[i]) ?? entry.top }));
}

/* Every list of tokens in an answer, in its order; choice is the index of the answer around it. */
function lists(node, choice, found) {
  if (Array.isArray(node)) {
    const entries = ofArray(node);
    if (entries) found.push({ choice, entries });
    else node.forEach((one) => lists(one, choice, found));
  } else if (isObject(node)) {
    const own = Number.isInteger(node.index) ? node.index : choice;
    const entries = parallel(node);
    const alone = entries ? null : ofAlone(node);
    if (entries) found.push({ choice: own, entries });
    else if (alone) found.push({ choice: null, entries: alone });
    else Object.entries(node).forEach(([name, one]) => descend(node, name, one, own, found));
  }
  return found;
}

function descend(node, name, one, choice, found) {
  if (/^top_|^top[A-Z]|^usage/.test(name)) return;
  const before = found.length;
  lists(one, choice, found);
  if (/^(?:input|prompt|prefill)/.test(name)) found.slice(before).forEach((list) => (list.prompt = true));
  if (found.length === before + 1 && BESIDE[name] && Array.isArray(node[BESIDE[name]])) {
    found[before].entries = withTops(found[before].entries, node[BESIDE[name]]);
  }
}

/* The data of each event; that of one event may have several lines. */
function events(text) {
  const parts = text.replace(/\r\n?/g, "\n").split(/\n\n+/);
  return parts.flatMap((part) => {
    const lines = part.split("\n").filter((line) => line.startsWith("data:")).map((line) => line.slice(5));
    return parse(lines.join("\n")) === undefined ? lines : [lines.join("\n")];
  });
}

/* A stream is a text: an event stream, or an object a line. */
function tree(outputs) {
  if (typeof outputs !== "string") return outputs;
  const whole = parse(outputs);
  if (whole !== undefined && typeof whole === "object") return whole;
  const parts = /^data:/m.test(outputs.replaceAll("\r", "\n")) ? events(outputs) : outputs.split("\n");
  return parts.map((part) => (/^\s*[{[]/.test(part) ? parse(part) : undefined)).filter((one) => one !== undefined);
}

/* What may make up a sequence: each list, all lists of one answer, and two lists in either order. */
function* candidates(found) {
  for (const one of found) yield [one];
  const byChoice = new Map();
  for (const one of found) byChoice.set(one.choice, [...(byChoice.get(one.choice) ?? []), one]);
  for (const group of byChoice.values()) {
    if (group.length > 1) yield [...group.filter((one) => one.prompt), ...group.filter((one) => !one.prompt)];
  }
  if (found.length > 24) return;
  for (const a of found) for (const b of found) if (a !== b) yield [a, b];
}

const same = (a, b) => a === b || (a < -1e38 && b === -Infinity) || (Number.isNaN(a) && Number.isNaN(b));

/* The entry as the token that has this log-probability, or null. */
function matching(entry, lp, id) {
  if (id !== undefined && entry.id !== undefined && entry.id !== id) return null;
  if (!entry.any) return same(entry.lp, lp) || Number.isNaN(lp) ? entry : null;
  const own = entry.any.filter((one) => same(one.lp, lp));
  const best = own.find((one) => one.id === id) ?? own[0];
  return best ? { ...best, top: entry.any } : null;
}

/* The entries laid against the sequence, the first one at token `shift`; null if a number differs. */
function laid(sequence, entries, shift) {
  const result = new Array(sequence.length).fill(null);
  for (let i = 0; i < sequence.length; i++) {
    const entry = entries[i - shift];
    const lp = sequence.logProb[i];
    if (!entry && !Number.isNaN(lp)) return null;
    const own = entry ? matching(entry, lp, sequence.ids?.[i]) : null;
    if (!own && !Number.isNaN(lp)) return null;
    result[i] = own;
  }
  return result;
}

function laidSomewhere(sequence, entries) {
  for (const shift of new Set([0, sequence.length - entries.length, 1])) {
    const result = laid(sequence, entries, shift);
    if (result) return result;
  }
  return null;
}

/* How much speaks against lists whose numbers fit: that another sequence has them, or that they are of another choice. */
function doubt(some, index) {
  return some.reduce((sum, one) => sum + (one.taken ? 2 : 0) + (one.choice !== null && one.choice !== index ? 1 : 0), 0);
}

/* The lists of the answer that fit best: two choices may have the same numbers, and different texts. */
function entriesOf(sequence, found, index) {
  let [best, least, tries] = [null, Infinity, 0];
  for (const some of candidates(found)) {
    const against = doubt(some, index);
    const result = against < least ? laidSomewhere(sequence, some.length === 1 ? some[0].entries : some.flatMap((one) => one.entries)) : null;
    if (result) [best, least] = [{ some, result }, against];
    if (least === 0 || ++tries > 3000) break;
  }
  best?.some.forEach((one) => (one.taken = true));
  return best?.result ?? null;
}

/** The lists of tokens in an engine's answer; null where there is no answer. */
export function listsOf(outputs) {
  return outputs === undefined ? null : lists(tree(outputs), null, []);
}

/**
 * What finds the lists of an answer once for all of its sequences: each takes its own.
 * @returns {(outputs: *) => Array|null}
 */
export function listFinder() {
  const known = new Map();
  return (outputs) => {
    if (!known.has(outputs)) known.set(outputs, listsOf(outputs));
    return known.get(outputs);
  };
}

/* A byte that is no character of its own, as SentencePiece names it. */
function exactPiece(text) {
  return typeof text === "string" && /^<0x[0-9A-Fa-f]{2}>$/.test(text) ? pieceText(text) : text;
}

/* Texts that an engine lists as its tokenizer has them are read as pieces. */
function readPieces(texts) {
  const known = texts.filter((text) => typeof text === "string");
  const raw = !known.some((text) => text.includes(" ")) && known.some((text) => /[ĠĊ▁]/.test(text));
  return raw ? texts.map((text) => (typeof text === "string" ? pieceText(text) : text)) : texts;
}

function columnOfRanks(sequence, entries) {
  const ranks = entries.map((entry) => entry?.rank ?? rankIn(entry));
  return sequence.rank ?? (ranks.some(Number.isFinite) ? Float64Array.from(ranks, (rank) => rank ?? NaN) : null);
}

function rankIn(entry) {
  if (!entry?.top?.length || Number.isNaN(entry.lp)) return NaN;
  const above = entry.top.filter((one) => one.lp > entry.lp).length;
  return above < entry.top.length ? 1 + above : NaN;
}

const asPairs = (top) => (top?.length ? [...top].sort((a, b) => b.lp - a.lp).map((one) => ({ id: one.id, text: one.text, lp: one.lp })) : null);

/**
 * The texts of a sequence, and what else its engine tells of each token.
 * @param {Object} sequence columns of answer.js
 * `own` are texts of the request: a list, one for each token, or a map from ids.
 * @param {{own: Array|Object|null, lists: Array|null, index: number, tokenizer: Object|null}} from lists of listsOf(), and which
 *   sequence of its answer it is
 * @returns {{texts: string[], named: boolean[], top: Array|null, rank: Float64Array|null}} named: whether it is a text, not an id
 */
export function textsOf(sequence, { own, lists: found, index, tokenizer }) {
  const entries = found ? entriesOf(sequence, found, index) : null;
  const told = readPieces(entries ? entries.map((entry) => entry?.text) : []);
  const idAt = (i) => sequence.ids?.[i] ?? entries?.[i]?.id;
  const ownAt = Array.isArray(own) ? (i) => own[i] : (i) => own?.[idAt(i)];
  const texts = Array.from({ length: sequence.length }, (_, i) => exactPiece(ownAt(i)) ?? told[i] ?? tokenizer?.text(idAt(i)) ?? null);
  const byId = new Map();
  texts.forEach((text, i) => text !== null && idAt(i) !== undefined && byId.set(idAt(i), text));
  const nameOf = (id) => tokenizer?.text(id) ?? byId.get(id) ?? (Array.isArray(own) ? undefined : exactPiece(own?.[id]));
  const top = sequence.top
    ? sequence.top.map((list) => list?.map(([id, lp]) => ({ id, text: nameOf(id), lp: Number(lp) })) ?? null)
    : entries?.map((entry) => asPairs(entry?.top)) ?? null;
  return {
    texts: texts.map((text, i) => (typeof text === "string" ? text : String(idAt(i) ?? `#${i}`))),
    named: texts.map((text) => typeof text === "string"),
    top: top?.some(Boolean) ? top : null, rank: entries ? columnOfRanks(sequence, entries) : sequence.rank,
  };
}
