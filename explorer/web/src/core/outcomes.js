/**
 * What became of a start: the labels of dynamics/outcome.py, which says how they are decided and with which numbers.
 *
 * A label is code + 8 * index. The index of minimum, saddle and other is the row of the critical point in the table
 * (minima come first, so minimum k has index k), or the table's length where the table has no such point; of a cycle the
 * row of the nearest point; of diverged and slow 0.
 *
 * What is simplified against Python: whether a run left the escape radius is looked at after its last step; verdicts as
 * map.js says; the nearest member of a family is that of its list. With noise the label is that of the end point followed
 * on without noise. Everything else is decided alike; tests measure the agreement.
 */

import { directionDerivative, eigenvalues, hessianAt, times, verdictOn } from './map.js';
import { makeScratch, stepOnce } from './rules.js';
import { BACK, HALF, PAUSE, WINDOW, amplitude, farthest, join, resolutionAt, shift, watch } from './tail.js';

export const MINIMUM = 0;
export const SADDLE = 1;
export const CYCLE = 2;
export const OTHER = 3;
export const DIVERGED = 4;
export const SLOW = 5;
export const OUTCOMES = ['minimum', 'saddle', 'cycle', 'other', 'diverged', 'slow'];
export const BALL = 0.1;
export const ESCAPE_RADIUS = 1e6;
export const REST = 0.01;
/** Starts that are watched together. */
const ABREAST = 64;
const DRIFT = 0.2;
const NEUTRAL_CYCLE = 1e-6;

export const codeOf = (found) => found & 7;
export const indexOf = (found) => found >> 3;
const made = (code, index = 0) => code + 8 * index;

/**
 * @typedef {Object} Row a critical point as outcomes are measured against it
 * @property {number[]} w
 * @property {string} kind
 * @property {number[][]} members
 * @property {boolean} isolated
 * @property {boolean} isMinimum
 * @property {number} code what a start caught here has reached
 * @property {number} ball
 * @property {number} reach `ball`, -1 for families
 * @property {number} spacing largest gap between neighbouring members
 * @property {() => import('./map.js').Verdict} verdict found when first asked for
 */

/**
 * @param {Object} landscape @param {import('./rules.js').Rule} rule
 * @param {{ball?: number, eps?: number, points?: Object[]}} [options]
 * @returns {Row[]}
 */
export function pointTable(landscape, rule, { ball = BALL, eps = Number.EPSILON, points = landscape.criticalPoints } = {}) {
  const rows = points.map((point) => {
    const members = point.members?.length ? point.members : [point.w];
    return { w: point.w, kind: point.kind, value: point.value, members, isolated: !point.members?.length };
  });
  const everyMember = rows.flatMap((row, k) => row.members.map((w) => ({ w, k })));
  rows.forEach((row, k) => {
    row.ball = ball;
    if (row.isolated) {
      for (const other of everyMember) {
        if (other.k !== k) row.ball = Math.min(row.ball, 0.4 * gap(other.w, row.w));
      }
    }
    row.reach = row.isolated ? row.ball : -1;
    row.spacing = spacingOf(row.members);
    row.code = codeAt(landscape, row);
    row.isMinimum = row.code === MINIMUM;
    let found = null;
    row.verdict = () => {
      found ??= verdictOn(landscape, rule, row, eps);
      return found;
    };
  });
  return rows;
}

const gap = (p, q) => Math.hypot(p[0] - q[0], (p[1] ?? 0) - (q[1] ?? 0));

function spacingOf(members) {
  let widest = 0;
  for (let i = 0; i < members.length && members.length > 1; i += 1) {
    let nearest = Infinity;
    for (let j = 0; j < members.length; j += 1) if (j !== i) nearest = Math.min(nearest, gap(members[i], members[j]));
    widest = Math.max(widest, nearest);
  }
  return widest;
}

function codeAt(landscape, { kind, isolated, w, ball, value }) {
  if (kind === 'minimum') return MINIMUM;
  if (kind === 'saddle') return SADDLE;
  if (kind === 'maximum' || !isolated) return OTHER;
  const resolution = 64 * Number.EPSILON * (1 + Math.abs(value));
  let [above, below] = [true, true];
  for (let k = 0; k < 64; k += 1) {
    const angle = ((k + 0.5) * 2 * Math.PI) / 64;
    const around = landscape.dimension > 1
      ? landscape.value([w[0] + (ball / 2) * Math.cos(angle), w[1] + (ball / 2) * Math.sin(angle)])
      : landscape.value([w[0] + (k % 2 ? ball : -ball) / 2]);
    above &&= around >= value - resolution;
    below &&= around <= value + resolution;
  }
  return above ? MINIMUM : below ? OTHER : SADDLE;
}

/** The row and the member nearest to (x, y): row -1 where the table is empty. */
function nearest(table, x, y) {
  let [row, member, least] = [-1, null, Infinity];
  for (let k = 0; k < table.length; k += 1) {
    for (const w of table[k].members) {
      const dx = x - w[0];
      const dy = y - (w[1] ?? 0);
      const squared = dx * dx + dy * dy;
      if (squared < least) [row, member, least] = [k, w, squared];
    }
  }
  return { row, member };
}

/**
 * The labels of runs that ended in `states`.
 * @param {Object} landscape @param {import('./rules.js').Rule} rule
 * @param {Float64Array} states n times [x, y, vx, vy]
 * @param {Row[]} table
 * @returns {Uint16Array}
 */
export function labels(landscape, rule, states, table) {
  const quiet = rule.noise > 0 ? { ...rule, noise: 0 } : rule;
  const found = new Uint16Array(states.length / 4).fill(made(DIVERGED));
  const bounded = Array.from(found.keys()).filter((i) => Math.hypot(states[4 * i], states[4 * i + 1]) <= ESCAPE_RADIUS);
  for (let from = 0; from < bounded.length; from += ABREAST) {
    const chosen = bounded.slice(from, from + ABREAST);
    const ends = new Float64Array(4 * chosen.length);
    chosen.forEach((i, k) => ends.set(states.subarray(4 * i, 4 * i + 4), 4 * k));
    watch(landscape, quiet, ends, HALF, -1).forEach((first, k) => {
      const z = ends.subarray(4 * k, 4 * k + 4);
      found[chosen[k]] = glance(first, z, table) ?? decide(landscape, quiet, first, table);
    });
  }
  return found;
}

/** The label of a start that is plainly held at an isolated point, else null. */
function glance(first, z, table) {
  const { row, member } = nearest(table, z[0], z[1]);
  if (row < 0) return null;
  const distance = farthest(first, member);
  if (!(distance <= table[row].reach)) return null;
  const verdict = table[row].verdict();
  const sure = distance <= verdict.stall
    || (first.repeats ? first.repeats === 1 : gap(first.end, member) <= gap(z, member) * verdict.shrink);
  return sure && distance < verdict.held ? made(table[row].code, row) : null;
}

function decide(landscape, rule, first, table) {
  const near = Math.max(BACK * amplitude(first), resolutionAt(first.high));
  const [second] = watch(landscape, rule, first.end, HALF, near);
  const whole = join(first, second);
  const settled = first.repeats > 0;
  const { row, member } = nearest(table, (whole.low[0] + whole.high[0]) / 2, (whole.low[1] + whole.high[1]) / 2);
  let distance = Infinity;
  let inside = false;
  if (row >= 0) {
    const [before, now] = [farthest(first, member), farthest(second, member)];
    distance = Math.max(before, now);
    inside = distance <= table[row].reach;
    if (inside) {
      const verdict = table[row].verdict();
      const converges = now <= Math.max(before, verdict.stall)
        && (second.period < 2 || now <= before * verdict.shrink || distance <= verdict.stall);
      if (converges && distance < verdict.held) return made(table[row].code, row);
    }
  }
  const atRest = !inside && rests(first, second, settled) ? restingPlace(landscape, second.end, settled, row, member, table) : null;
  if (atRest !== null && codeOf(atRest) !== SLOW) return atRest;
  if (row >= 0 && table[row].isMinimum && !table[row].isolated) {
    if (distance <= table[row].ball + table[row].spacing / 2 && table[row].verdict().stall === Infinity) {
      return made(MINIMUM, row);
    }
  }
  if (!(amplitude(second) > resolutionAt(whole.high))) return made(SLOW);
  if (second.period >= 2) {
    const keeps = settled || cycleMultiplier(landscape, rule, second) <= 1 + NEUTRAL_CYCLE;
    return keeps ? made(CYCLE, Math.max(row, 0)) : made(SLOW);
  }
  if (second.period === 0 && staysPut(landscape, rule, first, second, whole)) return made(CYCLE, Math.max(row, 0));
  return made(SLOW);
}

/** Whether a tail has stopped, or will before it has gone REST of a ball further. */
function rests(first, second, settled) {
  if (settled) return second.period === 1;
  const [before, now] = [2 * amplitude(first), 2 * amplitude(second)];
  const ratio = before > 0 ? now / before : 1;
  return ratio < 1 && (now * ratio) / Math.max(1 - ratio, Number.EPSILON) <= REST * BALL;
}

function restingPlace(landscape, z, settled, row, member, table) {
  const g = new Float64Array(2);
  landscape.gradient(z, g);
  const lambdas = eigenvalues(hessianAt(landscape, z), landscape.dimension).map(([re]) => re);
  const highest = Math.max(...lambdas.map(Math.abs));
  const critical = Math.hypot(g[0], g[1]) <= highest * REST * BALL;
  if (critical && lambdas[0] >= -1e-3 * highest) {
    const mine = row >= 0 && !table[row].isolated && table[row].isMinimum && gap(z, member) <= BALL + table[row].spacing;
    return made(MINIMUM, mine ? row : table.length);
  }
  return !critical || settled ? made(OTHER, table.length) : made(SLOW);
}

/** The spectral radius of the product of Jacobians along the cycle that the state at the window's end is near. */
function cycleMultiplier(landscape, rule, { end, period }) {
  const z = end.slice();
  const scratch = makeScratch();
  let product = Float64Array.of(1, 0, 0, 1);
  if (rule.momentum > 0) return momentumMultiplier(landscape, rule, z, period, scratch);
  for (let t = 0; t < period; t += 1) {
    const d = directionDerivative(landscape, rule, z);
    const step = Float64Array.of(1 - rule.eta * d[0], -rule.eta * d[1], -rule.eta * d[2], 1 - rule.eta * d[3]);
    product = times(step, product);
    stepOnce(landscape, rule, z, scratch);
  }
  const sizes = eigenvalues(product, landscape.dimension).map(([re, im]) => Math.hypot(re, im));
  return Math.max(...sizes);
}

/** With momentum: how fast a small displacement grows, by running it beside the cycle for some turns. */
function momentumMultiplier(landscape, rule, z, period, scratch) {
  const other = z.slice();
  const size = 1e-7 * Math.max(1, Math.abs(z[0]), Math.abs(z[1]));
  other[0] += 0.8 * size;
  if (landscape.dimension > 1) other[1] += 0.6 * size;
  const turns = 64;
  let growth = 0;
  for (let turn = 0; turn < turns; turn += 1) {
    for (let t = 0; t < period; t += 1) {
      stepOnce(landscape, rule, z, scratch);
      stepOnce(landscape, rule, other, scratch);
    }
    const length = Math.hypot(other[0] - z[0], other[1] - z[1], other[2] - z[2], other[3] - z[3]);
    if (!(length > 0)) return 0;
    growth += Math.log(length / size);
    for (let i = 0; i < 4; i += 1) other[i] = z[i] + ((other[i] - z[i]) * size) / length;
  }
  return Math.exp(growth / turns) - 1e-3;
}

function staysPut(landscape, rule, first, second, whole) {
  if (!(shift(first, second) <= DRIFT)) return false;
  const z = second.end.slice();
  const scratch = makeScratch();
  for (let t = 0; t < PAUSE; t += 1) stepOnce(landscape, rule, z, scratch);
  return shift(whole, watch(landscape, rule, z, WINDOW, -1)[0]) <= DRIFT;
}

