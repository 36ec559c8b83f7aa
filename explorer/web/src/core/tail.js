/** The tail of a run, as dynamics/tail.py looks at it: the box of a window of steps, and its period. */

import { makeScratch, stepOnce } from './rules.js';

export const WINDOW = 128;
export const HALF = 64;
export const PAUSE = 1024;
export const BACK = 1e-3;

/**
 * @typedef {Object} Tail
 * @property {Float64Array} low @property {Float64Array} high the box, both of length 2
 * @property {Float64Array} end the state after the window
 * @property {number} period steps after which the iterate was back, at every multiple of it too; 0: none
 * @property {number} repeats 1 at rest, 2 to and fro, 0: the state did not repeat itself after two steps
 */

/**
 * One window of `steps` steps from state `z`, which is moved on to its end.
 * @param {number} near how near, in the largest coordinate, counts as back; -1: no period is looked for
 * @returns {Tail}
 */
export function watch(landscape, rule, z, steps, near) {
  const scratch = makeScratch();
  const begin = z.slice();
  const low = z.slice(0, 2);
  const high = z.slice(0, 2);
  let period = 0;
  let count = 0;
  let repeats = 0;
  for (let t = 0; t < steps; t += 1) {
    stepOnce(landscape, rule, z, scratch);
    for (let i = 0; i < 2; i += 1) {
      if (z[i] < low[i]) low[i] = z[i];
      if (z[i] > high[i]) high[i] = z[i];
    }
    if (t === 1 && z.every((x, i) => x === begin[i])) {
      repeats = Math.max(high[0] - low[0], high[1] - low[1]) <= resolutionAt(begin) ? 1 : 2;
    }
    count += 1;
    const back = Math.max(Math.abs(z[0] - begin[0]), Math.abs(z[1] - begin[1])) <= near;
    if (period === 0 ? back : count === period) {
      period = back ? count : -1;
      count = 0;
    }
  }
  return { low, high, end: z, period: period > 0 && 2 * period <= steps ? period : 0, repeats };
}

/** Half the diagonal of the box. */
export const amplitude = ({ low, high }) => Math.hypot(high[0] - low[0], high[1] - low[1]) / 2;

/** The smallest box around both. */
export function join(p, q) {
  return {
    low: p.low.map((x, i) => Math.min(x, q.low[i])),
    high: p.high.map((x, i) => Math.max(x, q.high[i])),
  };
}

/** The distance from a point to the box's farthest corner. */
export function farthest({ low, high }, w) {
  const y = w[1] ?? 0;
  return Math.hypot(Math.max(high[0] - w[0], w[0] - low[0]), Math.max(high[1] - y, y - low[1]));
}

/** How far the sides moved from one box to the other, as a share of the longest side of both. */
export function shift(p, q) {
  const both = join(p, q);
  const longest = Math.max(both.high[0] - both.low[0], both.high[1] - both.low[1]);
  let moved = 0;
  for (let i = 0; i < 2; i += 1) {
    moved = Math.max(moved, Math.abs(p.low[i] - q.low[i]), Math.abs(p.high[i] - q.high[i]));
  }
  return longest > 0 ? moved / longest : 0;
}

/** Distances that the arithmetic cannot tell from none there: 8 units in the last place. */
export function resolutionAt(w) {
  return 8 * Number.EPSILON * Math.max(1, Math.abs(w[0]), Math.abs(w[1]));
}
