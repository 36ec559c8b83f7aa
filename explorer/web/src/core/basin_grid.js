/** Basin maps by the processor, in float64: what the worker of gl/basins.js computes, and what tests compare with. */

import { DIVERGED, ESCAPE_RADIUS, codeOf, label, pointTable } from './outcomes.js';
import { makeScratch, stepOnce } from './rules.js';

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
  const labels = new Uint16Array(width * (to - from));
  const steps = new Uint16Array(labels.length);
  const z = new Float64Array(4);
  const scratch = makeScratch();
  const squared = ESCAPE_RADIUS ** 2;
  for (let j = from; j < to; j += 1) {
    for (let i = 0; i < width; i += 1) {
      const at = (j - from) * width + i;
      startOf(window, width, height, i, j, z);
      let t = 0;
      while (t < budget && z[0] * z[0] + z[1] * z[1] <= squared) {
        stepOnce(landscape, rule, z, scratch);
        t += 1;
      }
      labels[at] = label(landscape, rule, z, table);
      if (codeOf(labels[at]) === DIVERGED) steps[at] = Math.min(t, 65535);
    }
  }
  return { labels, steps };
}

/** The start of pixel (i, j) into `z`. */
export function startOf(window, width, height, i, j, z) {
  const [xlow, xhigh] = window[0];
  z[0] = xlow + ((xhigh - xlow) * (i + 0.5)) / width;
  z[1] = window.length > 1 ? window[1][1] - ((window[1][1] - window[1][0]) * (j + 0.5)) / height : 0;
  z[2] = 0;
  z[3] = 0;
  return z;
}
