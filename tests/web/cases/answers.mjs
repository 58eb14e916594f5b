/* What engines answer, pasted as it came: each golden answer that the server scores is shown by the page, with the same
 * sums; each that it refuses is refused in words. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { near, ok, same, Wrong } from "../harness.mjs";
import { alert, paste, scored } from "../steps.mjs";

const FOLDER = "tests/golden/engines";
const PART = 60;

/* The text of `outputs` as it stands in a request that has nothing else; a text in it is what was saved. */
function bodyOf(name) {
  const text = readFileSync(`${FOLDER}/${name}/request.json`, "utf8").trim();
  try {
    const value = JSON.parse(text);
    if (Object.keys(value).join() !== "outputs") return null;
    return typeof value.outputs === "string" ? value.outputs : /^\s*\{\s*"outputs"\s*:\s*([\s\S]*)\}$/.exec(text)[1];
  } catch {
    return null;
  }
}

/* [objective, log P] of a sequence of an answer. */
function sumsOf(sequence) {
  return Object.entries(sequence.objectives).map(([objective, { log_prob: sum }]) => [objective, sum]);
}

function goldenOf(name) {
  const file = `${FOLDER}/${name}/response.json`;
  const sums = existsSync(file) && JSON.parse(readFileSync(file, "utf8")).sequences.map(sumsOf);
  return { name, body: bodyOf(name), sums };
}

const all = readdirSync(FOLDER).sort().map(goldenOf).filter(({ body }) => body !== null && body !== "");
const good = all.filter(({ sums }) => sums && sums.some((one) => one.length > 0));
const bad = all.filter(({ name, sums }) => !sums);

async function pasteGood(visit, { name, body, sums }) {
  await paste(visit.page, body);
  const told = (await alert(visit.page).count()) > 0 ? await alert(visit.page).first().innerText() : "";
  if (told) throw new Wrong(`${name} is refused: ${told.replaceAll("\n", " ")}`);
  const text = await visit.answers.at(-1).text();
  const got = text.trim().split("\n").map((line) => JSON.parse(line)).flatMap((one) => one.sequences ?? []);
  const flat = [got.map(sumsOf), sums].map((list) => list.flat(2));
  same(flat[0].filter(isNaN), flat[1].filter(isNaN), `objectives of ${name}`);
  flat[1].forEach((sum, i) => typeof sum === "number" && near(flat[0][i], sum, `log P of ${name}`, 1e-14));
}

async function pasteBad(visit, { name, body }) {
  await paste(visit.page, body);
  ok((await alert(visit.page).count()) > 0, `${name} is refused`);
  const said = await alert(visit.page).first().innerText();
  ok(said.split("\n").filter((line) => line.trim() !== "").length >= 2, `${name} has words: ${said}`);
}

/* All of a part are tried; those that fail are told together. */
async function each(visit, part, work) {
  const failed = [];
  for (const one of part) {
    try {
      await work(visit, one);
    } catch (error) {
      failed.push(error.message.split("\n")[0]);
    }
  }
  ok(failed.length === 0, `${failed.length} of ${part.length}: ${failed.join("\n      ")}`);
}

function parted(list, title, work) {
  return Array.from({ length: Math.ceil(list.length / PART) }, (_, i) => {
    const part = list.slice(i * PART, (i + 1) * PART);
    return [`${title}, ${part[0].name} to ${part.at(-1).name}`, {}, async (visit) => {
      if (work === pasteBad) visit.allow(/console: Failed to load resource: .* 4\d\d /);
      await scored(visit.page);
      await each(visit, part, work);
    }];
  });
}

export const CASES = [...parted(good, "answers are scored as they come", pasteGood), ...parted(bad, "what cannot be scored is told", pasteBad)];
