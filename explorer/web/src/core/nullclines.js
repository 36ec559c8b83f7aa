/** Curves on which one coordinate of the velocity vanishes; they cross at the equilibria. */

import { isolines } from './contours.js';
import { velocitiesAt, velocityOf } from './field.js';

/**
 * @param {Object} landscape of two dimensions @param {import('./rules.js').Rule|null} rule
 * @param {number[][]} window @param {{grid?: number}} [options]
 * @returns {Float64Array[][]} the curves of each coordinate; a jump of the sign, at a kink, is left out
 */
export function nullclines(landscape, rule, window, { grid = 161 } = {}) {
  const velocity = velocityOf(landscape, rule);
  const w = new Float64Array(2);
  const out = new Float64Array(2);
  const at = (x, y) => {
    w[0] = x;
    w[1] = y;
    return velocity(w, out);
  };
  const cells = window.map(([low, high]) => (high - low) / (grid - 1));
  const corners = [0, 1].map((axis) => Float64Array.from({ length: grid * grid }, (_, k) => {
    const [low, high] = window[axis];
    return low + ((high - low) * (axis ? Math.floor(k / grid) : k % grid)) / (grid - 1);
  }));
  const values = velocitiesAt(landscape, rule, ...corners);
  return [0, 1].map((coordinate) => {
    const lines = isolines(values[coordinate], grid, window, 0);
    return lines.map((line) => placed((x, y) => at(x, y)[coordinate], line, cells)).flatMap(unbroken);
  });
}

/** Points near a sign change moved onto it, along the axis on which the ends differ most; NaN where it is a jump. */
function placed(f, line, [dx, dy]) {
  const found = new Float64Array(line.length);
  for (let i = 0; i < line.length; i += 2) {
    const [x, y] = [line[i], line[i + 1]];
    const across = [f(x + dx, y) - f(x - dx, y), f(x, y + dy) - f(x, y - dy)].map(Math.abs);
    const [sx, sy] = across[0] >= across[1] ? [dx, 0] : [0, dy];
    let [low, high] = [-1, 1];
    const sign = Math.sign(f(x - sx, y - sy));
    if (sign === Math.sign(f(x + sx, y + sy))) {
      found.set([x, y], i);
      continue;
    }
    for (let k = 0; k < 40; k += 1) {
      const middle = (low + high) / 2;
      if (f(x + middle * sx, y + middle * sy) * sign > 0) low = middle;
      else high = middle;
    }
    const leap = Math.max(Math.abs(f(x + low * sx, y + low * sy)), Math.abs(f(x + high * sx, y + high * sy)));
    const jumps = leap > 0.1 * Math.max(...across);
    found.set(jumps ? [NaN, NaN] : [x + ((low + high) / 2) * sx, y + ((low + high) / 2) * sy], i);
  }
  return found;
}

function unbroken(line) {
  const parts = [];
  let from = 0;
  for (let i = 0; i <= line.length; i += 2) {
    if (i < line.length && !Number.isNaN(line[i])) continue;
    if (i - from > 2) parts.push(line.slice(from, i));
    from = i + 2;
  }
  return parts;
}
