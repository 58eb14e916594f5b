/* Files that are dropped: tensors with a form for their tokens, texts as if they were pasted. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { near, ok, until } from "../harness.mjs";
import { area, drop, scored, sums, tokens } from "../steps.mjs";

const WIDE = { width: 1280, height: 1000 };
const ROWS = [[0, 0, Math.log(2)], [1, 1, 1], [0, 1, 2]];
const IDS = [0, 2, 1];
/* Row t is about token t + 1: log 1/2, log 1/3. */
const JOINT = Math.log(1 / 2) + Math.log(1 / 3);

const floats = Buffer.from(Float32Array.from(ROWS.flat()).buffer);

function npy() {
  const head = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 3), }";
  const padded = head.padEnd(117) + "\n";
  const length = Buffer.alloc(2);
  length.writeUInt16LE(padded.length);
  return Buffer.concat([Buffer.from([0x93]), Buffer.from("NUMPY\x01\x00"), length, Buffer.from(padded), floats]);
}

function safetensors(name, ids) {
  const tensors = { [name]: { dtype: "F32", shape: [3, 3], data_offsets: [0, floats.length] } };
  const data = [floats];
  if (ids) {
    const bytes = Buffer.from(BigInt64Array.from(ids.map(BigInt)).buffer);
    tensors.input_ids = { dtype: "I64", shape: [1, ids.length], data_offsets: [floats.length, floats.length + bytes.length] };
    data.push(bytes);
  }
  const head = Buffer.from(JSON.stringify(tensors).padEnd(8 * Math.ceil(JSON.stringify(tensors).length / 8)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  return Buffer.concat([length, head, ...data]);
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

const tensors = TENSORS.map(([name, bytes, form]) => [`${name} is scored`, WIDE, async ({ page }) => {
  await scored(page);
  await area(page).fill("");
  await drop(page, [{ name, bytes }]);
  const field = page.getByRole("textbox", { name: /token/i });
  await field.waitFor();
  if (form) await field.fill(IDS.join(" "));
  await page.getByRole("textbox", { name: /prompt/i }).fill("1");
  await page.getByRole("button", { name: "Score", exact: true }).click();
  await until(async () => (await tokens(page).count()) === 3, "three tokens are shown");
  near((await sums(page)).joint, JOINT, "log P", 1e-6);
  near((await byCommand(page, name, bytes)).log_prob, JOINT, "log P of the command", 1e-6);
}]);

async function badTensor(visit) {
  await scored(visit.page);
  await drop(visit.page, [{ name: "bad.npy", bytes: Buffer.from("no array") }]);
  await until(() => visit.page.getByRole("alert").count(), "an error is shown");
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

export const CASES = [...tensors, ["a file that is no tensor is refused", WIDE, badTensor], ...texts];
