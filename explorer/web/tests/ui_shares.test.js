import assert from 'node:assert/strict';
import test from 'node:test';

import { percent, sharesByOutcome } from '../src/ui/shares.js';

const NAMES = ['minimum', 'saddle', 'cycle', 'other', 'diverged', 'slow'];
const scene = {
  lookOf: () => (label) => ({ label: NAMES[label & 7], order: label & 7, color: '#000000', hatch: '' }),
};

test('shares are of all starts of a rule, summed over what has one name, in the order of the outcomes', () => {
  const maps = [{ labels: Uint16Array.of(5, 5, 0, 2 + 8, 2 + 16, 0, 0, 0) }, { labels: Uint16Array.of(0, 0, 0, 1) }];
  const found = sharesByOutcome({}, scene, maps).map(({ look, share }) => [look.label, ...share]);
  assert.deepEqual(found, [
    ['minimum', 0.5, 0.75],
    ['saddle', 0, 0.25],
    ['cycle', 0.25, 0],
    ['slow', 0.25, 0],
  ]);
});

test('a share is never rounded to all or nothing', () => {
  assert.deepEqual([0, 1e-5, 0.004, 0.25, 0.995, 0.99999, 1].map(percent), [
    '0 %',
    '< 0.1 %',
    '0.4 %',
    '25 %',
    '99.5 %',
    '> 99.9 %',
    '100 %',
  ]);
});
