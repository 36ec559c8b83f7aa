/** Critical points of a landscape in a window, found from a grid of starts and told by their Hessians' eigenvalues. */

import { eigenvalues, hessianAt } from './map.js';

const ORDER = ['minimum', 'saddle', 'maximum', 'degenerate'];
const MARGIN = 0.25;
const GRID = 28;
const LINE = 600;
const ROUNDS = 80;
/** An eigenvalue this small against the other counts as zero. */
const FLAT = 1e-5;
/** Fewer flat points than this are no family. */
const LEAST_MEMBERS = 8;
const MOST_MEMBERS = 201;

/**
 * @param {Object} landscape of one or two dimensions
 * @param {number[][]} [window] searched with a margin of a quarter of it; by default the landscape's domain
 * @returns {{w: number[], kind: string, value: number, sharpness: number, members: number[][]|null}[]} minima first; a
 *   curve of critical points is one entry with `members` along it. What a grid of 28 x 28 starts misses is missing.
 */
export function findCriticalPoints(landscape, window = landscape.domain) {
  const wide = window.map(([low, high]) => [low - MARGIN * (high - low), high + MARGIN * (high - low)]);
  const reach = Math.hypot(...window.map(([low, high]) => high - low));
  const ends = landscape.dimension === 1 ? onLine(landscape, wide[0]) : inPlane(landscape, wide, reach);
  const inside = (w) => w.every((x, i) => x >= wide[i][0] && x <= wide[i][1]);
  const points = ends.filter((w) => w.every(Number.isFinite) && inside(w)).map((w) => describe(landscape, w));
  const sharp = distinct(points.filter(({ flat }) => !flat), 1e-5 * reach);
  const [families, single] = familiesOf(points.filter(({ flat }) => flat), reach);
  const near = (w) => families.some(({ members }) => members.some((p) => gap(p, w) < 1e-3 * reach));
  const degenerate = distinct(single, 3e-3 * reach).filter(({ w }) => !sharp.some((point) => gap(point.w, w) < 1e-3 * reach));
  return [...sharp.filter(({ w }) => !near(w)), ...families, ...degenerate]
    .sort((p, q) => ORDER.indexOf(p.kind) - ORDER.indexOf(q.kind) || byPlace(p, q))
    .map(({ w, kind, value, sharpness, members = null }) => ({ w, kind, value, sharpness, members }));
}

const gap = (p, q) => Math.hypot(p[0] - q[0], (p[1] ?? 0) - (q[1] ?? 0));

function byPlace(p, q) {
  if (Math.abs(p.value - q.value) > 1e-9 * (1 + Math.abs(p.value))) return p.value - q.value;
  return p.w[0] - q.w[0] || (p.w[1] ?? 0) - (q.w[1] ?? 0);
}

function describe(landscape, found) {
  const w = found.map((x) => x + 0); // no -0
  const here = Float64Array.of(w[0], w[1] ?? 0);
  const lambdas = eigenvalues(hessianAt(landscape, here), landscape.dimension).map(([re]) => re);
  const largest = Math.max(...lambdas.map(Math.abs));
  const flat = lambdas.some((x) => Math.abs(x) <= FLAT * (landscape.dimension > 1 ? largest : 1)) || largest < 1e-9;
  const kind = lambdas[0] > 0 ? 'minimum' : lambdas[lambdas.length - 1] < 0 ? 'maximum' : 'saddle';
  return {
    w, flat, kind: flat ? 'degenerate' : kind, value: landscape.value(here), sharpness: lambdas[lambdas.length - 1], lambdas,
  };
}

/** Points no two of which are nearer than `least`; of those that are, the one with the lowest loss stays. */
function distinct(points, least) {
  const kept = [];
  for (const point of [...points].sort((p, q) => p.value - q.value)) {
    if (kept.every(({ w }) => gap(w, point.w) > least)) kept.push(point);
  }
  return kept;
}

/** Flat points in chains of eight or more are curves of critical points; the others stand alone. */
function familiesOf(points, reach) {
  const left = distinct(points, 2e-3 * reach);
  const families = [];
  const single = [];
  while (left.length) {
    const chain = [left.pop()];
    for (let k = 0; k < chain.length; k += 1) {
      for (let i = left.length - 1; i >= 0; i -= 1) {
        const alike = Math.abs(left[i].value - chain[k].value) <= 1e-6 * (1 + Math.abs(chain[k].value));
        if (alike && gap(left[i].w, chain[k].w) < 0.08 * reach) chain.push(...left.splice(i, 1));
      }
    }
    if (chain.length < LEAST_MEMBERS) single.push(...chain);
    else families.push(family(chain));
  }
  return [families, single];
}

function family(chain) {
  const members = threaded(chain.map(({ w }) => w));
  const { value, sharpness, lambdas } = chain[0];
  const across = lambdas.find((x) => Math.abs(x) > FLAT * Math.max(...lambdas.map(Math.abs))) ?? 0;
  const kind = across > 0 ? 'minimum' : across < 0 ? 'maximum' : 'degenerate';
  return { w: members[members.length >> 1], kind, value, sharpness, members };
}

/** Points put in order along their curve: each next to the nearest that is left, from one end. */
function threaded(points) {
  const left = points.slice(0, MOST_MEMBERS);
  const centre = [0, 1].map((i) => left.reduce((sum, w) => sum + w[i], 0) / left.length);
  left.sort((p, q) => gap(p, centre) - gap(q, centre));
  const path = [left.pop()];
  while (left.length) {
    const last = path[path.length - 1];
    let best = 0;
    for (let i = 1; i < left.length; i += 1) if (gap(left[i], last) < gap(left[best], last)) best = i;
    path.push(...left.splice(best, 1));
  }
  return path;
}

/** Zeros of the slope: its changes of sign by bisection (jumps left out), and where it only touches zero. */
function onLine(landscape, [low, high]) {
  const out = new Float64Array(2);
  const slope = (x) => landscape.gradient(Float64Array.of(x, 0), out)[0];
  const xs = Array.from({ length: LINE }, (_, k) => low + ((high - low) * (k + 0.5)) / LINE);
  const found = [];
  for (let k = 0; k + 1 < LINE; k += 1) {
    let [a, b] = [xs[k], xs[k + 1]];
    const [fa, fb] = [slope(a), slope(b)];
    if (fa === 0) found.push([a]);
    if (!(fa * fb < 0)) continue;
    for (let i = 0; i < 60; i += 1) {
      const middle = (a + b) / 2;
      if (slope(middle) * fa > 0) a = middle;
      else b = middle;
    }
    if (Math.max(Math.abs(slope(a)), Math.abs(slope(b))) <= 1e-3 * Math.max(Math.abs(fa), Math.abs(fb))) found.push([(a + b) / 2]);
  }
  return found;
}

/** Ends of damped Newton runs for grad L = 0 from a grid. */
function inPlane(landscape, [[xlow, xhigh], [ylow, yhigh]], reach) {
  const found = [];
  const w = new Float64Array(2);
  const g = new Float64Array(2);
  const typical = [];
  for (let k = 0; k < GRID * GRID; k += 1) {
    w[0] = xlow + ((xhigh - xlow) * ((k % GRID) + 0.5)) / GRID;
    w[1] = ylow + ((yhigh - ylow) * (Math.floor(k / GRID) + 0.5)) / GRID;
    landscape.gradient(w, g);
    typical.push(Math.hypot(g[0], g[1]));
    let rounds = 0;
    let size = Infinity;
    for (; rounds < ROUNDS && size > 1e-13 * reach; rounds += 1) size = newtonStep(landscape, w, g, reach);
    landscape.gradient(w, g);
    found.push({ w: Array.from(w), slope: Math.hypot(g[0], g[1]) });
  }
  const sorted = typical.filter(Number.isFinite).sort((a, b) => a - b);
  const small = 1e-8 * (sorted[sorted.length >> 1] ?? 1);
  return found.filter(({ slope }) => slope <= small).map((point) => point.w);
}

/** One step in the eigenbasis of the Hessian, damped where an eigenvalue is next to nothing; returns its length. */
function newtonStep(landscape, w, g, reach) {
  landscape.gradient(w, g);
  const h = hessianAt(landscape, w);
  const angle = Math.atan2(2 * h[1], h[0] - h[3]) / 2;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const p = h[0] * c * c + 2 * h[1] * c * s + h[3] * s * s;
  const q = h[0] * s * s - 2 * h[1] * c * s + h[3] * c * c;
  const damping = (1e-7 * Math.max(Math.abs(p), Math.abs(q))) ** 2 + 1e-300;
  const along = ((c * g[0] + s * g[1]) * p) / (p * p + damping);
  const across = ((-s * g[0] + c * g[1]) * q) / (q * q + damping);
  const size = Math.hypot(along, across);
  if (!(size < Infinity)) return 0;
  const share = Math.min(1, (0.05 * reach) / size);
  w[0] -= share * (c * along - s * across);
  w[1] -= share * (s * along + c * across);
  return size;
}
