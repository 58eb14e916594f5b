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

async function opened({ page }) {
  await page.getByRole("button", { name: "Open all operations" }).click();
  await until(async () => (await page.getByRole("button", { name: "Send" }).count()) > 20, "operations are open");
}

/* Every example of every operation is answered, and where there are several, each can be chosen. */
async function everyExample(visit) {
  const { page, url } = visit;
  await opened(visit);
  for (const [path, item] of Object.entries((await openapi(url)).paths)) {
    for (const method of Object.keys(item)) {
      const form = page.getByRole("region", { name: `Try ${method.toUpperCase()} ${path}`, exact: true });
      const example = form.getByLabel("Example", { exact: true });
      const known = Object.values(item[method].requestBody?.content ?? {}).flatMap((media) => Object.keys(media.examples ?? {})).length;
      if (known > 1) same(await example.locator("option").count(), known, `examples of ${method} ${path}`);
      for (let i = 0; i < Math.max(known, 1); i++) {
        if (known > 1) await example.selectOption({ index: i });
        await form.getByRole("button", { name: "Send" }).click();
        await until(async () => /\b\d{3} [A-Z]/.test(await form.innerText()) && (await form.getByRole("button", { name: "Send" }).isEnabled()), `${method} ${path} is answered`);
        ok((await form.innerText()).includes("200 OK"), `example ${i} of ${method} ${path}: ${(await form.innerText()).slice(-200)}`);
      }
    }
  }
}

const LIMITS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems", "minLength", "maxLength", "pattern"];

/* What a schema says, but for the schemas that it refers to. */
function* sayings(schema) {
  if (typeof schema !== "object" || schema === null || schema.$ref) return;
  if (schema.description) yield schema.description;
  for (const value of schema.enum ?? []) yield JSON.stringify(value);
  if (schema.default !== undefined) yield `default ${JSON.stringify(schema.default)}`;
  for (const name of LIMITS) if (schema[name] !== undefined) yield String(schema[name]);
  yield* Object.keys(schema.properties ?? {});
  const inner = [...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties, ...["oneOf", "anyOf", "allOf", "prefixItems"].flatMap((name) => schema[name] ?? [])];
  for (const one of inner) yield* sayings(one);
}

async function everyMember({ page, url }) {
  await until(async () => (await page.getByText(/All \d+ schemas/).count()) === 1, "schemas are listed");
  const shown = async () => page.evaluate(() => {
    const closed = [...document.querySelectorAll("main details:not([open])")];
    closed.forEach((one) => { one.open = true; });
    return closed.length === 0;
  });
  await until(shown, "everything is open");
  const said = await page.evaluate(() => Object.fromEntries([...document.querySelectorAll('[id^="schema-"]')].map((one) => [one.id, one.textContent])));
  const missing = Object.entries((await openapi(url)).components.schemas).flatMap(([name, schema]) => [...sayings(schema)].filter((one) => !said[`schema-${name}`]?.includes(one)).map((one) => `${name}: ${one}`));
  same(missing, [], "what schemas say and the page does not");
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

export const CASES = [["/docs lists every path", WIDE, listed], ["/docs sends an example", WIDE, sent],
  ["/docs sends every example", WIDE, everyExample], ["/docs shows every member", WIDE, everyMember], ...routes, ["the policy is strict", {}, strict], ["--no-page has no page", {}, off]];
