/* The tab Score: examples, refusals, the map and its token, the selects, the texts to copy. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { near, ok, same, startServer, until, Visit } from "../harness.mjs";
import { alert, area, choices, colour, drop, example, focused, line, overhang, paste, pasteScored, region, scored, sums, tokens, WORKED } from "../steps.mjs";

const WIDE = { width: 1280, height: 1000 };

async function everyExample({ page }) {
  await scored(page);
  for (const value of await choices(example(page))) {
    await area(page).fill("");
    await example(page).selectOption(value);
    await until(async () => (await area(page).inputValue()).length > 0, `${value} is loaded`);
    await until(async () => /^\d+ tokens? scored\.$/m.test(await page.getByRole("tabpanel").innerText()), `${value} is scored`);
    const { joint, conditional } = await sums(page);
    ok(Number.isFinite(joint ?? conditional), `${value} has objectives`);
    ok((await line(page).count()) === 1, `${value} has a line`);
  }
}

async function worked({ page }) {
  await pasteScored(page, WORKED);
  same(await tokens(page).count(), 4, "tokens");
  same(await sums(page), { marginal: -1.9, conditional: -1.1, joint: -3 }, "log P");
}

/* [what is pasted, code, pointer or null, words of the detail] */
const REFUSALS = [
  ['{"tokens": [1, 9], "prompt_length": 1, "logits": [[1, 2, 3]]}', /^422|_/, "/tokens/1", /not below the vocabulary/],
  ['{"tokens": [1, 2], "prompt_length": 7, "logprobs": [null, -1]}', /_/, "/prompt_length", /./],
  ['{"tokens": [1, 2], "logprobs": [null, -1], "promt_length": 1}', /_/, null, /prompt_length/],
  ['{"tokens": [1, 2', /_/, null, /./],
];

const refusals = REFUSALS.map(([text, code, pointer, detail]) => [`a refusal is explained: ${text}`, WIDE, async (visit) => {
  visit.allow(/console: Failed to load resource: .* 4\d\d /);
  await scored(visit.page);
  await paste(visit.page, text);
  const said = await alert(visit.page).innerText();
  ok(code.test(said) && detail.test(said), `code and detail in: ${said}`);
  if (pointer) ok(said.includes(pointer), `${pointer} in: ${said}`);
  await pasteScored(visit.page, WORKED);
}]);

/* What the page says of the token under the pointer or with the focus. */
async function tellsOf({ page }) {
  await example(page).selectOption((await choices(example(page)))[0]);
  await scored(page);
  const before = await page.locator("body").innerText();
  await tokens(page).nth(5).hover();
  await until(async () => (await page.locator("body").innerText()) !== before, "hovering tells of another token");
  await tokens(page).nth(3).focus();
  const said = (await page.getByRole("tabpanel").innerText()).toLowerCase();
  for (const word of ["log-probability", "probability", "rank"]) ok(said.includes(word), `${word} is told`);
  ok((await page.getByRole("img", { name: /most likely/i }).locator("rect").count()) >= 5, "the likeliest tokens are bars");
}

async function focusTellsTheNumbers({ page }) {
  await pasteScored(page, WORKED);
  const told = async (i) => {
    await tokens(page).nth(i).focus();
    return page.getByRole("tabpanel").innerText();
  };
  ok((await told(2)).includes("-0.7"), "-0.7 is told of token 2");
  ok(/49\.7 ?%/.test(await told(2)), "exp(-0.7) is told of token 2");
  ok(/67\.0 ?%/.test(await told(3)), "exp(-0.4) is told of token 3");
}

const paints = (page) => tokens(page).evaluateAll((all) => all.map((one) => getComputedStyle(one).backgroundColor).join());

async function coloursChange({ page }) {
  await scored(page);
  same((await choices(colour(page))).length, 4, "choices of Colour");
  const seen = new Set();
  for (const name of ["probability", "loss", "entropy", "rank"]) {
    await colour(page).selectOption(name);
    seen.add(await paints(page));
  }
  same(seen.size, 4, "colourings that differ");
}

async function leastLikelyJumps({ page }) {
  await scored(page);
  await page.getByRole("list", { name: "Least likely" }).getByRole("button").first().click();
  const now = await focused(page);
  ok(now.inTokens, `the focus is on a token, not on ${JSON.stringify(now)}`);
}

async function thresholdHides({ page }) {
  await pasteScored(page, WORKED);
  const plain = await tokens(page).evaluateAll((all) => all.map((one) => `${getComputedStyle(one).opacity} ${getComputedStyle(one).color} ${one.className}`));
  const slider = page.getByRole("slider").filter({ hasNot: page.getByLabel("Prompt length") }).and(page.locator("input"));
  await slider.first().fill("0.6");
  const now = await tokens(page).evaluateAll((all) => all.map((one) => `${getComputedStyle(one).opacity} ${getComputedStyle(one).color} ${one.className}`));
  same(now.map((one, i) => one !== plain[i]), [false, false, false, true], "tokens hidden above 0.6");
}

/* White space and control characters have signs, and no token is empty. */
async function whiteSpaceIsSeen({ page }) {
  await pasteScored(page, '{"tokens": [1, 2, 3, 4, 5], "logprobs": [null, -1, -2, -1, -1], "token_texts": ["a", " b", "\\n", "\\t", "\\u0007"]}');
  const texts = await tokens(page).allInnerTexts();
  same(texts[0], "a", "a letter");
  for (const [i, text] of texts.entries()) ok(text.trim() !== "" && !/[\n\t\u0007]/.test(text), `token ${i} is visible`);
  ok(texts[1].length === 2 && texts[1].endsWith("b") && !texts[1].startsWith(" "), "a space has a sign");
}

/* [text of a token, what is shown of it] */
const UNSEEN = [
  ["\u202etxt.exe", "⟨202E⟩txt.exe"], ["\u2066x", "⟨2066⟩x"], ["a\u00adb", "a⟨00AD⟩b"], ["a\u200db", "a⟨200D⟩b"], ["\u{e0041}", "⟨E0041⟩"], ["\u{1f469}\u200d\u{1f680}", "\u{1f469}\u200d\u{1f680}"],
  ["שלום", "שלום"], ["<b>x</b>", "<b>x</b>"], ["", "∅"],
];

/* What turns or joins its neighbours has a sign; what is seen stays as it is. */
async function unseenIsSeen({ page }) {
  const texts = UNSEEN.map(([text]) => text);
  await pasteScored(page, JSON.stringify({ tokens: texts.map((_, i) => i), logprobs: texts.map((_, i) => (i === 0 ? null : -1)), token_texts: texts }));
  same(await tokens(page).allTextContents(), UNSEEN.map(([, shown]) => shown), "texts");
}

/* Of a text of a million characters the map has the beginning, and stays quick. */
async function hugeText({ page }) {
  await pasteScored(page, JSON.stringify({ tokens: [1, 2, 3], logprobs: [null, -1, -2], token_texts: ["a", "b".repeat(1e6), " c"] }));
  const texts = await tokens(page).allTextContents();
  ok(texts[1].length < 1000 && texts[1].startsWith("bbb") && texts[2] === "·c", "the text is short in the map");
  await tokens(page).nth(1).focus();
  ok((await page.getByRole("tabpanel").innerText()).length < 20_000, "the page is short");
  ok((await overhang(page)) <= 0, "nothing is wider than the window");
}

/* A sign that is cut into its bytes, as OpenAI writes them. */
async function cutIntoBytes({ page }) {
  const content = [["\\xf0\\x9f\\x98", [240, 159, 152]], ["\\x80", [128]], ["\\x41", [92, 120, 52, 49]]].map(([token, bytes]) => ({ token, bytes, logprob: -0.5, top_logprobs: [] }));
  await pasteScored(page, JSON.stringify({ object: "chat.completion", choices: [{ index: 0, message: { role: "assistant", content: "x" }, logprobs: { content }, finish_reason: "stop" }] }));
  same(await tokens(page).allTextContents(), ["⟨F0⟩⟨9F⟩⟨98⟩", "⟨80⟩", "\\x41"], "texts");
}

async function textsDoNotFit({ page }) {
  await pasteScored(page, '{"tokens": [1, 2, 3], "logprobs": [null, -1, -2], "token_texts": ["a"]}');
  ok((await page.getByRole("tabpanel").innerText()).includes("1 text for 3 tokens"), "it is told that texts are missing");
}

/* The texts to copy: the command runs in a shell, and gets the same number. */
async function curlRuns(visit) {
  const { page } = visit;
  await pasteScored(page, WORKED);
  await page.getByRole("button", { name: /copy.*curl/i }).click();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  const answer = JSON.parse(execFileSync("sh", ["-c", command], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  same(answer.sequences[0].objectives.joint.log_prob, -3, "joint.log_prob of the command");
  await page.getByRole("button", { name: /copy.*python/i }).click();
  const python = await page.evaluate(() => navigator.clipboard.readText());
  ok(/from logitd import Client/.test(python) && python.includes("-0.7"), "the program uses the client");
  execFileSync("python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], { input: python });
}

/* Python has names of its own for what JSON has, and for numbers that no double holds. */
async function constantsInPython({ page }) {
  await pasteScored(page, '{"tokens": [1, 2, 3], "per_token": true, "logprobs": [null, -1, -1e400]}');
  await page.getByRole("button", { name: /copy.*python/i }).click();
  const python = await page.evaluate(() => navigator.clipboard.readText());
  ok(/logprobs=\[None, -1, float\("-inf"\)\]/.test(python) && python.includes("per_token=True"), python);
}

async function quotesInCurl({ page }) {
  await pasteScored(page, '{"id": "it\'s $HOME `x` \\\\", "tokens": [1, 2], "logprobs": [null, -1.5]}');
  await page.getByRole("button", { name: /copy.*curl/i }).click();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  const answer = JSON.parse(execFileSync("sh", ["-c", command], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  same(answer.sequences[0].id, "it's $HOME `x` \\", "id of the command");
}

async function ndjson({ page }) {
  const lines = [-1, -2, -3].map((lp, i) => JSON.stringify({ id: `line ${i}`, tokens: [1, 2], prompt_length: 1, logprobs: [null, lp] }));
  await pasteScored(page, lines.join("\n"));
  const select = page.getByLabel("Sequence", { exact: true });
  same((await choices(select)).length, 3, "sequences");
  await select.selectOption({ index: 2 });
  near((await sums(page)).conditional, -3, "log P of the last line");
}

async function ndjsonWithOneRefused(visit) {
  await pasteScored(visit.page, ['{"tokens": [1, 2], "logprobs": [null, -1]}', '{"tokens": [1, 2], "logprobs": [null, 1]}', '{"tokens": [1, 2], "logprobs": [null, -2]}'].join("\n"));
  const said = await visit.page.getByRole("tabpanel").innerText();
  ok(/line 2/i.test(said) && said.includes("logprob"), "the refused line is told");
}

/* Texts of ids come from a tokenizer.json that is dropped. */
const TOKENIZERS = [
  ["byte-level BPE", { model: { type: "BPE", vocab: { "ĠHello": 1, "Ċ": 2, "Ã©": 3 }, merges: [] }, decoder: { type: "ByteLevel" }, pre_tokenizer: { type: "ByteLevel" } }, ["Hello", "↵", "é"]],
  ["SentencePiece", { model: { type: "BPE", byte_fallback: true, vocab: { "▁Hello": 1, "<0x0A>": 2, "é": 3 }, merges: [] }, decoder: { type: "Sequence", decoders: [{ type: "Replace", pattern: { String: "▁" }, content: " " }, { type: "ByteFallback" }] } }, ["Hello", "↵", "é"]],
];

TOKENIZERS.push(
  ["Unigram", { model: { type: "Unigram", vocab: [["<pad>", 0], ["▁Hello", -2], ["<0x0A>", -3], ["é", -4]] }, decoder: { type: "Metaspace" } }, ["·Hello", "↵", "é"]],
  ["WordPiece", { model: { type: "WordPiece", vocab: { Hello: 1, "##s": 2, "[SEP]": 3 } }, decoder: { type: "WordPiece", prefix: "##" } }, ["·Hello", "s", "[SEP]"]],
  ["no word of its kind", { model: { vocab: { "ĠHello": 1, "Ċ": 2, "Ã©": 3 } } }, ["·Hello", "↵", "é"]],
);

const tokenizers = TOKENIZERS.map(([name, tokenizer, texts]) => [`a tokenizer.json gives texts: ${name}`, WIDE, async ({ page }) => {
  await pasteScored(page, '{"tokens": [1, 2, 3], "logprobs": [null, -1, -2]}');
  await drop(page, [{ name: "tokenizer.json", bytes: JSON.stringify(tokenizer) }]);
  await until(async () => (await tokens(page).allInnerTexts()).join().includes("Hello"), "texts are shown");
  const got = await tokens(page).allInnerTexts();
  texts.forEach((text, i) => ok(got[i].includes(text), `token ${i} is ${text}, not ${got[i]}`));
}]);

/* [file, content] */
const NO_TOKENIZERS = [["tokenizer_config.json", '{"model_max_length": 5}'], ["vocab.json", '{"a": 1}'], ["tokenizer.json", '{"model": {"vocab": [1]}}'], ["tokenizer.json", '{"model": {"vocab": null}}']];

async function noTokenizer({ page }) {
  for (const [name, bytes] of NO_TOKENIZERS) {
    await pasteScored(page, WORKED);
    await drop(page, [{ name, bytes }]);
    await until(() => alert(page).count(), `${name} is refused`);
    ok(/tokenizer\.json/.test(await alert(page).innerText()), await alert(page).innerText());
    same(await area(page).inputValue(), WORKED, "the text");
  }
}

async function newestWins({ page }) {
  await scored(page);
  await area(page).fill(WORKED);
  await page.getByRole("button", { name: "Score", exact: true }).click();
  await area(page).fill('{"tokens": [1, 2], "prompt_length": 1, "logprobs": [null, -5]}');
  await page.getByRole("button", { name: "Score", exact: true }).click();
  await scored(page);
  near((await sums(page)).joint, -5, "log P of what was pasted last");
}

/* What is chosen or written while a request is on its way is not taken for what was sent. */
async function meanwhile(visit) {
  const { page } = visit;
  visit.allow(/request: .*ERR_ABORTED/); // what nobody waits for any more
  await scored(page);
  let hold = null;
  await page.route("**/v1/score", async (route) => {
    await hold;
    await route.continue();
  });
  const held = () => {
    let go;
    hold = new Promise((resolve) => (go = resolve));
    return go;
  };
  const press = () => page.getByRole("button", { name: "Score", exact: true }).click();
  let go = held();
  await area(page).fill('{"tokens": [1, 2], "logprobs": [null, -5]}');
  await press();
  await area(page).fill(WORKED);
  go();
  await until(async () => (await tokens(page).count()) === 2, "what was sent is shown");
  ok(/the text has changed/i.test(await page.getByRole("tabpanel").innerText()), "the change is told");
  go = held();
  await press();
  await example(page).selectOption((await choices(example(page)))[0]);
  await until(async () => /stories260k/.test(await area(page).inputValue()), "the example is loaded");
  go();
  await until(async () => (await tokens(page).count()) === 32, "the example is scored");
}

/* A server that does not answer: said in words, and all is well when it is back. */
async function serverDown(visit, { browser, program }) {
  const server = await startServer(program);
  const other = new Visit(browser, server);
  try {
    const page = await other.open();
    await scored(page);
    await server.stop();
    await paste(page, WORKED);
    const said = await alert(page).innerText();
    ok(/does not answer/i.test(said) && /runs/.test(said), said);
    same(await area(page).inputValue(), WORKED, "the text");
  } finally {
    await other.close();
    await server.stop();
  }
}

/* A pointer of any length stays within a narrow window. */
async function longPointer(visit) {
  const { page } = visit;
  visit.allow(/console: Failed to load resource: .* 4\d\d /);
  await scored(page);
  for (const text of ["[".repeat(5000) + "]".repeat(5000), `{"${"a".repeat(500)}": 1, "tokens": [1]}`]) {
    await paste(page, text);
    ok((await alert(page).count()) > 0, "it is refused");
    ok((await overhang(page)) <= 0, `nothing is wider than the window: ${text.slice(0, 20)}`);
  }
}

async function pressedTwice(visit) {
  const { page } = visit;
  await scored(page);
  const before = visit.answers.length;
  await area(page).fill(WORKED);
  await page.getByRole("button", { name: "Score", exact: true }).dblclick();
  await scored(page);
  near((await sums(page)).joint, -3, "log P");
  ok(visit.answers.length - before <= 2, "requests");
}

/* A stream as it was saved. */
async function stream({ page }) {
  const text = readFileSync("web/examples/stream.txt", "utf8");
  await pasteScored(page, text);
  ok((await tokens(page).count()) > 1, "tokens of the stream");
  ok(/[a-z]/i.test(await region(page).innerText()), "texts of the stream");
}

export const CASES = [
  ["each example is scored", WIDE, everyExample], ["the worked example is -1.1", WIDE, worked], ...refusals,
  ["a token tells of itself", WIDE, tellsOf], ["a token tells its numbers", WIDE, focusTellsTheNumbers], ["Colour has four choices", WIDE, coloursChange],
  ["Least likely jumps", WIDE, leastLikelyJumps], ["what is above a threshold is hidden", WIDE, thresholdHides], ["white space is visible", WIDE, whiteSpaceIsSeen],
  ["signs that turn or join are visible", WIDE, unseenIsSeen], ["a text of a million characters", WIDE, hugeText], ["bytes of a sign", WIDE, cutIntoBytes], ["too few texts are told", WIDE, textsDoNotFit],
  ["the command runs", WIDE, curlRuns], ["the command is quoted", WIDE, quotesInCurl], ["the program has Python's constants", WIDE, constantsInPython], ["NDJSON has a sequence a line", WIDE, ndjson], ["a refused line of NDJSON is told", WIDE, ndjsonWithOneRefused],
  ...tokenizers, ["what is no tokenizer is refused", WIDE, noTokenizer], ["the newest text wins", WIDE, newestWins], ["what changes meanwhile is told", WIDE, meanwhile], ["a server that is down", WIDE, serverDown], ["Score is pressed twice", WIDE, pressedTwice],
  ["a long pointer at 360 px", { width: 360, height: 800 }, longPointer], ["a saved stream is scored", WIDE, stream],
];
