/** What the page uses of core/, in one place; also `window.samscape.core`, for scripts. */

export { contours } from '../core/contours.js';
export { findCriticalPoints } from '../core/critical.js';
export { equilibria } from '../core/equilibria.js';
export { arrows } from '../core/field.js';
export { FormulaError, parseFormula } from '../core/formula.js';
export { manifolds } from '../core/manifolds.js';
export { direction, eigenvalues, hessianAt, jacobian, spectralRadius, verdictOn } from '../core/map.js';
export { nullclines } from '../core/nullclines.js';
export { label, pointTable } from '../core/outcomes.js';
export { RULES, makeRule, perturbed } from '../core/rules.js';
export { streamlines } from '../core/streamlines.js';
export { strips, trajectories } from '../core/trajectory.js';
