/** What tests/explorer/test_gl_basins.py runs in a browser. */

import * as core from '../src/core/index.js';
import { LANDSCAPES } from '../src/generated/landscapes.js';
import { createBasinMap } from '../src/gl/basins.js';
import { createWebglMap } from '../src/gl/webgl_map.js';

const jobOf = (entry) => ({
  landscape: { ...LANDSCAPES[entry.landscape], criticalPoints: entry.points },
  rule: core.makeRule({ name: entry.rule, eta: entry.eta, rho: entry.rho, momentum: entry.momentum }),
  window: entry.window, width: entry.width, height: entry.height, steps: entry.steps,
});
const canvas = () => document.createElement('canvas');
const maps = new Map();
const mapOf = (kind) => {
  if (!maps.has(kind)) maps.set(kind, createBasinMap(canvas(), { force: kind }));
  return maps.get(kind);
};

window.basinTests = {
  hasWebgl: () => createWebglMap(canvas()) !== null,
  /** Labels of an entry of fixtures/basins.json as [code, index] pairs. */
  async labels(kind, entry) {
    const found = await mapOf(kind).compute(jobOf(entry));
    return Array.from(found.labels, (label) => [core.codeOf(label), core.indexOf(label)]);
  },
  /** Steps of divergence by the map, and by the processor. */
  async divergence(kind, entry) {
    const job = jobOf(entry);
    const found = await mapOf(kind).compute(job);
    return [Array.from(found.steps), Array.from(core.basinGrid(job).steps)];
  },
  /** Which of three maps wanted at once are made. */
  async superseded(kind, entry) {
    const found = await Promise.all([1, 2, 3].map(() => mapOf(kind).compute(jobOf(entry))));
    return found.map((map) => map !== null);
  },
  /** Labels of a formula with its own critical points, by the map and by the processor. */
  async typed(kind, formula, numbers, window, size) {
    const parsed = core.parseFormula(formula);
    const landscape = { ...parsed, criticalPoints: core.findCriticalPoints(parsed, window) };
    const job = { landscape, rule: core.makeRule(numbers), window, width: size, height: size, steps: 400 };
    const found = await mapOf(kind).compute(job);
    return [Array.from(found.labels), Array.from(core.basinGrid(job).labels)];
  },
};
