/** How sources are bundled: settings, and the worker of gl/basins.js as text, so that the page can start it from a Blob. */

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const common = {
  absWorkingDir: dirname(fileURLToPath(import.meta.url)), bundle: true, minify: true, target: 'es2020', legalComments: 'eof',
  charset: 'utf8', logLevel: 'warning',
};

/** `import source from 'basins-worker'` */
const worker = {
  name: 'basins-worker',
  setup(pipeline) {
    pipeline.onResolve({ filter: /^basins-worker$/ }, () => ({ path: 'basins-worker', namespace: 'worker' }));
    pipeline.onLoad({ filter: /.*/, namespace: 'worker' }, async () => {
      const made = await build({ ...common, entryPoints: ['src/gl/worker.js'], format: 'iife', write: false });
      return { contents: made.outputFiles[0].text, loader: 'text' };
    });
  },
};

/** @param {string} source relative to this folder @param {string} outfile @param {'iife'|'esm'} format */
export async function bundle(source, outfile, format) {
  await build({ ...common, entryPoints: [source], outfile, format, plugins: [worker] });
}
