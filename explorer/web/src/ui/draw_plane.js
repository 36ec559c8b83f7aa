/** What is drawn in the plane behind the trajectories: axes, contours, fields, curves, basins. */

import { basinColors, rgb } from './colors.js';
import { show } from './dom.js';
import { ticks } from './plane.js';

/**
 * A curve in units of w, broken where it is not finite, thinned to what a screen can show.
 * @param {Object} pen @param {Object} plane
 * @param {ArrayLike<number>} flat u0, v0, u1, v1, ...
 * @param {Object} style
 */
export function curve(pen, plane, flat, style) {
  pen.begin(style);
  trace(pen, plane, flat, 0, flat.length >> 1);
  pen.end();
}

/** Points `first` to `last` (without) of a curve, added to the path that the pen is on. */
export function trace(pen, plane, flat, first, last) {
  const { kx, ky } = plane;
  const x0 = plane.x(0);
  const y0 = plane.y(0);
  let down = false;
  let px = 0;
  let py = 0;
  for (let i = first; i < last; i += 1) {
    const x = x0 + flat[2 * i] * kx;
    const y = y0 - flat[2 * i + 1] * ky;
    if (!(Math.abs(x) < 1e6 && Math.abs(y) < 1e6)) {
      down = false;
    } else if (!down) {
      pen.moveTo(x, y);
      down = true;
      [px, py] = [x, y];
    } else if (Math.abs(x - px) + Math.abs(y - py) > 0.5 || i === last - 1) {
      pen.lineTo(x, y);
      [px, py] = [x, y];
    }
  }
}

/** A pixel's two coordinates from -FAR on, in one whole number. */
const FAR_BITS = 14;
const FAR = 1 << (FAR_BITS - 1);
const SLOTS = 1 << 16;
const drawn = { from: new Int32Array(SLOTS), to: new Int32Array(SLOTS) };

/** Forget which segments `traceOnce` has drawn. */
export function forgetSegments() {
  drawn.from.fill(-1);
}

/**
 * As `trace`, but a segment from one pixel to another is drawn once however often it occurs: what oscillates, or runs
 * along with many others, costs the rasteriser nothing more.
 */
export function traceOnce(pen, plane, flat, first, last) {
  const { kx, ky } = plane;
  const x0 = plane.x(0) + FAR;
  const y0 = plane.y(0) + FAR;
  const { from, to } = drawn;
  let down = false;
  let px = 0;
  let py = 0;
  let before = -1;
  for (let i = first; i < last; i += 1) {
    const x = x0 + flat[2 * i] * kx;
    const y = y0 - flat[2 * i + 1] * ky;
    if (!(x >= 0 && x < 2 * FAR && y >= 0 && y < 2 * FAR)) {
      before = -1;
      down = false;
      continue;
    }
    const now = ((x | 0) << FAR_BITS) | y;
    if (now === before) continue;
    if (before >= 0) {
      const slot = (Math.imul(before, 0x9e3779b1) ^ Math.imul(now, 0x85ebca6b)) >>> 16;
      if (from[slot] === before && to[slot] === now) {
        down = false;
      } else {
        from[slot] = before;
        to[slot] = now;
        if (!down) pen.moveTo(px - FAR, py - FAR);
        pen.lineTo(x - FAR, y - FAR);
        down = true;
      }
    }
    px = x;
    py = y;
    before = now;
  }
}

/** Frame, ticks and names of the coordinates. */
export function drawAxes(pen, plane, palette, [xname, yname]) {
  const { x, y, width, height } = plane.box;
  const [[xlow, xhigh], [ylow, yhigh]] = plane.window;
  pen.rect(x, y, width, height, { stroke: palette.soft, width: 1 });
  const text = { size: 11, fill: palette.soft };
  for (const u of ticks(xlow, xhigh, Math.min(width / 60, 10))) {
    const px = plane.x(u);
    pen.begin({ stroke: palette.soft, width: 1 });
    pen.moveTo(px, y + height);
    pen.lineTo(px, y + height + 4);
    pen.end();
    pen.text(px, y + height + 16, show(u), { ...text, anchor: 'middle' });
  }
  for (const v of ticks(ylow, yhigh, Math.min(height / 45, 10))) {
    const py = plane.y(v);
    pen.begin({ stroke: palette.soft, width: 1 });
    pen.moveTo(x - 4, py);
    pen.lineTo(x, py);
    pen.end();
    pen.text(x - 7, py, show(v), { ...text, anchor: 'end', baseline: 'middle' });
  }
  const name = { size: 15, italic: true, fill: palette.ink, anchor: 'middle' };
  pen.text(x + width / 2, y + height + 31, xname, name);
  pen.text(x - 36, y + height / 2, yname, { ...name, turn: yname.length > 2 ? -90 : 0 });
}

/** @param {ArrayLike<number>[]} lines each u0, v0, u1, v1, ... */
export function drawContours(pen, plane, lines, palette) {
  pen.begin({ stroke: palette.contour, width: 0.8 });
  for (const line of lines) trace(pen, plane, line, 0, line.length >> 1);
  pen.end();
}

/**
 * Arrows of one length in pixels and a width that grows with the speed, which spans orders of magnitude.
 * @param {{u: number, v: number, du: number, dv: number}[]} arrows in units of w
 */
export function drawArrows(pen, plane, arrows, color, spacing) {
  const speeds = arrows.map(({ du, dv }) => Math.hypot(du, dv)).filter((x) => x > 0 && Number.isFinite(x));
  const sorted = [...speeds].sort((p, q) => p - q);
  const top = sorted[Math.floor(sorted.length * 0.95)] || 1;
  for (const { u, v, du, dv } of arrows) {
    const [ax, ay] = [du * plane.kx, -dv * plane.ky];
    const size = Math.hypot(ax, ay);
    if (!(size > 0) || !Number.isFinite(size)) continue;
    const share = Math.min(Math.max(1 + Math.log10(Math.hypot(du, dv) / top) / 4, 0.25), 1);
    const length = spacing * (0.35 + 0.45 * share);
    const [ex, ey] = [ax / size, ay / size];
    const [x, y] = [plane.x(u), plane.y(v)];
    const [hx, hy] = [x + (ex * length) / 2, y + (ey * length) / 2];
    const style = { stroke: color, width: 0.7 + 0.7 * share, alpha: 0.35 + 0.6 * share };
    pen.begin(style);
    pen.moveTo(x - (ex * length) / 2, y - (ey * length) / 2);
    pen.lineTo(hx, hy);
    pen.moveTo(hx - 4 * ex + 2.4 * ey, hy - 4 * ey - 2.4 * ex);
    pen.lineTo(hx, hy);
    pen.lineTo(hx - 4 * ex - 2.4 * ey, hy - 4 * ey + 2.4 * ex);
    pen.end();
  }
}

/** @param {ArrayLike<number>[]} lines */
export function drawStreamlines(pen, plane, lines, color) {
  pen.begin({ stroke: color, width: 0.9 });
  for (const line of lines) trace(pen, plane, line, 0, line.length >> 1);
  pen.end();
  for (const line of lines) {
    const middle = (line.length >> 2) | 0;
    if (middle < 2) continue;
    const x = plane.x(line[2 * middle]);
    const y = plane.y(line[2 * middle + 1]);
    const dx = x - plane.x(line[2 * middle - 2]);
    const dy = y - plane.y(line[2 * middle - 1]);
    const size = Math.hypot(dx, dy);
    if (!(size > 0)) continue;
    const [ex, ey] = [dx / size, dy / size];
    pen.begin({ fill: color });
    pen.moveTo(x + 3.5 * ex, y + 3.5 * ey);
    pen.lineTo(x - 2.5 * ex + 2.6 * ey, y - 2.5 * ey - 2.6 * ex);
    pen.lineTo(x - 2.5 * ex - 2.6 * ey, y - 2.5 * ey + 2.6 * ex);
    pen.close();
    pen.end();
  }
}

/**
 * Labels as a picture. Colour is never alone: cycles and other attractors are hatched too, at the size of the screen
 * however coarse the map is.
 * @param {{labels: ArrayLike<number>, width: number, height: number}} map the first row is the top one
 * @param {{width: number, height: number}} size of the picture
 * @param {(label: number) => {color: string, hatch: string}} lookOf
 * @param {'light'|'dark'} theme
 * @returns {HTMLCanvasElement}
 */
export function basinPicture(map, { width, height }, lookOf, theme) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const packed = (color) => {
    const [r, g, b] = rgb(color);
    return (255 << 24) | (b << 16) | (g << 8) | r;
  };
  const looks = new Map();
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor(((y + 0.5) * map.height) / height) * map.width;
    for (let x = 0; x < width; x += 1) {
      const label = map.labels[row + Math.floor(((x + 0.5) * map.width) / width)];
      let look = looks.get(label);
      if (!look) {
        const outcome = lookOf(label);
        const { fill, line } = basinColors(outcome, theme);
        look = { fill: packed(fill), line: packed(line), hatch: outcome.hatch };
        looks.set(label, look);
      }
      pixels[y * width + x] = look.hatch && hatched(look.hatch, x, y) ? look.line : look.fill;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

const PERIOD = 8;

function hatched(hatch, x, y) {
  switch (hatch[0]) {
    case '/':
      return (x + y) % PERIOD === 0;
    case '\\':
      return (x - y + 65536 * PERIOD) % PERIOD === 0;
    case 'x':
      return (x + y) % PERIOD === 0 || (x - y + 65536 * PERIOD) % PERIOD === 0;
    case '-':
      return y % PERIOD === 0;
    case '.':
      return x % PERIOD < 2 && y % PERIOD < 2;
    default:
      return false;
  }
}
