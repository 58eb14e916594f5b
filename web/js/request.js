/* What the page adds to a request, and takes from it, in its text: numbers stay as they were written. */
import { children, edited } from "./json.js";

const EXTRA = ["rank", "entropy", "top:5"];
const OUTPUTS = ["logits", "logprobs", "outputs", "windows"];

function membersOf(text, at) {
  return new Map([...children(text, at)].map((child) => [child.name, child]));
}

/* Taking a member out takes the comma behind it, or the one before it. */
function removal(text, member) {
  const behind = /^\s*,/.exec(text.slice(member.end, member.end + 64));
  if (behind) return { start: member.from, end: member.end + behind[0].length, with: "" };
  const before = /,\s*$/.exec(text.slice(Math.max(0, member.from - 64), member.from));
  return { start: member.from - (before ? before[0].length : 0), end: member.end, with: "" };
}

/* The objects of a request that are about a sequence: where each begins, and its members. */
function sequencesOf(text) {
  const top = { at: text.indexOf("{"), members: membersOf(text, 0) };
  const list = top.members.get("sequences");
  if (!list) return { top, each: [top] };
  const each = [...children(text, list.start)].map((item) => ({ at: item.start, members: membersOf(text, item.start) }));
  return { top, each };
}

/**
 * A request without the page's own member token_texts, which the server would refuse.
 * @param {string} text valid JSON, an object
 * @returns {string}
 */
export function withoutTexts(text) {
  if (!text.includes('"token_texts"')) return text;
  const { top, each } = sequencesOf(text);
  const found = [...new Set([top, ...each])].map((one) => one.members.get("token_texts")).filter(Boolean);
  return edited(text, found.map((member) => removal(text, member)));
}

function hasLogits(text, sequence, top) {
  const own = OUTPUTS.filter((name) => sequence.members.has(name));
  const from = own.length > 0 ? sequence : top;
  const member = ["logits", "windows", "outputs"].map((name) => from.members.get(name)).find(Boolean);
  if (!member) return false;
  if (from.members.has("logits")) return true;
  const inside = text.slice(member.start, member.end);
  if (from.members.has("windows")) return inside.includes('"logits"') && !inside.includes('"logprobs"') && !inside.includes('"outputs"');
  return /"(?:context|generation)_logits"\s*:\s*[^\sn]/.test(inside); // null is none
}

function detailEdit(text, sequence, top) {
  const own = sequence.members.get("details");
  const given = own ?? top.members.get("details");
  const asked = given ? JSON.parse(text.slice(given.start, given.end)) : [];
  const more = EXTRA.filter((name) => !asked.some((one) => String(one).split(":")[0] === name.split(":")[0]));
  if (more.length === 0) return null;
  const list = JSON.stringify([...asked, ...more]);
  if (own) return { start: own.start, end: own.end, with: list };
  return { start: sequence.at + 1, end: sequence.at + 1, with: `"details":${list},` };
}

/**
 * A request that also asks for what the page shows of each token; what was asked stays as it is.
 * @param {string} text valid JSON, an object
 * @returns {string}
 */
export function withDetails(text) {
  const { top, each } = sequencesOf(text);
  const edits = each.filter((one) => hasLogits(text, one, top)).map((one) => detailEdit(text, one, top));
  for (const one of new Set([top, ...each])) {
    const quiet = one.members.get("per_token");
    if (quiet && text.slice(quiet.start, quiet.end) === "false") edits.push({ start: quiet.start, end: quiet.end, with: "true" });
  }
  return edited(text, edits.filter(Boolean));
}
