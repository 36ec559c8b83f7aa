/**
 * At which radii a saddle attracts: stretches of the slider of rho, found a little at a time so that no frame waits.
 */

const SAMPLES = { smooth: 48, rough: 20 };
const HALVINGS = { smooth: 30, rough: 7 };
/** Milliseconds of work at a time. */
const SLICE = 8;
const KEPT = 12;

/**
 * Stretches of [low, high] on which something holds; samples lie as on the slider, denser near `low`.
 * @param {(x: number) => boolean} holds
 * @param {number} low @param {number} high
 * @param {number} samples @param {number} halvings of the interval in which an end lies
 * @yields {void} after every evaluation
 * @returns {Generator<void, {from: number, to: number, opens: boolean}[]>} `opens`: it does not hold just before `from`
 */
export function* stretches(holds, low, high, samples, halvings) {
  const at = (k) => low + (high - low) * (k / samples) ** 2;
  const found = [];
  let before = holds(low);
  yield;
  if (before) found.push({ from: low, to: high, opens: false });
  for (let k = 1; k <= samples; k += 1) {
    const now = holds(at(k));
    yield;
    if (now !== before) {
      let [a, b] = [at(k - 1), at(k)];
      for (let i = 0; i < halvings; i += 1) {
        const middle = (a + b) / 2;
        if (holds(middle) === before) a = middle;
        else b = middle;
        yield;
      }
      const end = Number(((a + b) / 2).toPrecision(6));
      if (now) found.push({ from: end, to: high, opens: true });
      else found[found.length - 1].to = end;
    }
    before = now;
  }
  return found;
}

/**
 * @param {(landscape: Object, rule: Object, row: Object) => {attracts: boolean|null}} verdictOn of core/map.js
 * @param {() => void} arrived
 */
export function createBands(verdictOn, arrived) {
  const known = new Map();
  const running = new Map();

  function* search({ landscape, rule, rows, range: [low, high] }) {
    const kind = rule.smooth ? 'smooth' : 'rough';
    const bands = [];
    for (const { index, row } of rows) {
      const holds = (rho) => verdictOn(landscape, { ...rule, rho }, row).attracts === true;
      const found = yield* stretches(holds, low, high, SAMPLES[kind], HALVINGS[kind]);
      bands.push(...found.map((band) => ({ ...band, index })));
    }
    return bands;
  }

  function work(letter) {
    const job = running.get(letter);
    if (!job) return;
    const until = performance.now() + SLICE;
    for (;;) {
      const { done, value } = job.steps.next();
      if (done) {
        running.delete(letter);
        known.set(job.key, value);
        if (known.size > KEPT) known.delete(known.keys().next().value);
        arrived();
        return;
      }
      if (performance.now() > until) break;
    }
    job.timer = setTimeout(() => work(letter), 0);
  }

  return {
    /**
     * @param {string} letter each rule has one search at a time
     * @param {string} key of what the answer depends on
     * @param {() => {landscape: Object, rule: Object, rows: {index: number, row: Object}[], range: number[]}} make
     * @returns {{from: number, to: number, opens: boolean, index: number}[]|null} null: not known yet
     */
    find(letter, key, make) {
      if (known.has(key)) return known.get(key);
      if (running.get(letter)?.key !== key) {
        clearTimeout(running.get(letter)?.timer);
        running.set(letter, { key, steps: search(make()), timer: setTimeout(() => work(letter), 0) });
      }
      return null;
    },
    destroy() {
      for (const { timer } of running.values()) clearTimeout(timer);
      running.clear();
    },
  };
}
