/* What a case stands on: the program on a free port, a browser, and a page on which every error is noticed. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Starts the program; it is stopped by stop(). */
export async function startServer(program, ...flags) {
  const child = spawn(program, ["--port", "0", ...flags], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const url = await new Promise((resolve, reject) => {
    let said = "";
    child.stderr.on("data", (piece) => {
      said += piece;
      const found = /listening on (http:\/\/[^\s]+)/.exec(said);
      if (found) resolve(found[1]);
    });
    child.once("exit", (code) => reject(new Error(`the program ended with ${code}: ${said}`)));
  });
  return { url, stop: () => (child.kill("SIGTERM"), ended) };
}

/** A claim that does not hold. */
export class Wrong extends Error {}

const shown = (value) => JSON.stringify(value)?.slice(0, 600);

/** Fails unless the value is true. */
export function ok(value, what) {
  if (!value) throw new Wrong(what);
}

/** Fails unless both have the same JSON. */
export function same(got, wanted, what) {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) throw new Wrong(`${what}: ${shown(got)} where ${shown(wanted)} is right`);
}

/** Fails unless both are the same number, but for a few units in the last place of what is shown. */
export function near(got, wanted, what, within = 1e-4) {
  if (!(Math.abs(got - wanted) <= within * Math.max(1, Math.abs(wanted)))) throw new Wrong(`${what}: ${got} where ${wanted} is right`);
}

/** Waits until a function says true; fails with the words after some seconds. */
export async function until(holds, what, seconds = 30) {
  for (const end = Date.now() + 1000 * seconds; Date.now() < end;) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Wrong(`not within ${seconds} s: ${what}`);
}

/* Violations of the policy are counted in the page, from its first script on. */
function countViolations() {
  globalThis.violations = [];
  addEventListener("securitypolicyviolation", (event) => globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
}

/** A page that notes errors, violations of the policy, and requests. */
export class Visit {
  constructor(browser, server, { width = 1280, height = 900, scheme = "light", ...options } = {}) {
    Object.assign(this, { browser, server, url: server.url, faults: [], requests: [], answers: [], allowed: [] });
    this.options = { viewport: { width, height }, colorScheme: scheme, reducedMotion: "reduce", acceptDownloads: true, ...options };
  }

  async open(path = "/") {
    this.context = await this.browser.newContext(this.options);
    await this.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: this.url });
    await this.context.addInitScript(countViolations);
    this.context.on("request", (request) => this.#asked(request));
    this.page = await this.context.newPage();
    this.page.setDefaultTimeout(30_000);
    this.page.on("console", (message) => ["error", "warning"].includes(message.type()) && this.faults.push(`console: ${message.text()}`));
    this.page.on("pageerror", (error) => this.faults.push(`script: ${error.message}`));
    this.page.on("requestfailed", (request) => this.faults.push(`request: ${request.url()} ${request.failure()?.errorText}`));
    this.page.on("response", (response) => response.url().includes("/v1/") && this.answers.push(response));
    await this.page.goto(this.url + path);
    return this.page;
  }

  #asked(request) {
    const url = request.url();
    this.requests.push(url);
    if (!url.startsWith(`${this.url}/`) && !/^(?:data|blob):/.test(url)) this.faults.push(`a request leaves the origin: ${url}`);
  }

  /** The case brings this fault about on purpose. */
  allow(pattern) {
    this.allowed.push(pattern);
  }

  /** The last answer of the server, as JSON. */
  async answer() {
    return this.answers.at(-1).json();
  }

  /** Fails on the first fault that nobody allowed. */
  async check() {
    const violations = await this.page.evaluate(() => globalThis.violations);
    const found = [...this.faults, ...violations.map((one) => `policy: ${one}`)].filter((fault) => !this.allowed.some((pattern) => pattern.test(fault)));
    same(found, [], "errors of the page");
  }

  /** Fails on findings of axe-core. */
  async axe(what) {
    await this.page.evaluate(axe);
    const found = await this.page.evaluate(async () => (await globalThis.axe.run(document)).violations
      .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`).join(" | ")}`));
    same(found, [], `${what}: findings of axe-core`);
  }

  async close() {
    await this.context?.close();
  }
}

/** Visits a server that wants a key. Where a wrong one is sent, the browser tells of the refusal. */
export async function locked({ browser, program }, { key, path = "/", wrong = false }, body) {
  const folder = mkdtempSync(join(tmpdir(), "logitd-key-"));
  writeFileSync(join(folder, "keys"), `${key}\n`, { mode: 0o600 });
  const server = await startServer(program, "--api-key-file", join(folder, "keys"));
  const visit = new Visit(browser, server);
  if (wrong) visit.allow(/console: Failed to load resource: .* 401 /);
  try {
    await visit.open(path);
    await body(visit);
    await visit.check();
  } finally {
    await visit.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}
