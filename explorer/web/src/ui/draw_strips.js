/** Quantities along the path: loss, gradient norm, cosine, sharpness. */

import { show } from './dom.js';
import { logTicks, ticks } from './plane.js';

/**
 * @param {Object} pen
 * @param {{width: number, height: number}} size
 * @param {{values: ArrayLike<number>, length: number, near: number, color: string, dash: number[]|null}[]} lines
 *   `near`: for so many steps the path is near the window; what comes after does not set the scale
 * @param {{steps: number, at: number, palette: Object, range: number[]|null, mayBeLog: boolean, marks?: number[]}} options
 */
export function drawStrip(pen, { width, height }, lines, { steps, at, palette, range, mayBeLog, marks: given }) {
  const box = { x: 42, y: 6, width: width - 46, height: height - 22 };
  let low = Infinity;
  let high = -Infinity;
  let least = Infinity;
  for (const { values, near } of lines) {
    for (let t = 0; t < near; t += 1) {
      const x = values[t];
      if (!Number.isFinite(x)) continue;
      if (x < low) low = x;
      if (x > high) high = x;
      if (x > 0 && x < least) least = x;
    }
  }
  const log = mayBeLog && low >= 0 && high > 0 && high / least > 30;
  if (log) [low, high] = [Math.max(least, high * 1e-16), high];
  else if (range) [low, high] = range;
  if (!(high > low)) {
    const middle = Number.isFinite(low) ? low : 0;
    [low, high] = log ? [middle / 2, middle * 2] : [middle - 1, middle + 1];
  }
  if (!range && !log) {
    const room = 0.06 * (high - low);
    [low, high] = [low - room, high + room];
  }
  const place = log ? Math.log10 : (x) => x;
  const [bottom, top] = [place(low), place(high)];
  const px = (t) => box.x + (t / Math.max(steps, 1)) * box.width;
  const py = (x) => box.y + box.height - ((place(x) - bottom) / (top - bottom)) * box.height;
  const text = { size: 10, fill: palette.soft };
  let marks = given ?? (log ? logTicks(low, high, 3) : ticks(low, high, 2));
  if (log && marks.length < 2) marks = [low, high];
  for (const x of marks) {
    pen.begin({ stroke: palette.grid, width: 1 });
    pen.moveTo(box.x, py(x));
    pen.lineTo(box.x + box.width, py(x));
    pen.end();
    pen.text(box.x - 4, py(x), log && marks.length > 1 ? power(x) : show(x, 3), {
      ...text,
      anchor: 'end',
      baseline: 'middle',
    });
  }
  for (const t of ticks(0, steps, Math.max(2, width / 110))) {
    if (Number.isInteger(t))
      pen.text(px(t), height - 3, String(t), { ...text, anchor: t === 0 ? 'start' : t === steps ? 'end' : 'middle' });
  }
  pen.clip({ x: box.x, y: box.y - 2, width: box.width + 2, height: box.height + 4 });
  for (const { values, length, color, dash } of lines) {
    pen.begin({ stroke: color, width: 1.3, dash });
    columns(pen, values, length, px, py, log ? low : -Infinity);
    pen.end();
  }
  pen.begin({ stroke: palette.ink, width: 1, alpha: 0.55 });
  pen.moveTo(px(at), box.y);
  pen.lineTo(px(at), box.y + box.height);
  pen.end();
  pen.unclip();
}

const RAISED = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

function power(x) {
  const exponent = Math.round(Math.log10(x));
  if (Math.abs(x / 10 ** exponent - 1) > 1e-6) return show(x, 2);
  if (Math.abs(exponent) <= 2) return show(x);
  return `10${exponent < 0 ? '⁻' : ''}${[...String(Math.abs(exponent))].map((digit) => RAISED[digit]).join('')}`;
}

/** A line with at most four points per column of pixels: first, lowest, highest, last. */
function columns(pen, values, length, px, py, floor) {
  let down = false;
  const put = (t) => {
    const x = values[t];
    if (!Number.isFinite(x)) {
      down = false;
      return;
    }
    const y = Math.min(Math.max(py(Math.max(x, floor)), -1e4), 1e4);
    pen[down ? 'lineTo' : 'moveTo'](px(t), y);
    down = true;
  };
  const each = Math.max(1, Math.floor(0.7 / Math.max(px(1) - px(0), 1e-9)));
  for (let t = 0; t < length; t += each) {
    if (each < 4) {
      for (let i = t; i < Math.min(t + each, length); i += 1) put(i);
      continue;
    }
    const end = Math.min(t + each, length);
    let lowest = t;
    let highest = t;
    for (let i = t; i < end; i += 1) {
      if (values[i] < values[lowest]) lowest = i;
      if (values[i] > values[highest]) highest = i;
    }
    for (const i of [...new Set([t, Math.min(lowest, highest), Math.max(lowest, highest), end - 1])]) put(i);
  }
}
