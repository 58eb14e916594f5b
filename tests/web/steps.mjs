/* What a reader does on the page, by the names that it promises. */
import { ok, until } from "./harness.mjs";

export const TABS = ["Score", "Compare", "Rank", "Learn", "Status"];

/** A request with the numbers of the worked example, -0.7 and -0.4 after a prompt. */
export const WORKED = '{"tokens": [1, 403, 407, 261], "prompt_length": 2, "logprobs": [null, -1.9, -0.7, -0.4]}';

export const tab = (page, name) => page.getByRole("tab", { name, exact: true });
export const region = (page) => page.getByRole("region", { name: "Tokens", exact: true });
export const tokens = (page) => region(page).locator("button, [tabindex]");
export const area = (page) => page.getByLabel("Request or engine answer");
export const example = (page) => page.getByLabel("Example", { exact: true });
export const colour = (page) => page.getByLabel("Colour", { exact: true });
export const line = (page) => page.getByRole("slider", { name: "Prompt length" });
export const alert = (page) => page.getByRole("alert");

/** Opens a tab. */
export async function goTo(page, name) {
  await tab(page, name).click();
  await until(async () => (await tab(page, name).getAttribute("aria-selected")) === "true", `the tab ${name} is selected`);
}

/** The values of a select that is on the page, but for an empty one. */
export async function choices(select) {
  await select.waitFor();
  return (await select.locator("option").evaluateAll((all) => all.map((one) => one.value))).filter((value) => value !== "");
}

/** Waits until the page shows tokens, or an error. */
export async function settled(page) {
  await until(async () => (await tokens(page).count()) > 0 || (await alert(page).count()) > 0, "tokens or an error are shown");
}

/** Waits for tokens; an error that is shown instead is told. */
export async function scored(page) {
  await settled(page);
  if ((await alert(page).count()) > 0) ok(false, `an error is shown: ${(await alert(page).first().innerText()).replaceAll("\n", " ")}`);
}

/** Pastes a text and presses Score. */
export async function paste(page, text) {
  await area(page).fill(text);
  await page.getByRole("button", { name: "Score", exact: true }).click();
  await settled(page);
}

/** Pastes a text that must be scored. */
export async function pasteScored(page, text) {
  await paste(page, text);
  await scored(page);
}

/** Drops files [{name, bytes}] on a place, by default the text to score. */
export async function drop(page, files, place = area(page)) {
  const data = await page.evaluateHandle((all) => {
    const transfer = new DataTransfer();
    for (const { name, base64 } of all) transfer.items.add(new File([Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))], name));
    return transfer;
  }, files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString("base64") })));
  for (const type of ["dragenter", "dragover", "drop"]) await place.dispatchEvent(type, { dataTransfer: data });
}

/** The numbers that the table of objectives shows of log P: {marginal, conditional, joint}. */
export async function sums(page) {
  return page.evaluate(() => {
    const table = [...document.querySelectorAll("table")].find((one) => /marginal/.test(one.textContent) && /conditional/.test(one.textContent) && one.checkVisibility());
    const names = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent.trim());
    const cells = [...table.querySelectorAll("tbody tr")].map((row) => [...row.children].map((cell) => cell.textContent.trim()));
    const read = (text) => Number(text.replace("\u2212", "-").replace("∞", "Infinity"));
    return Object.fromEntries(names.slice(1).map((name, i) => [name, read(cells[0][i + 1])]));
  });
}

/** How far the document is wider than the window. */
export function overhang(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** What has the focus: its role or name of element, its label, its text. */
export function focused(page) {
  return page.evaluate(() => {
    const node = document.activeElement;
    const label = node.getAttribute("aria-label") ?? node.labels?.[0]?.textContent ?? "";
    return { role: node.getAttribute("role") ?? node.localName, label: label.trim(), text: node.textContent.trim().slice(0, 60), inTokens: Boolean(node.closest('[role=region][aria-label="Tokens"]')) };
  });
}
