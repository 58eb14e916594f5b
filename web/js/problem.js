/* The one way in which errors are shown: code, place and detail. */
import { hasKey } from "./api.js";
import { el } from "./dom.js";

/**
 * An element that tells an error.
 * @param {Error} error an ApiError, or any other
 * @returns {HTMLElement}
 */
export function problem(error) {
  const code = error.code || (error.status ? `status ${error.status}` : null);
  const lines = [el("p", {}, el("strong", {}, error.title || "That did not work"), code ? [" ", el("code", { class: "code" }, code)] : null)];
  if (error.advice) lines.push(el("p", {}, error.advice));
  if (error.pointer) lines.push(el("p", {}, "At ", el("code", { class: "pointer" }, error.pointer)));
  lines.push(el("p", { class: "said" }, error.detail || error.message));
  if (error.status === 401) lines.push(el("p", { class: "note" }, hasKey() ? "The server does not know the key in the field “API key” at the top." : "Type the key into the field “API key” at the top."));
  if (error.retryAfter) lines.push(el("p", { class: "note" }, `Try again in ${error.retryAfter} seconds.`));
  return el("div", { class: "problem", role: "alert" }, lines);
}
