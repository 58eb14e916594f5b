/* The key: asked for, sent, and kept nowhere but in memory. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ok, same, startServer, until, Visit } from "../harness.mjs";
import { alert, goTo, paste, pasteScored, scored, WORKED } from "../steps.mjs";

const KEY = "correct-horse-battery-staple-0123456789";

const field = (page) => page.getByLabel(/api key/i);

/* Runs with a server that wants a key. */
async function guarded({ browser, program }, body) {
  const folder = mkdtempSync(join(tmpdir(), "logitd-key-"));
  writeFileSync(join(folder, "keys"), `${KEY}\n`, { mode: 0o600 });
  const server = await startServer(program, "--api-key-file", join(folder, "keys"));
  const visit = new Visit(browser, server);
  visit.allow(/console: Failed to load resource: .* 401 /);
  try {
    await visit.open();
    await body(visit);
    await visit.check();
  } finally {
    await visit.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

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

const within = (body) => (visit, world) => guarded(world, body);

export const CASES = [
  ["a key is asked for, sent and forgotten", {}, within(asked)], ["a key does not outlive the page", {}, within(afresh)], ["Status has the key", {}, within(everywhere)],
  ["without keys nobody is asked", {}, ({ page }) => scored(page)],
];
