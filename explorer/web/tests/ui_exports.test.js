import assert from 'node:assert/strict';
import test from 'node:test';

import { stretches } from '../src/ui/bands.js';
import { contrast, legible, mixed } from '../src/ui/colors.js';
import { show, symbolOf, tidy } from '../src/ui/dom.js';
import { fileName, trajectoriesCsv } from '../src/ui/exports.js';
import { SvgPen } from '../src/ui/pens.js';
import { logTicks, makePlane, ticks, zoomed } from '../src/ui/plane.js';
import { SCALES } from '../src/ui/slider.js';
import { defaultState } from '../src/ui/url.js';

test('the table has one line per step that was made, and numbers in full', () => {
  const w = Float64Array.of(1, 2, 0.1 + 0.2, 4, 5, 6, 7, 8, NaN, NaN, NaN, NaN);
  const csv = trajectoriesCsv(
    ['x', 'y'],
    [
      {
        rule: 'SAM, A',
        paths: { w, lengths: [3, 1] },
        count: 2,
        steps: 2,
        value: ([x, y]) => x + y,
        outcomes: ['slow', 'diverged'],
      },
    ],
  );
  assert.equal(
    csv,
    [
      'rule,start,step,x,y,loss,outcome',
      '"SAM, A",1,0,1,2,3,slow',
      `"SAM, A",1,1,0.30000000000000004,4,${0.1 + 0.2 + 4},slow`,
      '"SAM, A",1,2,5,6,11,slow',
      '"SAM, A",2,0,7,8,15,diverged',
      '',
    ].join('\r\n'),
  );
});

test('file names say what is in the file and hold no path', () => {
  const state = { ...defaultState(), b: { rule: 'gd', eta: 0.1, rho: 0, momentum: 0 } };
  assert.equal(fileName(state, '.png'), 'samscape_saddle_usam-eta0.1-rho0.2_gd-eta0.1.png');
  assert.equal(
    fileName({ ...state, landscape: { formula: '../x', variables: ['x'] }, b: null }, '.csv'),
    'samscape_formula_usam-eta0.1-rho0.2.csv',
  );
});

test('SVG escapes what the reader typed', () => {
  const pen = new SvgPen();
  pen.text(1, 2, '<script>"&', { size: 10, fill: '#000' });
  const svg = pen.document(10, 10, 'a<b', '#fff');
  assert.ok(
    svg.includes('&lt;script>&quot;&amp;') && svg.includes('<title>a&lt;b</title>') && !svg.includes('<script'),
  );
});

test('the plane and its inverse agree', () => {
  const plane = makePlane(
    [
      [-3, 5],
      [1, 2],
    ],
    { x: 50, y: 10, width: 400, height: 300 },
  );
  // round-off of one multiplication and one addition at numbers below 1000
  for (const [u, v] of [
    [-3, 1],
    [0.123, 1.77],
  ]) {
    assert.ok(Math.abs(plane.u(plane.x(u)) - u) < 1e-12 && Math.abs(plane.v(plane.y(v)) - v) < 1e-12);
  }
  assert.deepEqual([plane.y(2), plane.y(1)], [10, 310]);
});

test('ticks are round, inside, and about as many as asked for', () => {
  assert.deepEqual(ticks(-4, 4, 8), [-4, -3, -2, -1, 0, 1, 2, 3, 4]);
  assert.deepEqual(ticks(0.1, 0.32, 4), [0.1, 0.15, 0.2, 0.25, 0.3]);
  for (const [low, high] of [
    [-1.5, 3.7],
    [1e-9, 3e-9],
    [-1e6, 5],
  ]) {
    const found = ticks(low, high, 6);
    assert.ok(found.length >= 3 && found.length <= 10 && found.every((x) => x >= low && x <= high * (1 + 1e-9)));
  }
  assert.deepEqual(logTicks(1e-3, 10, 9), [1e-3, 1e-2, 1e-1, 1, 10]);
});

test('zooming keeps the point under the cursor', () => {
  assert.deepEqual(
    zoomed(
      [
        [-4, 4],
        [0, 8],
      ],
      [1, 2],
      0.5,
    ),
    [
      [-1.5, 2.5],
      [1, 5],
    ],
  );
});

test('numbers and names are shown as people write them', () => {
  assert.deepEqual(
    [-0.5, 1e-7, 1234567, NaN, -Infinity, 0].map((x) => show(x)),
    ['−0.5', '1e−7', '1.23e6', '–', '−∞', '0'],
  );
  assert.deepEqual(['theta', 'x2', 'x_10', 'loss'].map(symbolOf), ['θ', 'x₂', 'x₁₀', 'loss']);
  assert.equal(tidy(0.123456789, [-4, 4]), 0.123);
});

test('each scale of a slider is undone by its inverse', () => {
  for (const [name, low, high] of [
    ['linear', -1, 3],
    ['log', 1e-4, 1],
    ['square', 0, 2],
  ]) {
    const scale = SCALES[name](low, high);
    // a few units of the last place through log, exp and root
    for (const t of [0, 0.25, 0.5, 1]) assert.ok(Math.abs(scale.to(scale.from(t)) - t) < 1e-12);
    assert.ok(Math.abs(scale.from(0) - low) < 1e-12 && Math.abs(scale.from(1) - high) < 1e-12);
  }
});

test('every rule’s colour can be seen on both pages', () => {
  for (const theme of ['light', 'dark']) {
    for (const color of ['#222222', '#D94202', '#1B36B0', '#EBA51C', '#A83A10']) {
      // 3 to 1 is what WCAG 2.1, 1.4.11 asks of lines and markers; the step of the search may leave it a little above
      assert.ok(contrast(legible(color, theme), theme === 'dark' ? '#14171b' : '#ffffff') >= 2.99);
    }
  }
  assert.equal(mixed('#000000', '#ffffff', 0.5), '#808080');
});

test('the stretches on which a saddle attracts are found with their ends', () => {
  const all = (steps) => {
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
    }
  };
  // 30 halvings of an interval below 0.1, then six digits are kept
  assert.deepEqual(all(stretches((x) => x >= 0.5, 0, 2, 48, 30)), [{ from: 0.5, to: 2, opens: true }]);
  assert.deepEqual(all(stretches((x) => x < 0.25 || x > 1, 0, 2, 48, 30)), [
    { from: 0, to: 0.25, opens: false },
    { from: 1, to: 2, opens: true },
  ]);
  assert.deepEqual(all(stretches(() => false, 0, 2, 48, 30)), []);
});
