/* Everything by keyboard alone: the tabs by arrow keys, and all that can be used in the order of Tab, with a ring that
 * shows where the focus is. */
import { ok, same, until } from "../harness.mjs";
import { alert, area, example, focused, goTo, pasteScored, scored, tab, TABS, tokens, WORKED } from "../steps.mjs";

async function arrows({ page }) {
  await tab(page, "Score").focus();
  for (const name of [...TABS.slice(1), "Score"]) {
    await page.keyboard.press("ArrowRight");
    await until(async () => (await tab(page, name).getAttribute("aria-selected")) === "true", `${name} is selected`);
    same((await focused(page)).text, name, "the focus");
    same(await page.getByRole("tabpanel").count(), 1, "panels in sight");
  }
  await page.keyboard.press("ArrowLeft");
  same((await focused(page)).text, "Status", "to the left of the first");
  await page.keyboard.press("Home");
  same((await focused(page)).text, "Score", "Home");
  await page.keyboard.press("End");
  same((await focused(page)).text, "Status", "End");
}

/* Whether what has the focus shows it: an outline, a border or a shadow that it has not without. */
function ringed(page) {
  return page.evaluate(() => {
    const node = document.activeElement;
    const styleOf = () => ["outlineStyle", "outlineWidth", "boxShadow", "borderColor", "backgroundColor"].map((name) => getComputedStyle(node)[name]).join();
    const now = styleOf();
    node.blur();
    const then = styleOf();
    node.focus({ preventScroll: true });
    return now !== then;
  });
}

/* Presses Tab until the focus is where it was; what it came by. */
async function walk(page, most = 120) {
  const seen = [];
  for (let i = 0; i < most; i++) {
    await page.keyboard.press("Tab");
    const now = await focused(page);
    if (now.role === "body" || now.role === "html") break;
    seen.push({ ...now, ring: await ringed(page) });
  }
  return seen;
}

async function order({ page }) {
  await scored(page);
  await page.evaluate(() => document.activeElement.blur());
  const seen = await walk(page);
  const has = (what, holds) => ok(seen.some(holds), `Tab comes by ${what}; it came by ${seen.map((one) => `${one.role} ${one.label || one.text}`).join(", ")}`);
  has("the tabs", (one) => one.role === "tab");
  has("Example", (one) => one.role === "select" && one.label === "Example");
  has("the textarea", (one) => one.label === "Request or engine answer");
  has("Score", (one) => one.role === "button" && one.text === "Score");
  has("Colour", (one) => one.label === "Colour");
  has("a token", (one) => one.inTokens);
  has("the line", (one) => one.role === "slider" && one.label === "Prompt length");
  has("the threshold", (one) => one.role === "input");
  same(seen.filter((one) => !one.ring).map((one) => `${one.role} ${one.label || one.text}`), [], "without a ring");
}

async function tokenByToken({ page }) {
  await pasteScored(page, WORKED);
  await tokens(page).first().focus();
  for (const [key, i] of [["ArrowRight", 1], ["ArrowRight", 2], ["ArrowLeft", 1], ["End", 3], ["Home", 0]]) {
    await page.keyboard.press(key);
    ok(await tokens(page).nth(i).evaluate((node) => node === document.activeElement), `${key} goes to token ${i}`);
  }
}

/* Written, scored and corrected without a pointer. */
async function wholeWay(visit) {
  const { page } = visit;
  visit.allow(/console: Failed to load resource: .* 4\d\d /);
  await scored(page);
  await area(page).focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText('{"tokens": [1, 2]}');
  await page.keyboard.press("ControlOrMeta+Enter");
  await until(() => alert(page).count(), "an error is shown");
  ok((await focused(page)).label === "Request or engine answer", "the focus stays in the text");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(WORKED);
  for (let i = 0; i < 20 && (await focused(page)).text !== "Score"; i++) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await until(async () => (await tokens(page).count()) === 4, "the text is scored");
}

async function exampleByKeys({ page }) {
  await scored(page);
  const before = await area(page).inputValue();
  await example(page).focus();
  await page.keyboard.press("ArrowDown");
  await until(async () => (await area(page).inputValue()) !== before, "the next example is loaded");
  await scored(page);
}

/* No tab holds the focus back: Tab goes through and leaves. */
const leaves = TABS.slice(1).map((name) => [`Tab goes through ${name}`, {}, async ({ page }) => {
  await goTo(page, name);
  await tab(page, name).focus();
  const seen = await walk(page);
  ok(seen.length > 0 || name === "Status", "there is something to use");
  same(seen.filter((one) => !one.ring).map((one) => `${one.role} ${one.label || one.text}`), [], "without a ring");
}]);

export const CASES = [
  ["arrow keys go from tab to tab", {}, arrows], ["Tab comes by all that can be used", {}, order], ["arrow keys go from token to token", {}, tokenByToken],
  ["a text is written, refused, mended and scored", {}, wholeWay], ["an example is chosen by keys", {}, exampleByKeys], ...leaves,
];
