/**
 * A rule's step as a map of its state, and what it does near points: dynamics/linear_map.py and attraction.py.
 *
 *   w+ = w - eta v+,  v+ = momentum v + d(w);     D = dd/dw;     J = [[1 - eta D, -eta m 1], [D, m 1]]
 *
 * An eigenvalue mu of D gives two of J, the roots of z^2 - (1 + m - eta mu) z + m = 0 (without momentum 1 - eta mu).
 * At a critical point of the loss D is H for gd and H + rho H^2 for usam, with eigenvalues lambda and lambda + rho lambda^2.
 * sam, stable_sam and asam have no derivative there. To first order in rho their flow has lambda + rho lambda^2 / ||g||,
 * which grows without bound on the way in; what becomes of a start nearby is found by running it:
 *
 *   radius < 1: attracts;   > 1: repels;   = 1 within 1e-9, or no derivative: starts on four rings in the ball are run
 *
 * Without a derivative minima need no test, as in Python: what oscillates within the ball of one has reached it.
 * Simplified against Python: at most MOST_ESCAPE steps of the escape test (Python: a million; beyond, `attracts` is null
 * and nothing is held).
 */

import { GD, STABLE_SAM, USAM, ascend, gradientsAt, makeBlock, makeScratch, rescale, stepBlock } from './rules.js';

export const NEUTRAL = 1e-9;
export const MOST_ESCAPE = 50000;
const LEAST_ESCAPE = 1000;
const FOLDS = 12;
/** From the innermost outwards, as shares of the ball. */
const RINGS = [0.004, 0.02, 0.1, 0.5];
/** Directions of the points on a ring: those that attraction.py draws, numpy's default_rng(0). */
const RING_ANGLES = [-0.810117, 0.162357, 2.547820, 0.628153, -2.078332, 3.075385, -3.047766, -2.610239];
const WINDOW = 128;
const REST = 0.01;
/** Room to work in, so that no point needs its own. */
const ONE = makeScratch();
const [UP, DOWN, MOVED] = [0, 1, 2].map(() => new Float64Array(2));

/**
 * The direction d(w) of descent, without momentum.
 * @param {Float64Array} out two numbers
 * @param {import('./rules.js').Block} [block] of one, to work in
 */
export function direction(landscape, rule, w, out, block = ONE) {
  const { x, y, gx, gy, ax, ay, hx, hy } = block;
  x[0] = w[0];
  y[0] = landscape.dimension > 1 ? w[1] : 0;
  gradientsAt(landscape, 1, x, y, gx, gy);
  if (rule.kind === GD) {
    out[0] = gx[0];
    out[1] = gy[0];
    return out;
  }
  ascend(rule.kind, rule.rho, 1, x, y, gx, gy, ax, ay);
  gradientsAt(landscape, 1, ax, ay, hx, hy);
  if (rule.kind === STABLE_SAM) rescale(1, gx, gy, hx, hy);
  out[0] = hx[0];
  out[1] = hy[0];
  return out;
}

/** The Hessian as [h00, h01, h10, h11]; in one dimension the rest is zero. */
export function hessianAt(landscape, w) {
  const found = new Float64Array(4);
  landscape.hessian(w, found);
  return found;
}

/** D = dd/dw as [d00, d01, d10, d11]: exact for gd and usam, central differences for the others. */
export function directionDerivative(landscape, rule, w) {
  const here = Float64Array.of(w[0], landscape.dimension > 1 ? w[1] : 0);
  if (rule.kind === GD) return hessianAt(landscape, here);
  if (rule.kind === USAM) {
    const h = hessianAt(landscape, here);
    direction(landscape, rule, here, MOVED);
    MOVED[0] = ONE.ax[0];
    MOVED[1] = ONE.ay[0];
    const second = hessianAt(landscape, MOVED);
    return times(second, Float64Array.of(1 + rule.rho * h[0], rule.rho * h[1], rule.rho * h[2], 1 + rule.rho * h[3]));
  }
  const found = new Float64Array(4);
  for (let i = 0; i < landscape.dimension; i += 1) {
    const step = 1e-6 * Math.max(1, Math.abs(here[i]));
    MOVED.set(here);
    MOVED[i] = here[i] + step;
    direction(landscape, rule, MOVED, UP);
    MOVED[i] = here[i] - step;
    direction(landscape, rule, MOVED, DOWN);
    found[i] = (UP[0] - DOWN[0]) / (2 * step);
    found[2 + i] = (UP[1] - DOWN[1]) / (2 * step);
  }
  return found;
}

/** The product of two 2 x 2 matrices, row-major. */
export function times(p, q) {
  return Float64Array.of(
    p[0] * q[0] + p[1] * q[2], p[0] * q[1] + p[1] * q[3], p[2] * q[0] + p[3] * q[2], p[2] * q[1] + p[3] * q[3],
  );
}

/**
 * Eigenvalues of a real matrix as [real, imaginary] pairs; of its first entry alone in one dimension.
 * @param {ArrayLike<number>} m row-major, four numbers @param {number} [dimension]
 * @returns {number[][]} ascending in their real parts
 */
export function eigenvalues(m, dimension = 2) {
  if (dimension === 1) return [[m[0], 0]];
  const middle = (m[0] + m[3]) / 2;
  const squared = ((m[0] - m[3]) / 2) ** 2 + m[1] * m[2];
  const root = Math.sqrt(Math.abs(squared));
  return squared >= 0 ? [[middle - root, 0], [middle + root, 0]] : [[middle, -root], [middle, root]];
}

/**
 * The Jacobian of the step on (w, momentum): on w alone without momentum.
 * @returns {number[][]} rows
 */
export function jacobian(landscape, rule, w) {
  const n = landscape.dimension;
  const d = directionDerivative(landscape, rule, w);
  const unit = (i, j) => (i === j ? 1 : 0);
  const entry = (i, j) => d[2 * i + j];
  const rows = [];
  for (let i = 0; i < n; i += 1) {
    const row = [];
    for (let j = 0; j < n; j += 1) row.push(unit(i, j) - rule.eta * entry(i, j));
    for (let j = 0; rule.momentum > 0 && j < n; j += 1) row.push(-rule.eta * rule.momentum * unit(i, j));
    rows.push(row);
  }
  for (let i = 0; rule.momentum > 0 && i < n; i += 1) {
    const row = [];
    for (let j = 0; j < n; j += 1) row.push(entry(i, j));
    for (let j = 0; j < n; j += 1) row.push(rule.momentum * unit(i, j));
    rows.push(row);
  }
  return rows;
}

/** The largest modulus of the eigenvalues of J that an eigenvalue [re, im] of D gives. */
export function radiusOf(rule, [re, im]) {
  const { eta, momentum: m } = rule;
  if (!(m > 0)) return Math.hypot(1 - eta * re, eta * im);
  const b = [1 + m - eta * re, -eta * im];
  const square = [b[0] * b[0] - b[1] * b[1] - 4 * m, 2 * b[0] * b[1]];
  const size = Math.hypot(square[0], square[1]);
  const root = [Math.sqrt((size + square[0]) / 2), Math.sign(square[1]) * Math.sqrt(Math.max(0, (size - square[0]) / 2))];
  if (square[1] === 0 && square[0] < 0) root[1] = Math.sqrt(-square[0]);
  return Math.max(
    Math.hypot(b[0] + root[0], b[1] + root[1]), Math.hypot(b[0] - root[0], b[1] - root[1]),
  ) / 2;
}

/** The spectral radius of J at `w`; NaN at critical points under rules that have no derivative there. */
export function spectralRadius(landscape, rule, w) {
  if (!rule.smooth) {
    const g = new Float64Array(2);
    landscape.gradient(Float64Array.of(w[0], w[1] ?? 0), g);
    const h = hessianAt(landscape, Float64Array.of(w[0], w[1] ?? 0));
    const steep = Math.max(Math.abs(h[0]), Math.abs(h[1]), Math.abs(h[3]));
    if (Math.hypot(g[0], g[1]) <= 1e-6 * Math.max(steep, 1e-6)) return NaN;
  }
  const found = eigenvalues(directionDerivative(landscape, rule, w), landscape.dimension);
  return Math.max(...found.map((mu) => radiusOf(rule, mu)));
}

/**
 * @typedef {Object} Verdict what a rule makes of a critical point
 * @property {number[]} eigenvalues of the Hessian, ascending
 * @property {number[]|null} shifted lambda + rho lambda^2 (usam), lambda (gd); null where the step has no derivative
 * @property {boolean} smooth
 * @property {number} radius spectral radius of the map; NaN where it is not differentiable
 * @property {boolean|null} attracts null: not decided
 * @property {string} reason
 * @property {number} held distance below which tails stay for good; 0 where it repels
 * @property {number} shrink what a distance must shrink by in half a window to count as converging
 * @property {number} stall distance at which rounding may stop the convergence
 */

/**
 * Whether a critical point attracts.
 * @param {Object} landscape @param {import('./rules.js').Rule} rule
 * @param {{w: number[], ball: number, isMinimum: boolean, isolated: boolean}} point a row of outcomes.js `pointTable`
 * @param {number} [eps] of the arithmetic of the runs
 * @returns {Verdict}
 */
export function verdictOn(landscape, rule, point, eps = Number.EPSILON) {
  const w = Float64Array.of(point.w[0], point.w[1] ?? 0);
  const lambdas = eigenvalues(hessianAt(landscape, w), landscape.dimension).map(([re]) => re);
  const smooth = rule.smooth && isDifferentiable(landscape, rule, w, 1e-3 * point.ball);
  const radius = smooth ? spectralRadius(landscape, rule, w) : NaN;
  const shifted = !smooth ? null : lambdas.map((x) => (rule.kind === USAM ? x + rule.rho * x * x : x));
  const neutral = !smooth || Math.abs(radius - 1) <= NEUTRAL;
  let held = neutral || radius < 1 ? point.ball : 0;
  let attracts = held > 0;
  let reason = `the spectral radius of the map is ${radius < 1 ? 'below' : 'above'} 1`;
  if (neutral && !point.isolated) {
    reason = 'a continuum of critical points: along it nothing moves';
    attracts = !smooth && !point.isMinimum ? null : point.isMinimum || null;
  } else if (neutral && !smooth && point.isMinimum) {
    reason = 'the step has no derivative here; iterates near a minimum stay near it';
  } else if (neutral) {
    ({ held, attracts } = escape(landscape, rule, w, point.ball, lambdas[0]));
    const why = smooth ? 'the spectral radius is 1' : 'the step has no derivative here';
    reason = attracts === null
      ? `${why}, and starts nearby take more than ${MOST_ESCAPE} steps to decide`
      : `${why}; starts nearby ${attracts ? 'stay' : 'leave'}`;
  }
  return { eigenvalues: lambdas, shifted, smooth, radius, attracts, reason, held, ...convergence(radius, w, point.ball, eps) };
}

/**
 * What counts as converging to a point in arithmetic of a resolution `eps`.
 * @param {number} radius NaN without a derivative
 * @returns {{shrink: number, stall: number}}
 */
export function convergence(radius, w, ball, eps) {
  if (Number.isNaN(radius)) return { shrink: Infinity, stall: Infinity };
  const r = Math.abs(radius - 1) <= NEUTRAL ? 1 : Math.min(radius, 1);
  const unit = 8 * eps * Math.max(1, Math.abs(w[0]), Math.abs(w[1] ?? 0));
  return {
    shrink: Math.min(r ** (WINDOW / 4), 1 - 64 * eps), stall: Math.min(unit / Math.max(1 - r, 1e-12), REST * ball),
  };
}

/** Whether D is the derivative of d at `w`, by displacements of length `scale` and an eighth of it. */
function isDifferentiable(landscape, rule, w, scale) {
  const n = landscape.dimension;
  const d = directionDerivative(landscape, rule, w);
  const here = direction(landscape, rule, w, new Float64Array(2)).slice();
  const size = 1 + Math.max(Math.abs(w[0]), Math.abs(w[1]));
  if (!(rule.eta * Math.max(Math.abs(here[0]), Math.abs(here[1])) <= 1e-8 * size)) return false;
  const there = new Float64Array(2);
  const miss = [scale, scale / 8].map((h) => {
    let worst = 0;
    for (let k = 0; k < 8; k += 1) {
      const angle = ((k + 0.3) * Math.PI) / 4;
      const [vx, vy] = n > 1 ? [h * Math.cos(angle), h * Math.sin(angle)] : [k < 4 ? h : -h, 0];
      direction(landscape, rule, Float64Array.of(w[0] + vx, w[1] + vy), there);
      const ex = there[0] - here[0] - d[0] * vx - d[1] * vy;
      const ey = n > 1 ? there[1] - here[1] - d[2] * vx - d[3] * vy : 0;
      worst = Math.max(worst, (rule.eta * Math.hypot(ex, ey)) / h);
      if (Number.isNaN(ex)) return NaN;
    }
    return worst;
  });
  return miss[1] <= Math.max(miss[0] / 2, (64 * Number.EPSILON * size) / (scale / 8));
}

/** How near to a point starts stay in its ball: `held` as a length, 0 if even the nearest ring leaves. */
function escape(landscape, rule, w, ball, lowest) {
  let wanted = lowest > 0 ? LEAST_ESCAPE : MOST_ESCAPE;
  if (lowest < 0) wanted = Math.max(Math.ceil(FOLDS / (rule.eta * -lowest)), LEAST_ESCAPE);
  const patience = Math.min(wanted, MOST_ESCAPE);
  const quiet = rule.noise > 0 ? { ...rule, noise: 0 } : rule;
  const plane = landscape.dimension > 1;
  const n = plane ? RING_ANGLES.length : 2;
  let sound = 0;
  for (const share of RINGS) {
    const block = makeBlock(n);
    for (let k = 0; k < n; k += 1) {
      const angle = plane ? RING_ANGLES[k] : k * Math.PI;
      block.x[k] = w[0] + share * ball * Math.cos(angle);
      block.y[k] = plane ? w[1] + share * ball * Math.sin(angle) : 0;
    }
    if (leaves(landscape, quiet, block, n, w, ball, patience)) break;
    sound += 1;
  }
  const stays = sound === RINGS.length;
  if (stays && wanted > MOST_ESCAPE) return { held: 0, attracts: null };
  return { held: stays ? ball : sound ? RINGS[sound - 1] * ball : 0, attracts: sound > 0 };
}

/** Whether one of the starts of a block leaves the ball around `w` within `patience` steps. */
function leaves(landscape, rule, block, n, w, ball, patience) {
  const { x, y } = block;
  for (let t = 0; t < patience; t += 1) {
    stepBlock(landscape, rule, block, n);
    for (let i = 0; i < n; i += 1) {
      const dx = x[i] - w[0];
      const dy = y[i] - w[1];
      if (!(dx * dx + dy * dy <= ball * ball)) return true;
    }
  }
  return false;
}
