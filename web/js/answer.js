/* From the server's answer to what the page shows: one sequence each, with its values in columns. */
import { listFinder, textsOf } from "./texts.js";

const LISTS = new Set(["tokens", "prompt", "completion", "mask", "labels", "attention_mask", "weights", "token_texts"]);

/** A list of the server as numbers: null is NaN, and infinities are read from their names; null if there is no list. */
export function column(list) {
  if (!list) return null;
  return Float64Array.from(list, (x) => (x === null ? NaN : Number(x)));
}

/* What a member of a sequence is: its own, or the default of the top level; a list of one list is that list. */
function asked(request, index) {
  const own = request?.sequences?.[index] ?? {};
  return (name) => {
    const value = own[name] ?? request?.[name];
    return LISTS.has(name) && Array.isArray(value) && value.length === 1 && Array.isArray(value[0]) ? value[0] : value;
  };
}

/* Entries of a list in the request that are of tokens of this sequence of the answer: no padding, one document. */
function taken(list, member, sequence) {
  if (!Array.isArray(list)) return null;
  const ends = member("cu_seqlens");
  const part = Array.isArray(ends) && sequence.document !== undefined ? list.slice(ends[sequence.document], ends[sequence.document + 1]) : list;
  const attention = member("attention_mask");
  if (!Array.isArray(attention) || attention.length !== list.length) return part;
  return part.filter((_, i) => Number(attention[i]) === 1);
}

function lossesOf(sequence, logProb) {
  const { joint, marginal, conditional } = sequence.objectives;
  const parts = joint?.token_loss ? [joint] : [marginal, conditional].filter((one) => one?.token_loss);
  if (parts.length === 0) return logProb.map((x) => -x);
  const whole = joint !== undefined || (marginal && conditional);
  return logProb.map((x, i) => {
    const sum = parts.reduce((total, one) => total + Number(one.token_loss[i]), 0);
    return whole || sum > 0 ? sum : -x;
  });
}

/* Where y begins, or which tokens are y: of the request, or of how many tokens were counted. */
function splitOf(sequence, member, length) {
  const flags = taken(member("mask"), member, sequence) ?? taken(member("labels"), member, sequence)?.map((id) => (id === -100 ? 0 : 1));
  if (flags && flags.length === length) return maskSplit(flags.map(Number), length);
  if (Array.isArray(member("prompt")) && member("completion")) return { at: lengthOfPrompt(member), mask: null, known: true };
  const given = member("prompt_length");
  const at = Array.isArray(given) ? given[sequence.document ?? sequence.index] : given;
  if (Number.isInteger(at)) return { at: Math.min(at, length), mask: null, known: true };
  const y = sequence.objectives.conditional;
  if (!y) return { at: 0, mask: null, known: false };
  return { at: Math.max(length - y.tokens, 0), mask: null, known: true };
}

/* Padding before the prompt is none of its tokens. */
function lengthOfPrompt(member) {
  const attention = member("attention_mask");
  const whole = member("prompt").length;
  return Array.isArray(attention) ? attention.slice(0, whole).filter((flag) => Number(flag) === 1).length : whole;
}

/* A mask of one stretch at the end is a split like any other. */
function maskSplit(flags, length) {
  const at = flags.indexOf(1);
  if (at < 0) return { at: length, mask: null, known: true };
  const prefix = flags.every((flag, i) => flag === (i >= at ? 1 : 0));
  return { at, mask: prefix ? null : Uint8Array.from(flags), known: true };
}

function nameOf(sequence, number, line) {
  const id = sequence.id !== undefined ? ` – ${sequence.id}` : "";
  const document = sequence.document !== undefined ? `, document ${sequence.document}` : "";
  return line === null ? `Sequence ${number}${document}${id}` : `Line ${line}${id}`;
}

function readSequence(sequence, request, reply, { tokenizer, find }) {
  const index = sequence.sequence ?? sequence.index;
  const member = asked(request, index);
  const logProb = column(sequence.tokens.log_prob);
  const length = logProb.length;
  const result = {
    length, logProb, ids: sequence.tokens.id ?? null, rank: column(sequence.tokens.rank), entropy: column(sequence.tokens.entropy),
    top: sequence.tokens.top ?? null, loss: lossesOf(sequence, logProb), weights: column(taken(member("weights"), member, sequence)),
    objectives: sequence.objectives, split: splitOf(sequence, member, length), source: sequence.source ?? null,
    warnings: sequence.warnings ?? [], model: reply.model ?? "", raw: sequence,
  };
  const texts = member("token_texts");
  const own = Array.isArray(texts) ? taken(texts, member, sequence) : texts ?? null;
  if (Array.isArray(own) && own.length !== length) result.misfit = `token_texts has ${own.length} ${own.length === 1 ? "text" : "texts"} for ${length} tokens.`;
  Object.assign(result, textsOf(result, { own, lists: find(member("outputs")), index, tokenizer }));
  return result;
}

/**
 * The sequences of an answer.
 * @param {{reading: Object, replies: Array}} scored what input.js returns
 * @param {Object|null} tokenizer of tokenizer.js
 * @returns {{sequences: Array<Object>, refused: Array<Object>}} refused are lines of NDJSON with an error
 */
export function readAnswer({ reading, replies }, tokenizer) {
  const sequences = [];
  const refused = [];
  const from = { tokenizer, find: listFinder() };
  let line = 0;
  for (const reply of replies) {
    if (reply.status) refused.push(reply);
    const value = reading.lines ? lineValue(reading.values[line]) : reading.value;
    line++;
    for (const sequence of reply.sequences ?? []) {
      if (!sequence.tokens) continue;
      const one = readSequence(sequence, value, reply, from);
      one.name = nameOf(sequence, sequences.length + 1, reading.lines ? line : null);
      sequences.push(one);
    }
  }
  return { sequences, refused };
}

/* A line of NDJSON is a request, or an answer of an engine without `outputs` around it. */
function lineValue(value) {
  const isAnswer = value && !value.outputs && !value.logits && !value.sequences && (value.choices || value.response || !Array.isArray(value.logprobs) || typeof value.logprobs[0] === "object");
  return isAnswer ? { ...value, outputs: value } : value;
}
