/** The worker of the basin map: core/basin_grid.js a band of rows at a time, until a newer job arrives. */

import { basinGrid, makeRule, parseFormula, pointTable } from '../core/index.js';
import { LANDSCAPES } from '../generated/landscapes.js';

const SLICE = 30;
let newest = 0;

self.onmessage = async ({ data: { id, job } }) => {
  newest = id;
  try {
    const built = LANDSCAPES[job.landscape.name];
    const own = built?.formula === job.landscape.formula ? built : parseFormula(job.landscape.formula, job.landscape.variables);
    const landscape = { ...own, criticalPoints: job.landscape.criticalPoints };
    const rule = makeRule(job.rule);
    const whole = { ...job, landscape, rule, table: pointTable(landscape, rule) };
    const { width, height } = job;
    const labels = new Uint16Array(width * height);
    const steps = new Uint16Array(width * height);
    let rows = 1;
    for (let from = 0; from < height;) {
      const to = Math.min(from + rows, height);
      const started = performance.now();
      const band = basinGrid(whole, from, to);
      labels.set(band.labels, from * width);
      steps.set(band.steps, from * width);
      rows = Math.max(1, Math.round((rows * SLICE) / Math.max(performance.now() - started, 1)));
      from = to;
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (newest !== id) return;
    }
    self.postMessage({ id, labels, steps }, [labels.buffer, steps.buffer]);
  } catch (error) {
    self.postMessage({ id, error: error.message });
  }
};
