/* The small plots of the tab Status: what each shows of two readings of the metrics. */
import { bucketsOf, quantile, sumOf } from "./exposition.js";
import { number, percent } from "./format.js";

const isOwn = (labels) => labels.route === "/metrics";
const isError = (labels) => Number(labels.code) >= 400;

/** A size in bytes as people read it. */
export function bytes(x) {
  if (x === null || x === undefined) return "–";
  const power = Math.min(Math.max(Math.floor(Math.log2(Math.max(x, 1)) / 10), 0), 4);
  return `${number(x / 1024 ** power, 3)} ${["B", "KiB", "MiB", "GiB", "TiB"][power]}`;
}

const ms = (x) => (x === null ? "–" : x < 1000 ? `${number(x, 3)} ms` : `${number(x / 1000, 3)} s`);
const rate = (x) => (x === null ? "–" : `${number(x, 3)} / s`);

/* The duration of requests between two readings, but for those of the tab itself: they are short, and in "other". */
function latencies(now, before) {
  const scoring = (labels) => labels.route !== "other";
  const name = "logitd_http_request_duration_seconds";
  const [buckets, old] = [bucketsOf(now, name, scoring), bucketsOf(before, name, scoring)];
  const of = (share) => {
    const seconds = quantile(buckets, old, share);
    return seconds === null ? null : 1000 * seconds;
  };
  return { half: of(0.5), most: of(0.95) };
}

/**
 * What the plots show of a reading, and of what happened since the one before it.
 * @param {{metrics: Map, at: number}} now
 * @param {{metrics: Map, at: number}|null} before
 */
export function sample(now, before) {
  const { metrics } = now;
  const gauges = {
    memory: sumOf(metrics, "logitd_memory_used_bytes"), limit: sumOf(metrics, "logitd_memory_limit_bytes"), resident: sumOf(metrics, "process_resident_memory_bytes"),
    flying: Math.max(sumOf(metrics, "logitd_http_requests_in_flight") - 1, 0), connections: sumOf(metrics, "logitd_connections"), queued: sumOf(metrics, "logitd_queued"),
    allRequests: sumOf(metrics, "logitd_http_requests_total", (labels) => !isOwn(labels)), allErrors: sumOf(metrics, "logitd_http_requests_total", isError), allTokens: sumOf(metrics, "logitd_tokens_scored_total"),
  };
  if (!before) return { ...gauges, requests: null, errors: null, tokens: null, cpu: null, half: null, most: null };
  const seconds = (now.at - before.at) / 1000;
  const change = (name, matches) => Math.max(sumOf(metrics, name, matches) - sumOf(before.metrics, name, matches), 0) / seconds;
  return {
    ...gauges, requests: change("logitd_http_requests_total", (labels) => !isOwn(labels)), errors: change("logitd_http_requests_total", isError),
    tokens: change("logitd_tokens_scored_total"), cpu: change("process_cpu_seconds_total"), ...latencies(metrics, before.metrics),
  };
}

/** The plots, in their order. */
export const PANELS = [
  { name: "Requests", value: (one) => rate(one.requests), note: (one) => `${number(one.allRequests)} since it started`, text: rate, series: [{ key: "requests", name: "requests", class: "one" }] },
  { name: "Errors", value: (one) => rate(one.errors), note: (one) => `${number(one.allErrors)} since it started`, text: rate, series: [{ key: "errors", name: "errors", class: "bad" }] },
  { name: "Latency", value: (one) => (one.most === null ? "no requests" : `${ms(one.half)} / ${ms(one.most)}`), note: () => "half, and 95 % of requests that score, within", text: ms, series: [{ key: "half", name: "half", class: "one" }, { key: "most", name: "95 %", class: "two" }] },
  { name: "Tokens scored", value: (one) => rate(one.tokens), note: (one) => `${number(one.allTokens)} since it started`, text: rate, series: [{ key: "tokens", name: "tokens", class: "one" }] },
  { name: "Memory of requests", value: (one) => bytes(one.memory), note: (one) => `of ${bytes(one.limit)} allowed (${percent(one.memory / one.limit)})`, text: bytes, base: 1024, series: [{ key: "memory", name: "used", class: "one" }] },
  { name: "Memory of the process", value: (one) => bytes(one.resident), note: () => "resident", text: bytes, base: 1024, series: [{ key: "resident", name: "resident", class: "one" }] },
  { name: "Processor", value: (one) => (one.cpu === null ? "–" : percent(one.cpu)), note: () => "of one core", text: percent, series: [{ key: "cpu", name: "processor", class: "one" }] },
  { name: "Connections and requests", value: (one) => `${number(one.connections)} / ${number(one.flying)}`, note: (one) => `connections, and requests being answered; ${number(one.queued)} wait for memory`, text: (x) => number(x), series: [{ key: "connections", name: "connections", class: "two" }, { key: "flying", name: "requests", class: "one" }] },
];
