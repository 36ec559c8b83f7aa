/** Trajectories, perturbed points and critical points in the plane. */

import { curve, forgetSegments, trace, traceOnce } from './draw_plane.js';

/** Up to so many starts every trajectory has its end marked; more would be a carpet. */
const MARKED = 120;
/** More are drawn without rims and dashes. */
const RIMMED = 40;

/**
 * @param {Object} pen @param {Object} plane
 * @param {{w: Float64Array, lengths: ArrayLike<number>}} paths
 * @param {{count: number, steps: number, at: number, chosen: number, color: string, dash: number[]|null, page: string,
 *   marker: string}} options `at`: the last step shown
 */
export function drawTrajectories(pen, plane, paths, { count, steps, at, chosen, color, dash, page, marker }) {
  const style = {
    stroke: color,
    width: count > RIMMED ? 0.7 : 1.3,
    dash: count > RIMMED ? null : dash,
    alpha: count > 200 ? 0.5 : 0.92,
  };
  const one = (s, look) => {
    const first = s * (steps + 1);
    pen.begin(look);
    (look.dash ? trace : traceOnce)(pen, plane, paths.w, first, first + shownLength(paths, s, at));
    pen.end();
  };
  // a path of its own for each: one of all would be slow to stroke
  const others = (look) => {
    forgetSegments();
    for (let s = 0; s < count; s += 1) if (s !== chosen || count === 1) one(s, look);
  };
  // a rim in the page's colour keeps a line apart from the basins' colours
  const rim = { stroke: page, width: 3.2, alpha: 0.5 };
  if (count <= RIMMED) others(rim);
  others(style);
  if (count > 1 && chosen < count) {
    for (const look of [
      { ...rim, width: 4.2, alpha: 0.65 },
      { ...style, width: 2, alpha: 1 },
    ]) {
      forgetSegments();
      one(chosen, look);
    }
  }
  if (count > MARKED) return;
  const every = at <= 60 && count <= 40;
  for (let s = 0; s < count; s += 1) {
    const first = s * (steps + 1);
    const length = shownLength(paths, s, at);
    if (every) {
      for (let t = 1; t < length - 1; t += 1) {
        dot(pen, plane, paths.w, first + t, 1.7, { fill: color });
      }
    }
    if (length > 0) dot(pen, plane, paths.w, first + length - 1, 3.6, { fill: color, stroke: page, width: 1 }, marker);
  }
}

const shownLength = (paths, s, at) => Math.min(paths.lengths[s], at + 1);

function dot(pen, plane, flat, i, radius, style, marker = 'dot') {
  const x = plane.x(flat[2 * i]);
  const y = plane.y(flat[2 * i + 1]);
  if (plane.inside(x, y)) pen.marker(marker, x, y, radius, style);
}

/**
 * @param {{w: number[], w_adv: number[]}[]} pairs
 */
export function drawPerturbed(pen, plane, pairs, color) {
  pen.begin({ stroke: color, width: 0.7, alpha: 0.8 });
  for (const { w, w_adv: to } of pairs) {
    pen.moveTo(plane.x(w[0]), plane.y(w[1]));
    pen.lineTo(plane.x(to[0]), plane.y(to[1]));
  }
  pen.end();
  for (const { w_adv: to } of pairs) {
    pen.marker('dot', plane.x(to[0]), plane.y(to[1]), 2, { fill: color, alpha: 0.9 });
  }
}

const MARKERS = { minimum: 'dot', saddle: 'cross', maximum: 'triangle', degenerate: 'square' };

/**
 * Filled where the rule is attracted, open where it is not.
 * @param {{w: number[], kind: string, color: string, attracts: boolean|null, members: number[][]|null}[]} points
 */
export function drawPoints(pen, plane, points, palette) {
  for (const { members } of points) {
    if (!members) continue;
    curve(pen, plane, members.flat(), { stroke: palette.ink, width: 2.4, alpha: 0.75 });
  }
  for (const { w, kind, color, ink, attracts, members } of points) {
    if (members) continue;
    const [x, y] = [plane.x(w[0]), plane.y(w[1])];
    if (!plane.inside(x, y)) continue;
    const shape = MARKERS[kind] ?? 'square';
    if (attracts) {
      pen.marker('dot', x, y, 13, { fill: color, alpha: 0.22 });
      pen.marker('dot', x, y, 13, { stroke: color, width: 1.4 });
    }
    const style = attracts
      ? { fill: color, stroke: palette.page, width: 1.2 }
      : { fill: palette.page, stroke: palette.ink, width: 1.4 };
    pen.marker(shape, x, y, attracts ? 7.5 : 6, style);
    if (kind !== 'saddle' || attracts === null) continue;
    const side = x > plane.box.x + plane.box.width - 80 ? -1 : 1;
    pen.text(x + side * (attracts ? 18 : 12), y - 13, attracts ? 'attracts' : 'repels', {
      size: 12.5,
      weight: attracts ? 650 : 400,
      fill: attracts ? ink : palette.ink,
      halo: palette.page,
      anchor: side > 0 ? 'start' : 'end',
    });
  }
}

/** Unstable manifolds are dashed, stable ones are not. */
export function drawManifolds(pen, plane, branches, palette) {
  for (const { points, stable } of branches) {
    const style = stable
      ? { stroke: palette.stable, width: 1.7 }
      : { stroke: palette.unstable, width: 1.7, dash: [6, 3] };
    curve(pen, plane, points, style);
  }
}

/** @param {ArrayLike<number>[][]} lines of each coordinate */
export function drawNullclines(pen, plane, lines, palette) {
  const dashes = [
    [1.5, 2.5],
    [7, 2.5, 1.5, 2.5],
  ];
  lines.forEach((set, coordinate) => {
    for (const line of set)
      curve(pen, plane, line, { stroke: palette.nullcline, width: 1.4, dash: dashes[coordinate] });
  });
}
