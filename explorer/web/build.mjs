/**
 * src/main.js -> bundle/explorer.js (a script), src/widget.js -> bundle/widget.js (a module).
 *
 * `import source from 'basins-worker'` gives the text of the worker of gl/basins.js, itself a bundle: the page starts it
 * from a Blob, since it may load nothing. `npm run build -- DIRECTORY` writes elsewhere, to compare.
 */

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, 'bundle');
const common = {
  absWorkingDir: here, bundle: true, minify: true, target: 'es2020', legalComments: 'eof', charset: 'utf8',
  logLevel: 'warning',
};

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

/** @param {string} source @param {string} name @param {'iife'|'esm'} format */
export async function bundle(source, name, format) {
  await build({ ...common, entryPoints: [source], outfile: join(out, name), format, plugins: [worker] });
}

await bundle('src/main.js', 'explorer.js', 'iife');
await bundle('src/widget.js', 'widget.js', 'esm');
