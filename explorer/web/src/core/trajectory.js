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
  const z = new Float64Array(4);
  const scratch = makeScratch();
  for (let s = 0; s < count; s += 1) {
    z[0] = starts[s][0];
    z[1] = d > 1 ? starts[s][1] : 0;
    z[2] = 0;
    z[3] = 0;
    lengths[s] = run(landscape, rule, s, steps, z, scratch, w, s * (steps + 1) * d);
    ends.set(z, 4 * s);
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

/** All steps of one start, from state `z` to its end; states go to `w` from `at` on. Returns how many are finite. */
function run(landscape, rule, start, steps, z, scratch, w, at) {
  const d = landscape.dimension;
  const noisy = rule.noise > 0;
  let to = at;
  for (let t = 0; ; t += 1) {
    const x = z[0];
    const y = z[1];
    if (!(Math.abs(x) < Infinity && Math.abs(y) < Infinity)) {
      w.fill(NaN, to, at + (steps + 1) * d);
      return t;
    }
    w[to] = x;
    if (d > 1) w[to + 1] = y;
    to += d;
    if (t === steps) return t + 1;
    if (noisy) gaussians(rule.seed, start, t, scratch.xi);
    stepOnce(landscape, rule, z, scratch);
  }
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
