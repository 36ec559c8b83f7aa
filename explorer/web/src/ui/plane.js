/** Between the window, in units of w, and the box on the page, in pixels. */

/**
 * @param {number[][]} window [[xlow, xhigh], [ylow, yhigh]]
 * @param {{x: number, y: number, width: number, height: number}} box
 */
export function makePlane(window, box) {
  const [[xlow, xhigh], [ylow, yhigh]] = window;
  const kx = box.width / (xhigh - xlow);
  const ky = box.height / (yhigh - ylow);
  return {
    window,
    box,
    kx,
    ky,
    x: (u) => box.x + (u - xlow) * kx,
    y: (v) => box.y + box.height - (v - ylow) * ky,
    u: (px) => xlow + (px - box.x) / kx,
    v: (py) => ylow + (box.y + box.height - py) / ky,
    inside: (px, py) => px >= box.x && px <= box.x + box.width && py >= box.y && py <= box.y + box.height,
  };
}

/**
 * Round values between two ends.
 * @param {number} low @param {number} high @param {number} count about how many
 * @returns {number[]}
 */
export function ticks(low, high, count) {
  const raw = (high - low) / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= raw * 0.7);
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k += 1) {
    found.push(Number((k * step).toPrecision(12)));
  }
  return found;
}

/** @param {number} low @param {number} high @param {number} count @returns {number[]} powers of ten, thinned */
export function logTicks(low, high, count) {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const every = Math.max(1, Math.ceil((last - first + 1) / Math.max(count, 1)));
  const found = [];
  for (let power = Math.ceil(first / every) * every; power <= last; power += every) found.push(10 ** power);
  return found;
}

/** @param {number[][]} window @param {number[]} centre @param {number} factor below 1 zooms in @returns {number[][]} */
export function zoomed(window, centre, factor) {
  return window.map(([low, high], i) => [
    Number((centre[i] + (low - centre[i]) * factor).toPrecision(6)),
    Number((centre[i] + (high - centre[i]) * factor).toPrecision(6)),
  ]);
}

/** @param {number[][]} window @param {number[]} shift @returns {number[][]} */
export function moved(window, shift) {
  return window.map(([low, high], i) => {
    const digits = Math.max(0, Math.ceil(-Math.log10((high - low) / 1e4)));
    const round = (x) => Number(x.toFixed(Math.min(digits, 15)));
    return [round(low + shift[i]), round(high + shift[i])];
  });
}
