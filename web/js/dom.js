/* Making elements. Data goes in as text nodes and attributes only, never as markup. */

const SVG = "http://www.w3.org/2000/svg";

function put(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "class") node.setAttribute("class", value);
  else if (name in node && typeof value !== "string") node[name] = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}

function build(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) put(node, name, value);
  node.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return node;
}

/**
 * Makes an HTML element: el("p", {class: "note"}, "text", child). A name that begins with "on" is a listener.
 * @param {string} name
 * @param {Object<string, *>} [attributes]
 * @param {...(Node|string|Array)} children
 * @returns {HTMLElement}
 */
export function el(name, attributes, ...children) {
  return build(document.createElement(name), attributes, children);
}

/**
 * Makes an SVG element in the same way; every attribute is set as text.
 * @returns {SVGElement}
 */
export function svg(name, attributes, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value !== undefined && value !== null) node.setAttribute(key, String(value));
  }
  node.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

let fields = 0;

/** A field with its label: labelled("Colour", select). The label stands beside the control, so that it is no more than its text. */
export function labelled(text, control, attributes) {
  control.id ||= `field-${++fields}`;
  return el("div", { class: "field", ...attributes }, el("label", { class: "label", for: control.id }, text), control);
}

/** A select of [value, text] pairs. */
export function select(pairs, attributes) {
  return el("select", attributes, pairs.map(([value, text]) => el("option", { value }, text)));
}

const LINES = 20;

/**
 * Lets a textarea take a long text that a program types into it (dictation, a password manager, a test) at once: browsers
 * lay it out again for each of its lines, which takes minutes for some thousands. What is pasted is quick by itself.
 */
export function takesLongTexts(area) {
  area.addEventListener("beforeinput", (event) => {
    if (event.inputType !== "insertText" || (event.data ?? "").split("\n", LINES).length < LINES) return;
    event.preventDefault();
    area.setRangeText(event.data, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: event.inputType }));
  });
  return area;
}

/** Asks the browser to save a text or bytes as a file. */
export function save(name, content, type) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
