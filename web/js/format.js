/* Numbers and texts as people read them. */

/**
 * A number with at most `digits` significant digits, without trailing zeros; null is a dash.
 * The server writes infinities as strings; they come out as signs.
 */
export function number(value, digits = 7) {
  if (value === null || value === undefined) return "–";
  const x = Number(value);
  if (Number.isNaN(x)) return "–";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "-∞";
  if (x === 0) return "0";
  const size = Math.abs(x);
  if (size >= 1e-4 && size < 1e9) return String(Number(x.toPrecision(digits)));
  return x.toExponential(Math.min(digits, 4) - 1).replace("e+", "e");
}

/** A count with thin spaces between thousands. */
export function count(value) {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
}

/** A count with what it counts: "1 question", "12 questions". */
export function counted(value, one, many = `${one}s`) {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A probability in per cent, with as many digits as tell it from 0 and 1. */
export function percent(p) {
  if (p === null || p === undefined || Number.isNaN(p)) return "–";
  const per = 100 * p;
  if (per === 0 || per === 100) return `${per} %`;
  if (per < 0.01) return `${per.toExponential(1)} %`;
  if (per > 99.9) return `${per.toPrecision(per > 99.99 ? 6 : 4)} %`;
  return `${per.toPrecision(3)} %`;
}

const SIGNS = { " ": "·", "\n": "↵", "\t": "→", "\r": "␍", "\u00a0": "⍽", "\u200b": "∅", "\ufeff": "∅" };

/* What cannot be seen, or changes how its neighbours are seen; but a joiner inside a picture, which makes it one. */
const UNSEEN = /(?<!\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]?)\u200d|\u200d(?!\p{Extended_Pictographic})|(?!\u200d)[\p{Cc}\p{Cf}\p{Z}\p{Cs}\p{Noncharacter_Code_Point}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]/gu;

function signOf(one) {
  if (SIGNS[one]) return SIGNS[one];
  const code = one.codePointAt(0);
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return "␡";
  return `⟨${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
}

/* The beginning of a text, with no half of a sign at its end. */
function beginning(text, most) {
  return text.slice(0, /[\ud800-\udbff]/.test(text[most - 1]) ? most - 1 : most);
}

/** The text of a token with its white space and control characters as signs; of a long one, the beginning. */
export function visible(text, most = Infinity) {
  if (text.length <= most) return text.replace(UNSEEN, signOf);
  return `${beginning(text, most).replace(UNSEEN, signOf)}…`;
}
