import assert from 'node:assert/strict';
import test from 'node:test';
import { gaussians, threefry } from '../src/core/random.js';

test('threefry has the words of the reference implementation', () => {
  // Random123's known answers for threefry2x32 with 20 rounds
  const out = new Uint32Array(2);
  assert.deepEqual([...threefry(0, 0, 0, 0, out)], [0x6b200159, 0x99ba4efe]);
  assert.deepEqual([...threefry(-1, -1, -1, -1, out)], [0x1cb996fc, 0xbb002be7]);
  assert.deepEqual([...threefry(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, out)], [0xc4923a9c, 0x483df7a0]);
});

test('gaussians of different steps and starts are uncorrelated, with variance one', () => {
  const [x, y] = [new Float64Array(1), new Float64Array(1)];
  const n = 40000;
  const sums = { x: 0, xx: 0, xy: 0, next: 0, beside: 0, fourth: 0 };
  let before = 0;
  for (let t = 0; t < n; t += 1) {
    gaussians(5, 1, t, x, y, 0);
    const [p, q] = [x[0], y[0]];
    gaussians(5, 2, t, x, y, 0);
    sums.x += p;
    sums.xx += p * p;
    sums.xy += p * q;
    sums.next += p * before;
    sums.beside += p * x[0];
    sums.fourth += p ** 4;
    before = p;
  }
  const error = 4 / Math.sqrt(n); // four standard errors, times the deviation of what is summed: 1, sqrt 2, sqrt 96
  for (const key of ['x', 'xy', 'next', 'beside']) assert.ok(Math.abs(sums[key] / n) < error, key);
  assert.ok(Math.abs(sums.xx / n - 1) < error * Math.SQRT2);
  assert.ok(Math.abs(sums.fourth / n - 3) < error * Math.sqrt(96));
});
