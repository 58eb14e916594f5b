/* A field for a long text, that also takes a file: chosen, or dropped on it. */
import { el, takesLongTexts } from "./dom.js";

/* The first file that `special` does not want becomes the text. */
async function take(area, files, special) {
  for (const file of [...files]) {
    if (await special(file)) continue;
    area.value = await file.text();
    area.dispatchEvent(new Event("input", { bubbles: true }));
    return;
  }
}

function takeDropped(node, take) {
  node.addEventListener("dragover", (event) => {
    event.preventDefault();
    node.classList.add("over");
  });
  node.addEventListener("dragleave", () => node.classList.remove("over"));
  node.addEventListener("drop", (event) => {
    node.classList.remove("over");
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    take(event.dataTransfer.files);
  });
}

/**
 * A labelled text area with a way to open a file.
 * @param {string} label
 * @param {{placeholder?: string, rows?: number, special?: (file: File) => Promise<boolean>}} [options] special takes files
 *   that are no text for the field, and says so
 * @returns {{node: HTMLElement, area: HTMLTextAreaElement}}
 */
export function pasted(label, { placeholder = "", rows = 9, special = async () => false } = {}) {
  const area = takesLongTexts(el("textarea", { spellcheck: "false", autocapitalize: "off", autocomplete: "off", placeholder, rows: String(rows) }));
  const file = el("input", { type: "file", class: "visually-hidden", "aria-label": `Open a file: ${label}`, onchange: async () => {
    await take(area, file.files, special);
    file.value = "";
  } });
  const open = el("label", { class: "button small open-file" }, "Open a file", file);
  const node = el("div", { class: "pasted" }, el("label", { class: "field" }, el("span", {}, label), area), el("div", { class: "pasted-open" }, open, el("span", { class: "note" }, "or drop one on the field")));
  takeDropped(node, (files) => take(area, files, special));
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
