/** One coordinate: the loss above, the cobweb of the map below. */

import { ticks } from './plane.js';
import { curve } from './draw_plane.js';
import { show } from './dom.js';

const GRID = 601;

/**
 * The loss over its coordinate, in a box above the cobweb.
 * @param {Object} pen @param {Object} plane of the cobweb
 * @param {Object} box
 * @param {(w: number[]) => number} value
 * @param {{w: number[], value: number, kind: string, color: string, attracts: boolean|null}[]} points
 */
export function drawLossCurve(pen, plane, box, value, points, palette, name) {
  const [low, high] = plane.window[0];
  const values = new Float64Array(GRID);
  for (let i = 0; i < GRID; i += 1) values[i] = value([low + ((high - low) * i) / (GRID - 1)]);
  const sorted = values.filter(Number.isFinite).sort();
  if (!sorted.length) return null;
  const bottom = sorted[0];
  const top = sorted[sorted.length - 1];
  const room = 0.08 * (top - bottom || 1);
  const py = (x) => box.y + box.height - ((x - bottom + room) / (top - bottom + 2 * room)) * box.height;
  pen.rect(box.x, box.y, box.width, box.height, { stroke: palette.soft, width: 1 });
  for (const x of ticks(bottom, top, 3)) {
    pen.begin({ stroke: palette.soft, width: 1 });
    pen.moveTo(box.x - 4, py(x));
    pen.lineTo(box.x, py(x));
    pen.end();
    pen.text(box.x - 7, py(x), show(x, 3), { size: 11, fill: palette.soft, anchor: 'end', baseline: 'middle' });
  }
  pen.text(box.x + 8, box.y + 17, `L(${name})`, { size: 14, italic: true, fill: palette.ink });
  pen.begin({ stroke: palette.ink, width: 1.5 });
  let down = false;
  for (let i = 0; i < GRID; i += 1) {
    if (Number.isFinite(values[i]))
      pen[down ? 'lineTo' : 'moveTo'](box.x + (box.width * i) / (GRID - 1), py(values[i]));
    down = Number.isFinite(values[i]);
  }
  pen.end();
  for (const point of points) {
    if (point.w[0] < low || point.w[0] > high) continue;
    pen.marker(
      point.kind === 'maximum' ? 'triangle' : 'dot',
      plane.x(point.w[0]),
      py(point.value),
      5,
      point.attracts
        ? { fill: point.color, stroke: palette.page, width: 1 }
        : { fill: palette.page, stroke: palette.ink, width: 1.3 },
    );
  }
  return py;
}

/** The diagonal, the graph of the map and its fixed points. */
export function drawMap(pen, plane, image, color, points, palette) {
  const [low, high] = plane.window[0];
  pen.begin({ stroke: palette.soft, width: 1 });
  pen.moveTo(plane.x(low), plane.y(low));
  pen.lineTo(plane.x(high), plane.y(high));
  pen.end();
  const flat = new Float64Array(2 * GRID);
  for (let i = 0; i < GRID; i += 1) {
    const w = low + ((high - low) * i) / (GRID - 1);
    const next = image(w);
    // a jump of the map is no steep slope: SAM's ascent changes sign there
    const jump = i > 0 && Math.abs(next - flat[2 * i - 1]) > 0.25 * (high - low);
    flat[2 * i] = jump ? NaN : w;
    flat[2 * i + 1] = jump ? NaN : next;
  }
  curve(pen, plane, flat, { stroke: color, width: 2 });
  for (const point of points) {
    pen.marker(
      'dot',
      plane.x(point.w[0]),
      plane.y(point.w[0]),
      5,
      point.attracts
        ? { fill: point.color, stroke: palette.page, width: 1.2 }
        : { fill: palette.page, stroke: palette.ink, width: 1.4 },
    );
  }
}

/** Up to the map, across to the diagonal, and again. */
export function drawCobweb(pen, plane, paths, { count, steps, at, chosen, color }) {
  for (let s = 0; s < count; s += 1) {
    const first = s * (steps + 1);
    const last = first + Math.min(paths.lengths[s], at + 1) - 1;
    pen.begin({ stroke: color, width: s === chosen ? 1.3 : 0.8, alpha: s === chosen ? 1 : 0.7 });
    let [px, py] = [NaN, NaN];
    for (let i = first; i < last; i += 1) {
      const x = plane.x(paths.w[i]);
      const y = plane.y(paths.w[i + 1]);
      if (!(Math.abs(x) < 1e5 && Math.abs(y) < 1e5)) break;
      const across = plane.x(paths.w[i + 1]);
      if (i > first && Math.abs(x - px) < 0.2 && Math.abs(y - py) < 0.2) continue;
      pen.moveTo(x, plane.y(paths.w[i]));
      pen.lineTo(x, y);
      pen.lineTo(Math.max(Math.min(across, 1e5), -1e5), y);
      [px, py] = [x, y];
    }
    pen.end();
    const x = plane.x(paths.w[last]);
    if (Number.isFinite(x)) pen.marker('dot', x, plane.y(paths.w[last]), 3.6, { fill: color });
  }
}

/** The iterates on the loss curve. */
export function drawOnLoss(pen, plane, py, paths, value, { count, steps, at, color }) {
  for (let s = 0; s < count; s += 1) {
    const i = s * (steps + 1) + Math.min(paths.lengths[s], at + 1) - 1;
    const x = plane.x(paths.w[i]);
    if (x >= plane.box.x && x <= plane.box.x + plane.box.width)
      pen.marker('dot', x, py(value([paths.w[i]])), 3.6, { fill: color });
  }
}
