/* The map of differences: every token in the colour of its value. Tokens are made in blocks when they come near the
 * part that is seen, and taken away behind it, so that a long text stays light. */
import { diverging, sequential } from "./colours.js";
import { el } from "./dom.js";
import { number, visible } from "./format.js";

const BLOCK = 200;

/** The largest size of a value that still has a colour of its own: all but the last hundredth, if there are many. */
export function reach(values) {
  const sizes = Array.from(values, Math.abs).filter(Number.isFinite).sort((a, b) => a - b);
  if (sizes.length === 0) return 1;
  return sizes[sizes.length > 200 ? Math.floor(sizes.length * 0.99) : sizes.length - 1] || 1;
}

/** The colour of a value whose column reaches to `most`; null where there is none. */
function colourOf(value, most, signed, mode) {
  if (Number.isNaN(value)) return null;
  return signed ? diverging(value / most, mode) : sequential(value / most, mode);
}

/** A token as it is shown: a line end also ends the line. */
export function tokenText(text) {
  return visible(text) || "∅";
}

function paint(node, colour) {
  if (!colour) return;
  node.style.backgroundColor = colour.background;
  node.style.color = colour.ink;
}

/**
 * Tokens that stand still, for a report.
 * @param {{texts: string[], values: Float64Array, signed: boolean}} map
 */
export function stillMap({ texts, values, signed }) {
  const most = reach(values);
  const shown = texts.slice(0, 5000).map((text, i) => {
    const token = el("span", { class: "dtok", title: Number.isNaN(values[i]) ? "not compared" : number(values[i], 4) }, tokenText(text));
    paint(token, colourOf(values[i], most, signed, "light"));
    return token;
  });
  const rest = texts.length > 5000 ? el("p", { class: "note" }, `… and ${texts.length - 5000} tokens more`) : null;
  return el("div", {}, el("div", { class: "dmap" }, shown), rest);
}

/** The live map. `chosen(i)` is called when a token is pointed at or focused. */
export class DiffMap {
  #map = { texts: [], values: new Float64Array(0), signed: true };
  #most = 1;
  #current = 0;
  #chosen;
  #blocks = [];
  #seen;

  constructor(chosen, describedBy) {
    this.#chosen = chosen;
    this.node = el("div", { class: "dmap scroll", role: "group", "aria-label": "Differences", "aria-describedby": describedBy });
    this.#seen = new IntersectionObserver((entries) => entries.forEach((entry) => this.#turn(entry.target, entry.isIntersecting)), { root: this.node, rootMargin: "600px" });
    this.node.addEventListener("keydown", (event) => this.#key(event));
    for (const kind of ["pointerover", "focusin"]) {
      this.node.addEventListener(kind, (event) => {
        const token = event.target.closest(".dtok");
        if (token) this.#point(Number(token.dataset.i), kind === "focusin");
      });
    }
  }

  /** Shows other tokens, or other values of the same ones. */
  show(map) {
    this.#map = map;
    this.#most = reach(map.values);
    this.#current = Math.min(this.#current, Math.max(map.texts.length - 1, 0));
    this.#seen.disconnect();
    const count = Math.ceil(map.texts.length / BLOCK);
    this.#blocks = Array.from({ length: count }, (_, i) => el("div", { class: "dmap-block", "data-block": String(i) }));
    this.node.replaceChildren(...this.#blocks);
    this.#blocks.slice(0, 2).forEach((block) => this.#fill(block));
    for (const block of this.#blocks.slice(2)) block.style.height = "20rem";
    this.#blocks.forEach((block) => this.#seen.observe(block));
  }

  /** Goes to a token: it is brought into view and focused. */
  jump(i) {
    const block = this.#blocks[Math.floor(i / BLOCK)];
    if (!block) return;
    this.#fill(block);
    this.#at(this.#current)?.setAttribute("tabindex", "-1");
    this.#current = i;
    const token = this.#at(i);
    token.tabIndex = 0;
    token.focus({ preventScroll: true });
    token.scrollIntoView({ block: "nearest" });
  }

  #at(i) {
    return this.#blocks[Math.floor(i / BLOCK)]?.children[i % BLOCK];
  }

  #point(i, focused) {
    if (focused && i !== this.#current) {
      this.#at(this.#current)?.setAttribute("tabindex", "-1");
      this.#current = i;
      this.#at(i).tabIndex = 0;
    }
    this.#chosen(i);
  }

  #turn(block, near) {
    if (near) this.#fill(block);
    else if (block.firstChild && block.offsetHeight > 0 && !block.contains(document.activeElement)) {
      block.style.height = `${block.offsetHeight}px`;
      block.replaceChildren();
    }
  }

  #fill(block) {
    if (block.firstChild) return;
    const from = Number(block.dataset.block) * BLOCK;
    const until = Math.min(from + BLOCK, this.#map.texts.length);
    for (let i = from; i < until; i++) block.append(this.#token(i));
    block.style.height = "";
  }

  #token(i) {
    const token = el("button", { type: "button", class: "dtok", tabindex: i === this.#current ? "0" : "-1", "data-i": String(i) }, tokenText(this.#map.texts[i]));
    const colour = colourOf(this.#map.values[i], this.#most, this.#map.signed);
    if (colour) paint(token, colour);
    else token.classList.add("none");
    return token;
  }

  #key(event) {
    const steps = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
    const last = this.#map.texts.length - 1;
    let to = null;
    if (event.key in steps) to = this.#current + steps[event.key];
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") to = this.#line(event.key === "ArrowDown" ? 1 : -1);
    if (to === null) return;
    event.preventDefault();
    this.jump(Math.min(Math.max(to, 0), last));
  }

  /* The token nearest below or above the current one. */
  #line(step) {
    const here = this.#at(this.#current);
    const middle = here.offsetLeft + here.offsetWidth / 2;
    let best = null;
    for (let i = this.#current + step, top = null; this.#at(i); i += step) {
      const token = this.#at(i);
      if (token.offsetTop === here.offsetTop) continue;
      if (top === null) top = token.offsetTop;
      if (token.offsetTop !== top) break;
      const away = Math.abs(token.offsetLeft + token.offsetWidth / 2 - middle);
      if (!best || away < best.away) best = { i, away };
    }
    return best ? best.i : this.#current + step * BLOCK;
  }
}
