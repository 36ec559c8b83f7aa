/** node tests/gl_bundle.mjs FILE: tests/gl_entry.js as one script. */

import { bundle } from '../bundling.mjs';

await bundle('tests/gl_entry.js', process.argv[2], 'iife');
