/**
 * Trajectories of many starts, and what there is to read off along them.
 *
 * `w` holds all states of start 0, then all of start 1, ...: coordinate i of start s after t steps is at
 * `(s * (steps + 1) + t) * dimension + i`. A trajectory ends where it is no longer finite: `lengths[s]` states are kept,
 * the others are NaN.
 */

import { gaussians } from './random.js';
import { advances, ascend, get, gradientsAt, makeBlock, stepBlock } from './rules.js';
import { labels, pointTable } from './outcomes.js';

/** Starts that move together. */
const ABREAST = 32;

/**
 * @param {Object} landscape @param {import('./rules.js').Rule} rule
 * @param {ArrayLike<number>[]} starts
 * @param {number} steps
 * @param {Float64Array} [spare] an array that nobody needs any more; it is written over where it has the right size, since
 *   fresh memory costs about as much as the steps that fill it
 * @returns {{w: Float64Array, lengths: Int32Array, steps: number, dimension: number, count: number, outcome: Uint16Array}}
 *   `outcome` holds labels, code + 8 * index, as outcomes.js describes them; they are found when first read.
 */
export function trajectories(landscape, rule, starts, steps, spare) {
  const d = landscape.dimension;
  const count = starts.length;
  const size = count * (steps + 1) * d;
  const w = spare?.length === size ? spare : new Float64Array(size);
  const lengths = new Int32Array(count);
  const ends = new Float64Array(count * 4);
  const block = makeBlock(Math.min(ABREAST, count));
  for (let from = 0; from < count; from += ABREAST) {
    const n = Math.min(ABREAST, count - from);
    for (let i = 0; i < n; i += 1) {
      block.x[i] = starts[from + i][0];
      block.y[i] = d > 1 ? starts[from + i][1] : 0;
      block.vx[i] = 0;
      block.vy[i] = 0;
    }
    run(landscape, rule, from, n, steps, block, w, lengths);
    for (let i = 0; i < n; i += 1) get(block, i, ends, 4 * (from + i));
  }
  let outcome = null;
  return {
    w, lengths, steps, dimension: d, count,
    get outcome() {
      outcome ??= labels(landscape, rule, ends, pointTable(landscape, rule));
      return outcome;
    },
  };
}

/** All steps of the `n` starts of a block, the first of which is number `first`. */
function run(landscape, rule, first, n, steps, block, w, lengths) {
  const d = landscape.dimension;
  const noisy = rule.noise > 0;
  const row = (steps + 1) * d;
  const { x, y } = block;
  const write = (t) => {
    let at = first * row + t * d;
    for (let i = 0; i < n; i += 1) {
      w[at] = x[i];
      if (d > 1) w[at + 1] = y[i];
      at += row;
    }
  };
  write(0);
  if (advances(landscape, rule)) {
    const { eta, rho } = rule;
    const advance = landscape.advance[rule.kind];
    for (let t = 1; t <= steps; t += 1) advance(eta, rho, n, x, y, w, first * row + t * d, row);
  } else {
    for (let t = 1; t <= steps; t += 1) {
      if (noisy) for (let i = 0; i < n; i += 1) gaussians(rule.seed, first + i, t - 1, block.noiseX, block.noiseY, i);
      stepBlock(landscape, rule, block, n);
      write(t);
    }
  }
  for (let i = 0; i < n; i += 1) lengths[first + i] = cut(w, (first + i) * row, row, d);
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
  const { x, y, gx, gy, ax, ay, hx, hy } = makeBlock(1);
  chosen.forEach((s, k) => {
    for (let t = 0; t < paths.lengths[s]; t += 1) {
      for (let i = 0; i < d; i += 1) here[i] = paths.w[(s * row + t) * d + i];
      [x[0], y[0]] = here;
      const at = k * row + t;
      found.loss[at] = landscape.value(here);
      gradientsAt(landscape, 1, x, y, gx, gy);
      ascend(rule.kind, rule.rho, 1, x, y, gx, gy, ax, ay);
      gradientsAt(landscape, 1, ax, ay, hx, hy);
      const norm = Math.hypot(gx[0], gy[0]);
      const norm_adv = Math.hypot(hx[0], hy[0]);
      found.gradientNorm[at] = norm;
      const product = gx[0] * hx[0] + gy[0] * hy[0];
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
