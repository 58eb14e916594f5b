/* Texts as people have them at hand: printed by a tool, with what was copied along, or with nothing in them to score.
 * A text that can be scored is asked for once: a refusal on the way would be an error in the console. */
import { near, ok, same } from "../harness.mjs";
import { alert, area, paste, pasteScored, scored, sums, tokens } from "../steps.mjs";

const WIDE = { width: 1280, height: 1000 };

const entry = ([token, logprob]) => ({ token, logprob, bytes: [...Buffer.from(token)], top_logprobs: [] });

/* A chat answer of tokens [text, log-probability]. */
function chat(...list) {
  return { id: "c", object: "chat.completion", choices: [{ index: 0, message: { role: "assistant", content: list.map(([text]) => text).join("") },
    logprobs: { content: list.map(entry) }, finish_reason: "stop" }], usage: { prompt_tokens: 3, completion_tokens: list.length, total_tokens: 3 + list.length } };
}

const piece = (list, done) => ({ model: "m", created_at: "2026-01-01T00:00:00Z", response: list.map(([text]) => text).join(""), done, logprobs: list.map(entry),
  ...(done ? { done_reason: "length", prompt_eval_count: 3, eval_count: 2 } : {}) });

const HI = [["Hi", -0.5], [" you", -1.5]];
const answer = chat(...HI);
const printed = JSON.stringify(answer, null, 2);

/* TensorRT-LLM names logits that it does not have. */
const trtllm = { id: "c", object: "text_completion", choices: [{ index: 0, text: "Hi you", logprobs: { tokens: ["Hi", " you"], token_logprobs: [-0.5, -1.5], text_offset: [0, 2] },
  context_logits: null, finish_reason: "length" }], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } };

const batchLine = (name, list) => JSON.stringify({ id: name, custom_id: name, response: { status_code: 200, body: chat(...list) }, error: null });

/* [what it is, the text]: all have the tokens of HI */
const GOOD = [
  ["printed with indents", printed],
  ["with carriage returns, spaces and the mark of UTF-8", `\ufeff  ${printed.replaceAll("\n", "  \r\n")}\r\n\r\n`],
  ["in a fence of Markdown", `\`\`\`json\n${printed}\n\`\`\``],
  ["with the head of its HTTP answer", `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n${printed}`],
  ["a stream that a printer of JSON went through", [piece(HI.slice(0, 1), false), piece(HI.slice(1), true)].map((one) => JSON.stringify(one, null, 2)).join("\n")],
  ["an answer with logits that are null", JSON.stringify(trtllm)],
  ["an event stream that was cut off", `data: ${JSON.stringify({ ...answer, object: "chat.completion.chunk", choices: [{ index: 0, delta: { content: "Hi you" }, logprobs: { content: HI.map(entry) }, finish_reason: null }] })}\n\ndata: `],
];

const good = GOOD.map(([name, text]) => [`scored: ${name}`, WIDE, async ({ page }) => {
  await scored(page);
  await pasteScored(page, text);
  same(await tokens(page).allTextContents(), ["Hi", "·you"], "tokens");
  near((await sums(page)).joint, -2, "log P");
}]);

/* Printed requests, one behind another, are lines. */
async function several({ page }) {
  await scored(page);
  await pasteScored(page, [-1, -2].map((lp) => JSON.stringify({ tokens: [1, 2], logprobs: [null, lp] }, null, 1)).join("\n"));
  same(await page.getByLabel("Sequence", { exact: true }).locator("option").count(), 2, "sequences");
}

const choice = (index, ...list) => ({ ...chat(...list).choices[0], index });
const line = (one) => `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", choices: [{ index: one, delta: { content: ` t${one}` }, logprobs: { content: [entry([` t${one}`, -0.5])] }, finish_reason: "stop" }] })}`;
const sglang = (i) => ({ text: "", output_ids: [5 + i], meta_info: { id: `${i}`, prompt_tokens: 2, completion_tokens: 1, finish_reason: { type: "length", length: 1 },
  input_token_logprobs: [[null, 1, "p"], [-0.5, 2, ` q${i}`]], output_token_logprobs: [[-0.25, 5 + i, ` o${i}`]] } });

/* [what it is, the text, the tokens of each sequence]: numbers that are equal in several choices are no texts of each other */
const TWINS = [
  ["choices", JSON.stringify({ ...answer, choices: [choice(0, ["yes", -0.5]), choice(1, ["no", -0.5])], usage: undefined }), [["yes"], ["no"]]],
  ["choices in another order", JSON.stringify({ ...answer, choices: [choice(1, ["no", -0.5]), choice(0, ["yes", -0.5])], usage: undefined }), [["yes"], ["no"]]],
  ["a list of answers", JSON.stringify([chat(["yes", -0.5]), chat(["no", -0.5])]), [["yes"], ["no"]]],
  ["a stream of choices", `${[0, 1].map(line).join("\n\n")}\n\ndata: [DONE]\n\n`, [["·t0"], ["·t1"]]],
  ["a list of SGLang", JSON.stringify([sglang(0), sglang(1)]), [["p", "·q0", "·o0"], ["p", "·q1", "·o1"]]],
];

const twins = TWINS.map(([name, text, all]) => [`each has its own texts: ${name}`, WIDE, async ({ page }) => {
  await scored(page);
  await pasteScored(page, text);
  for (const [i, wanted] of all.entries()) {
    await page.getByLabel("Sequence", { exact: true }).selectOption({ index: i });
    same(await tokens(page).allTextContents(), wanted, `tokens of sequence ${i}`);
  }
}]);

/* Thousands of lines that a program types are there at once. */
async function manyLines({ page }) {
  await scored(page);
  const text = JSON.stringify(chat(...Array.from({ length: 500 }, (_, i) => [` t${i}`, -0.5])), null, 1);
  ok(text.split("\n").length > 3000, "the text has thousands of lines");
  await pasteScored(page, text);
  same(await area(page).inputValue(), text, "the text");
  near((await sums(page)).joint, -250, "log P");
}

/* [what it is, the text, what the page says] */
const BAD = [
  ["an answer of an engine without log-probabilities", JSON.stringify({ type: "message", role: "assistant", content: [{ type: "text", text: "Hi" }] }), /ask the engine for log-probabilities/i],
  ["lines of a harness", [0, 1].map((i) => JSON.stringify({ doc_id: i, resps: [[["-1.5", "False"]]] })).join("\n"), /ask the engine for log-probabilities/i],
  ["prose", "What is the probability of this?", /ask the engine for log-probabilities/i],
  ["a request with a slip", '{"tokens": [1, 2], "logprob": [null, -1]}', /logprobs/],
  ["a batch with a line twice", [batchLine("a", HI), batchLine("a", HI)].join("\n"), /custom_id/],
];

const bad = BAD.map(([name, text, says]) => [`told: ${name}`, WIDE, async (visit) => {
  visit.allow(/console: Failed to load resource: .* 4\d\d /);
  await scored(visit.page);
  await paste(visit.page, text);
  const said = await alert(visit.page).innerText();
  ok(says.test(said), said);
}]);

export const CASES = [...good, ...twins, ["scored: requests one behind another", WIDE, several], ["scored: thousands of lines", WIDE, manyLines], ...bad];
