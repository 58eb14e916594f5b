/* Compare, Rank, Learn and Status, each as the issue of the page says it. */
import { ok, same, until } from "../harness.mjs";
import { alert, choices, example, goTo } from "../steps.mjs";

const WIDE = { width: 1280, height: 1000 };
const side = (model, logprobs) => JSON.stringify({ model, tokens: [1, 2, 3, 4], prompt_length: 1, logprobs });
const A = [null, -1, -2, -3];
const B = [null, -1.5, -1, -3];

const panel = (page) => page.getByRole("tabpanel").innerText();

async function compare({ page }, a, b) {
  await goTo(page, "Compare");
  const areas = page.getByRole("tabpanel").getByRole("textbox");
  await areas.nth(0).fill(a);
  await areas.nth(1).fill(b);
  await page.getByRole("button", { name: "Compare", exact: true }).click();
  await until(async () => (await page.getByRole("button", { name: "CSV" }).count()) + (await alert(page).count()) > 0, "a result or an error is shown");
}

async function compared(visit) {
  await compare(visit, side("base", A), side("tuned", B));
  const said = await panel(visit.page);
  same(await alert(visit.page).count(), 0, "errors");
  for (const word of ["base", "tuned", "0.5", "±"]) ok(said.includes(word), `${word} is shown`);
  const map = visit.page.getByRole("region", { name: /difference map/i });
  ok((await map.locator("button, [tabindex]").count()) >= 4, "the tokens are in the map");
  const first = await visit.page.getByRole("list").filter({ hasText: /→/ }).getByRole("listitem").first().innerText();
  ok(/at 2/.test(first), `the largest difference is first: ${first}`);
  ok((await visit.page.getByRole("img", { name: /histogram/i }).count()) === 1, "there is a histogram");
}

/* Engines' answers are compared as they come, one beside a request. */
async function comparedAnswers(visit) {
  const answer = (shift) => JSON.stringify({ object: "chat.completion", choices: [{ index: 0, message: { role: "assistant", content: "Hi!" }, finish_reason: "stop",
    logprobs: { content: ["Hi", "!"].map((token, i) => ({ token, logprob: -0.5 - i - shift, bytes: [...Buffer.from(token)], top_logprobs: [] })) } }] });
  await compare(visit, answer(0), answer(0.25));
  same(await alert(visit.page).count(), 0, "errors");
  ok((await panel(visit.page)).includes("-0.25"), "the difference is shown");
}

async function notComparable(visit) {
  await compare(visit, side("base", A), side("tuned", B).replace("[1,2,3,4]", "[1,2,3,5]"));
  ok(/token 3/i.test(await alert(visit.page).innerText()), "the token that differs is told");
}

const examplesOf = (name, button) => [`each example of ${name} has a result`, WIDE, async ({ page }) => {
  await goTo(page, name);
  for (const value of await choices(example(page))) {
    await example(page).selectOption(value);
    await page.getByRole("button", { name: button, exact: true }).and(page.locator(":not([disabled])")).waitFor();
    await page.getByRole("button", { name: "CSV" }).waitFor();
    same(await alert(page).count(), 0, `errors of example ${value}`);
  }
}];

const QUESTIONS = { questions: [
  { id: "first", gold: 1, choices: [{ id: "short", text: " a", logprobs: [-2] }, { id: "long", text: " a b c", logprobs: [-1, -1, -1] }] },
  { id: "second", gold: 0, choices: [{ id: "yes", text: " yes", logprobs: [-0.1] }, { id: "no", text: " no", logprobs: [-3] }] },
] };

async function ranked(visit) {
  const { page } = visit;
  await goTo(page, "Rank");
  await page.getByRole("tabpanel").getByRole("textbox").first().fill(JSON.stringify(QUESTIONS));
  await page.getByRole("button", { name: "Rank", exact: true }).click();
  await page.getByRole("button", { name: "CSV" }).waitFor();
  const said = await panel(page);
  for (const word of ["first", "second", "Per token", "best"]) ok(said.includes(word), `${word} is shown`);
  ok((await page.getByRole("img", { name: /reliability/i }).count()) === 1, "gold has a reliability diagram");
  const answer = await visit.answer();
  same(answer.questions[0].best.log_prob, 0, "the best by the sum");
  same(answer.questions[0].best.per_token, 1, "the best per token");
}

async function rankRefused(visit) {
  visit.allow(/console: Failed to load resource: .* 4\d\d /);
  await goTo(visit.page, "Rank");
  await visit.page.getByRole("tabpanel").getByRole("textbox").first().fill('{"questions": [{"choices": []}]}');
  await visit.page.getByRole("button", { name: "Rank", exact: true }).click();
  await alert(visit.page).waitFor();
  ok((await alert(visit.page).innerText()).includes("/questions/0/choices"), "the pointer is shown");
}

/* Every step has something to move that changes what it shows, and the server agrees. */
async function learn({ page }) {
  await goTo(page, "Learn");
  const said = (await panel(page)).toLowerCase();
  for (const word of ["log p(y|x)", "chain rule", "marginal", "conditional", "joint", "cross-entropy", "mask", "perplexity", "order"]) ok(said.includes(word), `${word} is in the chapter`);
  const sliders = page.getByRole("tabpanel").getByRole("slider");
  ok((await sliders.count()) >= 5, "there are sliders");
  for (let i = 0; i < (await sliders.count()); i++) {
    const before = await panel(page);
    await sliders.nth(i).focus();
    await sliders.nth(i).press("ArrowLeft");
    if ((await panel(page)) === before) await sliders.nth(i).press("ArrowRight");
    ok((await panel(page)) !== before, `slider ${i} moves something`);
  }
  const buttons = page.getByRole("button", { name: "Ask the server" });
  for (let i = 0; i < (await buttons.count()); i++) {
    await buttons.nth(i).click();
    await until(async () => (await page.getByText("The server says the same").count()) === i + 1, `the server agrees with step ${i + 1}`);
  }
  ok((await buttons.count()) >= 5, "steps ask the server");
}

async function status(visit) {
  const { page } = visit;
  await goTo(page, "Status");
  const metrics = () => visit.requests.filter((url) => url.endsWith("/metrics")).length;
  await until(() => metrics() >= 3, "the metrics are read again");
  const said = (await panel(page)).toLowerCase();
  for (const word of ["requests", "errors", "memory", "/v1/score"]) ok(said.includes(word), `${word} is shown`);
  ok(/latenc|within|ms/.test(said), "times are shown");
  ok((await page.getByRole("tabpanel").getByRole("img").count()) >= 4, "there are plots");
  await goTo(page, "Learn");
  const then = metrics();
  await page.waitForTimeout(5000);
  ok(metrics() <= then + 1, "nothing is read while another tab is open");
}

/* What is on a tab is there again after looking at another. */
async function kept({ page }) {
  await goTo(page, "Compare");
  await page.getByRole("tabpanel").getByRole("textbox").first().fill("something written");
  await goTo(page, "Rank");
  await goTo(page, "Compare");
  same(await page.getByRole("tabpanel").getByRole("textbox").first().inputValue(), "something written", "the text");
}

export const CASES = [
  ["two requests are compared", WIDE, compared], ["two answers are compared", WIDE, comparedAnswers], ["other tokens are not compared", WIDE, notComparable], examplesOf("Compare", "Compare"),
  ["choices are ranked", WIDE, ranked], ["a refusal of Rank is told", WIDE, rankRefused], examplesOf("Rank", "Rank"), ["Learn is played with", WIDE, learn], ["Status reads the metrics", WIDE, status], ["a tab keeps what is on it", WIDE, kept],
];
