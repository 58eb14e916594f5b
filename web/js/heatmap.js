/* The heat map: tokens in rows, of which only those in sight are in the document. One token is in the order of Tab;
 * the arrow keys go to the others. The line between x and y can be dragged here, too. */
import { sequential, onTheme } from "./colours.js";
import { el } from "./dom.js";
import { breakRows, makeRuler, rowOf, shownTexts } from "./layout.js";

const OVERSCAN = 4;

/* Where the pointer was last. Rows that scroll below a pointer that rests are no wish to see their tokens: so the panel
 * stays with the token that the keys are on. */
let pointer = "";
const placeOf = (event) => `${event.screenX} ${event.screenY}`;
const isMoved = (event) => placeOf(event) !== pointer;
addEventListener("pointermove", (event) => { pointer = placeOf(event); }, { capture: true, passive: true });

/** A map of tokens in an element that scrolls. */
export class Heatmap {
  #box; #space; #ruler; #rows = new Map(); #starts = new Int32Array(0); #height = 32; #active = 0; #hooks; #top = 0;
  #sequence = null; #measure = null; #limit = Infinity; #line = null; #isY = () => false; #shown = []; #width = 0;

  /**
   * @param {HTMLElement} box
   * @param {{inspect: (i: number) => void, line?: (at: number) => void, described: string}} hooks a token is looked at;
   *   the line is dragged; the id of the element that describes the token which is looked at
   */
  constructor(box, hooks) {
    this.#box = box;
    this.#hooks = hooks;
    this.#space = el("div", { class: "rows" });
    box.replaceChildren(this.#space);
    this.#ruler = makeRuler(this.#space);
    box.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#resized()).observe(box);
    onTheme(() => this.#repaint());
    this.#listen();
  }

  #listen() {
    const box = this.#box;
    const tokenOf = (event) => event.target.closest?.(".token");
    box.addEventListener("pointerover", (event) => tokenOf(event) && !this.#dragging && isMoved(event) && this.#hooks.inspect(Number(tokenOf(event).dataset.i)));
    box.addEventListener("focusin", (event) => tokenOf(event) && this.#activate(Number(tokenOf(event).dataset.i)));
    box.addEventListener("keydown", (event) => this.#key(event));
    box.addEventListener("pointerdown", (event) => event.target.closest(".line") && this.#grab(event));
    box.addEventListener("pointermove", (event) => this.#dragging && this.#drag(event));
    box.addEventListener("pointerup", () => (this.#dragging = false));
    box.addEventListener("pointercancel", () => (this.#dragging = false));
  }

  #dragging = false;

  #grab(event) {
    event.preventDefault();
    this.#dragging = true;
    this.#box.setPointerCapture(event.pointerId);
  }

  #drag(event) {
    const token = document.elementFromPoint(event.clientX, event.clientY)?.closest?.(".token");
    if (!token || !this.#box.contains(token)) return;
    const box = token.getBoundingClientRect();
    this.#hooks.line(Number(token.dataset.i) + (event.clientX > box.x + box.width / 2 ? 1 : 0));
  }

  /** Shows another sequence from its beginning; its colours come with paint() and split(). */
  show(sequence) {
    this.#sequence = sequence;
    this.#measure = null;
    this.#isY = () => false;
    this.#line = null;
    this.#shown = shownTexts(sequence.texts);
    this.#active = 0;
    this.#top = this.#box.scrollTop = 0;
    this.#arrange();
  }

  /** Takes all tokens away. */
  clear() {
    this.#sequence = null;
    this.#starts = new Int32Array(0);
    this.#empty();
    this.#space.style.height = "0";
  }

  /**
   * Colours by a measure, and hides what is above a limit of it.
   * @param {{at: (i: number) => number, share: (x: number) => number, palette?: typeof sequential}} measure
   * @param {number} [limit]
   */
  paint(measure, limit = Infinity) {
    this.#measure = measure;
    this.#limit = limit;
    this.#repaint();
  }

  /** Draws the line before token `at` (null: no line), and marks the tokens of y. */
  split(at, isY) {
    this.#line = at;
    this.#isY = isY;
    for (const row of this.#rows.values()) this.#markRow(row);
  }

  /** Scrolls to a token and focuses it. */
  focus(token) {
    this.#reveal(token);
    this.#activate(token);
    this.#tokenAt(token)?.focus({ preventScroll: true });
  }

  #scrolled() {
    this.#top = this.#box.scrollTop;
    this.#draw();
  }

  #empty() {
    this.#rows.clear();
    this.#space.replaceChildren();
  }

  /* A map that was out of the document has lost its place. */
  #resized() {
    if (!this.#sequence || this.#space.clientWidth === 0) return;
    if (this.#box.scrollTop !== this.#top) {
      this.#box.scrollTop = this.#top;
      this.#draw();
    }
    if (this.#space.clientWidth === this.#width) return;
    const first = this.#starts[Math.floor(this.#box.scrollTop / this.#height)] ?? 0;
    this.#arrange();
    this.#box.scrollTop = rowOf(this.#starts, first) * this.#height;
  }

  /* Outside of the document nothing has a width; the rows are made when there is one. */
  #arrange() {
    this.#width = this.#space.clientWidth;
    this.#starts = new Int32Array(0);
    this.#empty();
    if (this.#width === 0) return;
    this.#height = 2 * parseFloat(getComputedStyle(this.#space).fontSize) + 4;
    this.#starts = breakRows(this.#shown, this.#sequence.texts, this.#ruler(), this.#width - 4);
    this.#space.style.height = `${this.#starts.length * this.#height}px`;
    this.#draw();
  }

  /* The rows in sight, some around them, and that of the token which has the focus. */
  #draw() {
    if (!this.#sequence) return;
    const first = Math.max(0, Math.floor(this.#box.scrollTop / this.#height) - OVERSCAN);
    const last = Math.min(this.#starts.length - 1, Math.ceil((this.#box.scrollTop + this.#box.clientHeight) / this.#height) + OVERSCAN);
    const held = rowOf(this.#starts, this.#active);
    for (const [r, row] of this.#rows) {
      if ((r < first || r > last) && r !== held) {
        row.remove();
        this.#rows.delete(r);
      }
    }
    for (let r = first; r <= last; r++) this.#addRow(r);
    this.#addRow(held);
  }

  #addRow(r) {
    if (this.#rows.has(r) || r >= this.#starts.length) return;
    const row = el("div", { class: "tokens" });
    row.style.transform = `translateY(${r * this.#height}px)`;
    row.style.height = `${this.#height}px`;
    const end = this.#starts[r + 1] ?? this.#sequence.length;
    for (let i = this.#starts[r]; i < end; i++) row.append(this.#token(i));
    row.dataset.r = r;
    this.#rows.set(r, row);
    this.#drawLine(row);
    const next = [...this.#space.children].find((other) => Number(other.dataset.r) > r);
    this.#space.insertBefore(row, next ?? null);
  }

  #token(i) {
    const node = document.createElement("button");
    node.type = "button";
    node.tabIndex = i === this.#active ? 0 : -1;
    node.textContent = this.#shown[i];
    node.dataset.i = i;
    node.setAttribute("aria-describedby", this.#hooks.described);
    this.#colour(node, i);
    return node;
  }

  #colour(node, i) {
    const value = this.#measure ? this.#measure.at(i) : NaN;
    const known = !Number.isNaN(value);
    const above = known && value > this.#limit && i !== this.#active;
    node.className = `token${known ? "" : " unknown"}${above ? " above" : ""}${this.#isY(i) ? " y" : ""}`;
    const { background, ink } = known ? (this.#measure.palette ?? sequential)(this.#measure.share(value)) : { background: "", ink: "" };
    node.style.backgroundColor = background;
    node.style.color = ink;
  }

  #repaint() {
    for (const node of this.#space.querySelectorAll(".token")) this.#colour(node, Number(node.dataset.i));
  }

  #markRow(row) {
    for (const node of row.querySelectorAll(".token")) this.#colour(node, Number(node.dataset.i));
    this.#drawLine(row);
  }

  #drawLine(row) {
    row.querySelector(".line")?.remove();
    const tokens = row.querySelectorAll(".token");
    if (this.#line === null || tokens.length === 0) return;
    const first = Number(tokens[0].dataset.i);
    const at = this.#line - first;
    const line = el("span", { class: "line", "aria-hidden": "true" });
    if (at >= 0 && at < tokens.length) tokens[at].before(line);
    else if (at === tokens.length && this.#line === this.#sequence.length) row.append(line);
  }

  #tokenAt(i) {
    return this.#space.querySelector(`[data-i="${i}"]`);
  }

  #activate(i) {
    if (this.#active !== i) {
      const [before, now] = [this.#active, i].map((token) => this.#tokenAt(token));
      const old = this.#active;
      this.#active = i;
      for (const [node, token] of [[before, old], [now, i]]) {
        if (!node) continue;
        node.tabIndex = token === i ? 0 : -1;
        this.#colour(node, token);
      }
    }
    this.#hooks.inspect(i);
  }

  #reveal(i) {
    const top = rowOf(this.#starts, i) * this.#height;
    const box = this.#box;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + this.#height > box.scrollTop + box.clientHeight) box.scrollTop = top + this.#height - box.clientHeight + 4;
    this.#draw();
  }

  /* The token of another row that is nearest below or above this one. */
  #beside(i, rows) {
    const r = Math.min(Math.max(rowOf(this.#starts, i) + rows, 0), this.#starts.length - 1);
    const x = this.#tokenAt(i).getBoundingClientRect().x;
    this.#reveal(this.#starts[r]);
    const tokens = [...this.#rows.get(r).querySelectorAll(".token")];
    const distance = (node) => Math.abs(node.getBoundingClientRect().x - x);
    return Number(tokens.reduce((best, node) => (distance(node) < distance(best) ? node : best)).dataset.i);
  }

  #key(event) {
    if (!event.target.closest?.(".token") || event.altKey || event.metaKey) return;
    const i = this.#active;
    const page = Math.max(1, Math.floor(this.#box.clientHeight / this.#height) - 1);
    const rows = { ArrowUp: -1, ArrowDown: 1, PageUp: -page, PageDown: page }[event.key];
    const to = { ArrowLeft: i - 1, ArrowRight: i + 1, Home: 0, End: this.#sequence.length - 1 }[event.key] ?? (rows ? this.#beside(i, rows) : undefined);
    if (to === undefined) return;
    event.preventDefault();
    const step = to < i ? -1 : 1;
    let next = Math.min(Math.max(to, 0), this.#sequence.length - 1);
    while (this.#isHidden(next) && this.#sequence.length > next + step && next + step >= 0) next += step;
    if (!this.#isHidden(next)) this.focus(next);
  }

  #isHidden(i) {
    return this.#measure !== null && this.#measure.at(i) > this.#limit;
  }
}
