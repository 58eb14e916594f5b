/* Compare: answers of engines in several formats, texts of ids, long texts, and numbers computed anew. */
import { near, ok, same, until } from "../harness.mjs";
import { alert, drop, goTo } from "../steps.mjs";

const TOKENS = [["Hi", 100], [" there", 101], [",", 102], [" wörld", 103], ["!", 104]];
const LPS = [[-0.5, -1.25, -0.01, -6.5, -0.3], [-0.25, -2.5, -0.02, -3.125, -0.3]];
const TEXT = TOKENS.map(([text]) => text).join("");
const bytes = (text) => [...Buffer.from(text)];
const listed = (lps) => TOKENS.map(([token], i) => ({ token, logprob: lps[i], bytes: bytes(token), top_logprobs: [] }));

/* One answer in the formats of several engines. */
const FORMATS = {
  chat: (lps) => ({ object: "chat.completion", model: "m", choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: TEXT }, logprobs: { content: listed(lps) } }] }),
  completions: (lps) => ({ object: "text_completion", choices: [{ index: 0, text: TEXT, finish_reason: "stop", logprobs: { tokens: TOKENS.map(([text]) => text), token_logprobs: lps } }], usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 } }),
  sglang: (lps) => ({ text: TEXT, meta_info: { finish_reason: { type: "stop" }, prompt_tokens: 3, completion_tokens: 5, output_token_logprobs: TOKENS.map(([text, id], i) => [lps[i], id, text]) } }),
  tgi: (lps) => ({ generated_text: TEXT, details: { finish_reason: "length", generated_tokens: 5, seed: null, prefill: [], tokens: TOKENS.map(([text, id], i) => ({ id, text, logprob: lps[i], special: false })) } }),
  ollama: (lps) => ({ model: "m", response: TEXT, done: true, done_reason: "stop", logprobs: listed(lps) }),
  stream: (lps) => `${listed(lps).map((one) => `data: ${JSON.stringify({ object: "chat.completion.chunk", choices: [{ index: 0, delta: { content: one.token }, finish_reason: null, logprobs: { content: [one] } }] })}`).join("\n\n")}\n\ndata: [DONE]\n\n`,
  request: (lps) => ({ prompt: [7, 8, 9], completion: TOKENS.map(([, id]) => id), logprobs: lps }),
};
const written = (value) => (typeof value === "string" ? value : JSON.stringify(value));

const boxes = (page) => page.getByRole("tabpanel").getByRole("textbox");
const map = (page) => page.getByRole("group", { name: "Differences", exact: true });
const shownTokens = (page) => map(page).getByRole("button").allInnerTexts();
const largest = (page) => page.getByRole("list").filter({ hasText: /→/ }).getByRole("listitem");

async function compare({ page }, a, b) {
  await goTo(page, "Compare");
  for (const [i, text] of [a, b].entries()) {
    await boxes(page).nth(i).evaluate((node, value) => {
      node.value = value;
      node.dispatchEvent(new Event("input", { bubbles: true }));
    }, written(text));
  }
  const button = page.getByRole("button", { name: "Compare", exact: true });
  await button.click();
  await until(async () => (await button.getAttribute("aria-busy")) === null, "there is a result");
}

async function formats(visit) {
  const names = Object.keys(FORMATS);
  for (const [i, name] of names.entries()) {
    const other = names[(i + 1) % names.length];
    await compare(visit, FORMATS[name](LPS[0]), FORMATS[other](LPS[1]));
    same(await alert(visit.page).count(), 0, `errors of ${name} and ${other}`);
    same((await shownTokens(visit.page)).slice(-5), ["Hi", "·there", ",", "·wörld", "!"], `tokens of ${name} and ${other}`);
    ok(/wörld.*3\.38/s.test(await largest(visit.page).first().innerText()), `the largest of ${name} and ${other}`);
  }
}

/* What a side leaves open, and what cannot be compared. [a, b, words of the error, or null] */
const PAIRS = [
  [{ tokens: [1, 2, 3], prompt_length: 1, logprobs: [null, -1, -2] }, { id: "b", logprobs: [null, -1, -3] }, null],
  [{ id: "a", tokens: [1, 2, 3], logprobs: [null, -1, -2] }, { prompt_length: 1, logprobs: [null, -1, -3] }, null],
  [{ tokens: [1, 2, 3], prompt_length: 1, logprobs: [null, -1, -2] }, { tokens: [1, 2, 3], prompt_length: 2, logprobs: [null, -1, -3] }, /prompt_length: 1 in A and 2 in B/],
  [{ tokens: [1, 2, 3], logprobs: [null, -1, -2] }, { tokens: [1, 2], logprobs: [null, -1] }, /token 2 is 3 in A and missing in B/],
  [{ tokens: [0, 1], logits: [[1, 2, 3]] }, { tokens: [0, 1], logits: [[1, 2]] }, /vocabularies differ/],
  ["", { tokens: [0, 1], logits: [[1, 2]] }, /A is empty/],
];

async function pairs(visit) {
  visit.allow(/console: Failed to load resource: .* 4\d\d /);
  for (const [a, b, error] of PAIRS) {
    await compare(visit, a, b);
    const told = (await alert(visit.page).count()) > 0 ? await alert(visit.page).first().innerText() : "";
    ok(error ? error.test(told) : told === "", `${written(a)} and ${written(b)}: ${told}`);
  }
}

/* The numbers of the list, the histogram and the table are those of the differences. */
async function numbers(visit) {
  const ids = Array.from({ length: 200 }, (_, i) => i % 7);
  const [a, b] = [37, 53].map((step) => ids.map((_, i) => (i === 0 ? null : -((i * step) % 97) / 20 - 0.01 - i * 0.000137 * step)));
  await compare(visit, { tokens: ids, prompt_length: 0, logprobs: a }, { tokens: ids, prompt_length: 0, logprobs: b });
  const differences = ids.map((_, i) => (i === 0 ? 0 : b[i] - a[i])).slice(1);
  const order = differences.map((x, i) => [Math.abs(x), i + 1]).sort((x, y) => y[0] - x[0] || x[1] - y[1]);
  const list = await largest(visit.page).allInnerTexts();
  same(list.map((text) => Number(/at (\d+)/.exec(text)[1])), order.slice(0, list.length).map(([, at]) => at), "the largest differences");
  const bars = await visit.page.getByRole("img", { name: /histogram/i }).locator("title").allTextContents();
  for (const bar of bars) {
    const [, count, low, high] = /^(\d+) from (\S+) to (\S+)$/.exec(bar);
    same(differences.filter((x) => x >= Number(low) && x < Number(high)).length, Number(count), bar);
  }
  const mean = differences.reduce((sum, x) => sum + x) / differences.length;
  const error = Math.sqrt(differences.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (differences.length - 1) / differences.length);
  const told = await visit.page.getByRole("row", { name: /difference_mean/ }).getByRole("cell").last().innerText();
  const [shownMean, shownError] = told.split(" ± ").map(Number);
  near(shownMean, mean, "the mean difference");
  near(shownError, error, "its standard error", 0.01);
}

const TOKENIZER = JSON.stringify({ model: { type: "BPE", vocab: { "<s>": 0, "Ġhello": 1, "Ċ": 2 }, merges: [] }, decoder: { type: "ByteLevel" } });

async function tokenizer(visit) {
  const { page } = visit;
  await compare(visit, { tokens: [0, 1, 2], logprobs: [null, -1, -2] }, { tokens: [0, 1, 2], logprobs: [null, -1, -3] });
  same(await shownTokens(page), ["0", "1", "2"], "ids");
  await drop(page, [{ name: "tokenizer.json", bytes: TOKENIZER }], boxes(page).first());
  await until(async () => (await shownTokens(page)).includes("·hello"), "texts are shown");
  same(await shownTokens(page), ["<s>", "·hello", "↵"], "texts");
  await page.getByRole("button", { name: "Remove" }).click();
  same(await shownTokens(page), ["0", "1", "2"], "ids again");
}

const LENGTH = 100_000;

/* Counted, not timed: wherever it is scrolled to, few nodes are in the document. */
async function long(visit) {
  const { page } = visit;
  const side = (step) => ({ tokens: Array.from({ length: LENGTH }, (_, i) => i % 5000), logprobs: Array.from({ length: LENGTH }, (_, i) => (i === 0 ? null : i === 77_777 ? -step : -((i * step) % 1000) / 200 - 0.001)) });
  await compare(visit, side(3), side(7));
  for (const share of [0, 0.5, 1, 0.25]) {
    await map(page).evaluate((node, part) => node.scrollTo(0, part * node.scrollHeight), share);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
    ok(nodes < 6000, `${nodes} nodes at ${share} of the text`);
  }
  await map(page).getByRole("button").first().focus();
  await page.keyboard.press("End");
  same(await page.evaluate(() => document.activeElement.textContent), String((LENGTH - 1) % 5000), "End goes to the last token");
  ok((await page.getByRole("region", { name: "Difference map" }).innerText()).includes(String(LENGTH - 1)), "its numbers are shown");
}

const WIDE = { width: 1280, height: 1000 };

export const CASES = [
  ["engines' formats are compared with each other", WIDE, formats], ["what is left open, and what cannot be compared", WIDE, pairs], ["the numbers of a comparison", WIDE, numbers],
  ["Compare takes a tokenizer.json", WIDE, tokenizer], ["100,000 tokens are compared", {}, long], ["100,000 tokens at 360 px", { width: 360, height: 800 }, long],
];
