import assert from 'node:assert/strict';
import test from 'node:test';
import { FormulaError, findCriticalPoints, parseFormula } from '../src/core/index.js';
import { fixture, generated, parsed } from './core_fixtures.js';

const built = await generated();
/** Relative to the size of the number and 1: some dozens of roundings, larger where terms cancel. */
const CLOSE = 1e-11;

function near(found, expected, what) {
  const error = Math.abs(found - expected) / Math.max(1, Math.abs(expected));
  assert.ok(error <= CLOSE, `${what}: ${found} against ${expected}`);
}

test('values, gradients and Hessians of formulas agree with automatic differentiation in Python', () => {
  for (const entry of fixture('derivatives')) {
    const landscape = parsed(entry);
    const d = landscape.dimension;
    entry.points.forEach((w, k) => {
      near(landscape.value(w), entry.value[k], entry.formula);
      landscape.gradient(w, new Float64Array(2)).subarray(0, d).forEach((x, i) => near(x, entry.gradient[k][i], entry.formula));
      landscape.hessian(w, new Float64Array(4)).subarray(0, d * d).forEach((x, i) => near(x, entry.hessian[k][i], entry.formula));
    });
  }
});

test('derivatives agree with differences, of generated landscapes and of the same formulas typed', { skip: !built && 'not generated yet' }, () => {
  for (const made of Object.values(built)) {
    const d = made.dimension;
    for (const landscape of [made, parseFormula(made.formula, made.variables)]) {
      for (const share of [0.21, 0.47, 0.83]) {
        const w = Float64Array.from(made.domain, ([low, high], i) => low + (high - low) * ((share + 0.31 * i) % 1));
        near(landscape.value(w), made.value(w), made.name);
        const g = landscape.gradient(w, new Float64Array(2));
        const h = landscape.hessian(w, new Float64Array(4));
        for (let i = 0; i < d; i += 1) {
          const step = 1e-5 * Math.max(1, Math.abs(w[i]));
          const [up, down] = [w.slice(), w.slice()];
          up[i] += step;
          down[i] -= step;
          const slope = (made.value(up) - made.value(down)) / (2 * step);
          const size = Math.abs(made.value(w)) + 1;
          // differences: truncation step^2 and rounding 1e-16 / step, both about 1e-10 of the values' size
          assert.ok(Math.abs(slope - g[i]) <= 1e-7 * (size + Math.abs(g[i])), `${made.name} gradient ${i}: ${g[i]} against ${slope}`);
          const [gUp, gDown] = [up, down].map((at) => landscape.gradient(at, new Float64Array(2)));
          for (let j = 0; j < d; j += 1) {
            const curvature = (gUp[j] - gDown[j]) / (2 * step);
            const scale = 1 + Math.abs(g[j]) + Math.abs(h[i * d + j]);
            assert.ok(Math.abs(curvature - h[i * d + j]) <= 1e-6 * scale, `${made.name} Hessian ${i}${j}`);
          }
        }
      }
    }
  }
});

const FAULTS = [
  // text, position, part of the reason
  ['x +', 3, 'the formula ends'],
  ['2x', 1, 'a product is written with *'],
  ['x + sinn(y)', 4, "did you mean 'sin'?"],
  ['x = 3', 2, 'to the right of it'],
  ['where(x, 1, 2)', 0, 'needs a comparison first'],
  ['x + log(-1)', 4, 'not a finite real number'],
  ['x/0', 1, 'division by zero'],
  ['y*(x + 1', 2, 'never closed'],
  ['x)', 1, 'closes nothing'],
  ['x²', 1, 'write **2'],
  ['3 + 4', 0, 'at least one variable'],
  ['a + b + c', 8, 'a portrait has one or two'],
  ['lambda*x', 0, 'a word of Python'],
  ['x < 1', 2, 'belongs in the condition'],
  ['max(x)', 0, 'takes 2 to 9 arguments, got 1'],
  ['x**2000', 1, 'exponents are limited'],
  ['alert(1)', 0, "unknown function 'alert'"],
  ['x; y', 1, 'not part of a formula'],
  ['', 0, 'empty'],
  ['sqrt(-1 - x**2)', 0, 'anywhere'],
];

test('a fault of a formula is explained at its character', () => {
  for (const [text, position, reason] of FAULTS) {
    assert.throws(() => parseFormula(text), (error) => {
      assert.ok(error instanceof FormulaError, text);
      assert.equal(error.position, position, text);
      assert.ok(error.length >= 1);
      assert.ok(error.reason.includes(reason), `${text}: ${error.reason}`);
      return true;
    });
  }
});

test('precedence is that of Python', () => {
  const at = (text) => parseFormula(text, ['x', 'y']).value([3, 2]);
  assert.equal(at('-x^2 + 0*y'), -9);
  assert.equal(at('2**y**3 + 0*x'), 256);
  assert.equal(at('x - y - 1'), 0);
  assert.equal(at('x/y/2'), 0.75);
  assert.equal(at('2**-y + 0*x'), 0.25);
  assert.deepEqual(parseFormula('x10 + x2').variables, ['x2', 'x10']);
});

test('critical points of typed formulas are found and told', () => {
  const told = (text, window) => findCriticalPoints(parseFormula(text), window).map(({ kind }) => kind);
  assert.deepEqual(told('x**2 - y**2'), ['saddle']);
  const himmelblau = findCriticalPoints(parseFormula('(x**2 + y - 11)**2 + (x + y**2 - 7)**2'), [[-5, 5], [-5, 5]]);
  assert.deepEqual(himmelblau.map(({ kind }) => kind), [...Array(4).fill('minimum'), ...Array(4).fill('saddle'), 'maximum']);
  assert.ok(himmelblau.some(({ w }) => Math.hypot(w[0] - 3, w[1] - 2) < 1e-9)); // Newton's method ends at round-off
  const valley = findCriticalPoints(parseFormula('(u*v - 1)**2/2'), [[-3, 3], [-3, 3]]);
  assert.deepEqual(valley.map(({ kind, members }) => [kind, members !== null]), [['minimum', true], ['minimum', true], ['saddle', false]]);
  assert.ok(valley[0].members.every(([u, v]) => Math.abs(u * v - 1) < 1e-6));
  assert.deepEqual(told('x**3 - 3*x*y**2'), ['degenerate']);
  assert.deepEqual(told('cos(x)', [[-4, 4]]), ['minimum', 'minimum', 'maximum']);
  assert.deepEqual(told('abs(x) + y**2'), []);
});
