/* Files that are dropped: tensors with a form for their tokens, texts as if they were pasted. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { near, ok, same, until } from "../harness.mjs";
import { area, drop, scored, sums, tokens } from "../steps.mjs";

const WIDE = { width: 1280, height: 1000 };
const ROWS = [[0, 0, Math.log(2)], [1, 1, 1], [0, 1, 2]];
const IDS = [0, 2, 1];
/* Row t is about token t + 1: log 1/2, log 1/3. */
const JOINT = Math.log(1 / 2) + Math.log(1 / 3);

const OTHER = [0, 1, 2];

const score = (page) => page.getByRole("button", { name: "Score", exact: true }).click();

const floats = Buffer.from(Float32Array.from(ROWS.flat()).buffer);

function npy(descr = "<f4", shape = "(3, 3)", data = floats, fortran = "False") {
  const head = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
  const padded = head.padEnd(117) + "\n";
  const length = Buffer.alloc(2);
  length.writeUInt16LE(padded.length);
  return Buffer.concat([Buffer.from([0x93]), Buffer.from("NUMPY\x01\x00"), length, Buffer.from(padded), data]);
}

const integers = (list) => Buffer.from(BigInt64Array.from(list.map(BigInt)).buffer);

/* A file of [name, dtype, shape, bytes]. */
function safetensorsOf(list) {
  const tensors = {};
  const data = [];
  let at = 0;
  for (const [name, dtype, shape, bytes] of list) {
    tensors[name] = { dtype, shape, data_offsets: [at, at + bytes.length] };
    at += bytes.length;
    data.push(bytes);
  }
  const head = Buffer.from(JSON.stringify(tensors).padEnd(8 * Math.ceil(JSON.stringify(tensors).length / 8)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  return Buffer.concat([length, head, ...data]);
}

function safetensors(name, ids) {
  return safetensorsOf([[name, "F32", [3, 3], floats], ...(ids ? [["input_ids", "I64", [1, ids.length], integers(ids)]] : [])]);
}

/* [file, its bytes, whether the form must be filled] */
const TENSORS = [
  ["logits.npy", npy(), true], ["out.safetensors", safetensors("logits"), true], ["other.safetensors", safetensors("lm_head.output"), true], ["it's.npy", npy(), true],
  ["ids.safetensors", safetensors("logits", IDS), false],
];

/* The command that is shown runs beside the file; the joint objective of its answer. */
async function byCommand(page, name, bytes) {
  const folder = mkdtempSync(join(tmpdir(), "logitd-file-"));
  try {
    writeFileSync(join(folder, name), bytes);
    await page.getByRole("button", { name: /copy.*curl/i }).click();
    const command = await page.evaluate(() => navigator.clipboard.readText());
    const said = execFileSync("sh", ["-c", command], { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return JSON.parse(said).sequences[0].objectives.joint;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/* The program that is shown runs beside the file, where Python has what it imports; what it prints. */
async function byProgram(page, name, bytes) {
  const folder = mkdtempSync(join(tmpdir(), "logitd-file-"));
  const options = { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, PYTHONPATH: resolve("clients/python") } };
  try {
    writeFileSync(join(folder, name), bytes);
    await page.getByRole("button", { name: /copy.*python/i }).click();
    const program = await page.evaluate(() => navigator.clipboard.readText());
    execFileSync("python3", ["-c", "import ast, sys; ast.parse(sys.argv[1])", program], options);
    const python = ["python3", "/usr/bin/python3"].find((one) => spawnSync(one, ["-c", "import numpy"]).status === 0);
    return python ? execFileSync(python, ["-c", program], options) : null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function batchOfNpy({ page }) {
  await scored(page);
  const bytes = npy("<f4", "(2, 3, 3)", Buffer.concat([floats, floats]));
  await drop(page, [{ name: "batch.npy", bytes }]);
  await page.getByRole("textbox", { name: /token/i }).fill(`${IDS.join(" ")}\n${OTHER.join(", ")}`);
  await page.getByRole("textbox", { name: /prompt/i }).fill("1");
  await score(page);
  await until(async () => (await page.getByLabel("Sequence", { exact: true }).locator("option").count()) === 2, "two sequences are shown");
  const said = await byProgram(page, "batch.npy", bytes);
  ok(said === null || said.includes(JOINT.toFixed(6).slice(0, 7)), `the program says ${said}`);
}

const tensors = TENSORS.map(([name, bytes, form]) => [`${name} is scored`, WIDE, async ({ page }) => {
  await scored(page);
  await drop(page, [{ name, bytes }]);
  const field = page.getByRole("textbox", { name: /token/i });
  await field.waitFor();
  if (form) await field.fill(IDS.join(" "));
  await page.getByRole("textbox", { name: /prompt/i }).fill("1");
  ok((await area(page).inputValue()) === "", "the example is gone");
  await page.getByRole("button", { name: "Score", exact: true }).click();
  await until(async () => (await tokens(page).count()) === 3, "three tokens are shown");
  near((await sums(page)).joint, JOINT, "log P", 1e-6);
  near((await byCommand(page, name, bytes)).log_prob, JOINT, "log P of the command", 1e-6);
}]);

/* What cannot be read is told at once, with what to do, and nothing is sent. */
const UNREAD = [
  ["bad.npy", Buffer.from("no array"), /neither/], ["big.npy", npy(">f4"), /astype\("<f4"\)/], ["fortran.npy", npy("<f4", "(3, 3)", floats, "True"), /ascontiguousarray/],
  ["flat.npy", npy("<f4", "(9,)"), /\[tokens, vocabulary\]/], ["complex.npy", npy("<c8", "(3, 3)"), /float32/], ["model.pt", Buffer.from("PK"), /numpy.save/],
];

const unread = UNREAD.map(([name, bytes, says]) => [`${name} is refused`, WIDE, async (visit) => {
  await scored(visit.page);
  const before = visit.answers.length;
  await drop(visit.page, [{ name, bytes }]);
  await until(() => visit.page.getByRole("alert").count(), "an error is shown");
  const said = await visit.page.getByRole("alert").innerText();
  ok(says.test(said), said);
  same(visit.answers.length, before, "requests");
}]);

/* Ids come as a file of integers, before or after their logits. */
const pairs = [["<i8", integers(IDS)], [">i4", Buffer.from([0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1])], ["|u1", Buffer.from(IDS)]].flatMap(([descr, data]) => [0, 1].map((turn) => {
  const files = [{ name: "logits.npy", bytes: npy() }, { name: "ids.npy", bytes: npy(descr, "(3,)", data) }];
  return [`ids of ${descr} ${turn ? "before" : "behind"} their logits`, WIDE, async ({ page }) => {
    await scored(page);
    await drop(page, turn ? files.reverse() : files);
    const field = page.getByRole("textbox", { name: /token/i });
    await until(async () => (await field.count()) && (await field.inputValue()) === IDS.join(" "), "the ids are in the form");
    await score(page);
    await until(async () => (await tokens(page).count()) === 3, "three tokens are shown");
    near((await sums(page)).joint, JOINT, "log P", 1e-6);
  }];
}));

/* A tensor for each sequence: all are scored, or the one that is chosen. */
const SERIES = [0, 1].map((i) => [`logits.${i}`, "F32", [3, 3], floats]);

async function series({ page }) {
  await scored(page);
  const bytes = safetensorsOf([...SERIES, ["tokens.0", "I64", [3], integers(IDS)], ["tokens.1", "I64", [3], integers(OTHER)]]);
  await drop(page, [{ name: "many.safetensors", bytes }]);
  await page.getByRole("textbox", { name: /token/i }).waitFor();
  await score(page);
  const select = page.getByLabel("Sequence", { exact: true });
  await until(async () => (await select.locator("option").count()) === 2, "two sequences are shown");
  near((await sums(page)).joint, JOINT, "log P of the first", 1e-6);
  near((await byCommand(page, "many.safetensors", bytes)).log_prob, JOINT, "log P of the command", 1e-6);
  await page.getByLabel("Tensor").selectOption({ label: "logits.1: F32 [3, 3]" });
  same(await page.getByRole("textbox", { name: /token/i }).inputValue(), OTHER.join(" "), "ids of the second");
  await score(page);
  await until(async () => (await select.locator("option").count()) === 1, "one sequence is shown");
  same(await tokens(page).allTextContents(), OTHER.map(String), "its tokens");
}

async function linesForEach({ page }) {
  await scored(page);
  await drop(page, [{ name: "many.safetensors", bytes: safetensorsOf(SERIES) }]);
  await page.getByRole("textbox", { name: /token/i }).fill(IDS.join(" "));
  await score(page);
  await until(() => page.getByRole("alert").count(), "an error is shown");
  ok(/a line of ids for each/i.test(await page.getByRole("alert").innerText()), "it says what to write");
  await page.getByRole("textbox", { name: /token/i }).fill(`${IDS.join(" ")}\n${IDS.join(" ")}`);
  await score(page);
  await scored(page);
}

/* Padding on the left, as a batch has it. */
async function padded({ page }) {
  await scored(page);
  const batch = Buffer.concat([floats, floats]);
  const bytes = safetensorsOf([["logits", "F32", [2, 3, 3], batch], ["input_ids", "I64", [2, 3], integers([...IDS, ...IDS])], ["attention_mask", "I64", [2, 3], integers([1, 1, 1, 0, 1, 1])]]);
  await drop(page, [{ name: "batch.safetensors", bytes }]);
  await page.getByRole("textbox", { name: /token/i }).waitFor();
  await score(page);
  const select = page.getByLabel("Sequence", { exact: true });
  await until(async () => (await select.locator("option").count()) === 2, "two sequences are shown");
  await select.selectOption({ index: 1 });
  same(await tokens(page).allTextContents(), IDS.slice(1).map(String), "tokens without the padding");
  near((await sums(page)).joint, Math.log(1 / 3), "log P without the padding", 1e-6);
}

/* [name, text, how many tokens] */
const TEXTS = [
  ["request.json", '{"tokens": [1, 2, 3], "logprobs": [null, -1, -2]}', 3],
  ["saved.txt", readFileSync("web/examples/stream.txt", "utf8"), null],
  ["many.ndjson", '{"tokens": [1, 2], "logprobs": [null, -1]}\n{"tokens": [1, 2], "logprobs": [null, -2]}\n', 2],
];

const texts = TEXTS.map(([name, text, count]) => [`${name} is scored when it is dropped`, WIDE, async ({ page }) => {
  await scored(page);
  const first = await tokens(page).allInnerTexts();
  await drop(page, [{ name, bytes: text }]);
  await until(async () => (await tokens(page).count()) > 0 && (await tokens(page).allInnerTexts()).join() !== first.join(), "other tokens are shown");
  await scored(page);
  if (count !== null) ok((await tokens(page).count()) === count, `${count} tokens are shown`);
}]);

export const CASES = [
  ...tensors, ...pairs, ["a tensor for each sequence", WIDE, series], ["a line of ids for each tensor", WIDE, linesForEach], ["padding in a file", WIDE, padded], ["a batch in a .npy file", WIDE, batchOfNpy], ...unread, ...texts,
];
