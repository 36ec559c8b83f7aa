/**
 * The page of `samscape explore`.
 *
 * It finds its place in `<div id="samscape">` and what to begin with in `<script type="application/json"
 * id="samscape-data">`: {"state": ViewState or parts of one} or {"fragment": "l=beale&..."} or {"preset": "name"}; absent
 * or {}: the default view. A fragment in the address comes first, so that links work.
 *
 * For scripting and tests it sets
 *
 *   window.samscape = {state(), setState(patch), core, ready, trajectories(letter), basins(letter), presets, problems(), landscapes}
 *
 * `ready` resolves when the first picture stands; `trajectories` gives {w, lengths, outcome, ...} of rule 'a' or 'b' as
 * core/trajectory.js does, to be read at once: a few views later their memory is used again; `basins` a promise of {labels, steps, width, height, kind} of the picture that is shown.
 */

import { LANDSCAPES } from './generated/landscapes.js';
import { mount } from './ui/page.js';

const root = document.getElementById('samscape');
const data = JSON.parse(document.getElementById('samscape-data')?.textContent.trim() || '{}');
window.samscape = { ...mount(root, { ...data, address: true }), landscapes: LANDSCAPES };
