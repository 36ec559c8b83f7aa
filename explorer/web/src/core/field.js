/** The motion as a field of velocities: v(w) = -d(w), for plain descent (rule null) v = -grad L. Momentum does not enter. */

import { direction } from './map.js';
import { makeScratch } from './rules.js';

/**
 * @param {Object} landscape @param {import('./rules.js').Rule|null} rule
 * @returns {(w: Float64Array, out: Float64Array) => Float64Array}
 */
export function velocityOf(landscape, rule) {
  const scratch = makeScratch();
  return (w, out) => {
    if (rule) direction(landscape, rule, w, out, scratch);
    else landscape.gradient(w, out);
    out[0] = -out[0];
    out[1] = -out[1];
    return out;
  };
}

/**
 * Velocities on a grid of `columns` x `rows` cells, at their centres.
 * @param {Object} landscape @param {import('./rules.js').Rule|null} rule @param {number[][]} window
 * @returns {{u: number, v: number, du: number, dv: number}[]}
 */
export function arrows(landscape, rule, window, columns = 24, rows = columns) {
  const velocity = velocityOf(landscape, rule);
  const [[xlow, xhigh], [ylow, yhigh]] = window;
  const w = new Float64Array(2);
  const out = new Float64Array(2);
  const found = [];
  for (let j = 0; j < rows; j += 1) {
    for (let i = 0; i < columns; i += 1) {
      w[0] = xlow + ((xhigh - xlow) * (i + 0.5)) / columns;
      w[1] = ylow + ((yhigh - ylow) * (j + 0.5)) / rows;
      velocity(w, out);
      found.push({ u: w[0], v: w[1], du: out[0], dv: out[1] });
    }
  }
  return found;
}
