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
 * `stepBlock` moves many starts at once, coordinate by coordinate: short loops over flat arrays, in which a processor works
 * on several roots and divisions at a time. In one dimension y and all of its kind are zero. Without momentum and noise, the
 * generated landscapes of two coordinates do the whole step in one loop, `advance`, around the same scalars.
 * The state of a single start is a Float64Array [x, y, vx, vy]; `stepOnce` moves it.
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

/** One step of one start, in place, with what there is to know of it. For loops use `stepBlock`. */
function step(landscape, w, state) {
  const d = landscape.dimension;
  const z = Float64Array.of(w[0], d > 1 ? w[1] : 0, state.v[0], state.v[1]);
  const loss = landscape.value(w);
  const block = makeScratch();
  if (this.noise > 0) gaussians(this.seed, state.start, state.t, block.noiseX, block.noiseY, 0);
  put(block, 0, z, 0);
  stepByParts(landscape, this, block, 1);
  get(block, 0, z, 0);
  const [gradient, descent] = [[block.gx[0], block.gy[0]].slice(0, d), [block.hx[0], block.hy[0]].slice(0, d)];
  const perturbs = this.kind !== GD;
  for (let i = 0; i < d; i += 1) {
    w[i] = z[i];
    state.v[i] = z[2 + i];
  }
  state.t += 1;
  const w_adv = perturbs ? [block.ax[0], block.ay[0]].slice(0, d) : Array.from(w);
  return { w_adv, gradient, gradient_adv: perturbs ? descent : gradient, loss };
}

/**
 * @typedef {Object} Block `count` starts: places (x, y), momenta (vx, vy), gradients (gx, gy), perturbed points (ax, ay) and
 *   the gradients there (hx, hy; stable_sam rescales them); (noiseX, noiseY) is the unit noise of the step to come.
 */

/** @param {number} count @returns {Block} */
export function makeBlock(count) {
  const names = ['x', 'y', 'vx', 'vy', 'gx', 'gy', 'ax', 'ay', 'hx', 'hy', 'noiseX', 'noiseY'];
  return Object.fromEntries(names.map((name) => [name, new Float64Array(count)]));
}

/** A block of one start, for `stepOnce`. */
export const makeScratch = () => makeBlock(1);

/**
 * One step of the first `n` starts of a block, in place.
 * @param {Object} landscape @param {Rule} rule @param {Block} block @param {number} n
 */
export function stepBlock(landscape, rule, block, n) {
  if (advances(landscape, rule)) {
    landscape.advance[rule.kind](rule.eta, rule.rho, n, block.x, block.y, NOWHERE, 0, 0);
  } else {
    stepByParts(landscape, rule, block, n);
  }
}

/** The same, leaving the gradients, the perturbed points and the momenta in the block. */
function stepByParts(landscape, rule, block, n) {
  const { x, y, gx, gy, ax, ay, hx, hy, vx, vy } = block;
  const { kind, eta, momentum } = rule;
  gradientsAt(landscape, n, x, y, gx, gy);
  if (rule.noise > 0) disturb(rule.noise, block, gx, gy, landscape.dimension, n);
  let dx = gx;
  let dy = gy;
  if (kind !== GD) {
    ascend(kind, rule.rho, n, x, y, gx, gy, ax, ay);
    gradientsAt(landscape, n, ax, ay, hx, hy);
    if (rule.noise > 0) disturb(rule.noise, block, hx, hy, landscape.dimension, n);
    if (kind === STABLE_SAM) rescale(n, gx, gy, hx, hy);
    dx = hx;
    dy = hy;
  }
  if (momentum > 0) {
    for (let i = 0; i < n; i += 1) {
      vx[i] = dx[i] + momentum * vx[i];
      vy[i] = dy[i] + momentum * vy[i];
    }
    dx = vx;
    dy = vy;
  }
  for (let i = 0; i < n; i += 1) {
    x[i] -= eta * dx[i];
    y[i] -= eta * dy[i];
  }
}

/** Whether a step is the landscape's own loop, which leaves nothing but the new places in the block. */
export const advances = (landscape, rule) => Boolean(landscape.advance) && rule.momentum === 0 && rule.noise === 0;

const NOWHERE = new Float64Array(2);

/**
 * The rule at one point, in scalars that a compiler keeps in registers: generated landscapes write their gradient around
 * these, and `ascend` and `rescale` below are loops over them. w_adv = w + reach * along, coordinate by coordinate.
 */
export function reach(kind, rho, x, y, gx, gy) {
  if (kind === USAM) return rho;
  if (kind !== ASAM) return rho * inverseNorm(gx * gx + gy * gy);
  const sx = Math.abs(x) * gx;
  const sy = Math.abs(y) * gy;
  return rho * inverseNorm(sx * sx + sy * sy);
}

export function along(kind, x, gx) {
  return kind === ASAM ? Math.abs(x) * (Math.abs(x) * gx) : gx;
}

/** ||g|| / ||h||, finite also where h = 0: its product with h is 0 where one of them is 0. */
export function ratio(gx, gy, hx, hy) {
  const squared = gx * gx + gy * gy;
  return squared * inverseNorm(squared) * inverseNorm(hx * hx + hy * hy);
}

/** Gradients at many points; a landscape without `gradients` of its own is asked point by point. */
export function gradientsAt(landscape, n, x, y, gx, gy) {
  if (landscape.gradients) {
    landscape.gradients(n, x, y, gx, gy);
    return;
  }
  const [w, out] = [new Float64Array(2), new Float64Array(2)];
  for (let i = 0; i < n; i += 1) {
    w[0] = x[i];
    w[1] = y[i];
    landscape.gradient(w, out);
    gx[i] = out[0];
    gy[i] = out[1];
  }
}

function disturb(size, { noiseX, noiseY }, gx, gy, dimension, n) {
  for (let i = 0; i < n; i += 1) gx[i] += size * noiseX[i];
  if (dimension > 1) for (let i = 0; i < n; i += 1) gy[i] += size * noiseY[i];
}

/** w_adv into (ax, ay), from w and g. */
export function ascend(kind, rho, n, x, y, gx, gy, ax, ay) {
  if (kind === GD) {
    ax.set(x);
    ay.set(y);
    return;
  }
  for (let i = 0; i < n; i += 1) {
    const factor = reach(kind, rho, x[i], y[i], gx[i], gy[i]);
    ax[i] = x[i] + factor * along(kind, x[i], gx[i]);
    ay[i] = y[i] + factor * along(kind, y[i], gy[i]);
  }
}

/** h <- (||g|| / ||h||) h */
export function rescale(n, gx, gy, hx, hy) {
  for (let i = 0; i < n; i += 1) {
    const factor = ratio(gx[i], gy[i], hx[i], hy[i]);
    hx[i] *= factor;
    hy[i] *= factor;
  }
}

/**
 * One step of the state `z` in place.
 * @param {Object} landscape @param {Rule} rule @param {Float64Array} z [x, y, vx, vy] @param {Block} block of one
 */
export function stepOnce(landscape, rule, z, block) {
  put(block, 0, z, 0);
  stepBlock(landscape, rule, block, 1);
  get(block, 0, z, 0);
}

/** States [x, y, vx, vy], one after the other, into a block at `i` and out of it. */
export function put(block, i, states, at) {
  block.x[i] = states[at];
  block.y[i] = states[at + 1];
  block.vx[i] = states[at + 2];
  block.vy[i] = states[at + 3];
}

export function get(block, i, states, at) {
  states[at] = block.x[i];
  states[at + 1] = block.y[i];
  states[at + 2] = block.vx[i];
  states[at + 3] = block.vy[i];
}

/**
 * w_adv at a point, without noise.
 * @param {Object} landscape @param {Rule} rule @param {ArrayLike<number>} w
 * @returns {number[]}
 */
export function perturbed(landscape, rule, w) {
  const { x, y, gx, gy, ax, ay } = ONE;
  x[0] = w[0];
  y[0] = landscape.dimension > 1 ? w[1] : 0;
  gradientsAt(landscape, 1, x, y, gx, gy);
  ascend(rule.kind, rule.rho, 1, x, y, gx, gy, ax, ay);
  return landscape.dimension > 1 ? [ax[0], ay[0]] : [ax[0]];
}

const ONE = makeBlock(1);
