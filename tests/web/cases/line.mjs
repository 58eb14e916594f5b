/* The line between x and y: its slider by keys and by dragging; the sums follow at once, nothing is sent, and they are
 * what the server says of that prompt_length. */
import { near, ok, same, until } from "../harness.mjs";
import { area, line, pasteScored, scored, sums, tokens, WORKED } from "../steps.mjs";

const WIDE = { width: 1280, height: 1000 };
const at = async (page) => Number(await line(page).getAttribute("aria-valuenow"));

/* [keys, where the line is then], from 2 of 4 tokens */
const KEYS = [
  [["ArrowRight"], 3], [["ArrowLeft"], 1], [["Home"], 0], [["End"], 4], [["ArrowRight", "ArrowRight", "ArrowRight"], 4],
  [["ArrowLeft", "ArrowLeft", "ArrowLeft"], 0], [["ArrowUp"], 3], [["ArrowDown"], 1], [["End", "Home", "ArrowRight"], 1],
];

/* log P of the worked request with the line at each place */
const SUMS = [[0, -3], [0, -3], [-1.9, -1.1], [-2.6, -0.4], [-3, 0]];

async function shows(page, place) {
  same(await at(page), place, "aria-valuenow");
  const got = await sums(page);
  near(got.marginal, SUMS[place][0], "marginal", 1e-9);
  near(got.conditional, SUMS[place][1], "conditional", 1e-9);
  near(got.joint, -3, "joint", 1e-9);
}

const keys = KEYS.map(([list, place]) => async (visit) => {
  await line(visit.page).focus();
  await line(visit.page).press("Home");
  for (let i = 0; i < 2; i++) await line(visit.page).press("ArrowRight");
  for (const key of list) await line(visit.page).press(key);
  await shows(visit.page, place);
});

async function byKeys(visit) {
  await pasteScored(visit.page, WORKED);
  const before = visit.requests.length;
  for (const one of keys) await one(visit);
  same(visit.requests.length - before, 0, "requests");
}

async function byDragging(visit) {
  const { page } = visit;
  await pasteScored(page, WORKED);
  await line(page).scrollIntoViewIfNeeded();
  const before = visit.requests.length;
  const box = await line(page).boundingBox();
  const start = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  for (let i = 1; i <= 20; i++) await page.mouse.move(start.x + 100 * i, start.y);
  await shows(page, 4);
  for (let i = 20; i >= -20; i--) await page.mouse.move(Math.max(start.x + 100 * i, 1), start.y);
  await shows(page, 0);
  await page.mouse.up();
  await page.mouse.move(start.x, start.y);
  await shows(page, 0);
  same(visit.requests.length - before, 0, "requests");
}

/* The bars of the sums are drawn anew. */
async function barsFollow({ page }) {
  await pasteScored(page, WORKED);
  const bars = page.getByRole("img", { name: /marginal .* plus conditional/ }).locator("rect");
  const drawn = () => bars.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width).join());
  const before = await drawn();
  await line(page).press("ArrowRight");
  ok((await drawn()) !== before, "the bars changed");
}

/* What the page adds up is what the server adds up. */
async function asTheServer(visit) {
  const { page, url } = visit;
  await scored(page);
  const request = JSON.parse(await area(page).inputValue());
  delete request.token_texts;
  const length = request.tokens.length;
  for (const place of [0, 1, 2, Math.floor(length / 2), length - 1, length]) {
    await line(page).press("Home");
    for (let i = 0; i < place; i++) await line(page).press("ArrowRight");
    const answer = await (await fetch(`${url}/v1/score`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ ...request, prompt_length: place }) })).json();
    const got = await sums(page);
    for (const [name, { log_prob: sum }] of Object.entries(answer.sequences[0].objectives)) near(got[name], sum, `${name} at ${place}`, 1e-6);
  }
}

/* A mask is kept until the line is moved, and can be brought back. */
async function mask({ page }) {
  await pasteScored(page, '{"tokens": [1, 2, 3, 4], "mask": [0, 1, 0, 1], "logprobs": [null, -1, -2, -4]}');
  same(await sums(page), { marginal: -2, conditional: -5, joint: -7 }, "log P with the mask");
  await line(page).press("End");
  same(await sums(page), { marginal: -7, conditional: 0, joint: -7 }, "log P with the line at the end");
  await page.getByRole("button", { name: /back/i }).click();
  same(await sums(page), { marginal: -2, conditional: -5, joint: -7 }, "log P with the mask again");
}

async function touch({ page }) {
  await pasteScored(page, WORKED);
  await line(page).scrollIntoViewIfNeeded();
  const box = await line(page).boundingBox();
  ok(box.width >= 16 && box.height >= 24, `the handle is large enough for a finger: ${box.width} x ${box.height}`);
  await until(async () => (await tokens(page).count()) === 4, "tokens are shown");
}

export const CASES = [
  ["the line moves by keys", WIDE, byKeys], ["the line is dragged", WIDE, byDragging], ["the bars follow the line", WIDE, barsFollow],
  ["the sums are the server's", WIDE, asTheServer], ["a mask comes back", WIDE, mask], ["the line at 360 px", { width: 360, height: 800, hasTouch: true }, touch],
];
