/* Files of logits that are dropped: a form for what they do not hold, and the request with them. */
import { postForm } from "./api.js";
import { el, labelled, select } from "./dom.js";
import { fault, floatOf } from "./tensors.js";

/** Whether a file is one of logits or ids, by its name. */
export function isTensorFile(file) {
  return /\.(?:npy|safetensors)$/i.test(file.name);
}

/** Refuses a file that holds numbers in a way which is not read here. */
export function refuseOther(file) {
  if (/\.(?:npz|pt|pth|bin|pkl|pickle|gguf|onnx|h5|hdf5|parquet|arrow|gz|zst|zip)$/i.test(file.name)) {
    throw fault(`${file.name} cannot be read here. Save the logits with numpy.save (.npy) or with safetensors (.safetensors); a text without compression.`);
  }
}

/** Refuses a file that has something of a tokenizer, and not its table. */
export function refuseVocabulary(file) {
  if (/^(?:tokenizer.*|vocab|merges|special_tokens_map|added_tokens)\.(?:json|txt|model)$/i.test(file.name)) {
    throw fault(`${file.name} has no table of the tokens. Drop the file tokenizer.json of the model, as Hugging Face has it.`);
  }
}

const numbersIn = (line) => (line.match(/-?\d+/g) ?? []).map(Number);
const textOf = (rows) => rows.map((row) => row.join(" ")).join("\n");
const ALL = "all";

function shapeOf({ name, dtype, shape }) {
  return `${name}: ${dtype} [${shape.join(", ")}]`;
}

/* A tensor to choose, or all of a series. */
function choices({ tensors, series = [] }) {
  const each = tensors.map((one, i) => [i, shapeOf(one)]);
  return series.length > 1 ? [[ALL, `all ${series.length}: logits.0 to logits.${series.length - 1}`], ...each] : each;
}

/**
 * The form that asks for what a file does not hold: its tokens and how many of them are the prompt.
 * @param {Object} read of readFile() in tensors.js
 * @param {{tokens?: number[], prompt_length?: number, ids?: number[][]}} known from the textarea, or from a file of ids
 */
export class FileForm {
  constructor(read, known, dropped) {
    this.read = read;
    this.ids = read.ids ?? known?.ids ?? (Array.isArray(known?.tokens) ? [known.tokens] : []);
    this.tensor = select(choices(read), { onchange: () => this.#fill() });
    const preferred = read.tensors.findIndex((one) => one.name === "logits");
    if (preferred >= 0) this.tensor.value = String(preferred);
    this.tokens = el("textarea", { rows: 3, spellcheck: "false", placeholder: "1 403 407 261 …" });
    this.prompt = el("input", { type: "text", inputmode: "numeric", value: String(known?.prompt_length ?? ""), placeholder: "none" });
    this.note = el("p", { class: "note" });
    this.element = el("fieldset", { class: "file" }, el("legend", {}, read.file.name),
      labelled("Tensor", this.tensor), labelled("Token ids", this.tokens), this.note, labelled("Length of the prompt", this.prompt),
      el("button", { type: "button", class: "button small", onclick: dropped }, "Remove the file"));
    this.#fill();
  }

  get #all() {
    return this.tensor.value === ALL;
  }

  get #chosen() {
    return this.read.tensors[Number(this.tensor.value)];
  }

  /* Where each tensor of a series has its ids, the chosen one shows its own. */
  #fill() {
    const { series = [] } = this.read;
    const own = this.#all ? -1 : series.indexOf(this.#chosen);
    this.tokens.value = textOf(own >= 0 && series.length === this.ids.length ? [this.ids[own]] : this.ids);
    this.tokens.readOnly = this.#all && this.read.ids !== null;
    this.note.textContent = `${this.#count()}${this.read.attention ? " The file has an attention_mask: what is padding does not count." : ""}`;
  }

  /* How many sequences the logits are of; null where it is for the reader to say. */
  #wanted() {
    if (this.#all) return this.read.series.length;
    return this.#chosen.shape.length === 3 ? this.#chosen.shape[0] : null;
  }

  /* How many ids are wanted. */
  #count() {
    const wanted = this.#wanted();
    if (wanted === null) return `${this.#chosen.shape[0]} ids, one for each row.`;
    return `A line of ${this.#all ? "" : `${this.#chosen.shape[1]} `}ids for each of the ${wanted} sequences.`;
  }

  /** Takes ids from another file. */
  setIds(ids) {
    this.ids = ids;
    this.#fill();
  }

  /* The lists of ids; each line is one, and so is each list in brackets. */
  #lists() {
    const lists = this.tokens.value.split(/[\n\]]/).map(numbersIn).filter((list) => list.length > 0);
    if (lists.length === 0) throw fault("The ids of the tokens are missing. Type them into the field “Token ids”, or drop a .npy file of integers.");
    const wanted = this.#wanted() ?? lists.length;
    if (lists.length !== wanted) throw fault(`The logits are of ${wanted} sequences, and there are ids of ${lists.length}. Write a line of ids for each.`);
    return lists;
  }

  /* A sequence of the request. */
  #sequence(tokens, i, masked) {
    const lengths = numbersIn(this.prompt.value);
    return {
      tokens, ...(masked ? { attention_mask: this.read.attention[i] } : {}),
      ...(lengths.length > 0 ? { prompt_length: lengths[Math.min(i, lengths.length - 1)] } : {}),
    };
  }

  /** The JSON of the part `request`. */
  request() {
    const lists = this.#lists();
    const masked = lists.every((tokens, i) => this.read.attention?.[i]?.length === tokens.length);
    const list = lists.map((tokens, i) => this.#sequence(tokens, i, masked));
    return list.length > 1 ? { sequences: list } : list[0];
  }

  /* The server takes a file of logits alone, and one of a series. From any other, the tensor is cut out and sent as numbers. */
  #cut() {
    if (this.#all || this.#chosen.whole) return null;
    const { name, from, to, dtype, shape } = this.#chosen;
    return { tensor: name, from, to, dtype: floatOf(dtype), shape };
  }

  /* Ids that the file has are not sent twice. */
  #sent(request, cut) {
    if (cut) return { ...request, dtype: cut.dtype, shape: cut.shape };
    if (!this.#all || this.read.ids === null) return request;
    return { sequences: request.sequences.map(({ tokens, ...rest }) => rest) };
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
    const request = this.#sent(tokens, cut);
    const file = cut ? this.read.file.slice(cut.from, cut.to) : this.read.file;
    const plain = JSON.stringify(request);
    const reply = await this.#post({ ...request, details: ["rank", "entropy", "top:5"] }, file, signal);
    const series = this.#all ? this.read.series.map(({ name }) => name) : null;
    return { reading: { name: "file", prefix: null, value: tokens, plain, form: { request: plain, tokens, name: this.read.file.name, cut, series } }, replies: [reply] };
  }
}
