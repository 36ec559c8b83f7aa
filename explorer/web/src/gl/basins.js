/**
 * Basin maps, live: on the graphics processor in float32, or, where there is no WebGL2 with float textures, in a worker
 * in float64 (`kind` says which).
 *
 * `compute` resolves to labels as core/outcomes.js describes them, row by row, the top row (highest second coordinate)
 * first, and `steps`, of diverged starts the first step outside the escape radius, else 0. A call resolves to null when
 * a newer one has taken its place.
 */

import { createWebglMap } from './webgl_map.js';
import { createWorkerMap } from './worker_map.js';

/**
 * @param {HTMLCanvasElement|OffscreenCanvas} canvas one that has no context yet; nothing is drawn on it
 * @param {{force?: 'webgl2'|'worker'}} [options]
 * @returns {{kind: 'webgl2'|'worker', compute: (job: Object) => Promise<{labels: Uint16Array, steps: Uint16Array}|null>,
 *   destroy: () => void}}
 */
export function createBasinMap(canvas, { force } = {}) {
  const fast = force === 'worker' ? null : createWebglMap(canvas);
  if (force === 'webgl2' && !fast) throw new Error('this browser has no WebGL2 with float textures (EXT_color_buffer_float)');
  return fast ?? createWorkerMap();
}
