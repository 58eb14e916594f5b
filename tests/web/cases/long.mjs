/* 100,000 tokens: only what is in sight is in the document, wherever it is scrolled to. Counted, not timed. */
import { ok, same, until } from "../harness.mjs";
import { colour, drop, focused, line, region, scored, sums, tokens } from "../steps.mjs";

const LENGTH = 100_000;
const MOST = 6000;

const nodes = (page) => page.evaluate(() => document.querySelectorAll("*").length);

function request() {
  const ids = Array.from({ length: LENGTH }, (_, i) => i % 5000);
  const logprobs = ids.map((id, i) => (i === 0 ? null : i === 77_777 ? -30 : -((i * 7919) % 1000) / 200 - 0.001));
  return JSON.stringify({ tokens: ids, prompt_length: 50_000, logprobs });
}

async function open(page) {
  await scored(page);
  await drop(page, [{ name: "long.json", bytes: request() }]);
  await until(async () => /100.?000 tokens/.test(await page.getByRole("tabpanel").innerText()), "the text is scored", 60);
}

async function scrolled({ page }) {
  await open(page);
  const box = region(page);
  await box.evaluate((node) => node.scrollIntoView({ block: "center" }));
  for (const share of [0, 0.1, 0.5, 0.9, 1, 0.3]) {
    await box.evaluate((node, part) => node.scrollTo(0, part * node.scrollHeight), share);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    const all = await nodes(page);
    ok(all < MOST, `${all} nodes at ${share} of the text`);
    const seen = await box.evaluate((node) => {
      const { x, y, width, height } = node.getBoundingClientRect();
      return Boolean(document.elementFromPoint(x + width / 3, y + height / 2)?.closest("button, [tabindex]")?.dataset);
    });
    ok(seen || share === 1, `a token is drawn at ${share} of the text`);
  }
}

async function jumps({ page }) {
  await open(page);
  await page.getByRole("list", { name: "Least likely" }).getByRole("button").first().click();
  const now = await focused(page);
  ok(now.inTokens, "the focus is on a token");
  ok(/77.?777/.test(await page.getByRole("tabpanel").innerText()), "it is token 77777");
  await page.keyboard.press("End");
  ok((await focused(page)).inTokens && (await nodes(page)) < MOST, "End goes to the last token");
}

async function moves(visit) {
  const { page } = visit;
  await open(page);
  const before = visit.requests.length;
  const { joint } = await sums(page);
  await line(page).press("End");
  same(await sums(page), { marginal: joint, conditional: 0, joint }, "log P with the line at the end");
  await colour(page).selectOption("loss");
  ok((await tokens(page).count()) > 0 && (await nodes(page)) < MOST, "colours change what is in sight");
  same(visit.requests.length, before, "requests");
}

export const CASES = [["few nodes while scrolling", {}, scrolled], ["a jump to the least likely", {}, jumps], ["the line and the colours", {}, moves], ["few nodes at 360 px", { width: 360, height: 800 }, scrolled]];
