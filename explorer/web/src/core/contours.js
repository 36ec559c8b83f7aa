/** Level curves of the loss, at the levels of figures/layers.py `contour_levels`. */

import { contours as marching } from 'd3-contour';

/**
 * @param {Object} landscape of two dimensions
 * @param {number[][]} window
 * @param {{count?: number, grid?: number, levels?: number[]}} [options]
 * @returns {{levels: number[], lines: Float64Array[]}} each line u0, v0, u1, v1, ...
 */
export function contours(landscape, window, { count = 18, grid = 161, levels } = {}) {
  const w = new Float64Array(2);
  const values = sampled((x, y) => {
    w[0] = x;
    w[1] = y;
    return landscape.value(w);
  }, window, grid);
  const wanted = levels ?? contourLevels(values, count, saddleValue(landscape, values, window));
  return { levels: wanted, lines: wanted.flatMap((level) => isolines(values, grid, window, level)) };
}

/** The values of a function at the corners of a grid, the first coordinate fastest. */
export function sampled(f, [[xlow, xhigh], [ylow, yhigh]], grid) {
  const values = new Float64Array(grid * grid);
  for (let j = 0; j < grid; j += 1) {
    for (let i = 0; i < grid; i += 1) {
      values[j * grid + i] = f(xlow + ((xhigh - xlow) * i) / (grid - 1), ylow + ((yhigh - ylow) * j) / (grid - 1));
    }
  }
  return values;
}

/**
 * Where sampled values cross a level; polygons of d3-contour without their sides along the border.
 * @param {Float64Array} values from `sampled`
 * @returns {Float64Array[]}
 */
export function isolines(values, grid, [[xlow, xhigh], [ylow, yhigh]], level) {
  const { coordinates } = marching().size([grid, grid]).smooth(true).contour(values, level);
  const lines = [];
  const scale = (at, low, high) => low + ((high - low) * (at - 0.5)) / (grid - 1);
  // a sample i has its place at i + 0.5: what is nearer to the border than that closes a polygon
  const inside = ([x, y]) => x > 0.499 && y > 0.499 && x < grid - 0.499 && y < grid - 0.499;
  for (const ring of coordinates.flat()) {
    let line = [];
    const finish = () => {
      if (line.length > 2) lines.push(Float64Array.from(line));
      line = [];
    };
    // a ring that meets the border is cut there, not where it happens to begin
    const first = ring.findIndex((point) => !inside(point));
    const path = first < 0 ? ring : [...ring.slice(first), ...ring.slice(1, first + 1)];
    for (const point of path) {
      if (inside(point)) line.push(scale(point[0], xlow, xhigh), scale(point[1], ylow, yhigh));
      else finish();
    }
    finish();
  }
  return lines;
}

/**
 * Levels evenly spaced in the logarithm of the height above the lowest value, or quadratically about `centre`.
 * @param {Float64Array} values @param {number} count @param {number|null} centre
 * @returns {number[]}
 */
export function contourLevels(values, count, centre = null) {
  const finite = values.filter(Number.isFinite).sort();
  if (!finite.length) return [];
  const lowest = finite[0];
  const highest = finite[finite.length - 1];
  if (!(highest > lowest)) return [];
  const levels = [];
  if (centre === null) {
    const top = highest - lowest;
    const bottom = Math.max(finite[Math.floor(0.004 * (finite.length - 1))] - lowest, 1e-6 * top);
    for (let k = 0; k < count; k += 1) levels.push(lowest + bottom * (top / bottom) ** (k / count));
    return levels;
  }
  const half = count >> 1;
  for (let k = half; k >= 0; k -= 1) levels.push(centre - Math.max(centre - lowest, 0) * (k / half) ** 2);
  for (let k = 1; k <= half; k += 1) levels.push(centre + Math.max(highest - centre, 0) * (k / half) ** 2);
  return [...new Set(levels)];
}

/** The loss at the highest saddle in the window, where the lowest value lies on the window's border; else null. */
function saddleValue(landscape, values, window) {
  const inside = (w) => w.every((x, i) => x >= window[i][0] && x <= window[i][1]);
  const points = (landscape.criticalPoints ?? []).filter(({ w }) => inside(w));
  if (points.some(({ kind }) => kind === 'minimum')) return null;
  const saddles = points.filter(({ kind }) => kind === 'saddle' || kind === 'degenerate');
  return saddles.length ? Math.max(...saddles.map(({ value }) => value)) : null;
}
