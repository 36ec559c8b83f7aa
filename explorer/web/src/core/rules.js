/**
 * Update rules, in the order of operations of dynamics/perturbation.py, correction.py and base.py.
 *
 *   gd          d = g
 *   sam         w_adv = w + rho g / ||g||            d = g_adv
 *   usam        w_adv = w + rho g                    d = g_adv
 *   stable_sam  w_adv as sam                         d = (||g|| / ||g_adv||) g_adv
 *   asam        w_adv = w + rho T^2 g / ||T g||      d = g_adv         T = diag(|w|)
 *
 *   w+ = w - eta d;   with momentum (heavy ball)   v+ = d + momentum v,  w+ = w - eta v+
 *
 * A zero gradient gives a zero displacement, and g_adv = 0 no step of stable_sam, as in Python.
 *
 * Noise: at every step one xi ~ N(0, noise^2 I) is drawn and added to every gradient of that step, g and g_adv alike: the
 * finite sum of losses L(w) + xi_i . w with one example drawn per step, on which both gradients are taken.
 * xi depends on (seed, number of the start, step) alone; see random.js.
 *
 * A state is a Float64Array [x, y, vx, vy], in one dimension with y = vy = 0. Every rule is told by its `kind`, a small
 * integer, and there is one function `stepOnce` for all, so that engines compile one loop.
 */

import { gaussians } from './random.js';

export const RULES = ['gd', 'sam', 'usam', 'stable_sam', 'asam'];
export const GD = 0;
export const SAM = 1;
export const USAM = 2;
export const STABLE_SAM = 3;
export const ASAM = 4;

const TINY = 2.2250738585072014e-308;

/** 1 / sqrt(squared), finite at zero: dynamics/tree.py `inverse_norm`. */
export function inverseNorm(squared) {
  return 1 / Math.sqrt(squared < TINY ? TINY : squared);
}

/**
 * @typedef {Object} Rule
 * @property {string} name
 * @property {number} kind
 * @property {number} eta
 * @property {number} rho
 * @property {number} momentum
 * @property {number} noise
 * @property {number} seed
 * @property {boolean} smooth whether the step is differentiable where the gradient vanishes
 * @property {(d: number) => Object} init
 * @property {(landscape: Object, w: ArrayLike<number>, state: Object) =>
 *   {w_adv: number[], gradient: number[], gradient_adv: number[], loss: number}} step
 */

/**
 * @param {{name?: string, rule?: string, eta: number, rho?: number, momentum?: number, noise?: number, seed?: number}} numbers
 * @returns {Rule}
 */
export function makeRule({ name, rule, eta, rho = 0, momentum = 0, noise = 0, seed = 0 }) {
  const called = name ?? rule;
  const kind = RULES.indexOf(called);
  if (kind < 0) throw new Error(`unknown update rule '${called}'; the rules are ${RULES.join(', ')}`);
  if (!(eta > 0 && eta < Infinity)) throw new Error(`${called}: eta = ${eta}: a step size is a finite number > 0`);
  if (!(rho >= 0 && rho < Infinity)) throw new Error(`${called}: rho = ${rho}: a radius is a finite number >= 0`);
  if (!(momentum >= 0 && momentum < 1)) throw new Error(`${called}: momentum = ${momentum}: it is >= 0 and below 1`);
  if (!(noise >= 0 && noise < Infinity)) throw new Error(`${called}: noise = ${noise}: a finite number >= 0`);
  return {
    name: called, kind, eta, rho, momentum, noise, seed: seed >>> 0, smooth: kind === GD || kind === USAM, init, step,
  };
}

/** The state before the first step: momentum, and which noise comes next. */
function init(d, start = 0) {
  return { v: new Float64Array(2), start, t: 0, dimension: d };
}

/** One step of one start, in place, with what there is to know of it. For loops use `stepOnce`. */
function step(landscape, w, state) {
  const z = Float64Array.of(w[0], landscape.dimension > 1 ? w[1] : 0, state.v[0], state.v[1]);
  const loss = landscape.value(w);
  const scratch = makeScratch();
  if (this.noise > 0) gaussians(this.seed, state.start, state.t, scratch.xi);
  stepOnce(landscape, this, z, scratch);
  const { g, a, g_adv } = scratch;
  const d = landscape.dimension;
  const part = (x) => Array.from(x.subarray(0, d));
  for (let i = 0; i < d; i += 1) {
    w[i] = z[i];
    state.v[i] = z[2 + i];
  }
  state.t += 1;
  return { w_adv: part(a), gradient: part(g), gradient_adv: part(g_adv), loss };
}

/** Arrays that `stepOnce` writes to: g, w_adv, g_adv; `xi` is the unit noise of the step that is to come. */
export function makeScratch() {
  return { g: new Float64Array(2), a: new Float64Array(2), g_adv: new Float64Array(2), xi: new Float64Array(2) };
}

/**
 * One step of the state `z` in place.
 * @param {Object} landscape @param {Rule} rule @param {Float64Array} z [x, y, vx, vy]
 * @param {{g: Float64Array, a: Float64Array, g_adv: Float64Array, xi: Float64Array}} scratch
 */
export function stepOnce(landscape, rule, z, scratch) {
  const { g, a, g_adv, xi } = scratch;
  const { kind, noise, eta, momentum } = rule;
  const plane = landscape.dimension > 1;
  landscape.gradient(z, g);
  if (noise > 0) {
    g[0] += noise * xi[0];
    if (plane) g[1] += noise * xi[1];
  }
  ascendAlong(kind, rule.rho, z, g, a);
  let dx = g[0];
  let dy = g[1];
  if (kind !== GD) {
    landscape.gradient(a, g_adv);
    if (noise > 0) {
      g_adv[0] += noise * xi[0];
      if (plane) g_adv[1] += noise * xi[1];
    }
    if (kind === STABLE_SAM) {
      const squared = dx * dx + dy * dy;
      const factor = squared * inverseNorm(squared) * inverseNorm(g_adv[0] * g_adv[0] + g_adv[1] * g_adv[1]);
      dx = factor * g_adv[0];
      dy = factor * g_adv[1];
    } else {
      dx = g_adv[0];
      dy = g_adv[1];
    }
  } else {
    g_adv[0] = dx;
    g_adv[1] = dy;
  }
  if (momentum > 0) {
    dx += momentum * z[2];
    dy += momentum * z[3];
    z[2] = dx;
    z[3] = dy;
  }
  z[0] += -eta * dx;
  z[1] += -eta * dy;
}

/** w_adv into `a`, from w and g. */
export function ascendAlong(kind, rho, w, g, a) {
  const gx = g[0];
  const gy = g[1];
  let fx = 0;
  let fy = 0;
  if (kind === SAM || kind === STABLE_SAM) {
    const factor = rho * inverseNorm(gx * gx + gy * gy);
    fx = factor * gx;
    fy = factor * gy;
  } else if (kind === USAM) {
    fx = rho * gx;
    fy = rho * gy;
  } else if (kind === ASAM) {
    const tx = Math.abs(w[0]);
    const ty = Math.abs(w[1]);
    const sx = tx * gx;
    const sy = ty * gy;
    const factor = rho * inverseNorm(sx * sx + sy * sy);
    fx = factor * (tx * sx);
    fy = factor * (ty * sy);
  }
  a[0] = w[0] + fx;
  a[1] = w[1] + fy;
}

/**
 * w_adv at a point, without noise.
 * @param {Object} landscape @param {Rule} rule @param {ArrayLike<number>} w
 * @returns {number[]}
 */
export function perturbed(landscape, rule, w) {
  const here = Float64Array.of(w[0], landscape.dimension > 1 ? w[1] : 0);
  const { g, a } = makeScratch();
  landscape.gradient(here, g);
  ascendAlong(rule.kind, rule.rho, here, g, a);
  return Array.from(a.subarray(0, landscape.dimension));
}
