/**
 * Trajectories of many starts, and what there is to read off along them.
 *
 * `w` holds all states of start 0, then all of start 1, ...: coordinate i of start s after t steps is at
 * `(s * (steps + 1) + t) * dimension + i`. A trajectory ends where it is no longer finite: `lengths[s]` states are kept,
 * the others are NaN.
 */

import { gaussians } from './random.js';
import { ascendAlong, makeScratch, stepOnce } from './rules.js';
import { label, pointTable } from './outcomes.js';

const ABREAST = 32;

/**
 * @param {Object} landscape @param {import('./rules.js').Rule} rule
 * @param {ArrayLike<number>[]} starts
 * @param {number} steps
 * @returns {{w: Float64Array, lengths: Int32Array, steps: number, dimension: number, count: number, outcome: Uint16Array}}
 *   `outcome` holds labels, code + 8 * index, as outcomes.js describes them; they are found when first read.
 */
export function trajectories(landscape, rule, starts, steps) {
  const d = landscape.dimension;
  const count = starts.length;
  const w = new Float64Array(count * (steps + 1) * d);
  const lengths = new Int32Array(count);
  const ends = new Float64Array(count * 4);
  const scratch = makeScratch();
  const block = Array.from({ length: Math.min(ABREAST, count) }, () => new Float64Array(4));
  for (let from = 0; from < count; from += ABREAST) {
    const to = Math.min(from + ABREAST, count);
    for (let s = from; s < to; s += 1) block[s - from].set([starts[s][0], d > 1 ? starts[s][1] : 0, 0, 0]);
    run(landscape, rule, from, to - from, steps, block, scratch, w, lengths);
    for (let s = from; s < to; s += 1) ends.set(block[s - from], 4 * s);
  }
  let outcome = null;
  return {
    w, lengths, steps, dimension: d, count,
    get outcome() {
      outcome ??= labelAll(landscape, rule, ends, count);
      return outcome;
    },
  };
}

function labelAll(landscape, rule, ends, count) {
  const table = pointTable(landscape, rule);
  const labels = new Uint16Array(count);
  for (let s = 0; s < count; s += 1) labels[s] = label(landscape, rule, ends.slice(4 * s, 4 * s + 4), table);
  return labels;
}

/**
 * All steps of `count` starts from number `first` on, whose states are in `block` and end there. They take turns, since a
 * processor works on several roots and divisions at once where none waits for another.
 */
function run(landscape, rule, first, count, steps, block, scratch, w, lengths) {
  const d = landscape.dimension;
  const noisy = rule.noise > 0;
  const row = (steps + 1) * d;
  for (let t = 0; t <= steps; t += 1) {
    for (let b = 0; b < count; b += 1) {
      const z = block[b];
      const at = (first + b) * row + t * d;
      w[at] = z[0];
      if (d > 1) w[at + 1] = z[1];
      if (t < steps) {
        if (noisy) gaussians(rule.seed, first + b, t, scratch.xi);
        stepOnce(landscape, rule, z, scratch);
      }
    }
  }
  for (let b = 0; b < count; b += 1) lengths[first + b] = cut(w, (first + b) * row, row, d);
}

/** How many states are finite, up to the first that is not; the rest becomes NaN. */
function cut(w, from, row, d) {
  if (Number.isFinite(w[from + row - 1]) && Number.isFinite(w[from + row - d])) return row / d;
  let at = from;
  while (at < from + row && Number.isFinite(w[at])) at += 1;
  const length = Math.floor((at - from) / d);
  w.fill(NaN, from + length * d, from + row);
  return length;
}

/**
 * Loss, ||g||, cos(g, g_adv) and sharpness along trajectories: of the loss itself, without the noise.
 * @param {Object} landscape @param {import('./rules.js').Rule} rule
 * @param {{w: Float64Array, lengths: Int32Array, steps: number}} paths
 * @param {number[]} [chosen] numbers of starts; all by default
 * @returns {{loss: Float64Array, gradientNorm: Float64Array, cosine: Float64Array, sharpness: Float64Array}}
 *   `steps + 1` values for each of the chosen starts; NaN where there is none. cos is 0 where a gradient is 0.
 */
export function strips(landscape, rule, paths, chosen = Array.from(paths.lengths, (_, s) => s)) {
  const d = landscape.dimension;
  const row = paths.steps + 1;
  const make = () => new Float64Array(chosen.length * row).fill(NaN);
  const found = { loss: make(), gradientNorm: make(), cosine: make(), sharpness: make() };
  const here = new Float64Array(2);
  const hessian = new Float64Array(4);
  const { g, a, g_adv } = makeScratch();
  chosen.forEach((s, k) => {
    for (let t = 0; t < paths.lengths[s]; t += 1) {
      for (let i = 0; i < d; i += 1) here[i] = paths.w[(s * row + t) * d + i];
      const at = k * row + t;
      found.loss[at] = landscape.value(here);
      landscape.gradient(here, g);
      ascendAlong(rule.kind, rule.rho, here, g, a);
      landscape.gradient(a, g_adv);
      const norm = Math.hypot(g[0], g[1]);
      const norm_adv = Math.hypot(g_adv[0], g_adv[1]);
      found.gradientNorm[at] = norm;
      const product = g[0] * g_adv[0] + g[1] * g_adv[1];
      found.cosine[at] = norm > 0 && norm_adv > 0 ? product / norm / norm_adv : 0;
      landscape.hessian(here, hessian);
      found.sharpness[at] = d > 1 ? largestEigenvalue(hessian[0], hessian[1], hessian[3]) : hessian[0];
    }
  });
  return found;
}

/** Of the symmetric matrix [[p, q], [q, r]]. */
export function largestEigenvalue(p, q, r) {
  return (p + r) / 2 + Math.hypot((p - r) / 2, q);
}
