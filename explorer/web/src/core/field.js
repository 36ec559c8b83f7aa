/** The motion as a field of velocities: v(w) = -d(w), for plain descent (rule null) v = -grad L. Momentum does not enter. */

import { direction } from './map.js';
import { GD, STABLE_SAM, ascend, gradientsAt, makeBlock, makeScratch, rescale } from './rules.js';

const ABREAST = 64;

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
 * Velocities at many points at once.
 * @param {Object} landscape @param {import('./rules.js').Rule|null} rule
 * @param {Float64Array} x @param {Float64Array} y
 * @returns {Float64Array[]} their two coordinates
 */
export function velocitiesAt(landscape, rule, x, y) {
  const found = [new Float64Array(x.length), new Float64Array(x.length)];
  const { gx, gy, ax, ay, hx, hy } = makeBlock(ABREAST);
  for (let from = 0; from < x.length; from += ABREAST) {
    const n = Math.min(ABREAST, x.length - from);
    const [u, v] = [x, y].map((all) => all.subarray(from, from + n));
    gradientsAt(landscape, n, u, v, gx, gy);
    let [dx, dy] = [gx, gy];
    if (rule && rule.kind !== GD) {
      ascend(rule.kind, rule.rho, n, u, v, gx, gy, ax, ay);
      gradientsAt(landscape, n, ax, ay, hx, hy);
      if (rule.kind === STABLE_SAM) rescale(n, gx, gy, hx, hy);
      [dx, dy] = [hx, hy];
    }
    for (let i = 0; i < n; i += 1) {
      found[0][from + i] = -dx[i];
      found[1][from + i] = -dy[i];
    }
  }
  return found;
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
