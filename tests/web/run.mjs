/* run.mjs PROGRAM BROWSER [PART...] - open the page of the program in a real browser and use it. A part is a file of
 * cases/, all without one. A case knows the names that the page promises (roles, labels, regions), and nothing of how
 * it is built. Screenshots go to screenshots/ beside this file. Prints what fails, then check's summary line and
 * "N passed, N failed, N skipped". Run it from the root of the repository. */
import { readdirSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { startServer, Visit } from "./harness.mjs";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const [program, executablePath, ...wanted] = process.argv.slice(2);
const here = fileURLToPath(new URL(".", import.meta.url));
const shots = resolve(here, "screenshots");

const counts = { passed: 0, failed: 0, skipped: 0 };

async function runCase([name, options, body], world) {
  const visit = new Visit(world.browser, world.server, options);
  try {
    await visit.open(options.path);
    await body(visit, world);
    await visit.check();
    counts.passed++;
  } catch (error) {
    counts.failed++;
    const at = /cases\/([\w.]+:\d+)/.exec(error.stack)?.[1] ?? "";
    console.log(`FAILS ${name}: ${error.message.split("\n").slice(0, 4).join("\n      ")} ${at}`);
    await visit.page?.screenshot({ path: resolve(shots, `failed-${counts.failed}.png`) }).catch(() => {});
  } finally {
    await visit.close();
  }
}

await mkdir(shots, { recursive: true });
const server = await startServer(program);
const browser = await chromium.launch({ executablePath, args: FLAGS });
for (const file of readdirSync(resolve(here, "cases")).sort()) {
  if (wanted.length > 0 && !wanted.includes(file.replace(".mjs", ""))) continue;
  const { CASES } = await import(`./cases/${file}`);
  for (const one of CASES) await runCase(one, { browser, server, program, shots });
}
await browser.close();
await server.stop();
const { passed, failed, skipped } = counts;
console.log(`${passed + failed > 0 ? Math.floor((100 * passed) / (passed + failed)) : 100}%: Checks: ${passed + failed}, Failures: ${failed}, Errors: 0`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
