/* A field for a long text, that also takes a file: chosen, or dropped on it. */
import { el } from "./dom.js";

async function take(area, files) {
  if (files.length === 0) return;
  area.value = await files[0].text();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * A labelled text area with a way to open a file.
 * @param {string} label
 * @param {{placeholder?: string, rows?: number}} [options]
 * @returns {{node: HTMLElement, area: HTMLTextAreaElement}}
 */
export function pasted(label, { placeholder = "", rows = 9 } = {}) {
  const area = el("textarea", { spellcheck: "false", autocapitalize: "off", autocomplete: "off", placeholder, rows: String(rows) });
  const file = el("input", { type: "file", class: "visually-hidden", "aria-label": `Open a file: ${label}`, onchange: () => take(area, file.files) });
  const open = el("label", { class: "button small open-file" }, "Open a file", file);
  const node = el("div", { class: "pasted" }, el("label", { class: "field" }, el("span", {}, label), area), el("div", { class: "pasted-open" }, open, el("span", { class: "note" }, "or drop one on the field")));
  area.addEventListener("dragover", (event) => {
    event.preventDefault();
    node.classList.add("over");
  });
  area.addEventListener("dragleave", () => node.classList.remove("over"));
  area.addEventListener("drop", (event) => {
    node.classList.remove("over");
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    take(area, event.dataTransfer.files);
  });
  return { node, area };
}

/**
 * Runs a piece of work for a button: it cannot be pressed meanwhile, and what goes wrong is handed on.
 * @param {HTMLButtonElement} button
 * @param {() => Promise<void>} work
 * @param {(error: Error) => void} failed
 */
export async function busy(button, work, failed) {
  if (button.disabled) return;
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  const focused = document.activeElement === button;
  try {
    await work();
  } catch (error) {
    failed(error);
  } finally {
    button.disabled = false;
    button.removeAttribute("aria-busy");
    if (focused && document.activeElement === document.body) button.focus();
  }
}
