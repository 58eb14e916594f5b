/* The key: asked for, sent, and kept nowhere but in memory. */
import { locked, ok, same, until } from "../harness.mjs";
import { alert, goTo, paste, pasteScored, scored, TABS, WORKED } from "../steps.mjs";

const KEY = "correct-horse-battery-staple-0123456789";

const field = (page) => page.getByLabel(/api key/i);

const guarded = (world, body, wrong) => locked(world, { key: KEY, wrong }, body);

async function kept(page) {
  return page.evaluate(() => [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie, location.href, JSON.stringify(history.state)].join(" "));
}

async function asked(visit) {
  const { page } = visit;
  await paste(page, WORKED);
  ok(/key/i.test(await alert(page).innerText()), "the page says that a key is needed");
  await field(page).fill("wrong");
  await paste(page, WORKED);
  ok((await alert(page).count()) > 0, "a wrong key is refused");
  await field(page).fill(KEY);
  await pasteScored(page, WORKED);
  ok(!(await kept(page)).includes(KEY), "the key is kept in memory only");
  ok(!visit.requests.some((url) => url.includes(KEY)), "the key is in no address");
  const text = await page.getByRole("tabpanel").innerText();
  ok(/Authorization: Bearer/.test(text) && !text.includes(KEY), "the command has a place for the key, not the key");
  await page.getByRole("button", { name: "Permanent link" }).click();
  await until(() => page.evaluate(() => location.hash.length > 10), "the link is in the address bar");
  ok(!(await kept(page)).includes(KEY), "the link is without the key");
}

/* Without a key nothing is sent that the server must refuse: the page asks for the key, and goes on when it is there. */
async function nothingIsSent(visit) {
  const { page } = visit;
  await until(async () => /type it into the field .API key/i.test(await page.getByRole("tabpanel").innerText()), "the page asks for a key");
  same(await alert(page).count(), 0, "errors of a page that was only opened");
  await paste(page, WORKED);
  ok(/key/i.test(await alert(page).innerText()), "Score says that a key is needed");
  for (const name of TABS) await goTo(page, name);
  await goTo(page, "Score");
  same(visit.requests.filter((url) => /\/v1\/|\/metrics/.test(url)), [], "requests that need a key");
  await field(page).fill(KEY);
  await field(page).press("Enter");
  await scored(page);
}

async function afresh({ page }) {
  await field(page).fill(KEY);
  await pasteScored(page, WORKED);
  await page.reload();
  same(await field(page).inputValue(), "", "the field after reloading");
  same(await field(page).getAttribute("type"), "password", "the field");
}

async function everywhere({ page }) {
  await field(page).fill(KEY);
  await pasteScored(page, WORKED);
  await goTo(page, "Status");
  await until(() => page.locator("svg").count(), "plots are drawn");
  same(await alert(page).count(), 0, "errors of Status");
}

const within = (body, wrong = false) => (visit, world) => guarded(world, body, wrong);

export const CASES = [
  ["a key is asked for, sent and forgotten", {}, within(asked, true)], ["nothing is sent without a key", {}, within(nothingIsSent)], ["a key does not outlive the page", {}, within(afresh)], ["Status has the key", {}, within(everywhere)],
  ["without keys nobody is asked", {}, ({ page }) => scored(page)],
];
