/**
 * src/main.js -> bundle/explorer.js (a script), src/widget.js -> bundle/widget.js (a module).
 * `npm run build -- DIRECTORY` writes elsewhere, to compare.
 */

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundling.mjs';

const out = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), 'bundle');

await bundle('src/main.js', join(out, 'explorer.js'), 'iife');
await bundle('src/widget.js', join(out, 'widget.js'), 'esm');
