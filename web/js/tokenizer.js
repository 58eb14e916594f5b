/* A tokenizer.json (Hugging Face tokenizers) as a table from ids to texts: byte-level BPE, SentencePiece, WordPiece. */
import { parse } from "./json.js";

const LARGE = 3_000_000; // bytes; in a larger file a tokenizer is looked for only if its name says so

/* GPT-2's way to write bytes as letters: those that can be printed stand for themselves, the others begin at 256. */
function letters() {
  const table = new Map();
  let other = 256;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    table.set(String.fromCodePoint(printable ? byte : other++), byte);
  }
  return table;
}

const LETTERS = letters();
const strict = new TextDecoder("utf-8", { fatal: true });

/** Bytes as a text; those that are no whole character, in hexadecimal. */
export function bytesText(bytes) {
  try {
    return strict.decode(bytes);
  } catch {
    return [...bytes].map((byte) => `⟨${byte.toString(16).toUpperCase().padStart(2, "0")}⟩`).join("");
  }
}

function byteLevel(piece) {
  const bytes = [...piece].map((sign) => LETTERS.get(sign));
  return bytes.includes(undefined) ? piece : bytesText(Uint8Array.from(bytes));
}

function sentencePiece(piece) {
  const byte = /^<0x([0-9A-Fa-f]{2})>$/.exec(piece);
  return byte ? bytesText(Uint8Array.of(parseInt(byte[1], 16))) : piece.replaceAll("▁", " ");
}

/** The text of a piece of which the kind of tokenizer is not known. */
export function pieceText(piece) {
  return /[▁]|^<0x/.test(piece) ? sentencePiece(piece) : byteLevel(piece);
}

function mentions(part, type) {
  if (!part || typeof part !== "object") return false;
  return part.type === type || Object.values(part).some((inner) => typeof inner === "object" && mentions(inner, type));
}

function decoderOf(json) {
  if (mentions(json.decoder, "ByteLevel") || mentions(json.pre_tokenizer, "ByteLevel")) return byteLevel;
  if (json.model.type === "WordPiece") return wordPiece(json.model.continuing_subword_prefix ?? "##");
  return json.decoder || json.pre_tokenizer || json.normalizer ? sentencePiece : pieceText;
}

const wordPiece = (prefix) => (piece) => (piece.startsWith(prefix) ? piece.slice(prefix.length) : ` ${piece}`);

function pairs(vocabulary) {
  return Array.isArray(vocabulary) ? vocabulary.map(([piece], id) => [piece, id]) : Object.entries(vocabulary);
}

/* Whether a value is a tokenizer.json. */
function isTokenizer(json) {
  return typeof json?.model === "object" && json.model !== null && typeof json.model.vocab === "object" && json.model.vocab !== null;
}

/**
 * What a tokenizer.json says.
 * @param {Object} json
 * @returns {{size: number, text: (id: number|undefined) => string|undefined}}
 */
function readTokenizer(json) {
  try {
    return tableOf(json);
  } catch {
    throw new Error("The vocabulary of this tokenizer.json is not as Hugging Face writes it.");
  }
}

function tableOf(json) {
  const decode = decoderOf(json);
  const pieces = new Map(pairs(json.model.vocab).map(([piece, id]) => [id, piece]));
  const added = new Map((json.added_tokens ?? []).map((one) => [one.id, one.content]));
  const text = (id) => added.get(id) ?? (pieces.has(id) ? decode(pieces.get(id)) : undefined);
  return { size: new Set([...pieces.keys(), ...added.keys()]).size, text };
}

/**
 * Reads a file that may be a tokenizer.json.
 * @param {File} file
 * @returns {Promise<{size: number, text: (id: number|undefined) => string|undefined}|null>} null if it is none
 */
export async function tokenizerIn(file) {
  if (file.size >= LARGE && !/tokenizer/i.test(file.name)) return null;
  const value = parse(await file.text());
  return isTokenizer(value) ? readTokenizer(value) : null;
}
