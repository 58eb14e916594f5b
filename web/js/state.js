/* The permanent link: the tab and, for small inputs, its state, compressed into the fragment.
 * The fragment is #score, or #score=<deflated JSON in base64url>. */

const LONGEST = 8000;

function toBase64Url(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64Url(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (sign) => sign.charCodeAt(0));
}

async function through(bytes, stream) {
  const piped = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(piped).arrayBuffer());
}

/**
 * The fragment that brings back a tab with its state; null if it would be too long for a link.
 * @param {string} tab
 * @param {*} state what the tab's load() takes
 * @returns {Promise<string|null>}
 */
export async function fragment(tab, state) {
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  const packed = toBase64Url(await through(bytes, new CompressionStream("deflate-raw")));
  return packed.length > LONGEST ? null : `#${tab}=${packed}`;
}

/**
 * What a fragment says; the state is null where it has none, or one that cannot be read: then the link is broken.
 * @param {string} text location.hash
 * @returns {Promise<{tab: string, state: *, broken: boolean}>}
 */
export async function read(text) {
  const [, tab, packed] = /^#?([a-z]*)(?:=(.*))?$/s.exec(text) ?? ["", "", undefined];
  if (!packed) return { tab: tab ?? "", state: null, broken: false };
  try {
    const bytes = await through(fromBase64Url(packed), new DecompressionStream("deflate-raw"));
    const state = JSON.parse(new TextDecoder().decode(bytes));
    return { tab, state, broken: state === null };
  } catch {
    return { tab, state: null, broken: true };
  }
}
