/** Evenly spaced streamlines: a line ends where it comes near another, as in Matplotlib's streamplot. */

import { velocityOf } from './field.js';

const STEP = 0.008;
const LONGEST = 2;
const SHORTEST = 0.08;

/**
 * @param {Object} landscape of two dimensions @param {import('./rules.js').Rule|null} rule @param {number[][]} window
 * @param {{cells?: number}} [options] cells along each side of the mask that keeps the lines apart
 * @returns {Float64Array[]} each u0, v0, u1, v1, ... in the direction of motion
 */
export function streamlines(landscape, rule, window, { cells = 26 } = {}) {
  const velocity = velocityOf(landscape, rule);
  const [[xlow, xhigh], [ylow, yhigh]] = window;
  const [wide, tall] = [xhigh - xlow, yhigh - ylow];
  const w = new Float64Array(2);
  const v = new Float64Array(2);
  /** The unit vector of motion at (p, q), window coordinates 0 ... 1; false where there is none. */
  const heading = (p, q, sign) => {
    w[0] = xlow + p * wide;
    w[1] = ylow + q * tall;
    velocity(w, v);
    const [a, b] = [(sign * v[0]) / wide, (sign * v[1]) / tall];
    const size = Math.hypot(a, b);
    if (!(size > 0 && size < Infinity)) return false;
    v[0] = a / size;
    v[1] = b / size;
    return true;
  };
  const mask = new Int32Array(cells * cells);
  const lines = [];
  for (const seed of seeds(cells)) {
    if (mask[seed]) continue;
    const id = lines.length + 1;
    const touched = [];
    const p = ((seed % cells) + 0.5) / cells;
    const q = (Math.floor(seed / cells) + 0.5) / cells;
    const ahead = follow(heading, p, q, 1, mask, cells, id, touched);
    const behind = follow(heading, p, q, -1, mask, cells, id, touched);
    const count = ahead.length / 2 + behind.length / 2 - 1;
    if (count * STEP < SHORTEST) {
      for (const cell of touched) mask[cell] = 0;
      continue;
    }
    const line = new Float64Array(2 * count);
    let at = 0;
    for (let i = behind.length - 2; i >= 2; i -= 2) {
      line[at] = xlow + behind[i] * wide;
      line[at + 1] = ylow + behind[i + 1] * tall;
      at += 2;
    }
    for (let i = 0; i < ahead.length; i += 2) {
      line[at] = xlow + ahead[i] * wide;
      line[at + 1] = ylow + ahead[i + 1] * tall;
      at += 2;
    }
    lines.push(line);
  }
  return lines;

  function follow(direction, p, q, sign, taken, n, id, touched) {
    const path = [p, q];
    let last = -1;
    for (let t = 0; t < LONGEST / STEP; t += 1) {
      const cell = Math.floor(q * n) * n + Math.floor(p * n);
      if (cell !== last) {
        if (taken[cell] && (taken[cell] !== id || t > 1)) return path;
        if (!taken[cell]) {
          taken[cell] = id;
          touched.push(cell);
        }
        last = cell;
      }
      if (!direction(p, q, sign)) return path;
      const [a, b] = [v[0], v[1]];
      if (!direction(p + (STEP / 2) * a, q + (STEP / 2) * b, sign)) return path;
      if (a * v[0] + b * v[1] < 0) return path;
      p += STEP * v[0];
      q += STEP * v[1];
      if (!(p >= 0 && p < 1 && q >= 0 && q < 1)) return path;
      path.push(p, q);
    }
    return path;
  }
}

/** Cells from the border inwards, which gives long lines first. */
function seeds(n) {
  const order = Array.from({ length: n * n }, (_, k) => k);
  const depth = (k) => Math.min(k % n, n - 1 - (k % n), Math.floor(k / n), n - 1 - Math.floor(k / n));
  return order.sort((a, b) => depth(a) - depth(b) || a - b);
}
