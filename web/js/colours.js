/* Colours that stand for numbers. Each palette goes from one lightness to another without a turn, so that it is
 * read alike by everyone, and in grey; the text on a colour is black or white, whichever has more contrast. */

const SEQUENTIAL = {
  light: ["#f4f6f1", "#dcefdc", "#aadcc6", "#6cc3b8", "#3fa3ae", "#2f7f9f", "#315b8c", "#2f3a6e", "#251f45"],
  dark: ["#20242d", "#262c4d", "#2f4678", "#33678f", "#378a9f", "#4fadaa", "#86cdb2", "#c3e6c8", "#f3faf0"],
};
const DIVERGING = {
  light: ["#7a3b06", "#b7621b", "#e0a263", "#f3dcc0", "#f6f5f1", "#c9dcec", "#7fb0d6", "#3a79b3", "#173f73"],
  dark: ["#ffd9a8", "#eaa552", "#b06d22", "#5c3c1d", "#23272e", "#1f3f5f", "#2f74ad", "#78b3e3", "#cfe6fb"],
};

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Calls back when the reader changes between light and dark. */
export function onTheme(callback) {
  dark.addEventListener("change", callback);
}

/** "light" or "dark", as the page is now. */
export function theme() {
  return dark.matches ? "dark" : "light";
}

function parse(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

function linear(channel) {
  const c = channel / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

/** Relative luminance of [r, g, b], as WCAG defines it. */
export function luminance(rgb) {
  const [r, g, b] = rgb.map(linear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Black or white: the one that reads better on [r, g, b]. The contrast is then at least 4.5. */
export function inkOn(rgb) {
  const light = luminance(rgb);
  return (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) ? "#000000" : "#ffffff";
}

function between(stops, share) {
  const place = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const low = Math.min(Math.floor(place), stops.length - 2);
  const [a, b] = [parse(stops[low]), parse(stops[low + 1])];
  return a.map((channel, i) => Math.round(channel + (b[i] - channel) * (place - low)));
}

function paint(rgb) {
  return { background: `rgb(${rgb.join(" ")})`, ink: inkOn(rgb) };
}

const STEPS = 254; /* even, so that 0 of a diverging palette has a colour of its own */
const steps = { light: [], dark: [] };
const divergingSteps = { light: [], dark: [] };

function stepOf(made, stops, share, mode) {
  const step = Math.round(Math.min(Math.max(share, 0), 1) * STEPS);
  return (made[mode][step] ??= paint(between(stops[mode], step / STEPS)));
}

/**
 * The colour of a share from 0 (calm) to 1 (striking).
 * @returns {{background: string, ink: string}}
 */
export function sequential(share, mode = theme()) {
  return stepOf(steps, SEQUENTIAL, share, mode);
}

/** The colour of a share from -1 over 0 (neutral) to 1. */
export function diverging(share, mode = theme()) {
  return stepOf(divergingSteps, DIVERGING, (share + 1) / 2, mode);
}
