/**
 * Stable and unstable manifolds of the saddles of a rule's flow dw/dt = -d(w), from the eigenvectors at the saddle.
 *
 * For gd and usam the saddles of the loss that are saddles of the flow; for all rules but gd also the rule's own (where
 * w_adv and not w is critical): their stable manifolds bound the region from which a saddle of the loss captures SAM.
 * Rescaling (stable_sam) and momentum do not change the orbits that are drawn.
 */

import { equilibria, unscaled } from './equilibria.js';
import { velocityOf } from './field.js';

const OFFSET = 1e-5;
const MARGIN = 0.5;
const LONGEST = 8;
const ARRIVED = 5e-4;
const TOLERANCE = 1e-7;
const MOST_STEPS = 3000;

/**
 * @param {Object} landscape of two dimensions @param {import('./rules.js').Rule} rule @param {number[][]} window
 * @param {import('./equilibria.js').Equilibrium[]} [rests]
 * @returns {{saddle: number[], stable: boolean, points: Float64Array}[]} each curve u0, v0, u1, v1, ... from its saddle
 */
export function manifolds(landscape, rule, window, rests = equilibria(landscape, rule, window)) {
  const velocity = velocityOf(landscape, unscaled(rule));
  const ends = [...rests.map(({ w }) => w), ...landscape.criticalPoints.map(({ w }) => Array.from(w))];
  const reach = Math.hypot(window[0][1] - window[0][0], window[1][1] - window[1][0]);
  const branches = [];
  for (const { w, behaviour, rates, directions } of rests) {
    if (behaviour !== 'saddle') continue;
    const others = ends.filter((p) => Math.hypot(p[0] - w[0], p[1] - w[1]) > ARRIVED * reach);
    rates.forEach((rate, k) => {
      for (const side of [1, -1]) {
        const begin = directions[k].map((x, i) => w[i] + side * OFFSET * reach * x);
        const curve = integralCurve(velocity, begin, window, reach, rate < 0 ? -1 : 1, others);
        branches.push({ saddle: w, stable: rate < 0, points: Float64Array.from([...w, ...curve]) });
      }
    });
  }
  return branches;
}

/** The orbit through a point by its length, with the pair of Bogacki and Shampine (1989) and steps to a tolerance. */
function integralCurve(velocity, begin, window, reach, sign, ends) {
  const v = new Float64Array(2);
  const heading = (x, y) => {
    v[0] = x;
    v[1] = y;
    velocity(v.slice(), v);
    const size = Math.hypot(v[0], v[1]);
    return size > 0 && size < Infinity ? [(sign * v[0]) / size, (sign * v[1]) / size] : null;
  };
  const curve = [...begin];
  let [x, y] = begin;
  let h = OFFSET * reach;
  let length = 0;
  let a = heading(x, y);
  for (let n = 0; n < MOST_STEPS && a && length < LONGEST * reach; n += 1) {
    const b = heading(x + (h / 2) * a[0], y + (h / 2) * a[1]);
    const c = b && heading(x + 0.75 * h * b[0], y + 0.75 * h * b[1]);
    if (!c) break;
    const next = [0, 1].map((i) => (i ? y : x) + (h / 9) * (2 * a[i] + 3 * b[i] + 4 * c[i]));
    const d = heading(next[0], next[1]);
    if (!d) break;
    const error = (h / 72) * Math.hypot(-5 * a[0] + 6 * b[0] + 8 * c[0] - 9 * d[0], -5 * a[1] + 6 * b[1] + 8 * c[1] - 9 * d[1]);
    const factor = Math.min(3, Math.max(0.2, 0.9 * ((TOLERANCE * reach) / Math.max(error, 1e-300)) ** (1 / 3)));
    if (error > TOLERANCE * reach && h > 1e-9 * reach) {
      h *= factor;
      continue;
    }
    if (a[0] * d[0] + a[1] * d[1] < -0.5) break;
    length += h;
    [x, y] = next;
    a = d;
    h = Math.min(h * factor, reach / 150);
    curve.push(x, y);
    if (ends.some((p) => Math.hypot(p[0] - x, p[1] - y) < ARRIVED * reach) || !near(x, y, window)) break;
  }
  return curve;
}

function near(x, y, window) {
  return [x, y].every((z, i) => {
    const margin = MARGIN * (window[i][1] - window[i][0]);
    return z >= window[i][0] - margin && z <= window[i][1] + margin;
  });
}
