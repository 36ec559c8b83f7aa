/** Basin maps by the processor, in float64: what the worker of gl/basins.js computes, and what tests compare with. */

import { ESCAPE_RADIUS, labels, pointTable } from './outcomes.js';
import { get, makeBlock, put, stepBlock } from './rules.js';

const ABREAST = 64;

/**
 * Labels of the starts at the centres of a grid's cells. The first row is the top one: the highest second coordinate.
 * @param {{landscape: Object, rule: Object, window: number[][], width: number, height: number, steps: number,
 *   table?: Object[]}} job in one dimension the rows are alike
 * @param {number} [from] @param {number} [to] rows to compute, all by default
 * @returns {{labels: Uint16Array, steps: Uint16Array}} `steps`: of diverged starts the first step outside the escape
 *   radius, else 0
 */
export function basinGrid(job, from = 0, to = job.height) {
  const { landscape, window, width, height, steps: budget } = job;
  const rule = job.rule.noise > 0 ? { ...job.rule, noise: 0 } : job.rule;
  const table = job.table ?? pointTable(landscape, rule);
  const count = width * (to - from);
  const states = new Float64Array(4 * count);
  const steps = new Uint16Array(count);
  const block = makeBlock(ABREAST);
  const left = new Int32Array(ABREAST);
  for (let first = 0; first < count; first += ABREAST) {
    const n = Math.min(ABREAST, count - first);
    for (let i = 0; i < n; i += 1) {
      const pixel = first + i;
      startOf(window, width, height, pixel % width, from + Math.floor(pixel / width), states, 4 * pixel);
      put(block, i, states, 4 * pixel);
    }
    run(landscape, rule, block, n, budget, left);
    for (let i = 0; i < n; i += 1) {
      get(block, i, states, 4 * (first + i));
      if (left[i] >= 0) {
        states[4 * (first + i)] = Infinity;
        steps[first + i] = Math.min(left[i], 65535);
      }
    }
  }
  return { labels: labels(landscape, rule, states, table), steps };
}

/** All steps of a block, and when each start first left the escape radius, -1 if it did not. */
function run(landscape, rule, block, n, budget, left) {
  const { x, y } = block;
  left.fill(-1);
  for (let t = 0; ; t += 1) {
    for (let i = 0; i < n; i += 1) {
      if (left[i] < 0 && !(x[i] * x[i] + y[i] * y[i] <= ESCAPE_RADIUS * ESCAPE_RADIUS)) left[i] = t;
    }
    if (t === budget) return;
    stepBlock(landscape, rule, block, n);
  }
}

/** The start of pixel (i, j) as a state, into `z` at `at`. */
export function startOf(window, width, height, i, j, z, at = 0) {
  const [xlow, xhigh] = window[0];
  z[at] = xlow + ((xhigh - xlow) * (i + 0.5)) / width;
  z[at + 1] = window.length > 1 ? window[1][1] - ((window[1][1] - window[1][0]) * (j + 0.5)) / height : 0;
  z[at + 2] = 0;
  z[at + 3] = 0;
  return z;
}
