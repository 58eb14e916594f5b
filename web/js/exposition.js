/* Reading metrics in Prometheus' text format. */

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;

function labelsOf(text) {
  const labels = {};
  for (const [, name, value] of (text ?? "").matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
    labels[name] = value.replace(/\\(["\\n])/g, (_, sign) => (sign === "n" ? "\n" : sign));
  }
  return labels;
}

/**
 * The samples of a page of metrics, by name.
 * @param {string} text
 * @returns {Map<string, Array<{labels: Object<string, string>, value: number}>>}
 */
export function readMetrics(text) {
  const metrics = new Map();
  for (const line of text.split("\n")) {
    const found = line.startsWith("#") ? null : LINE.exec(line);
    if (!found) continue;
    const value = found[3] === "+Inf" ? Infinity : Number(found[3]);
    if (!metrics.has(found[1])) metrics.set(found[1], []);
    metrics.get(found[1]).push({ labels: labelsOf(found[2]), value });
  }
  return metrics;
}

/** The sum of a metric over the samples that match. */
export function sumOf(metrics, name, matches = () => true) {
  return (metrics.get(name) ?? []).reduce((sum, one) => sum + (matches(one.labels) ? one.value : 0), 0);
}

/** The cumulative buckets of a histogram, summed over the samples that match: [[upper end, count], ...]. */
export function bucketsOf(metrics, name, matches = () => true) {
  const sums = new Map();
  for (const { labels, value } of metrics.get(`${name}_bucket`) ?? []) {
    if (!matches(labels)) continue;
    const end = labels.le === "+Inf" ? Infinity : Number(labels.le);
    sums.set(end, (sums.get(end) ?? 0) + value);
  }
  return [...sums].sort((a, b) => a[0] - b[0]);
}

/**
 * A quantile of what lies between two readings of a histogram, interpolated in its bucket as Prometheus does; in the
 * first bucket, its upper end: nothing is known of what is below.
 * @param {Array<[number, number]>} now
 * @param {Array<[number, number]>} before
 * @param {number} share
 * @returns {number|null} null if nothing was observed
 */
export function quantile(now, before, share) {
  const counts = now.map(([end, n], i) => [end, n - (before[i]?.[1] ?? 0)]);
  const all = counts.at(-1)?.[1] ?? 0;
  if (all <= 0) return null;
  const wanted = share * all;
  const at = counts.findIndex(([, n]) => n >= wanted);
  const [high, n] = counts[at];
  if (at === 0) return high;
  const [low, below] = counts[at - 1];
  if (high === Infinity) return low;
  return low + ((high - low) * (wanted - below)) / (n - below || 1);
}
