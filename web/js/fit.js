/* Plots that are drawn anew at the width they have, so that their text keeps its size on every screen. */
import { el } from "./dom.js";

/**
 * A box that holds a plot as wide as the box is.
 * @param {(width: number) => SVGElement} draw called with the width in pixels
 * @param {{least?: number, most?: number}} [limits]
 * @returns {HTMLElement & {redraw: () => void}}
 */
export function fitted(draw, { least = 240, most = 1400 } = {}) {
  const box = el("div", { class: "fitted" });
  let last = 0;
  box.redraw = () => {
    const plot = draw(last || 480);
    plot.style.maxWidth = `${last || 480}px`;
    box.replaceChildren(plot);
  };
  new ResizeObserver(([entry]) => {
    const width = Math.round(Math.min(Math.max(entry.contentRect.width, least), most));
    if (entry.contentRect.width === 0 || width === last) return;
    last = width;
    box.redraw();
  }).observe(box);
  return box;
}
