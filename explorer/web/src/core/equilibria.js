/**
 * Where a rule rests: at the loss's critical points, and where its w_adv is one (figures/equilibria.py).
 *
 * @typedef {{w: number[], critical: boolean, behaviour: 'attracts'|'repels'|'saddle'|'neutral', rates: number[],
 *   directions: number[][]}} Equilibrium   of the flow; `rates` are eigenvalues of Dv, real where `behaviour` is 'saddle'
 */

import { velocityOf } from './field.js';
import { directionDerivative, eigenvalues } from './map.js';
import { GD, SAM, STABLE_SAM } from './rules.js';

/** The rule whose flow has the same orbits: without rescaling, which changes the speed alone, as figures/field.py does. */
export const unscaled = (rule) => (rule.kind === STABLE_SAM ? { ...rule, kind: SAM } : rule);

/**
 * @param {Object} landscape of two dimensions @param {import('./rules.js').Rule} given @param {number[][]} window
 * @param {number} [starts] Newton's method starts from a grid of this many points squared
 * @returns {Equilibrium[]} those at which the motion is differentiable
 */
export function equilibria(landscape, given, window, starts = 20) {
  const rule = unscaled(given);
  const reach = Math.hypot(window[0][1] - window[0][0], window[1][1] - window[1][0]);
  const inside = (w) => w.every((x, i) => x >= window[i][0] && x <= window[i][1]);
  const isolated = landscape.criticalPoints.filter((point) => !point.members && inside(point.w)).map(({ w }) => Array.from(w));
  const found = rule.smooth ? isolated.map((w) => describe(landscape, rule, w, true)) : [];
  if (rule.kind === GD) return found;
  const taken = landscape.criticalPoints.flatMap((point) => (point.members ?? [point.w]).map((w) => Array.from(w)));
  const velocity = velocityOf(landscape, rule);
  const typical = typicalSpeed(velocity, window, starts);
  for (const w of newton(landscape, rule, velocity, window, starts, 1e-9 * typical, reach)) {
    const apart = (p) => Math.hypot(p[0] - w[0], p[1] - w[1]) > 1e-4 * reach;
    if (!inside(w) || !taken.every(apart)) continue;
    taken.push(w);
    found.push(describe(landscape, rule, w, false));
  }
  return found;
}

function describe(landscape, rule, w, critical) {
  const d = directionDerivative(landscape, rule, w).map((x) => -x);
  const rates = eigenvalues(d);
  const real = rates.every(([, im]) => im === 0);
  const [low, high] = [rates[0][0], rates[1][0]];
  const behaviour = real && low < 0 && high > 0 ? 'saddle' : high < 0 ? 'attracts' : low > 0 ? 'repels' : 'neutral';
  return { w, critical, behaviour, rates: [low, high], directions: real ? [low, high].map((rate) => eigenvector(d, rate)) : [] };
}

function eigenvector([a, b, c, d], rate) {
  const [p, q] = [[b, rate - a], [rate - d, c]];
  const v = Math.hypot(...p) >= Math.hypot(...q) ? p : q;
  const size = Math.hypot(...v);
  return size > 0 ? [v[0] / size, v[1] / size] : [1, 0];
}

function typicalSpeed(velocity, window, n) {
  const speeds = [];
  for (const w of gridOf(window, n)) {
    const v = velocity(Float64Array.from(w), new Float64Array(2));
    const size = Math.hypot(v[0], v[1]);
    if (Number.isFinite(size)) speeds.push(size);
  }
  return speeds.sort((a, b) => a - b)[speeds.length >> 1] ?? 1;
}

function gridOf([[xlow, xhigh], [ylow, yhigh]], n) {
  const points = [];
  for (let j = 0; j < n; j += 1) {
    for (let i = 0; i < n; i += 1) {
      points.push([xlow + ((xhigh - xlow) * i) / (n - 1), ylow + ((yhigh - ylow) * j) / (n - 1)]);
    }
  }
  return points;
}

/** Ends of Newton's runs for v = 0, each step at most a twentieth of the window. */
function* newton(landscape, rule, velocity, window, n, tolerance, reach) {
  const v = new Float64Array(2);
  for (const start of gridOf(window, n)) {
    const w = Float64Array.from(start);
    for (let k = 0; k < 30; k += 1) {
      velocity(w, v);
      if (Math.hypot(v[0], v[1]) <= tolerance) {
        yield Array.from(w);
        break;
      }
      const [a, b, c, d] = directionDerivative(landscape, rule, w);
      const determinant = a * d - b * c;
      if (!(Math.abs(determinant) > 0 && Math.abs(determinant) < Infinity)) break;
      const step = [(d * v[0] - b * v[1]) / determinant, (a * v[1] - c * v[0]) / determinant];
      const size = Math.hypot(...step);
      const share = Math.min(1, (0.05 * reach) / size);
      if (!(size < Infinity)) break;
      w[0] += share * step[0];
      w[1] += share * step[1];
    }
  }
}
