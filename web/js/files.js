/* Files of logits: .npy and .safetensors. Their heads are read here, their numbers by the server. */
import { ApiError, postForm } from "./api.js";
import { el, labelled, select } from "./dom.js";

const NPY = /^\x93NUMPY/;
const DTYPES = { "<f2": "f16", "<f4": "f32", "<f8": "f64", F16: "f16", BF16: "bf16", F32: "f32", F64: "f64" };

function fault(detail) {
  return new ApiError(0, { code: "bad_file", title: "The file cannot be read", detail });
}

async function bytesOf(file, from, to) {
  return new Uint8Array(await file.slice(from, to).arrayBuffer());
}

const latin = (bytes) => String.fromCharCode(...bytes);

async function readNpy(file) {
  const start = await bytesOf(file, 0, 12);
  const view = new DataView(start.buffer);
  const [length, at] = start[6] === 1 ? [view.getUint16(8, true), 10] : [view.getUint32(8, true), 12];
  const head = latin(await bytesOf(file, at, at + Math.min(length, 10000)));
  const descr = /'descr':\s*'([^']+)'/.exec(head)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(head)?.[1].split(",").filter((part) => part.trim() !== "").map(Number);
  if (!descr || !shape) throw fault("This is not a head of a .npy file.");
  return { kind: "npy", file, tensors: [{ name: "logits", dtype: descr, shape, whole: true }] };
}

async function readSafetensors(file) {
  const length = Number(new DataView((await bytesOf(file, 0, 8)).buffer).getBigUint64(0, true));
  if (length > 100_000_000 || length + 8 > file.size) throw fault("This is neither a .npy nor a .safetensors file.");
  let head;
  try {
    head = JSON.parse(new TextDecoder().decode(await bytesOf(file, 8, 8 + length)));
  } catch {
    throw fault("The head of the .safetensors file is not JSON.");
  }
  const all = Object.entries(head).filter(([name]) => name !== "__metadata__")
    .map(([name, one]) => ({ name, dtype: one.dtype, shape: one.shape, from: 8 + length + one.data_offsets[0], to: 8 + length + one.data_offsets[1] }));
  const tokens = all.find((one) => /^(?:tokens|input_ids)$/.test(one.name) && /^I(?:64|32)$/.test(one.dtype));
  const tensors = all.filter((one) => DTYPES[one.dtype] && one.shape.length >= 2);
  if (tensors.length === 0) throw fault("The file has no tensor of floats with two or more dimensions.");
  return { kind: "safetensors", file, tensors, count: all.length, ids: tokens ? await idsOf(file, tokens) : null };
}

async function idsOf(file, tensor) {
  const bytes = await bytesOf(file, tensor.from, tensor.to);
  const ids = tensor.dtype === "I64" ? [...new BigInt64Array(bytes.buffer)].map(Number) : [...new Int32Array(bytes.buffer)];
  const width = tensor.shape.at(-1);
  return Array.from({ length: ids.length / width }, (_, row) => ids.slice(row * width, (row + 1) * width));
}

/**
 * Reads the head of a file of logits.
 * @param {File} file
 * @returns {Promise<{kind: string, file: File, tensors: Array, ids?: number[][]|null}>}
 */
export async function readFile(file) {
  return NPY.test(latin(await bytesOf(file, 0, 6))) ? readNpy(file) : readSafetensors(file);
}

/** Whether a file is one of logits, by its name. */
export function isTensorFile(file) {
  return /\.(?:npy|safetensors)$/i.test(file.name);
}

const numbersIn = (line) => (line.match(/-?\d+/g) ?? []).map(Number);

/**
 * The form that asks for what a file does not hold: its tokens and how many of them are the prompt.
 * @param {Object} read of readFile()
 * @param {{tokens?: number[], prompt_length?: number}} known from the textarea
 */
export class FileForm {
  constructor(read, known, dropped) {
    this.read = read;
    const ids = read.ids ?? (Array.isArray(known?.tokens) ? [known.tokens] : []);
    this.tensor = select(read.tensors.map((one, i) => [i, `${one.name}: ${one.dtype} [${one.shape.join(", ")}]`]), {});
    const preferred = read.tensors.findIndex((one) => one.name === "logits");
    this.tensor.value = String(Math.max(preferred, 0));
    this.tokens = el("textarea", { rows: 3, spellcheck: "false", placeholder: "1 403 407 261 …  (one line for each sequence)" });
    this.tokens.value = ids.map((list) => list.join(" ")).join("\n");
    this.prompt = el("input", { type: "text", inputmode: "numeric", value: String(known?.prompt_length ?? ""), placeholder: "none" });
    this.element = el("fieldset", { class: "file" }, el("legend", {}, read.file.name),
      labelled("Tensor", this.tensor), labelled("Token ids", this.tokens), labelled("Length of the prompt", this.prompt),
      el("button", { type: "button", class: "button small", onclick: dropped }, "Remove the file"));
  }

  /** The JSON of the part `request`. */
  request() {
    const lists = this.tokens.value.split("\n").map(numbersIn).filter((list) => list.length > 0);
    const lengths = numbersIn(this.prompt.value);
    const one = (tokens, i) => ({ tokens, ...(lengths.length > 0 ? { prompt_length: lengths[Math.min(i, lengths.length - 1)] } : {}) });
    return lists.length > 1 ? { sequences: lists.map(one) } : one(lists[0] ?? [], 0);
  }

  /* The server takes a file of logits alone. From any other, the tensor is cut out and sent as raw numbers. */
  #cut() {
    const tensor = this.read.tensors[Number(this.tensor.value)];
    const alone = tensor.whole || (this.read.count === 1 && tensor.name === "logits");
    return alone ? null : { tensor: tensor.name, from: tensor.from, to: tensor.to, dtype: DTYPES[tensor.dtype], shape: tensor.shape };
  }

  async #post(request, file, signal) {
    const form = new FormData();
    form.append("request", new Blob([JSON.stringify(request)], { type: "application/json" }));
    form.append("logits", file, this.read.file.name);
    return postForm("/v1/score", form, { signal });
  }

  /** Posts the file with its tokens. */
  async score(signal) {
    const tokens = this.request();
    const cut = this.#cut();
    const request = cut ? { ...tokens, dtype: cut.dtype, shape: cut.shape } : tokens;
    const file = cut ? this.read.file.slice(cut.from, cut.to) : this.read.file;
    const plain = JSON.stringify(request);
    const reply = await this.#post({ ...request, details: ["rank", "entropy", "top:5"] }, file, signal);
    return { reading: { name: "file", prefix: null, value: request, plain, form: { request: plain, tokens, name: this.read.file.name, cut } }, replies: [reply] };
  }
}
