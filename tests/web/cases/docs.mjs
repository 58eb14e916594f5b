/* /docs shows the whole of /openapi.json, and sends its examples; the program tells of the page and of other routes. */
import { ok, same, startServer, until } from "../harness.mjs";

const WIDE = { width: 1280, height: 1000, path: "/docs" };

async function openapi(url) {
  return (await fetch(`${url}/openapi.json`)).json();
}

async function listed({ page, url }) {
  const paths = Object.entries((await openapi(url)).paths);
  await until(async () => (await page.locator("body").innerText()).includes("/v1/score"), "routes are shown");
  const said = await page.locator("body").innerText();
  same(paths.map(([path]) => path).filter((path) => !said.includes(path)), [], "paths that are missing");
  ok(paths.length > 10, "there are paths");
}

async function sent({ page }) {
  await until(async () => (await page.locator("body").innerText()).includes("/v1/score"), "routes are shown");
  const details = page.locator("details:not([open]) > summary", { hasText: "/v1/score" });
  for (let i = await details.count(); i > 0; i--) await details.nth(i - 1).click();
  const answered = page.waitForResponse((response) => response.request().method() === "POST" && response.url().endsWith("/v1/score"));
  await page.getByRole("button", { name: /send|try/i }).and(page.locator(":visible")).first().click();
  same((await answered).status(), 200, "status of the example");
  await until(async () => (await page.locator("body").innerText()).includes("log_prob"), "the answer is shown");
}

/* [path, Accept, status, words of the answer] */
const ROUTES = [
  ["/", "application/json", 200, "/openapi.json"], ["/", "text/html", 200, "<!doctype html>"], ["/docs", "text/html", 200, "<!doctype html>"],
  ["/v1/scor", "*/*", 404, "/v1/score"], ["/nothing", "*/*", 404, "/openapi.json"],
];

const routes = ROUTES.map(([path, accept, status, words]) => [`${path} as ${accept}`, {}, async ({ url }) => {
  const answer = await fetch(url + path, { headers: { Accept: accept } });
  same(answer.status, status, "status");
  ok((await answer.text()).includes(words), `${words} is in the answer`);
}]);

async function strict({ url }) {
  for (const path of ["/", "/docs"]) {
    const answer = await fetch(url + path, { headers: { Accept: "text/html" } });
    const policy = answer.headers.get("content-security-policy") ?? "";
    ok(/default-src 'none'/.test(policy) && !/unsafe/.test(policy), `the policy of ${path}: ${policy}`);
    const tag = answer.headers.get("etag");
    same((await fetch(url + path, { headers: { Accept: "text/html", "If-None-Match": tag }, cache: "no-store" })).status, 304, "with its ETag");
    same(answer.headers.get("content-encoding"), "gzip", "encoding");
  }
}

async function off(visit, { program }) {
  const server = await startServer(program, "--no-page");
  try {
    for (const path of ["/", "/docs", "/web/style.css"]) same((await fetch(server.url + path, { headers: { Accept: "text/html" } })).status, 404, path);
  } finally {
    await server.stop();
  }
}

export const CASES = [["/docs lists every path", WIDE, listed], ["/docs sends an example", WIDE, sent], ...routes, ["the policy is strict", {}, strict], ["--no-page has no page", {}, off]];
