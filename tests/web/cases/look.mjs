/* Every tab and /docs, at both widths and in both themes: nothing to find for axe-core, nothing wider than the window;
 * screenshots to look at. */
import { resolve } from "node:path";
import { ok, until } from "../harness.mjs";
import { alert, choices, example, goTo, overhang, scored, TABS } from "../steps.mjs";

const LOOKS = [360, 2560].flatMap((width) => ["light", "dark"].map((scheme) => ({ width, height: width < 1000 ? 800 : 1400, scheme })));
const nameOf = ({ width, scheme }) => `${width}-${scheme}`;

/* Each tab with something in it: the first example that it offers. */
async function fill(page, name) {
  await goTo(page, name);
  if (name === "Score") return scored(page);
  if (name === "Status") return until(() => page.locator("svg").count(), "plots are drawn");
  if (name === "Learn") return until(() => page.locator("input[type=range]").count(), "there is something to play with");
  await example(page).selectOption((await choices(example(page)))[0]);
  await until(() => page.getByRole("region", { name: "Export" }).count(), "a result is shown");
  return ok((await alert(page).count()) === 0, "no error is shown");
}

/* Of a page that is many screens long, the first of them. */
const TALLEST = 6000;

async function look(visit, name, shots) {
  const { page, options } = visit;
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  const { width, scheme } = { width: options.viewport.width, scheme: options.colorScheme };
  const height = Math.min(await page.evaluate(() => document.documentElement.scrollHeight), TALLEST);
  await page.setViewportSize({ width, height: Math.max(height, options.viewport.height) });
  await page.screenshot({ path: resolve(shots, `${name.toLowerCase()}-${width}-${scheme}.png`), timeout: 60_000 });
  await page.setViewportSize(options.viewport);
  const over = await overhang(page);
  ok(over <= 0, `${name} is ${over} px wider than the window`);
  await visit.axe(name);
}

const tabs = LOOKS.flatMap((options) => TABS.map((name) => [`${name} at ${nameOf(options)} is sound`, options, async (visit, { shots }) => {
  await fill(visit.page, name);
  await look(visit, name, shots);
}]));

const docs = LOOKS.map((options) => [`/docs at ${nameOf(options)} is sound`, { ...options, path: "/docs" }, async (visit, { shots }) => {
  await until(async () => (await visit.page.locator("body").innerText()).includes("/v1/score"), "the routes are listed");
  await look(visit, "docs", shots);
}]);

export const CASES = [...tabs, ...docs];
