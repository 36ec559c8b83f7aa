/** The basin map without a graphics processor: a worker computes it in float64. */

import source from 'basins-worker';

/** @returns {Object} as `createWebglMap` of webgl_map.js */
export function createWorkerMap() {
  const address = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(address);
  const open = new Map();
  let count = 0;
  worker.onmessage = ({ data }) => {
    const job = open.get(data.id);
    if (!job) return;
    open.delete(data.id);
    if (data.error) job.reject(new Error(data.error));
    else job.resolve({ labels: data.labels, steps: data.steps });
  };
  worker.onerror = (event) => {
    for (const job of open.values()) job.reject(new Error(`the worker of the basin map failed: ${event.message}`));
    open.clear();
  };

  function compute({ landscape, rule, window, width, height, steps }) {
    for (const job of open.values()) job.resolve(null);
    open.clear();
    count += 1;
    const id = count;
    const { name, formula, variables, criticalPoints } = landscape;
    const { eta, rho, momentum } = rule;
    const job = {
      landscape: { name, formula, variables, criticalPoints }, rule: { name: rule.name, eta, rho, momentum }, window, width,
      height, steps,
    };
    return new Promise((resolve, reject) => {
      open.set(id, { resolve, reject });
      worker.postMessage({ id, job });
    });
  }

  return {
    kind: 'worker',
    compute,
    destroy() {
      worker.terminate();
      URL.revokeObjectURL(address);
      for (const job of open.values()) job.resolve(null);
      open.clear();
    },
  };
}
