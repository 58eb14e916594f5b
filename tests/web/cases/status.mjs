/* Status: its numbers are those of /metrics, a key that is typed is used, and nothing stale is left when the server is gone. */
import { locked, ok, same, until } from "../harness.mjs";
import { alert, goTo } from "../steps.mjs";

const KEY = "a-key-that-is-long-enough-0123456789";

const panel = (page) => page.getByRole("tabpanel");
const plot = (page, name) => page.getByRole("region", { name, exact: true });
const asked = (visit) => visit.requests.filter((url) => url.endsWith("/metrics")).length;

async function metrics(url) {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split("\n").filter((line) => line && !line.startsWith("#"));
  return lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]);
}

async function numbers(visit) {
  const { page, url } = visit;
  await goTo(page, "Status");
  for (const body of ['{"logprobs": [-1, -2, -3]}', "{"]) await fetch(`${url}/v1/score`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  const then = asked(visit);
  await until(() => asked(visit) >= then + 2, "the metrics are read");
  const now = await metrics(url);
  const sum = (pattern) => now.filter(([name]) => pattern.test(name)).reduce((total, [, value]) => total + value, 0);
  ok((await plot(page, "Tokens scored").innerText()).includes(`${sum(/^logitd_tokens_scored_total/)} since`), "tokens");
  ok((await plot(page, "Errors").innerText()).includes(`${sum(/^logitd_http_requests_total.*code="[45]/)} since`), "errors");
  const row = page.getByRole("row", { name: /^\/v1\/score / });
  same(Number((await row.getByRole("cell").first().innerText()).replace(/\D/g, "")), sum(/^logitd_http_requests_total.*"\/v1\/score"/), "requests of the route");
}

async function gone(visit) {
  visit.allow(/ERR_FAILED|request: .*\/metrics/);
  const { page } = visit;
  await goTo(page, "Status");
  await until(() => asked(visit) >= 2, "the metrics are read");
  await page.route("**/metrics", (route) => route.abort());
  await alert(page).waitFor();
  ok(/no answer/i.test(await panel(page).innerText()), "the page says that there is no answer");
  ok(!(await plot(page, "Requests").innerText()).includes("since"), "no number is left");
  await page.unroute("**/metrics");
  await until(async () => (await alert(page).count()) === 0, "the server is asked again");
  ok((await plot(page, "Requests").innerText()).includes("since"), "the numbers are back");
}

async function unseen(visit) {
  const { page } = visit;
  await goTo(page, "Status");
  await until(() => asked(visit) >= 1, "the metrics are read");
  const turn = (hidden) => page.evaluate((value) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => value });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
  await turn(true);
  await page.waitForTimeout(500);
  const then = asked(visit);
  await page.waitForTimeout(4500);
  same(asked(visit), then, "requests of a page that nobody sees");
  await turn(false);
  await until(() => asked(visit) > then, "it is read at once when it is seen again", 1.5);
}

/* A key is used when it is typed: no other field must be visited. */
async function typed(_, world) {
  await locked(world, { key: KEY, path: "/#status" }, async (visit) => {
    const { page } = visit;
    await alert(page).waitFor();
    const then = asked(visit);
    await page.waitForTimeout(2500);
    same(asked(visit), then, "requests without a key");
    await page.getByLabel("API key").fill(KEY);
    await until(async () => (await plot(page, "Requests").innerText()).includes("since"), "the numbers are shown");
  });
}

export const CASES = [["Status has the numbers of /metrics", {}, numbers], ["Status without an answer", {}, gone], ["Status that nobody sees", {}, unseen], ["Status with a key", {}, typed]];
