/* Two things that were pasted, as one request to POST /v1/compare: what each says of its model goes into `models`,
 * what it says of the tokens beside them. */
import { readings } from "./input.js";

const OF_MODEL = ["model", "temperature", "softcap", "top_k", "top_p", "min_p", "alignment", "offset", "dtype", "format", "generated", "top_logprobs", "outputs", "logprobs", "logits"];
const OF_TOKENS = ["id", "tokens", "prompt_length", "prompt", "completion", "mask", "attention_mask", "labels"];
const OF_BOTH = ["objectives", "details", "distillation"];
const COMPARED = ["cross_entropy", "speculative"];

const notPair = (detail) => Object.assign(new Error(detail), { title: "A and B cannot be compared" });
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

function picked(value, names) {
  return Object.fromEntries(names.filter((name) => value[name] !== undefined && value[name] !== null).map((name) => [name, value[name]]));
}

/* An answer of this server has the log-probabilities, and how many tokens were the prompt. */
function ofAnswer(value) {
  return value.sequences.map((sequence) => {
    const tokens = picked({ tokens: sequence.tokens.id, logprobs: sequence.tokens.log_prob, model: value.model, id: sequence.id }, [...OF_TOKENS, ...OF_MODEL]);
    const y = sequence.objectives?.conditional?.tokens;
    if (y !== undefined && tokens.tokens) tokens.prompt_length = tokens.tokens.length - y;
    return tokens;
  });
}

function isAnswer(value) {
  return Array.isArray(value?.sequences) && value.sequences.length > 0 && value.sequences.every((one) => Array.isArray(one?.tokens?.log_prob));
}

/* The sequences of one side, each with the defaults of the top level. */
function sequencesOf(value) {
  if (isAnswer(value)) return ofAnswer(value);
  if (!Array.isArray(value?.sequences)) return [value];
  const { sequences, ...defaults } = value;
  return sequences.map((one) => ({ ...defaults, ...one }));
}

/* A line of NDJSON may be an answer of an engine without `outputs` around it. */
function linesOf({ values, bare }) {
  return bare ? values.map((value) => (isAnswer(value) ? value : { outputs: value })) : values;
}

function sideOf(text, name) {
  if (text.trim() === "") throw notPair(`${name} is empty: paste a request or the answer of an engine, or choose an example`);
  const [reading] = readings(text);
  const values = reading.lines ? linesOf(reading) : [isAnswer(reading.value?.outputs) ? reading.value.outputs : reading.value];
  const sequences = values.flatMap(sequencesOf);
  const empty = sequences.findIndex((one) => !isObject(one) || !["outputs", "logprobs", "logits"].some((member) => member in one));
  if (empty >= 0) throw notPair(`${name} has no output of a model: logits, logprobs, outputs, or the answer of an engine`);
  return sequences;
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/* Members of which a request has one kind: what the tokens are, and which of them are y. */
const KINDS = [[["tokens"], ["prompt", "completion"]], [["prompt_length"], ["mask"], ["labels"], ["prompt", "completion"]]];

const idsOf = ({ tokens, prompt, completion }) => tokens ?? (prompt && completion ? [...prompt, ...completion] : null);

/* Both must be over the same tokens. */
function checkTokens(a, b) {
  const [own, other] = [idsOf(a), idsOf(b)];
  if (!own || !other || same(own, other)) return;
  const at = own.findIndex((id, i) => id !== other[i]);
  const place = at < 0 ? own.length : at;
  throw notPair(`A and B are not over the same tokens: token ${place} is ${own[place] ?? "missing"} in A and ${other[place] ?? "missing"} in B`);
}

/* What both say of the tokens: that of A, and of B what A leaves open. */
function tokensOf(a, b) {
  checkTokens(a, b);
  const differs = OF_TOKENS.find((name) => name !== "id" && a[name] !== undefined && b[name] !== undefined && !same(a[name], b[name]));
  if (differs) throw notPair(`A and B do not have the same ${differs}: ${JSON.stringify(a[differs]).slice(0, 60)} in A and ${JSON.stringify(b[differs]).slice(0, 60)} in B`);
  const closed = KINDS.filter((kinds) => kinds.flat().some((name) => a[name] !== undefined)).flatMap((kinds) => kinds.flat());
  return { ...picked(b, Object.keys(b).filter((name) => !closed.includes(name))), ...a };
}

/* What a side says of its model; an answer names it itself. */
function modelOf(side) {
  const own = picked(side, OF_MODEL);
  const told = side.outputs?.model;
  return typeof told === "string" && own.model === undefined ? { model: told, ...own } : own;
}

function joined(a, b) {
  const both = { ...picked(b, OF_BOTH), ...picked(a, OF_BOTH) };
  if (both.details) both.details = both.details.filter((one) => COMPARED.includes(String(one).split(":")[0]));
  if (both.details?.length === 0) delete both.details;
  return { ...tokensOf(picked(a, OF_TOKENS), picked(b, OF_TOKENS)), ...both, models: [modelOf(a), modelOf(b)] };
}

/* A request to /v1/compare itself, with the page's own token_texts taken out. */
function whole(value) {
  const texts = [];
  const sequences = (value.sequences ?? [value]).map((one) => {
    texts.push(one.token_texts ?? value.token_texts ?? null);
    const { token_texts: _, ...rest } = one;
    return rest;
  });
  const { token_texts: _, ...rest } = value;
  const request = value.sequences ? { ...rest, sequences } : sequences[0];
  return { request, sides: sequences.map((one, i) => ({ texts: texts[i], outputs: [0, 1].map((m) => (one.models ?? value.models)?.[m]?.outputs) })) };
}

function wholeOf(text) {
  if (!/"models"\s*:/.test(text)) return null;
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const isWhole = isObject(value) && (Array.isArray(value.models) || value.sequences?.some?.((one) => Array.isArray(one?.models)));
  return isWhole ? whole(value) : null;
}

/**
 * The request that compares two pasted texts. The first may be a request to POST /v1/compare itself.
 * @param {string} a
 * @param {string} b
 * @returns {{request: Object, sides: Array<{texts: string[]|null, outputs: Array}>}} sides tell the texts of each sequence
 */
export function pairOf(a, b) {
  const one = wholeOf(a);
  if (one && b.trim() === "") return one;
  const [left, right] = [sideOf(a, "A"), sideOf(b, "B")];
  if (left.length !== right.length) throw notPair(`A has ${left.length} sequences and B has ${right.length}`);
  const sequences = left.map((value, i) => joined(value, right[i]));
  const sides = left.map((value, i) => ({ texts: value.token_texts ?? right[i].token_texts ?? null, outputs: [value.outputs, right[i].outputs] }));
  return { request: sequences.length === 1 ? sequences[0] : { sequences }, sides };
}
