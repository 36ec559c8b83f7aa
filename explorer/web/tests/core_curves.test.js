import assert from 'node:assert/strict';
import test from 'node:test';
import {
  contourLevels, contours, direction, equilibria, findCriticalPoints, makeRule, manifolds, nullclines, parseFormula, perturbed,
  streamlines,
} from '../src/core/index.js';

const WINDOW = [[-2, 2], [-2, 2]];

function landscapeOf(formula) {
  const parsed = parseFormula(formula);
  return { ...parsed, criticalPoints: findCriticalPoints(parsed, WINDOW) };
}

const LUCCHI = landscapeOf('x**4/4 - x*y + y**2/2');
const SADDLE = landscapeOf('x**2 - y**2');
const RULES = ['gd', 'sam', 'usam', 'stable_sam', 'asam'].map((name) => makeRule({ name, eta: 0.05, rho: 0.2 }));

function* pointsOf(line) {
  for (let i = 0; i < line.length; i += 2) yield [line[i], line[i + 1]];
}

test('contours lie on their levels and do not run along the border', () => {
  const circle = landscapeOf('x**2 + y**2');
  const { lines } = contours(circle, WINDOW, { levels: [1], grid: 161 });
  assert.equal(lines.length, 1);
  // linear interpolation between samples h apart: h^2 / 8 of the second derivative, 8e-5, in the loss
  for (const [x, y] of pointsOf(lines[0])) assert.ok(Math.abs(x * x + y * y - 1) < 2e-4);
  const open = contours(circle, WINDOW, { levels: [5], grid: 161 });
  assert.equal(open.lines.length, 4); // a circle of radius 2.24 shows in the four corners
  for (const line of open.lines) for (const [x, y] of pointsOf(line)) assert.ok(Math.abs(x * x + y * y - 5) < 2e-4);
});

test('levels are even in the logarithm of the height, or quadratic about a saddle', () => {
  const values = Float64Array.from({ length: 1001 }, (_, k) => 3 + k / 1000);
  const levels = contourLevels(values, 10);
  const ratios = levels.slice(1).map((level, k) => (level - 3) / (levels[k] - 3));
  for (const ratio of ratios) assert.ok(Math.abs(ratio - ratios[0]) < 1e-9); // round-off against heights of 0.004
  assert.deepEqual(contourLevels(Float64Array.of(-1, 0, 1), 4, 0), [-1, -0.25, 0, 0.25, 1]);
});

test('nullclines are where a coordinate of the velocity vanishes', () => {
  for (const rule of RULES) {
    const sets = nullclines(LUCCHI, rule, WINDOW);
    assert.equal(sets.length, 2);
    const out = new Float64Array(2);
    sets.forEach((lines, coordinate) => {
      let [small, all] = [0, 0];
      for (const line of lines) {
        for (const [x, y] of pointsOf(line)) {
          all += 1;
          if (Math.abs(direction(LUCCHI, rule, Float64Array.of(x, y), out)[coordinate]) < 1e-9) small += 1;
        }
      }
      assert.ok(all > 50);
      // bisection ends at round-off; a point or two of a curve have no change of sign within a cell
      assert.ok(small >= 0.95 * all, `${rule.name} ${coordinate}: ${small} of ${all}`);
    });
  }
});

test('streamlines follow the motion, stay in the window and fill it', () => {
  for (const rule of RULES) {
    const lines = streamlines(LUCCHI, rule, WINDOW);
    assert.ok(lines.length > 30, `${rule.name}: ${lines.length}`);
    const out = new Float64Array(2);
    let [along, all] = [0, 0];
    const quarters = new Set();
    for (const line of lines) {
      for (let i = 0; i + 3 < line.length; i += 2) {
        const [x, y, nextX, nextY] = line.subarray(i, i + 4);
        assert.ok(Math.abs(x) <= 2 && Math.abs(y) <= 2);
        quarters.add(`${x > 0} ${y > 0}`);
        direction(LUCCHI, rule, Float64Array.of((x + nextX) / 2, (y + nextY) / 2), out);
        const cosine = -((nextX - x) * out[0] + (nextY - y) * out[1]) / Math.hypot(nextX - x, nextY - y) / Math.hypot(out[0], out[1]);
        all += 1;
        if (cosine > 0.99) along += 1;
      }
    }
    assert.equal(quarters.size, 4);
    // SAM's velocity turns within a step where it crosses the floor of a valley
    assert.ok(along > 0.95 * all, `${rule.name}: ${along} of ${all}`);
  }
});

test('the manifolds of the saddle of x^2 - y^2 are the axes: x is stable under the flow of descent', () => {
  const branches = manifolds(SADDLE, RULES[0], WINDOW);
  assert.equal(branches.length, 4);
  for (const { stable, points } of branches) {
    const axis = stable ? 1 : 0; // the coordinate that stays zero
    let farthest = 0;
    for (const w of pointsOf(points)) {
      assert.ok(Math.abs(w[axis]) < 1e-12); // the eigenvectors are exact and the flow keeps the axes
      farthest = Math.max(farthest, Math.abs(w[1 - axis]));
    }
    assert.ok(farthest > 2);
  }
});

test('the unstable manifolds of the saddle of the Lucchi quartic end at its minima', () => {
  const unstable = manifolds(LUCCHI, RULES[0], WINDOW).filter(({ stable }) => !stable);
  const ends = unstable.map(({ points }) => Array.from(points.slice(-2)));
  for (const minimum of [[1, 1], [-1, -1]]) {
    // a branch ends within 5e-4 of the window's diagonal, 5.7, of an equilibrium
    assert.ok(ends.some((w) => Math.hypot(w[0] - minimum[0], w[1] - minimum[1]) < 4e-3));
  }
});

test("a rule's own equilibria are those where the gradient vanishes at w_adv", () => {
  const own = equilibria(LUCCHI, RULES[1], WINDOW);
  assert.equal(own.length, 2);
  const g = new Float64Array(2);
  for (const { w, critical, behaviour } of own) {
    assert.equal(critical, false);
    assert.equal(behaviour, 'saddle');
    LUCCHI.gradient(perturbed(LUCCHI, RULES[1], w), g);
    assert.ok(Math.hypot(g[0], g[1]) < 1e-7); // Newton's method stops at 1e-9 of a typical speed, about 2
  }
  const usam = equilibria(LUCCHI, makeRule({ name: 'usam', eta: 0.05, rho: 0.2 }), WINDOW);
  assert.deepEqual(usam.filter(({ critical }) => critical).map(({ behaviour }) => behaviour), ['attracts', 'attracts', 'saddle']);
});
