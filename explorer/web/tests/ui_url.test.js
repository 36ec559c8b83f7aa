import assert from 'node:assert/strict';
import test from 'node:test';

import { DEFAULT_LAYERS, LAYERS, defaultState, fragmentOf, ruleFault, stateOf } from '../src/ui/url.js';

const DIMENSIONS = { saddle: 2, beale: 2, cosine: 1 };
const read = (fragment) =>
  stateOf(fragment, (name) => (Object.hasOwn(DIMENSIONS, name) ? DIMENSIONS[name] : undefined));

/** mulberry32: the test's own source of numbers, so that a failure can be repeated. */
function random(seed) {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

test('an empty fragment is the default view', () => {
  assert.deepEqual(read(''), { state: defaultState(), problems: [] });
  assert.deepEqual(read('#'), { state: defaultState(), problems: [] });
});

test('every state survives the way through the address, to the last digit', () => {
  const draw = random(1);
  const pick = (list) => list[Math.floor(draw() * list.length)];
  const rule = () => ({
    rule: pick(['gd', 'sam', 'usam', 'stable_sam', 'asam']),
    eta: draw() + 1e-9,
    rho: draw() * 3,
    momentum: draw() * 0.99,
  });
  for (let k = 0; k < 300; k += 1) {
    const landscape = pick([
      'saddle',
      'beale',
      'cosine',
      { formula: 'x**2 + 3*x*y & y^2 # % + ü', variables: ['x', 'y'] },
    ]);
    const d = landscape === 'cosine' ? 1 : 2;
    const state = {
      landscape,
      window: pick([null, Array.from({ length: d }, () => [-1e-7 - draw(), 1e5 * draw()])]),
      a: rule(),
      b: pick([null, rule()]),
      layout: pick(['overlay', 'side']),
      noise: pick([0, draw()]),
      seed: Math.floor(draw() * 4294967296),
      steps: 1 + Math.floor(draw() * 99999),
      starts: pick([null, [], Array.from({ length: 5 }, () => Array.from({ length: d }, () => 20 * draw() - 10))]),
      layers: LAYERS.filter(() => draw() < 0.5),
      theme: pick(['auto', 'light', 'dark']),
    };
    const back = read(`#${fragmentOf(state)}`);
    assert.deepEqual(back.problems, []);
    assert.deepEqual(
      { ...back.state, layers: [...back.state.layers].sort() },
      { ...state, layers: [...state.layers].sort() },
    );
  }
});

test('the fragment is short and readable', () => {
  const state = {
    ...defaultState(),
    starts: [
      [0.5, 0.1],
      [-1, 2],
    ],
  };
  assert.equal(fragmentOf(state), 'l=saddle&a=usam,0.1,0.2,0&s=0.5,0.1;-1,2');
});

test('unknown keys are ignored', () => {
  assert.deepEqual(read('#q=3&l=beale&zzz&=1'), { state: { ...defaultState(), landscape: 'beale' }, problems: [] });
});

for (const [fragment, complaint, kept] of [
  ['l=nowhere', /no landscape is called 'nowhere'/, { landscape: 'saddle' }],
  ['l=__proto__', /no landscape/, { landscape: 'saddle' }],
  ['f=x%2', /percent signs/, { landscape: 'saddle' }],
  ['f=x**2', /needs v=/, { landscape: 'saddle' }],
  ['a=adam,0.1', /'adam' is none of gd/, { a: defaultState().a }],
  ['a=sam,0', /step size is > 0/, { a: defaultState().a }],
  ['a=sam,0.1,-1', /radius is ≥ 0/, { a: defaultState().a }],
  ['a=sam,0.1,0.1,1', /momentum 1 is out of range/, { a: defaultState().a }],
  ['a=sam,NaN', /'NaN' is no number/, { a: defaultState().a }],
  ['a=sam,', /'' is no number/, { a: defaultState().a }],
  ['w=1,0,0,1', /lower to its higher/, { window: null }],
  ['w=0,1', /has 4 numbers/, { window: null }],
  ['t=1.5', /no whole number/, { steps: 200 }],
  ['t=1e9', /not between 1 and 100000/, { steps: 200 }],
  ['s=1;2', /2 coordinates/, { starts: null }],
  ['s=1,Infinity', /no number/, { starts: null }],
  [`s=${'0,0;'.repeat(2001)}`, /more than 2000/, { starts: null }],
  ['y=contours,lava', /no layer is called lava/, { layers: ['contours'] }],
  ['m=blue', /none of auto, light, dark/, { theme: 'auto' }],
]) {
  test(`a broken value is explained and replaced: ${fragment.slice(0, 20)}`, () => {
    const { state, problems } = read(fragment);
    assert.equal(problems.length, 1);
    assert.match(problems[0], complaint);
    assert.deepEqual(state, { ...defaultState(), ...kept });
  });
}

test('one broken value leaves the others as they are', () => {
  const { state, problems } = read('l=beale&t=nine&a=sam,0.01,0.5,0');
  assert.equal(problems.length, 1);
  assert.deepEqual([state.landscape, state.a.rho, state.steps], ['beale', 0.5, 200]);
});

test('layers keep the order in which they are drawn', () => {
  assert.deepEqual(read('y=w_adv,basins').state.layers, ['basins', 'w_adv']);
  assert.deepEqual(
    DEFAULT_LAYERS.filter((x) => !LAYERS.includes(x)),
    [],
  );
});

test('a rule without fault has none', () => {
  assert.equal(ruleFault({ rule: 'sam', eta: 1e-9, rho: 0, momentum: 0 }), '');
});
