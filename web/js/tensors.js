/* Files of NumPy and of safetensors. Their heads are read here, and the ids of tokens in them; logits by the server. */
import { ApiError } from "./api.js";

const NPY = /^\x93NUMPY/;
const FLOATS = { "<f2": "f16", "<f4": "f32", "<f8": "f64", F16: "f16", BF16: "bf16", F32: "f32", F64: "f64" };
const INTEGERS = {
  b1: [1, "getUint8"], u1: [1, "getUint8"], i1: [1, "getInt8"], u2: [2, "getUint16"], i2: [2, "getInt16"], u4: [4, "getUint32"], i4: [4, "getInt32"], u8: [8, "getBigUint64"], i8: [8, "getBigInt64"],
};
const KINDS = { BOOL: "b1", U8: "u1", I8: "i1", U16: "u2", I16: "i2", U32: "u4", I32: "i4", U64: "u8", I64: "i8" };
const MOST_IDS = 10_000_000;

/** The server's name of a type of floats; undefined for any other. */
export const floatOf = (dtype) => FLOATS[dtype];

/** An error about a file, with what can be done. */
export function fault(detail) {
  return new ApiError(0, { code: "bad_file", title: "The file cannot be read", detail });
}

async function bytesOf(file, from, to) {
  return new Uint8Array(await file.slice(from, to).arrayBuffer());
}

const latin = (bytes) => String.fromCharCode(...bytes);

/* Integers of an array of one or two dimensions, as a list for each row. */
async function rowsOf(file, { from, shape, kind, little = true, fortran = false }) {
  const [size, read] = INTEGERS[kind];
  const length = shape.reduce((a, b) => a * b, 1);
  if (shape.length < 1 || shape.length > 2 || length > MOST_IDS) throw fault(`Ids of tokens have the shape [tokens] or [sequences, tokens]; these have [${shape.join(", ")}].`);
  if (from + length * size > file.size) throw fault("The file is shorter than its head says.");
  const view = new DataView((await bytesOf(file, from, from + length * size)).buffer);
  const [rows, width] = shape.length === 2 ? shape : [1, length];
  const place = fortran ? (row, i) => i * rows + row : (row, i) => row * width + i;
  return Array.from({ length: rows }, (_, row) => Array.from({ length: width }, (_, i) => Number(view[read](place(row, i) * size, little))));
}

/* What keeps the server from reading an array of logits, and how to save it instead; null if nothing does. */
function hindrance(descr, shape, fortran) {
  if (/^>f[248]$/.test(descr)) return `The numbers are big-endian (${descr}). Save logits.astype("${descr.replace(">", "<")}").`;
  if (!FLOATS[descr]) return `The file holds ${descr}. Logits are float16, float32 or float64, and ids of tokens are integers; for bfloat16 save a .safetensors file.`;
  if (fortran) return "The array is in Fortran order. Save numpy.ascontiguousarray(logits).";
  return shape.length === 2 || shape.length === 3 ? null : `Logits have the shape [tokens, vocabulary] or [sequences, tokens, vocabulary]; these have [${shape.join(", ")}].`;
}

async function readNpy(file) {
  const start = await bytesOf(file, 0, 12);
  const view = new DataView(start.buffer);
  const [length, at] = start[6] === 1 ? [view.getUint16(8, true), 10] : [view.getUint32(8, true), 12];
  const head = latin(await bytesOf(file, at, at + Math.min(length, 10000)));
  const descr = /'descr':\s*'([^']+)'/.exec(head)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(head)?.[1].split(",").filter((part) => part.trim() !== "").map(Number);
  if (!descr || !shape) throw fault("This is not the head of a .npy file with one array of numbers.");
  const fortran = /'fortran_order':\s*True/.test(head);
  const kind = descr.slice(1);
  if (INTEGERS[kind]) return { file, tensors: [], ids: await rowsOf(file, { from: at + length, shape, kind, little: descr[0] !== ">", fortran }) };
  const why = hindrance(descr, shape, fortran);
  if (why) throw fault(why);
  return { file, tensors: [{ name: "logits", dtype: descr, shape, whole: true }], ids: null };
}

async function headOf(file) {
  const length = file.size < 8 ? Infinity : Number(new DataView((await bytesOf(file, 0, 8)).buffer).getBigUint64(0, true));
  if (length > 100_000_000 || length + 8 > file.size) throw fault("This is neither a .npy nor a .safetensors file.");
  try {
    const head = JSON.parse(new TextDecoder().decode(await bytesOf(file, 8, 8 + length)));
    return Object.entries(head).filter(([name]) => name !== "__metadata__")
      .map(([name, one]) => ({ name, dtype: one.dtype, shape: one.shape, from: 8 + length + one.data_offsets[0], to: 8 + length + one.data_offsets[1] }));
  } catch {
    throw fault("The head of the .safetensors file is not as it must be.");
  }
}

/* The lists that tensors of integers hold: of one with the name, or of those with the name and a number each. */
async function listsOf(file, all, name) {
  const found = all.filter((one) => KINDS[one.dtype] && name.test(one.name.replace(/\.\d+$/, "")));
  const rows = [];
  for (const one of found.sort((a, b) => numberOf(a) - numberOf(b))) rows.push(...await rowsOf(file, { from: one.from, shape: one.shape, kind: KINDS[one.dtype] }));
  return found.length > 0 ? rows : null;
}

const numberOf = (tensor) => Number(/\.(\d+)$/.exec(tensor.name)?.[1] ?? -1);

/* Whether the server takes the file as it is. */
const isPlain = (all) => all.every((one) => /^(?:logits|tokens)(?:\.\d+)?$/.test(one.name) && (/^l/.test(one.name) ? FLOATS[one.dtype] : /^I(?:32|64)$/.test(one.dtype)));

/* logits.0, logits.1, ...: those of a sequence each. */
function seriesOf(tensors) {
  const series = tensors.filter((one) => /^logits\.\d+$/.test(one.name)).sort((a, b) => numberOf(a) - numberOf(b));
  return series.every((one, i) => numberOf(one) === i) ? series : [];
}

async function readSafetensors(file) {
  const all = await headOf(file);
  const plain = isPlain(all);
  const only = plain && all.length === 1;
  const tensors = all.filter((one) => FLOATS[one.dtype] && (one.shape.length === 2 || one.shape.length === 3))
    .map((one) => ({ ...one, whole: only && one.name === "logits" }));
  const ids = await listsOf(file, all, /^(?:tokens|input_ids)$/);
  if (tensors.length === 0 && !ids) throw fault("The file has no tensor of floats with the shape [tokens, vocabulary] or [sequences, tokens, vocabulary].");
  return { file, tensors, ids, attention: await listsOf(file, all, /^attention_mask$/), series: plain ? seriesOf(tensors) : [] };
}

/**
 * Reads the head of a file, and the ids in it.
 * @param {File} file
 * @returns {Promise<{file: File, tensors: Array<{name: string, dtype: string, shape: number[], whole: boolean}>, ids: number[][]|null,
 *   attention?: number[][]|null, series?: Array}>} `whole`: the server takes the file as it is; `series`: a tensor for each sequence
 */
export async function readFile(file) {
  return NPY.test(latin(await bytesOf(file, 0, 6))) ? readNpy(file) : readSafetensors(file);
}
