/* Sums over tokens, compensated as the server's are, and the objectives that they make. */

/** A sum that keeps the digits which each addition loses (Neumaier); infinite terms win. */
export class Sum {
  #sum = 0;
  #lost = 0;
  #infinite = 0;

  add(x) {
    if (!Number.isFinite(x)) {
      this.#infinite += x;
      return;
    }
    const sum = this.#sum + x;
    this.#lost += Math.abs(this.#sum) >= Math.abs(x) ? this.#sum - sum + x : x - sum + this.#sum;
    this.#sum = sum;
  }

  get value() {
    return this.#infinite === 0 ? this.#sum + this.#lost : this.#infinite;
  }
}

function finish(logProb, lossSum, weight, tokens, greedy) {
  const mean = tokens > 0 ? -logProb / tokens : null;
  return {
    log_prob: logProb, loss: weight > 0 ? lossSum / weight : null, tokens, weight,
    perplexity: mean === null ? null : Math.exp(mean), bits_per_token: mean === null ? null : mean / Math.LN2,
    greedy: tokens > 0 ? greedy : null,
  };
}

/* The objective over the tokens that `takes` accepts. */
function over(sequence, takes) {
  const [logProb, loss, weight] = [new Sum(), new Sum(), new Sum()];
  let [tokens, greedy] = [0, true];
  for (let i = 0; i < sequence.length; i++) {
    if (Number.isNaN(sequence.logProb[i]) || !takes(i)) continue;
    tokens++;
    logProb.add(sequence.logProb[i]);
    loss.add(sequence.loss[i]);
    weight.add(sequence.weights ? sequence.weights[i] : 1);
    const rank = sequence.rank ? sequence.rank[i] : NaN;
    if (rank > 1) greedy = false;
    else if (Number.isNaN(rank) && greedy) greedy = null;
  }
  return { sums: [logProb.value, loss.value, weight.value], ...finish(logProb.value, loss.value, weight.value, tokens, greedy) };
}

function both(a, b) {
  if (a === false || b === false) return false;
  return a === null || b === null ? null : true;
}

/**
 * marginal, conditional and joint of a sequence, from its per-token values alone.
 * @param {Object} sequence of answer.js
 * @param {(i: number) => boolean} isY whether a token belongs to y
 */
export function objectives(sequence, isY) {
  const x = over(sequence, (i) => !isY(i));
  const y = over(sequence, isY);
  const greedy = x.tokens === 0 ? y.greedy : y.tokens === 0 ? x.greedy : both(x.greedy, y.greedy);
  const [logProb, loss, weight] = x.sums.map((sum, i) => sum + y.sums[i]);
  return { marginal: x, conditional: y, joint: finish(logProb, loss, weight, x.tokens + y.tokens, greedy) };
}
