/** Fixtures written by fixtures/make_fixtures.py, and landscapes made of their formulas. */

import { readFileSync } from 'node:fs';
import { parseFormula } from '../src/core/index.js';

export const fixture = (name) => JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'));

/** The landscape of an entry, by the parser of the page. */
export const parsed = ({ formula, variables, points = [] }) => ({ ...parseFormula(formula, variables), criticalPoints: points });

/** The landscapes generated from the Python ones, null before `python -m samscape.explorer.build` has run. */
export async function generated() {
  try {
    return (await import('../src/generated/landscapes.js')).LANDSCAPES;
  } catch (error) {
    if (error.code === 'ERR_MODULE_NOT_FOUND') return null;
    throw error;
  }
}
