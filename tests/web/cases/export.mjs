/* What leaves the page: a report that is read without a script, a table, plots, and a link to the same state. */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ok, same, until } from "../harness.mjs";
import { alert, choices, colour, example, goTo, line, overhang, pasteScored, sums, tokens, WORKED } from "../steps.mjs";

const WIDE = { width: 1280, height: 1000 };

async function saved(page, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
  const path = await download.path();
  return { path, text: readFileSync(path, "utf8"), name: download.suggestedFilename() };
}

/* Opens a report from its file, in a browser without scripts; what it says. */
async function opened(browser, { path, text }, shots, name) {
  ok(!/<script|\son\w+=|javascript:|(?:src|href)="https?:/i.test(text), "the report has no script, and nothing from elsewhere");
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 900, height: 1200 } });
  try {
    const page = await context.newPage();
    const faults = [];
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    page.on("request", (request) => /^https?:/.test(request.url()) && faults.push(request.url()));
    const file = resolve(shots, `${name}.html`);
    writeFileSync(file, readFileSync(path));
    await page.goto(pathToFileURL(file).href);
    await page.screenshot({ path: resolve(shots, `${name}.png`), fullPage: true });
    same(faults, [], "errors of the report");
    return await page.locator("body").innerText();
  } finally {
    await context.close();
  }
}

/* Brings a tab to a result of its first example. */
async function shown(page, name) {
  if (name === "Score") return pasteScored(page, WORKED);
  await goTo(page, name);
  await example(page).selectOption((await choices(example(page)))[0]);
  return page.getByRole("button", { name: "CSV" }).waitFor();
}

/* [tab, words of its report] */
const REPORTS = [["Score", ["-1.9", "-1.1", "-3", "marginal", "conditional", "joint", "Least likely", "49.7 %", "100 %"]], ["Compare", ["a", "b", "KL"]], ["Rank", ["Per token"]]];

const reports = REPORTS.map(([name, words]) => [`the report of ${name} needs no script`, WIDE, async ({ page, browser }, { shots }) => {
  await shown(page, name);
  const said = await opened(browser, await saved(page, /HTML/), shots, `report-${name.toLowerCase()}`);
  for (const word of words) ok(said.includes(word), `${word} is in the report`);
}]);

const tables = ["Score", "Compare", "Rank"].map((name) => [`CSV and SVG of ${name}`, WIDE, async ({ page }) => {
  await shown(page, name);
  const csv = (await saved(page, "CSV")).text;
  const rows = csv.trim().split("\r\n");
  ok(rows.length > 2 && rows[0].includes(","), `rows of CSV: ${rows[0]}`);
  const { text } = await saved(page, "SVG");
  const found = await page.evaluate((xml) => {
    const read = new DOMParser().parseFromString(xml, "image/svg+xml");
    return { error: read.querySelector("parsererror")?.textContent ?? "", marks: read.querySelectorAll("rect, path, circle, polyline, line").length };
  }, text);
  same(found.error, "", "XML of the SVG");
  ok(found.marks > 2 && !/<script|href="http/.test(text), `${found.marks} marks in the SVG`);
}]);

/* Each plot of the file has a caption of its own. */
async function captions({ page }) {
  await pasteScored(page, WORKED);
  const { text } = await saved(page, "SVG");
  const found = [...text.matchAll(/font-weight="600"[^>]*>([^<]+)<\/text>/g)].map(([, one]) => one);
  ok(found.length >= 2 && new Set(found).size === found.length, `captions: ${found.join(", ")}`);
}

async function csvOfScore({ page }) {
  await pasteScored(page, WORKED);
  const rows = (await saved(page, "CSV")).text.trim().split("\r\n").map((row) => row.split(","));
  same(rows.length, 5, "rows: a head and four tokens");
  for (const [i, lp] of [[2, "-1.9"], [3, "-0.7"], [4, "-0.4"]]) ok(rows[i].includes(lp), `${lp} is in row ${i}`);
}

/* The link opens the same state in another browser. */
async function link({ page, browser, url }) {
  await pasteScored(page, WORKED);
  await line(page).press("ArrowRight");
  await colour(page).selectOption("loss");
  const before = await sums(page);
  await page.getByRole("button", { name: "Permanent link" }).click();
  await until(() => page.evaluate(() => location.hash.length > 10), "the link is in the address bar");
  const address = await page.evaluate(() => navigator.clipboard.readText());
  ok(address.startsWith(`${url}/#`), "the link is copied");
  const context = await browser.newContext();
  try {
    const other = await context.newPage();
    await other.goto(address);
    await until(async () => (await tokens(other).count()) === 4 && (await line(other).getAttribute("aria-valuenow")) === "3", "the same tokens and line");
    same(await sums(other), before, "log P");
    same(await colour(other).inputValue(), "loss", "Colour");
  } finally {
    await context.close();
  }
}

const links = ["Compare", "Rank"].map((name) => [`a link opens ${name}`, WIDE, async ({ page, browser }) => {
  await shown(page, name);
  await page.getByRole("button", { name: "Permanent link" }).click();
  await until(() => page.evaluate(() => location.hash.length > 10), "the link is in the address bar");
  const context = await browser.newContext();
  try {
    const other = await context.newPage();
    await other.goto(await page.evaluate(() => location.href));
    await other.getByRole("button", { name: "CSV" }).waitFor();
    same(await alert(other).count(), 0, "errors");
  } finally {
    await context.close();
  }
}]);

/* A fragment that is no link of the page does no harm. */
const WORTHLESS = ["#score=AAAA", "#score=%%%", "#nothing", "#compare=", "#score=" + "A".repeat(3000), "#__proto__=x"];

/* A link that was cut or changed on its way is told, and the page can be used. */
async function cutLink({ page }) {
  await until(() => alert(page).count(), "an error is shown");
  ok(/link/i.test(await alert(page).innerText()), "it is about the link");
  await until(async () => (await tokens(page).count()) > 4, "the first example is shown");
  await goTo(page, "Rank");
  await goTo(page, "Score");
  same(await alert(page).count(), 0, "errors after another tab was seen");
  await pasteScored(page, WORKED);
}

const cut = ["#score=AAAA", "#score=%%%", "#score=AAAA&x=1"].map((hash) => [`the link ${hash} is told to be cut`, { path: `/${hash}` }, cutLink]);

/* Names that every object of the language has are no tabs. */
const names = ["#constructor=1", "#constructor", "#toString", "#valueOf"].map((hash) => [`${hash} opens Score`, { path: `/${hash}` }, async ({ page }) => {
  await until(async () => (await tokens(page).count()) > 4, "the first example is shown");
}]);

const worthless = WORTHLESS.map((hash) => [`the address ${hash.slice(0, 20)} opens the page`, { path: `/${hash}` }, async ({ page }) => {
  await page.getByRole("tabpanel").waitFor();
  ok((await overhang(page)) <= 0, "nothing is wider than the window");
}]);

export const CASES = [...reports, ...tables, ["CSV of Score has the numbers", WIDE, csvOfScore], ["plots have captions", WIDE, captions], ["a link opens the same state", WIDE, link], ...links, ...worthless, ...cut, ...names];
