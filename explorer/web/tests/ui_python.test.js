import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';

import { pythonLines } from '../src/ui/python.js';
import { defaultState } from '../src/ui/url.js';

const state = (patch = {}) => ({
  ...defaultState(),
  window: [
    [-4, 4],
    [-4, 4],
  ],
  starts: [
    [0.5, 0.1],
    [-1, 2],
  ],
  ...patch,
});

test('the lines name the landscape, the rule with its numbers, and the starts', () => {
  const lines = pythonLines(state());
  assert.match(lines, /loss = get_landscape\("saddle"\)/);
  assert.match(lines, /rule_a = make_rule\("usam", eta=0.1, rho=0.2\)/);
  assert.match(lines, /starts = np.array\(\[\[0.5, 0.1\], \[-1, 2\]\], float\)/);
  assert.match(lines, /window=\(\(-4, 4\), \(-4, 4\)\)/);
});

test('gradient descent gets no radius, momentum comes as a heavy ball', () => {
  const lines = pythonLines(state({ a: { rule: 'gd', eta: 0.1, rho: 0.2, momentum: 0.9 } }));
  assert.match(lines, /make_rule\("gd", eta=0.1, base=lambda eta: heavy_ball\(eta, 0.9\)\)/);
  assert.match(lines, /from samscape.dynamics.base import heavy_ball/);
});

test('numbers are written so that Python reads the same double', () => {
  const eta = 0.1 + 0.2;
  assert.match(
    pythonLines(state({ a: { rule: 'sam', eta, rho: 1e-7, momentum: 0 } })),
    /eta=0.30000000000000004, rho=1e-7/,
  );
});

test('a typed formula cannot leave its string', () => {
  const landscape = { formula: 'x"); import os #\\', variables: ['x', 'y'] };
  assert.match(pythonLines(state({ landscape })), /from_expression\("x\\"\); import os #\\\\", \["x", "y"\]/);
});

const VIEWS = {
  plain: state(),
  'two rules': state({ b: { rule: 'stable_sam', eta: 0.01, rho: 0.5, momentum: 0.9 }, layout: 'side' }),
  noisy: state({ noise: 0.3, seed: 7 }),
  'no starts': state({ starts: [], layers: ['contours', 'trajectories', 'w_adv'] }),
  'no layers': state({ layers: [] }),
  'many starts': state({ starts: Array.from({ length: 60 }, (_, k) => [k / 7, -k]) }),
  'one coordinate': state({ landscape: 'cosine', window: [[-10, 10]], starts: [[1], [2.5]] }),
  formula: state({ landscape: { formula: 'x**4/4 - x*y + y**2/2', variables: ['x', 'y'] } }),
};

const python = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0);
for (const [name, view] of Object.entries(VIEWS)) {
  test(`the lines are Python, no longer than 120 characters: ${name}`, { skip: !python && 'no python3 here' }, () => {
    const lines = pythonLines(view);
    const { status, stderr } = spawnSync(python, ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], {
      input: lines,
    });
    assert.equal(status, 0, String(stderr));
    for (const line of lines.split('\n')) assert.ok(line.length <= 120, line);
  });
}
