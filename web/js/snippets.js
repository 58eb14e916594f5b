/* The request as a command and as a program, to copy. */
import { el, save } from "./dom.js";

const LONGEST = 6000;
const TYPES = { json: "application/json", lines: "application/x-ndjson" };

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const address = () => location.origin;

function authorization(keyed) {
  return keyed ? " -H \"Authorization: Bearer $LOGITD_API_KEY\"" : "";
}

function curl({ body, lines, form }, keyed) {
  const head = `curl${authorization(keyed)}`;
  if (form) return curlFile(form, head);
  const data = body.length <= LONGEST ? `--data-binary ${quoted(body)}` : `--data-binary @${lines ? "request.ndjson" : "request.json"}`;
  return `${head} -H 'Content-Type: ${lines ? TYPES.lines : TYPES.json}' ${address()}/v1/score \\\n  ${data}`;
}

/* Only the numbers of the tensor are sent, if the file has more. */
function curlFile({ request, name, cut }, head) {
  const part = `-F ${quoted(`request=${request};type=application/json`)}`;
  if (!cut) return `${head} ${part} -F logits=@${quoted(name)} ${address()}/v1/score`;
  return `tail -c +${cut.from + 1} ${quoted(name)} | head -c ${cut.to - cut.from} | \\\n  ${head} ${part} -F 'logits=@-;filename=logits' ${address()}/v1/score`;
}

const CONSTANTS = new Map([[null, "None"], [true, "True"], [false, "False"], [Infinity, "float(\"inf\")"], [-Infinity, "float(\"-inf\")"]]);

function literal(value) {
  if (CONSTANTS.has(value)) return CONSTANTS.get(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object") return `{${Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${literal(one)}`).join(", ")}}`;
  return JSON.stringify(value);
}

function client(keyed) {
  return `from logitd import Client\n\nclient = Client(${JSON.stringify(address())}${keyed ? ", api_key=os.environ[\"LOGITD_API_KEY\"]" : ""})\n`;
}

function imports(...names) {
  return names.filter(Boolean).map((name) => `import ${name}\n`).join("");
}

function python(request, keyed) {
  const { body, lines, form } = request;
  if (form) return pythonFile(form, keyed);
  if (lines) return pythonLines(request, keyed);
  const value = parseOrNull(body);
  const encoded = value && !value.sequences && typeof value.logits?.data === "string" ? value.logits : null;
  if (encoded) return pythonEncoded(encoded, body.length > LONGEST, value, keyed);
  if (body.length > LONGEST) return `${imports("json", keyed && "os")}${client(keyed)}with open("request.json") as file:\n    result = client.score(**json.load(file))\nprint(result.to_dict())\n`;
  if (value) return `${imports(keyed && "os")}${client(keyed)}result = client.score(\n${keywords(value)})\nprint(result.to_dict())\n`;
  return `${imports("json", keyed && "os")}${client(keyed)}result = client.score(**json.loads(${JSON.stringify(body)}))\nprint(result.to_dict())\n`;
}

const keywords = (value) => Object.entries(value).map(([name, one]) => `    ${name}=${literal(one)},\n`).join("");

/* A line is a request, or the answer of an engine; one that is refused does not stop the others. */
function pythonLines({ bare }, keyed) {
  const lines = bare ? "({\"outputs\": json.loads(line)} for line in file)" : "map(json.loads, file)";
  return `${imports("json", keyed && "os")}${client(keyed)}with open("request.ndjson") as file:\n    for result in client.score_many(${lines}, errors="return"):\n        print(result)\n`;
}

const NUMPY = { f16: "<f2", f32: "<f4", f64: "<f8" };

/* Logits in base64 become an array, which the client sends as bytes. */
function pythonEncoded(logits, long, value, keyed) {
  const dtype = NUMPY[logits.dtype];
  const array = dtype ? `numpy.frombuffer(base64.b64decode(logits["data"]), "${dtype}").reshape(logits["shape"])`
    : "torch.frombuffer(bytearray(base64.b64decode(logits[\"data\"])), dtype=torch.bfloat16).reshape(logits[\"shape\"])";
  const read = long ? "with open(\"request.json\") as file:\n    request = json.load(file)\n" : `request = ${literal(value)}\n`;
  return `${imports("base64", long && "json", keyed && "os", dtype ? "numpy" : "torch")}${client(keyed)}${read}logits = request.pop("logits")
request["logits"] = ${array}
print(client.score(**request).to_dict())\n`;
}

/* The members of a sequence; of a batch, as the client takes it, a list of each with an entry for each sequence. */
function membersOf(request) {
  const { sequences } = request;
  const [first, valueOf] = sequences ? [sequences[0], (name) => sequences.map((one) => one[name])] : [request, (name) => request[name]];
  return Object.keys(first).map((name) => `${name}=${literal(valueOf(name))}`).join(", ");
}

function pythonSeries(form, keyed) {
  const list = form.series.map((name) => `tensors[${JSON.stringify(name)}]`).join(", ");
  return `${imports(keyed && "os")}from safetensors.torch import load_file\n${client(keyed)}tensors = load_file(${JSON.stringify(form.name)})
print(client.score(logits=[${list}], ${membersOf(form.tokens)}).to_dict())\n`;
}

function pythonFile(form, keyed) {
  if (form.series) return pythonSeries(form, keyed);
  const members = membersOf(form.tokens);
  const read = form.name.endsWith(".npy") ? `logits = numpy.load(${JSON.stringify(form.name)})` : `logits = load_file(${JSON.stringify(form.name)})[${JSON.stringify(form.cut?.tensor ?? "logits")}]`;
  const library = form.name.endsWith(".npy") ? "import numpy\n" : "from safetensors.torch import load_file\n";
  return `${imports(keyed && "os")}${library}${client(keyed)}${read}\nprint(client.score(logits=logits, ${members}).to_dict())\n`;
}

function parseOrNull(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function snippet(name, text) {
  const done = el("span", { class: "note", role: "status" });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      done.textContent = "Copied.";
    } catch {
      getSelection().selectAllChildren(box);
      done.textContent = "Marked: copy it with the keyboard.";
    }
  };
  const box = el("pre", { tabindex: "0", "aria-label": `The request as ${name}` }, el("code", {}, text));
  return el("section", { class: "snippet" }, el("div", { class: "row" }, el("h4", {}, name), el("button", { type: "button", class: "button small", onclick: copy, "aria-label": `Copy ${name}` }, "Copy"), done), box);
}

/**
 * The request as curl and as Python.
 * @param {{body: string, lines: boolean, bare?: boolean, form?: {request: string, name: string}}} request
 * @param {boolean} keyed whether a key is sent
 */
export function snippets(request, keyed) {
  const file = request.lines ? "request.ndjson" : "request.json";
  const long = !request.form && (request.body.length > LONGEST || request.lines);
  const keep = el("button", { type: "button", class: "button small", onclick: () => save(file, request.body, request.lines ? TYPES.lines : TYPES.json) }, `Save ${file}`);
  return [long && el("p", { class: "row" }, el("span", { class: "note" }, "The request is long, so both read it from a file."), keep), snippet("curl", curl(request, keyed)), snippet("Python", python(request, keyed))];
}
