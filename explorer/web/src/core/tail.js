/** The tail of a run, as dynamics/tail.py looks at it: the box of a window of steps, and its period. */

import { get, makeBlock, put, stepBlock } from './rules.js';

export const WINDOW = 128;
export const HALF = 64;
export const PAUSE = 1024;
export const BACK = 1e-3;

/**
 * @typedef {Object} Tail
 * @property {number[]} low @property {number[]} high the box, both of length 2
 * @property {Float64Array} end the state after the window
 * @property {number} period steps after which the iterate was back, at every multiple of it too; 0: none
 * @property {number} repeats 1 at rest, 2 to and fro, 0: the state did not repeat itself after two steps
 */

/**
 * One window of `steps` steps of n starts.
 * @param {Float64Array} states n times [x, y, vx, vy]
 * @param {number} near how near, in the largest coordinate, counts as back; -1: no period is looked for
 * @returns {Tail[]}
 */
export function watch(landscape, rule, states, steps, near) {
  const n = states.length / 4;
  const block = makeBlock(n);
  for (let i = 0; i < n; i += 1) put(block, i, states, 4 * i);
  const [lowX, lowY, highX, highY] = [block.x, block.y, block.x, block.y].map((x) => x.slice());
  const period = new Int32Array(n);
  const count = new Int32Array(n);
  const repeats = new Int32Array(n);
  const { x, y } = block;
  for (let t = 0; t < steps; t += 1) {
    stepBlock(landscape, rule, block, n);
    for (let i = 0; i < n; i += 1) {
      if (x[i] < lowX[i]) lowX[i] = x[i];
      if (x[i] > highX[i]) highX[i] = x[i];
      if (y[i] < lowY[i]) lowY[i] = y[i];
      if (y[i] > highY[i]) highY[i] = y[i];
    }
    if (t === 1) {
      for (let i = 0; i < n; i += 1) {
        const at = 4 * i;
        const same = x[i] === states[at] && y[i] === states[at + 1] && block.vx[i] === states[at + 2] && block.vy[i] === states[at + 3];
        if (!same) continue;
        const side = Math.max(highX[i] - lowX[i], highY[i] - lowY[i]);
        repeats[i] = side <= resolutionAt([states[at], states[at + 1]]) ? 1 : 2;
      }
    }
    for (let i = 0; near >= 0 && i < n; i += 1) {
      count[i] += 1;
      const back = Math.max(Math.abs(x[i] - states[4 * i]), Math.abs(y[i] - states[4 * i + 1])) <= near;
      if (period[i] === 0 ? back : count[i] === period[i]) {
        period[i] = back ? count[i] : -1;
        count[i] = 0;
      }
    }
  }
  return Array.from(period, (found, i) => {
    const end = new Float64Array(4);
    get(block, i, end, 0);
    return {
      low: [lowX[i], lowY[i]], high: [highX[i], highY[i]], end, period: found > 0 && 2 * found <= steps ? found : 0,
      repeats: repeats[i],
    };
  });
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
