import assert from 'node:assert/strict';
import test from 'node:test';
import { makeRule, strips, trajectories } from '../src/core/index.js';
import { fixture, generated, parsed } from './core_fixtures.js';

const { steps, kept, cases } = fixture('trajectories');
/** A displacement of 1e-12 that grew beyond this is on its way to chaos: rounding, 1e-16, may then reach 1e-10 and more. */
const CALM = 1e4;
const built = await generated();

function compare(landscape, entry) {
  const rule = makeRule({ name: entry.rule, eta: entry.eta, rho: entry.rho, momentum: entry.momentum });
  const paths = trajectories(landscape, rule, entry.starts, steps);
  const d = landscape.dimension;
  let calm = 0;
  entry.starts.forEach((_, s) => kept.forEach((t, k) => {
    const growth = entry.growth[s][k];
    if (growth === null || growth > CALM) return; // null: not finite
    calm += 1;
    for (let i = 0; i < d; i += 1) {
      const expected = entry.w[s][k][i];
      const found = paths.w[(s * (steps + 1) + t) * d + i];
      // 1e-9: round-off 1e-16 times the growth allowed, over a thousand steps
      const error = Math.abs(found - expected) / Math.max(1, Math.hypot(...entry.w[s][k]));
      assert.ok(error <= 1e-9, `${entry.landscape} ${entry.rule} start ${s} step ${t}: ${found} against ${expected}`);
    }
  }));
  return calm;
}

function compareAll(landscapeOf) {
  const counts = new Map();
  for (const entry of cases) {
    const key = `${entry.landscape} ${entry.rule}`;
    counts.set(key, (counts.get(key) ?? 0) + compare(landscapeOf(entry), entry));
  }
  const all = cases.length * 3 * kept.length;
  const calm = [...counts.values()].reduce((a, b) => a + b);
  // most cases must be compared, and some of every landscape under every rule, else the test says little
  assert.ok(calm > 0.8 * all, `${calm} of ${all} are not chaotic`);
  for (const [key, count] of counts) assert.ok(count >= 6, `${key}: only ${count} compared`);
}

test('typed formulas: a thousand steps agree with Python wherever they are not chaotic', () => {
  compareAll(parsed);
});

test('generated landscapes: a thousand steps agree with Python wherever they are not chaotic', { skip: !built && 'not generated yet' }, () => {
  compareAll((entry) => built[entry.landscape]);
});

test('the loops written out for generated landscapes do the steps of the rules, bit for bit', { skip: !built && 'not generated yet' }, () => {
  const starts = [[0.1, 0.2], [1.2, -0.7], [-0.4, 0.9], [0, 0], [40, -30]];
  let compared = 0;
  for (const landscape of Object.values(built)) {
    if (landscape.dimension < 2) continue;
    for (const name of ['gd', 'sam', 'usam', 'stable_sam', 'asam']) {
      const rule = makeRule({ name, eta: 0.02, rho: 0.3 });
      const paths = trajectories(landscape, rule, starts, 40);
      starts.forEach((start, s) => {
        const state = rule.init(2, s);
        const w = [...start];
        for (let t = 1; t < paths.lengths[s]; t += 1) {
          rule.step(landscape, w, state);
          const found = Array.from(paths.w.subarray(2 * (41 * s + t), 2 * (41 * s + t + 1)));
          assert.deepEqual(found, w, `${landscape.name} ${name} from ${start}, step ${t}`);
          compared += 1;
        }
      });
    }
  }
  assert.ok(compared > 5000, `only ${compared} steps compared`);
});

test('a spare array is written over, and nothing of it stays', { skip: !built && 'not generated yet' }, () => {
  const rule = makeRule({ name: 'sam', eta: 0.05, rho: 0.2 });
  const starts = [[0.1, 0.2], [1e200, 0]];
  const fresh = trajectories(built.lucchi, rule, starts, 30);
  const spare = new Float64Array(fresh.w.length).fill(7);
  const again = trajectories(built.lucchi, rule, starts, 30, spare);
  assert.equal(again.w, spare);
  assert.deepEqual([again.w, again.lengths], [fresh.w, fresh.lengths]);
  assert.notEqual(trajectories(built.lucchi, rule, starts, 31, spare).w, spare);
});

test('a step at a time is the same as all at once, noise included', () => {
  const landscape = parsed({ formula: 'x**4/4 - x*y + y**2/2', variables: ['x', 'y'] });
  for (const name of ['gd', 'sam', 'usam', 'stable_sam', 'asam']) {
    const rule = makeRule({ name, eta: 0.05, rho: 0.2, momentum: 0.5, noise: 0.3, seed: 7 });
    const paths = trajectories(landscape, rule, [[0.1, 0.2], [1.2, -0.7]], 50);
    const state = rule.init(2, 1);
    const w = [1.2, -0.7];
    for (let t = 0; t < 50; t += 1) rule.step(landscape, w, state);
    assert.deepEqual(w, Array.from(paths.w.subarray(2 * (51 + 50), 2 * (51 + 51))));
  }
});

test('noise has the mean and the variance that it is given, and is the same again', () => {
  const flat = parsed({ formula: '0*x + 0*y', variables: ['x', 'y'] });
  const rule = makeRule({ name: 'sam', eta: 1, rho: 0.1, noise: 0.5, seed: 3 });
  const run = () => trajectories(flat, rule, [[0, 0]], 20000);
  const { w } = run();
  assert.deepEqual(w, run().w);
  for (const i of [0, 1]) {
    let [sum, square] = [0, 0];
    for (let t = 0; t < 20000; t += 1) {
      const move = w[2 * (t + 1) + i] - w[2 * t + i];
      sum += move;
      square += move * move;
    }
    // four standard errors: 0.5 / sqrt(20000) of the mean, 0.25 sqrt(2 / 20000) of the variance
    assert.ok(Math.abs(sum / 20000) < (4 * 0.5) / Math.sqrt(20000));
    assert.ok(Math.abs(square / 20000 - 0.25) < 4 * 0.25 * Math.sqrt(2 / 20000));
  }
});

test('a trajectory that is no longer finite ends', () => {
  const landscape = parsed({ formula: 'x**4 + y**4', variables: ['x', 'y'] });
  const paths = trajectories(landscape, makeRule({ name: 'gd', eta: 1 }), [[3, 3], [0, 0]], 30);
  assert.ok(paths.lengths[0] < 12);
  assert.ok(Number.isFinite(paths.w[2 * (paths.lengths[0] - 1)]));
  assert.ok(Number.isNaN(paths.w[2 * paths.lengths[0]]));
  assert.equal(paths.lengths[1], 31);
});

test('strips: loss, gradient norm, cosine and sharpness of a quadratic are what the formulas say', () => {
  const landscape = parsed({ formula: '2*x**2 - y**2/2', variables: ['x', 'y'] });
  const rule = makeRule({ name: 'usam', eta: 0.05, rho: 0.25 });
  const paths = trajectories(landscape, rule, [[1, 0.5], [0.3, -1]], 5);
  const found = strips(landscape, rule, paths, [1]);
  for (let t = 0; t <= 5; t += 1) {
    const [x, y] = paths.w.subarray(2 * (6 + t), 2 * (6 + t) + 2);
    const g = [4 * x, -y];
    const gAdv = [8 * x, -0.75 * y]; // (1 + rho lambda) lambda x
    const cosine = (g[0] * gAdv[0] + g[1] * gAdv[1]) / Math.hypot(...g) / Math.hypot(...gAdv);
    // 1e-14: round-off of a handful of operations on numbers near 1
    assert.ok(Math.abs(found.loss[t] - (2 * x * x - (y * y) / 2)) < 1e-14);
    assert.ok(Math.abs(found.gradientNorm[t] - Math.hypot(...g)) < 1e-14);
    assert.ok(Math.abs(found.cosine[t] - cosine) < 1e-14);
    assert.equal(found.sharpness[t], 4);
  }
});

test('a rule refuses numbers out of range, and says which', () => {
  assert.throws(() => makeRule({ name: 'adam', eta: 1 }), /unknown update rule 'adam'; the rules are gd, sam/);
  assert.throws(() => makeRule({ name: 'sam', eta: 0 }), /sam: eta = 0/);
  assert.throws(() => makeRule({ name: 'sam', eta: 1, rho: -1 }), /rho = -1/);
  assert.throws(() => makeRule({ name: 'gd', eta: 1, momentum: 1 }), /momentum = 1/);
});
